"""The life of a site's rule at one desk: refused where it does not prove itself, tried before it counts, put back."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture, reply, rule_list, rules
from agentdesk.desk.context import Desk
from agentdesk.desk.library import shipped_rules
from agentdesk.desk.rule_views import SiteRule, Version
from agentdesk.domain.refusal import Refusal
from agentdesk.present import i18n
from agentdesk.screens.refusals import sentence

SOURCE = """
[[rule]]
id = "FP-06.site"
category = "blame"
severity = "warn"
why = "不得指责客户"
patterns = ["瞎捣糨糊"]
replace = ["我们一起看一下是哪一步出现了差异"]
test = [{ text = "您这是瞎捣糨糊吧", hit = true }, { text = "您反映问题不是瞎捣糨糊", hit = false }]
[[rule.allow]]
before = ["不是"]
"""

BROKEN = {
    "not_toml": "[[rule",
    "not_one": SOURCE + SOURCE,
    "malformed": SOURCE.replace('why = "不得指责客户"\n', ""),
    "unknown_key": SOURCE + 'colour = "red"\n'.replace("colour", "[[rule.shade]]\ncolour"),
    "severity": SOURCE.replace('"warn"', '"fatal"'),
    "detector": SOURCE.replace("patterns =", 'detect = "nose"\npatterns ='),
    "pattern": SOURCE.replace('["瞎捣糨糊"]', '["瞎捣{0,99}糨糊"]'),
    "regex": SOURCE.replace("patterns =", 'regex = ["(没事"]\npatterns ='),
    "regex_unbounded": SOURCE.replace("patterns =", 'regex = ["没事.*"]\npatterns ='),
    "too_many_regex": SOURCE.replace("patterns =", f"regex = {['a'] * 9}\npatterns ="),
    "plain_missing": SOURCE.replace("我们一起看", "{eta}前我们一起看"),
    "plain_has_variables": SOURCE.replace("replace =", 'plain = ["{eta}"]\nreplace ='),
    "no_tests": SOURCE.replace(', { text = "您反映问题不是瞎捣糨糊", hit = false }', ""),
    "test_failed": SOURCE.replace("您这是瞎捣糨糊吧", "您好"),
    "replacement": SOURCE.replace("我们一起看一下是哪一步出现了差异", "您别瞎捣糨糊"),
    "private": SOURCE.replace("您这是瞎捣", "11010519491231002X瞎捣"),
    "id": SOURCE.replace("FP-06.site", "没有编号"),
    "incomplete": SOURCE.replace('"blame"', '" "'),
    "no_patterns": SOURCE.replace('patterns = ["瞎捣糨糊"]', "patterns = []"),
    "too_long": SOURCE + "#" * 40_000,
}


@pytest.mark.parametrize("problem", BROKEN)
def test_a_broken_rule_is_refused_with_a_sentence_in_each_language(desk: Desk, problem: str) -> None:
    before = i18n.language()
    with pytest.raises(Refusal) as refused:
        rules.propose(desk, BROKEN[problem])
    assert refused.value.code == f"rule.{problem}"
    told = []
    try:
        for language in ("zh_CN", "zh_TW", "en"):
            i18n.use(language)
            told.append(sentence(refused.value))
    finally:
        i18n.use(before)
    assert len(set(told)) == 3 and not any("rule." + problem in one for one in told)
    assert rules.site_rules(desk) == [], "nothing was written"


def say(desk: Desk, row: dict[str, Any], *texts: str) -> None:
    request = capture.record(desk, row).request_id
    for text in texts:
        reply.send(desk, request, text, confirmed=True)


def test_the_shadow_run_counts_what_a_plain_search_counts(desk: Desk, row_b: dict[str, Any]) -> None:
    say(desk, row_b, "您这是瞎捣糨糊吧", "您好，正在为您查询", "瞎 捣 糨 糊", "您反映问题不是瞎捣糨糊")
    _, rule = rules.read(SOURCE)
    found = rules.shadow(desk, rule)
    rows = desk.store.raw().execute("SELECT message_sent FROM entry WHERE message_sent IS NOT NULL").fetchall()
    plain = sum("瞎捣糨糊" in text.replace(" ", "").replace("不是瞎捣糨糊", "") for (text,) in rows)
    assert (found.texts, found.found) == (len(rows), plain) == (4, 2)
    assert set(found.examples) == {"您这是瞎捣糨糊吧", "瞎 捣 糨 糊"}


def test_older_texts_are_not_counted(desk: Desk, row_b: dict[str, Any], clock: Any) -> None:
    say(desk, row_b, "您这是瞎捣糨糊吧")
    clock.go(8 * 86_400)
    _, rule = rules.read(SOURCE)
    assert rules.shadow(desk, rule, 7).texts == 0
    assert rules.shadow(desk, rule, 30).found == 1


def test_a_rule_counts_once_approved_and_an_earlier_version_comes_back(desk: Desk) -> None:
    text = "您这是瞎捣糨糊吧，成心找茬"

    def found() -> list[str]:
        return [one.text for one in desk.linter.check(text)]

    proposed = rules.propose(desk, SOURCE)
    assert proposed.proposed is not None and found() == []
    first = rules.approve(desk, "FP-06.site")
    assert first.proposed is None and found() == ["瞎捣糨糊"]

    wider = SOURCE.replace('["瞎捣糨糊"]', '["瞎捣糨糊", "成心找茬"]').replace(
        "test = [", 'test = [{ text = "您就是成心找茬", hit = true }, '
    )
    second = rules.propose(desk, wider)
    assert second.proposed is not None and found() == ["瞎捣糨糊"], "the version in force stays until then"
    rules.approve(desk, "FP-06.site")
    assert found() == ["瞎捣糨糊", "成心找茬"]
    rules.put_back(desk, "FP-06.site", first.versions[0].id[:8])
    assert found() == ["瞎捣糨糊"]
    rules.retire(desk, "FP-06.site", "误报太多")
    assert found() == [] and rules.site_rule(desk, "FP-06.site").state == "retired"


def test_a_site_may_write_over_a_rule_that_ships(desk: Desk) -> None:
    rules.propose(desk, SOURCE.replace("FP-06.site", "FP-06"))
    rules.approve(desk, "FP-06")
    assert [one.rule for one in desk.linter.check("您这是瞎捣糨糊吧")] == ["FP-06"]
    assert [one.id for one in rules.search(desk, "瞎捣糨糊")] == ["FP-06"]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda desk: rules.approve(desk, "X-9"), "rule.unknown"),
        (lambda desk: rules.put_back(desk, "FP-06.site", "zz"), "rule.no_version"),
        (lambda desk: rules.put_back(desk, "FP-06.site", ""), "rule.no_version"),
    ],
)
def test_what_is_not_there_is_said(desk: Desk, act: Any, code: str) -> None:
    rules.propose(desk, SOURCE)
    with pytest.raises(Refusal, match=code):
        act(desk)


def test_a_returned_rule_can_be_handed_in_again(desk: Desk) -> None:
    rules.propose(desk, SOURCE)
    assert rules.send_back(desk, "FP-06.site", "用例太少").state == "returned"
    assert rules.propose(desk, SOURCE).state == "draft"
    rules.approve(desk, "FP-06.site")
    with pytest.raises(Refusal, match="rule.nothing_proposed"):
        rules.approve(desk, "FP-06.site")


def test_what_going_back_put_aside_is_not_proposed_again_and_what_was_retired_comes_back(desk: Desk) -> None:
    first = rules.propose(desk, SOURCE).versions[0]
    rules.approve(desk, "FP-06.site")
    rules.propose(desk, SOURCE.replace('"warn"', '"block"'))
    rules.approve(desk, "FP-06.site")
    back = rules.put_back(desk, "FP-06.site", first.id)
    assert back.proposed is None and back.in_force == first_again(back)
    rules.propose(desk, SOURCE.replace('"warn"', '"hint"'))
    waiting = rules.put_back(desk, "FP-06.site", back.versions[1].id)
    assert waiting.proposed is not None, "what nobody has decided on goes on waiting"
    assert rules.send_back(desk, "FP-06.site", "不用").proposed is None
    rules.retire(desk, "FP-06.site", "误报太多")
    assert desk.linter.check("您这是瞎捣糨糊吧") == []
    assert rules.put_back(desk, "FP-06.site", first.id).why == ""
    assert [one.severity for one in desk.linter.check("您这是瞎捣糨糊吧")] == ["warn"]


def first_again(found: SiteRule) -> Version:
    return next(one for one in found.versions if one.rule.severity == "warn")


@pytest.mark.parametrize("act", [rules.send_back, rules.retire])
def test_a_decision_against_a_rule_needs_its_reason(desk: Desk, act: Any) -> None:
    rules.propose(desk, SOURCE)
    for why in ("", "  ", "\u200b"):
        with pytest.raises(Refusal, match="rule.no_reason"):
            act(desk, "FP-06.site", why)


def test_a_rule_of_another_industry_or_channel_would_have_found_nothing_here(desk: Desk, row_b: dict[str, Any]) -> None:
    say(desk, row_b, "您这是瞎捣糨糊吧")  # online, in retail

    def found(scope: str) -> int:
        _, rule = rules.read(SOURCE.replace("patterns =", f"{scope}\npatterns ="))
        return rules.shadow(desk, rule).found

    assert [found(f'industries = ["{one}"]') for one in ("finance", "retail")] == [0, 1]
    assert [found(f'channels = ["{one}"]') for one in ("phone", "online")] == [0, 1]


def test_every_rule_is_listed_with_where_it_stands(desk: Desk) -> None:
    rules.propose(desk, SOURCE)
    (first, *others) = rule_list.listed(desk)
    assert (first.rule.id, first.state, first.author) == ("FP-06.site", "proposed", desk.me.name)
    assert {one.state for one in others} == {"shipped"} and len(others) == len(shipped_rules())
    rules.propose(desk, SOURCE.replace("FP-06.site", "FP-06"))
    rules.approve(desk, "FP-06")
    over = rule_list.one(desk, "FP-06")
    assert over is not None and (over.state, over.shipped is not None) == ("published", True)
    rules.retire(desk, "FP-06", "旧的更好")
    again = rule_list.one(desk, "FP-06")
    assert again is not None and (again.state, again.rule) == ("shipped", again.shipped)
    rules.send_back(desk, "FP-06.site", "例句太少")
    returned = rule_list.one(desk, "FP-06.site")
    assert returned is not None and returned.state == "returned"
