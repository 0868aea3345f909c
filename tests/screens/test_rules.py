"""The lint rules on the screen: found and read, tried, written with their tests, decided on."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import rule_list, rules
from agentdesk.desk.library import shipped_rules
from agentdesk.domain.refusal import Refusal
from agentdesk.present.i18n import t
from agentdesk.screens.reason import ReasonPanel
from agentdesk.screens.rule_edit import RuleEditScreen, RuleStart
from agentdesk.screens.rule_form import field_of, form_of, rule_of_form
from agentdesk.screens.rule_trial import TrialScreen
from agentdesk.screens.rule_wordings import WordingsScreen
from agentdesk.screens.rules import RulesScreen
from agentdesk.text.lexicon import Rule
from agentdesk.widgets.ask import Ask
from agentdesk.widgets.confirm import Confirm
from tests.screens.rule_desks import SENT, open_rules, rules_screen, wider, with_rules
from tests.unit.desk.test_rules import SOURCE


def ids(screen: Any) -> list[str]:
    return [one.rule.id for one in screen._found]


async def edit(person: Any, start: RuleStart | None = None) -> Any:
    """Open the editor by key on the marked rule, or directly on a start."""
    if start is None:
        await person.key("f8")
    else:
        person.app.push_screen(RuleEditScreen(start))
    await person.until(lambda: isinstance(person.screen, RuleEditScreen), "the editor")
    await person.quiet()
    return person.screen


async def put(person: Any, field: str, text: str) -> None:
    """Type into a field of the editor, a new line of it where it holds one."""
    person.screen.form.focus_field(field)
    if person.screen.form.values()[field]:
        person.screen.form.put_caret(field, len(str(person.screen.form.values()[field])))
        await person.key("enter")
    await person.type(text)
    await person.quiet()


# -- looking through --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_rule_is_found_while_typing_and_read_beside_the_list(walk: Any, desk_at: Any, size: Any) -> None:
    async with walk(desk=with_rules(desk_at()), size=size) as person:
        screen = await rules_screen(person)
        assert ids(screen)[0] == "FP-06.site", "what waits for somebody stands first"
        assert len(ids(screen)) == len(shipped_rules()) + 1
        await person.sees("待批准", "张敏", "待批准的改动", "成心找茬")
        for words in ("fp-06.site", "瞎捣糨糊", "xdjh", "指责 瞎捣糨糊", "待批准"):
            screen._side.words.set_text(words)
            await person.until(lambda: ids(screen) == ["FP-06.site"], words)
        screen._side.words.set_text("这里没有这种词")
        await person.sees("没有符合的规则")
        await person.quiet()
        await person.key("escape")
        await person.until(lambda: len(ids(screen)) > 100, "all of them again")


async def test_the_filter_takes_state_severity_and_category(walk: Any, desk_at: Any) -> None:
    async with walk(desk=with_rules(desk_at())) as person:
        screen = await rules_screen(person)
        await person.key("ctrl+t")
        await person.quiet()
        await person.key("6", "3", "1", "f8")
        await person.until(lambda: person.screen is screen and len(ids(screen)) < 50, "the filtered list")
        await person.quiet()
        shown = {(one.state, one.rule.severity, one.rule.category) for one in screen._found}
        assert shown <= {("shipped", "block", "blame")}
        await person.sees("随产品", "不可发送", "指责客户")
        await person.key("escape")
        await person.until(lambda: len(ids(screen)) > 100, "everything")
        assert person.screen is screen


# -- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", shipped_rules(), ids=lambda rule: rule.id)
def test_the_form_of_a_shipped_rule_says_the_same_rule(rule: Rule) -> None:
    assert rule_of_form(form_of(rule), rule) == rule


async def test_a_shipped_rule_opened_and_saved_unchanged_is_the_same_rule(walk: Any, desk_at: Any) -> None:
    longest = sorted(shipped_rules(), key=lambda rule: -len(str(rule)))[:3]
    special = [rule for rule in shipped_rules() if rule.pair or rule.detect or rule.needs or rule.industries != ("*",)]
    async with walk(desk=desk_at(), size=(140, 40)) as person:
        for rule in (*longest, *special):
            screen = await edit(person, RuleStart(rule, rule.id))
            assert screen.rule == rule, rule.id
            await person.key("escape")
            await person.until(lambda shown=screen: person.screen is not shown, "closed")


async def test_a_rule_unchanged_is_not_proposed(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        await rules_screen(person, "FP-08")
        await edit(person)
        await person.key("f8")
        await person.sees("没有改动")
        assert rules.site_rules(person.desk) == []


async def test_a_new_rule_is_tried_while_typed_and_its_trial_agrees_with_a_plain_search(
    walk: Any, desk_at: Any
) -> None:
    async with walk(desk=with_rules(desk_at()), size=(140, 40)) as person:
        screen = await rules_screen(person)
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, RuleEditScreen), "the editor")
        await person.quiet()
        await person.sees("还有必填项没写")
        await put(person, "id", "SITE-1")
        person.screen.form.set_values({"category": "blame", "severity": "warn"})
        await put(person, "why", "不得指责客户")
        await put(person, "patterns", "捣乱糨糊")
        await put(person, "hits", "别再乱说了")
        await put(person, "passes", "您没有捣乱糨糊")
        await person.sees("例句", "别再乱说了")
        await person.until(lambda: "hits" in person.screen.form.marks.notes, "what is wrong at its field")
        person.screen.form.set_value("hits", "别再捣乱糨糊了")
        await person.until(lambda: "passes" in person.screen.form.marks.notes, "the next thing that is wrong")
        await put(person, "before", "没有")
        await person.sees("2 条例句全部符合")
        await person.quiet()
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        plain = sum("捣乱糨糊" in text for text in SENT)
        await person.sees(f"已发送 {len(SENT)} 条", f"会命中 {plain} 条", "您这样就是瞎捣乱糨糊儿")
        assert rules.site_rules(person.desk)[-1].rule_id == "FP-06.site", "nothing is proposed by the trial"
        await person.key("f8")
        await person.until(lambda: person.screen is screen and screen.marked.rule.id == "SITE-1", "the list")
        await person.sees("SITE-1 已提交")
        await person.quiet()
        found = rules.site_rule(person.desk, "SITE-1")
        assert found.proposed is not None and found.proposed.rule.allow[0].before == ("没有",)
        assert person.desk.drafts.list("form:rule:") == []
        assert not person.desk.linter.check("别再捣乱糨糊了"), "it waits"


async def test_what_was_typed_waits_for_the_next_start(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        await rules_screen(person, "FP-08")
        screen = await edit(person)
        before = str(screen.form.values()["patterns"])
        await put(person, "patterns", "我也没辙儿")
        screen.store_draft()
        await person.quiet()
    async with walk(desk=person.desk) as person:
        await rules_screen(person, "FP-08")
        screen = await edit(person)
        await person.sees("继续上次")
        assert screen.form.values()["patterns"] == f"{before}\n我也没辙儿"


async def test_a_private_number_never_gets_into_a_rule(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        await rules_screen(person)
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, RuleEditScreen), "the editor")
        await person.quiet()
        await put(person, "hits", "11010519491231002X没事")
        assert "11010519491231002" not in str(person.screen.form.values())
        await person.key("escape")
        await person.quiet()
        assert "11010519491231002" not in str(person.desk.drafts.list())


@pytest.mark.parametrize(
    ("code", "args", "field"),
    [
        ("rule.test_failed", {"detail": "乙"}, "hits"),
        ("rule.test_failed", {"detail": "丙"}, "passes"),
        ("rule.no_tests", {}, "passes"),
        ("rule.id", {}, "id"),
        ("rule.pattern", {"detail": "x"}, "patterns"),
        ("rule.plain_missing", {}, "plain"),
        ("rule.replacement", {}, "replace"),
        ("rule.something_newer", {}, "patterns"),
    ],
)
def test_each_fault_has_its_field(code: str, args: dict[str, str], field: str) -> None:
    assert field_of(Refusal(code, **args), {"hits": "甲\n乙", "passes": "丙"}) == field


# -- deciding ---------------------------------------------------------------------------------------------------------


async def decide(person: Any, answer: str) -> None:
    await person.key("f6")
    await person.until(lambda: isinstance(person.screen, Ask), "the question")
    await person.key(answer)
    await person.quiet()


async def test_a_proposal_is_returned_with_a_reason_while_the_old_version_counts(walk: Any, desk_at: Any) -> None:
    async with walk(desk=with_rules(desk_at()), size=(140, 40)) as person:
        screen = await rules_screen(person, "FP-06.site")
        await decide(person, "2")
        assert isinstance(person.screen, ReasonPanel)
        await person.key("f8")
        await person.sees("请写明原因")
        await person.type("例句太少")
        await person.key("f8")
        await person.until(lambda: person.screen is screen and screen.marked.state == "published", "it is returned")
        await person.sees("已退回", "原因 例句太少", "本站生效")
        assert [one.rule for one in person.desk.linter.check("您这是瞎捣糨糊吧")] == ["FP-06.site"]


async def test_approved_put_back_and_retired_by_keys(walk: Any, desk_at: Any) -> None:
    async with walk(desk=with_rules(desk_at()), size=(140, 40)) as person:
        screen = await rules_screen(person, "FP-06.site")

        def found() -> list[str]:
            return [one.text for one in person.desk.linter.check("您瞎捣糨糊，成心找茬")]

        await decide(person, "1")
        await person.until(lambda: isinstance(person.screen, Confirm), "the trial before it counts")
        await person.sees("会命中 2 条", "+ 成心找茬")
        await person.key("escape")
        await person.quiet()
        assert found() == ["瞎捣糨糊"], "Escape approves nothing"
        await decide(person, "1")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question again")
        await person.key("f8")
        await person.until(lambda: person.screen is screen and screen.marked.state == "published", "in force")
        assert found() == ["瞎捣糨糊", "成心找茬"]
        await decide(person, "1")
        await person.until(lambda: isinstance(person.screen, Ask), "which version")
        await person.key("1")
        await person.until(lambda: isinstance(person.screen, Confirm), "the trial of the old version")
        await person.sees("- 成心找茬")
        await person.key("f8")
        await person.until(lambda: found() == ["瞎捣糨糊"], "the old version counts again")
        await person.until(lambda: person.screen is screen, "the list")
        await person.quiet()
        await decide(person, "2")
        await person.type("误报太多")
        await person.key("enter")
        await person.until(lambda: found() == [], "retired")
        await person.sees("已停用")


async def test_a_shipped_rule_says_that_there_is_nothing_to_decide(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        await rules_screen(person, "FP-08")
        await person.key("f6")
        await person.sees("随产品的规则不用审批；要改就按 F8")


# -- trying and suggestions -------------------------------------------------------------------------------------------


async def test_a_text_is_tried_while_typed_and_leads_to_the_rule(walk: Any, desk_at: Any) -> None:
    async with walk(desk=with_rules(desk_at())) as person:
        screen = await rules_screen(person, "没有这样的")
        await person.key("f7")
        await person.until(lambda: isinstance(person.screen, TrialScreen), "the text")
        await person.key("f8")
        await person.sees("还没有命中的规则")
        await person.type("您好，请稍等")
        await person.sees("没有命中")
        await person.type("，您这是瞎 捣 糨 糊吧")
        await person.sees("命中 1 处", "指责客户", "FP-06.site", "（字间有间隔）", "建议：我们一起看一下")
        await person.quiet()
        await person.key("f8")
        await person.until(lambda: person.screen is screen and screen.marked, "the list")
        await person.until(lambda: screen.marked.rule.id == "FP-06.site", "the rule that was found")


async def test_a_wording_is_taken_into_its_rule_or_refused_for_good(walk: Any, desk_at: Any) -> None:
    async with walk(desk=with_rules(desk_at())) as person:
        await rules_screen(person)
        await person.key("ctrl+l")
        await person.until(lambda: isinstance(person.screen, WordingsScreen) and person.screen.marked, "wordings")
        await person.quiet()
        listed = person.screen
        assert listed.marked.wording == "瞎捣乱糨糊" and listed.marked.rule == "FP-06.site"
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, RuleEditScreen), "the editor")
        await person.quiet()
        values = person.screen.form.values()
        assert str(values["patterns"]).split("\n") == ["瞎捣糨糊", "成心找茬", "瞎捣乱糨糊"], "over what is proposed"
        assert "您这样就是瞎捣乱糨糊儿" in str(values["hits"]).split("\n")
        await person.sees("4 条例句全部符合")
        await person.key("escape")
        await person.until(lambda: person.screen is listed, "the wordings")
        await person.quiet()
        await person.key("ctrl+r")
        await person.sees("不再提示：瞎捣乱糨糊", "没有相近的说法")
        await person.quiet()
        assert rule_list.suggestions(person.desk) == []
    async with walk(desk=person.desk) as person:
        await rules_screen(person)
        await person.key("ctrl+l")
        await person.sees("没有相近的说法")


async def test_the_same_action_closes_the_rules(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        await rules_screen(person)
        await open_rules(person)
        await person.until(lambda: not isinstance(person.screen, RulesScreen), "closed")


async def test_a_rule_proposed_elsewhere_comes_into_the_list(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        screen = await rules_screen(person)
        rules.propose(person.desk, SOURCE)
        await person.until(lambda: "FP-06.site" in ids(screen), "the new rule")


@pytest.mark.parametrize("answer", ["1", "2"], ids=["approved", "returned"])
async def test_nobody_decides_on_a_version_that_came_while_they_looked(walk: Any, desk_at: Any, answer: str) -> None:
    async with walk(desk=with_rules(desk_at()), size=(140, 40)) as person:
        screen = await rules_screen(person, "FP-06.site")
        await decide(person, answer)
        await person.until(lambda: isinstance(person.screen, (Confirm, ReasonPanel)), "what is asked")
        rules.propose(person.desk, wider().replace("不得指责客户", "请勿指责客户"))
        if answer == "2":
            await person.type("例句太少")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the rules")
        await person.sees("FP-06.site 有了更新的版本")
        await person.quiet()
        site = rules.site_rule(person.desk, "FP-06.site")
        assert site.proposed == site.versions[-1] and len(site.versions) == 3
        await person.until(lambda: screen.marked.site.proposed == site.proposed, "the newer one is shown")
        await decide(person, answer)
        if answer == "2":
            await person.sees("例句太少")  # what was typed stands there again
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the rules")
        await person.quiet()
        assert rules.site_rule(person.desk, "FP-06.site").proposed is None


# -- fields outside forms ---------------------------------------------------------------------------------------------


async def test_a_field_that_stands_in_no_form_says_what_it_did(walk: Any, desk_at: Any) -> None:
    """A paste that does not fit and a number that is replaced: each has its sentence."""
    number = "11010519491231002X"
    async with walk(desk=with_rules(desk_at()), size=(140, 40)) as person:
        screen = await rules_screen(person)
        await person.type(f"{number} ")
        await person.sees(t("private.replaced.id_card"), gone=(number,))
        screen.action_trial()
        await person.until(lambda: isinstance(person.screen, TrialScreen), "the trial")
        await person.quiet()
        await person.type("长" * 100_000)
        await person.sees(t("field.notice.too_long", limit=5000))
