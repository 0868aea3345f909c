"""A rule's way through the screens of three desks and a real centre: written, approved by another, underlined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentdesk.desk import capture, reply, rules, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.screens.rule_edit import RuleEditScreen
from agentdesk.screens.rules import RulesScreen
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.sync.join import join
from agentdesk.widgets.ask import Ask
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_B, Walk
from tests.screens.rule_desks import SENT, rules_screen
from tests.screens.test_phrase_review import review
from tests.sync.centres import CentreProcess

WORDS = "您这是瞎捣糨糊吧"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreProcess]:
    made = CentreProcess(tmp_path / "centre").start()
    yield made
    made.stop()


@pytest.fixture
def joined(centre: CentreProcess, tmp_path: Path, agentdesk_home: Path) -> Iterator[Any]:
    """Make a desk that has joined, by name and role."""
    made: list[Desk] = []

    def make(name: str, role: str) -> Desk:
        desk = open_desk(tmp_path / name)
        made.append(desk)
        setup.first_run(desk, name, f"{len(made):04d}", "客服一组", "zh_CN")
        join(desk.store, desk.journal, centre.url, centre.code(role=role))
        desk.forget("identity")
        return desk

    yield make
    for desk in made:
        desk.close()


async def write(person: Walk, rule_id: str) -> None:
    """Write the rule in the editor and look at what it would have found."""
    await person.key("ctrl+n")
    await person.until(lambda: isinstance(person.screen, RuleEditScreen), "the editor")
    await person.quiet()
    form = person.screen.form
    for field, text in (
        ("id", rule_id),
        ("why", "不得指责客户"),
        ("patterns", "瞎捣糨糊"),
        ("replace", "我们一起看一下是哪一步出现了差异"),
        ("hits", WORDS),
        ("passes", "您反映问题不是瞎捣糨糊"),
        ("before", "不是"),
    ):
        form.focus_field(field)
        await person.type(text)
    form.focus_field("category")
    await person.key("1")
    form.focus_field("severity")
    await person.key("2")
    await person.sees("2 条例句全部符合")
    await person.quiet()
    await person.key("f8")
    await person.until(lambda: isinstance(person.screen, Confirm), "the trial")


async def test_a_rule_written_on_one_screen_and_approved_on_another_is_underlined_on_a_third(
    walk: Any, joined: Any
) -> None:
    author, approver, rep = joined("张三", "supervisor"), joined("李四", "supervisor"), joined("王五", "rep")
    request = capture.record(rep, ROW_B).request_id
    sent = capture.record(author, {**ROW_B, "contact": "13900000007"}).request_id
    for text in SENT:
        reply.send(author, sent, text, confirmed=True)
    big = (140, 40)
    async with (
        walk(desk=rep, size=big) as agent,
        walk(desk=author, size=big) as one,
        walk(desk=approver, size=big) as two,
    ):
        agent.app.call_later(agent.app.open_request, request)  # in its own context: three apps share the loop
        await agent.until(lambda: isinstance(agent.screen, WorkspaceScreen) and agent.screen.view, "the request")
        await agent.quiet()
        await agent.type(WORDS)
        await agent.quiet()
        composer = agent.screen.composer
        assert {one.lane for one in composer.findings} <= {"likeness"}, "no rule knows it yet"

        await rules_screen(one)
        await write(one, "FP-06.site")
        plain = [text for text in SENT if "瞎捣糨糊" in text.replace(" ", "").replace("不是瞎捣糨糊", "")]
        await one.sees(f"已发送 {len(SENT)} 条", f"会命中 {len(plain)} 条", *plain)
        await one.key("f8")
        await one.until(lambda: isinstance(one.screen, RulesScreen), "the list")
        await one.sees("FP-06.site 已提交")
        await one.quiet()
        await one.key("f6")
        await one.until(lambda: isinstance(one.screen, Ask), "the question")
        await one.key("1")
        await one.until(lambda: isinstance(one.screen, Confirm), "the trial")
        await one.key("f8")
        await one.sees("的这个版本由您提交，须由另一人批准")

        screen = await rules_screen(two)
        await two.until(lambda: screen.marked and screen.marked.rule.id == "FP-06.site", "what came from the centre")
        await two.sees("待批准", "张三")
        await two.quiet()
        await two.key("f6")
        await two.until(lambda: isinstance(two.screen, Ask), "the question")
        await two.key("1")
        await two.until(lambda: isinstance(two.screen, Confirm), "the trial")
        await two.key("f8")
        await two.until(lambda: two.screen is screen, "the list")
        await two.until(lambda: screen.marked and screen.marked.state == "published", "the centre agreed")

        await agent.until(
            lambda: [one for one in composer.findings if one.lane != "likeness"],
            "underlined in the reply that was being written",
        )
        (found,) = composer.findings
        assert (found.rule, WORDS[found.start : found.end]) == ("FP-06.site", "瞎捣糨糊")
        await agent.sees("指责客户", "^R 我们一起看")
        await agent.key("ctrl+r")
        await agent.until(lambda: "我们一起看一下" in composer.text, "replaced by one key")

        for desk in (author, approver, rep):
            assert rules.site_rule(desk, "FP-06.site").state == "published"


async def test_a_representative_looks_and_is_told_who_may_change(walk: Any, joined: Any) -> None:
    async with walk(desk=joined("王五", "rep")) as person:
        await rules_screen(person, "FP-08")
        await person.key("f8")
        await person.sees("您的角色不能写规则")
        await person.key("f6")
        await person.sees("您的角色不能审批规则")
        await person.key("enter")
        await person.sees("您的角色不能写规则")
        await person.key("f6")
        await person.sees("您的角色不能审批规则")
        await person.key("ctrl+l")  # a key that the footer does not show
        await person.sees("您的角色不能写规则")
        assert isinstance(person.screen, RulesScreen)


async def test_a_representative_looks_through_the_phrases_and_is_told_who_may_change(walk: Any, joined: Any) -> None:
    """Told before a form is filled, not by the refusal of what was written in it."""
    async with walk(desk=joined("王五", "rep")) as person:
        screen = await review(person)
        for key in ("enter", "ctrl+n", "ctrl+o"):
            await person.key(key)
            await person.sees("您的角色不能写话术")
            assert person.screen is screen
        for key in ("f8", "ctrl+r", "shift+f8"):
            await person.key(key)
            await person.sees("您的角色不能审批话术")
            assert person.screen is screen
