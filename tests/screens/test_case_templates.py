"""A service template fills in plan and resolution of a request; what somebody typed is never written over."""

from __future__ import annotations

from typing import Any

from agentdesk.desk import capture, case_templates, plan, workspace
from agentdesk.desk.articles import import_articles
from agentdesk.screens.case_templates import CaseTemplatePanel
from agentdesk.screens.plan import PlanScreen
from agentdesk.screens.resolve import ResolveScreen
from tests.screens.conftest import ROW_A, ROW_B, Walk

TEMPLATE: dict[str, Any] = {
    "id": "t.leak", "title": "漏水上门处理", "kind": "template", "audience": "may_quote",
    "plain_summary": "师傅已上门修好，请您确认。", "steps": ["核实位置 @8021 +2h", "派师傅上门 @物流部 +1d"],
    "body": "漏水用。", "tags": ["outcome:workaround", "cause:product_defect"],
}  # fmt: skip


async def apply(person: Walk, request: str) -> None:
    """Open a request and choose the template."""
    person.app.open_request(request)
    await person.quiet()
    await person.screen.run_action("apply_template")
    await person.until(lambda: isinstance(person.screen, CaseTemplatePanel), "the templates")
    await person.quiet()
    await person.type("漏水上门")
    await person.quiet()
    await person.key("f8")
    await person.quiet()


async def test_a_template_fills_in_the_plan_and_who_looks_it_over_tells_it(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    import_articles(desk, [TEMPLATE])
    request = capture.record(desk, ROW_A).request_id
    async with walk(desk=desk) as person:
        await apply(person, request)
        await person.until(lambda: isinstance(person.screen, PlanScreen), "the plan")
        await person.sees("核实位置 @8021 +2h", "已按模板“漏水上门处理”预填")
        form = person.screen.form
        assert form.values()["finish"] == "1d"
        assert "第2步超出预计完成时间" not in person.text()
        form.set_value("finish", "3h")
        await person.sees("第2步超出预计完成时间")
        form.set_value("finish", "1d")
        await person.sees(gone=("第2步超出预计完成时间",))
        assert workspace.view(desk, request).plan is None, "nothing is written before a person says so"
        form.set_value("interim", "请先关闭水源。")
        form.set_value("verified_how", "asked")
        await person.key("f8")
        await person.until(lambda: not isinstance(person.screen, PlanScreen), "told")
        await person.quiet()
    told = workspace.view(desk, request).plan
    assert told is not None and told.finish is not None
    assert [(one.text, one.owner == desk.me.person_id) for one in told.steps] == [
        ("核实位置", True),
        ("派师傅上门 @物流部", True),
    ]
    first, second = (one.due for one in told.steps)
    assert first is not None and second is not None and first < second <= told.finish


async def test_what_was_typed_stays_also_over_a_restart(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    import_articles(desk, [TEMPLATE])
    request = capture.record(desk, ROW_A).request_id
    async with walk(desk=desk) as person:
        person.app.open_request(request)
        await person.quiet()
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, PlanScreen), "the plan")
        await person.quiet()
        person.screen.form.set_value("steps", "我自己的步骤")
        await person.key("escape")
        await person.quiet()
        await apply(person, request)
        await person.until(lambda: isinstance(person.screen, PlanScreen), "the plan")
        await person.sees("我自己的步骤", "已填的没有改动", "步骤")
        assert person.screen.form.values()["finish"] == "1d"
        person.screen.form.set_value("finish", "")
        await person.key("escape")
        await person.quiet()
    desk.close()
    async with walk(desk=desk_at()) as person:
        person.app.open_request(request)
        await person.quiet()
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, PlanScreen), "the plan")
        await person.quiet()
        assert person.screen.text("steps") == "我自己的步骤"
        assert person.screen.text("finish") == "", "what was emptied is not filled in again"


async def test_a_template_waits_for_the_resolution(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    import_articles(desk, [TEMPLATE])
    request = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        await apply(person, request)
        await person.until(lambda: isinstance(person.screen, ResolveScreen), "the resolution")
        await person.quiet()
        values = person.screen.form.values()
        assert values["solution_text"] == TEMPLATE["plain_summary"] and values["outcome"] == "workaround"
        assert values["own_knowledge"] is False
        await person.sees("漏水上门处理")


def test_a_retired_template_fills_nothing_in(desk_at: Any) -> None:
    from agentdesk.desk import article_review
    from agentdesk.domain.content import article_id

    desk = desk_at()
    import_articles(desk, [TEMPLATE])
    request = capture.record(desk, ROW_A).request_id
    assert "t.leak" not in [one.id for one in case_templates.listing(desk, request)]
    assert TEMPLATE["title"] in [one.title for one in case_templates.listing(desk, request)]
    case_templates.apply(desk, request, article_id("t.leak"))
    assert case_templates.waiting(desk, request, "plan") is not None
    article_review.retire(desk, article_id("t.leak"), "不用了")
    assert case_templates.waiting(desk, request, "plan") is None


def test_steps_as_they_are_typed(desk_at: Any) -> None:
    desk = desk_at()
    now = desk.now()
    from datetime import timedelta

    finish = now + timedelta(hours=3)
    found = plan.steps_of(desk, ["问齐 @张敏 +30m", "  ", "修好 @外部 +9d", "写信到 a@b.c"], finish)
    me = desk.me.person_id
    assert [(one.text, one.owner) for one in found] == [("问齐", me), ("修好 @外部 +9d", ""), ("写信到 a@b.c", "")]
    assert [one.due == finish for one in found] == [False, True, True]
    (late,) = plan.steps_of(desk, ["换新机 @张敏 +30d"], finish)
    assert (late.text, late.owner, late.due) == ("换新机 +30d", me, finish), "what was meant is not lost"
    just = finish - timedelta(seconds=20)
    assert plan.steps_of(desk, ["复查 +3h"], just)[0].text == "复查", "typed to the minute: not late"
