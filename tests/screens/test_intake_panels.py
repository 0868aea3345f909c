"""What a key brings over the capture: duplicates, the customer card, templates, the 5W2H helper, reasons, the clock."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture, templates, workspace
from agentdesk.screens.intake import IntakeScreen
from agentdesk.screens.intake_card import CustomerPanel
from agentdesk.screens.intake_helper import HelperPanel
from agentdesk.screens.intake_templates import TemplatePanel
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.widgets.ask import Ask
from tests.screens.conftest import ROW_B, Walk
from tests.screens.test_intake import open_intake

AGAIN = {
    **ROW_B,
    "description": "再次来问空调的安装费用怎么算",
    "anomaly": "没有收到答复",
    "expected_outcome": "今天告知费用",
}


async def panel(person: Walk, key: str, kind: type[Any]) -> Any:
    """Press a key and wait for what it brings."""
    await person.key(key)
    await person.until(lambda: isinstance(person.screen, kind), kind.__name__)
    await person.quiet()
    return person.screen


async def test_a_second_request_on_the_same_matter_is_asked_about_once_and_linked(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    first = capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.set_values(AGAIN)
        await panel(person, "f8", Ask)
        await person.sees("同一问题的未结需求", "AD-", "仍然新记一条", "新记并关联")
        await person.key("enter")
        await person.quiet()
        assert isinstance(person.screen, IntakeScreen), "Enter alone changes nothing"
        await panel(person, "f8", Ask)
        await person.key("2")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        view = person.screen.view
        assert view.value("related_request") == (first.number,)
        assert view.priority and view.id != first.request_id


async def test_the_open_one_can_be_opened_instead_and_the_form_is_put_aside(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    first = capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.set_values(AGAIN)
        await panel(person, "f8", Ask)
        await person.key("3")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        assert person.screen.view.id == first.request_id
        (draft,) = capture.drafts(desk)
        assert draft.parked and draft.values["description"] == AGAIN["description"]


async def test_the_card_tells_who_it_is_and_links_what_is_picked(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    made = capture.record(desk, {**ROW_B, "tier": "vip", "segment": "active"})
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        await person.key("ctrl+l")
        await person.sees("先填写联系方式")
        form.set_value("contact", ROW_B["contact"])
        await panel(person, "ctrl+l", CustomerPanel)
        await person.sees("客户卡片", "139****0002", "VIP 客户", "未结 1", "已记录", "最近联系")
        assert ROW_B["contact"] not in person.text()
        await person.key("enter")
        await person.until(lambda: isinstance(person.screen, Ask), "what to do with it")
        await person.key("1")
        await person.quiet()
        assert form.values()["related_request"] == made.number
        await panel(person, "ctrl+r", Ask)


async def test_a_template_fills_what_is_empty_and_says_what_it_left(walk: Any) -> None:
    async with walk() as person:
        form = await open_intake(person)
        form.set_values({"request_type": "complaint", "customer_name": "李雷"})
        await panel(person, "ctrl+t", TemplatePanel)
        await person.sees("包裹迟迟未送达", "回车预填")
        await person.key("1")
        await person.quiet()
        values = form.values()
        assert values["request_type"] == "complaint" and values["sub_type"] == "logistics"
        assert "物流最后一条信息" in values["description"] and values["tags"] == "物流"
        assert form.focused_field == "description"
        await person.sees("已有内容未改：需求类型")


async def test_a_form_is_kept_as_ones_own_template_found_by_pinyin_and_removed(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.set_values({**ROW_B, "tags": "技术, 新品"})
        await panel(person, "ctrl+t", TemplatePanel)
        await person.key("f8")
        await person.sees("请先在搜索框里写模板名称")
        person.screen._picker.focus_search()
        await person.quiet()
        await person.type("空调咨询")
        await person.key("f8")
        await person.sees("已存为模板", "自己的")
        (own, *_) = templates.templates(desk, "zh_CN")
        assert own.own and own.values["tags"] == ["technical", "新品"]
        assert not {"customer_name", "contact", "emotion"} & own.values.keys()
        person.screen._picker.search_for("ktzx")
        await person.until(lambda: len(person.screen._shown) == 1, "found by its initials")
        await person.key("shift+f8")
        await person.until(lambda: not isinstance(person.screen, TemplatePanel), "the question")
        await person.key("1")
        await person.until(lambda: not any(one.own for one in templates.templates(desk, "zh_CN")), "removed")


async def test_5w2h_goes_into_the_description_in_its_order_and_survives_escape(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.set_value("description", "空调不制冷")
        helper = await panel(person, "ctrl+n", HelperPanel)
        await person.type("昨晚")
        await person.key("f8")
        await person.sees("请填写现象")
        assert helper._form.focused_field == "what"
        await person.key("escape")
        await person.until(lambda: isinstance(person.screen, IntakeScreen), "the form")
        await person.until(
            lambda: any(one.values.get("helper.when") == "昨晚" for one in capture.drafts(desk)),
            "stored with the draft",
        )
        helper = await panel(person, "ctrl+n", HelperPanel)
        assert helper._form.values()["when"] == "昨晚"
        helper._form.focus_field("what")
        await person.quiet()
        await person.type("不出冷风")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, IntakeScreen), "the form")
        assert form.values()["description"] == "空调不制冷\n何时：昨晚\n现象：不出冷风"


async def test_reasons_change_while_typing_and_name_the_words(walk: Any) -> None:
    async with walk(size=(100, 30)) as person:
        form = await open_intake(person)
        form.set_values(ROW_B)
        await person.sees("P3 常规", "简单咨询", "可当场答复")
        form.set_value("description", "空调漏水，需要核查退款")
        await person.sees("P1 紧急", "PR-01", "漏水", "紧急事项", "符合紧急规则(漏水)")
        form.set_values({"description": "空调买来三个月不制冷", "request_type": "after_sales"})
        await person.sees("P2 重要", "PR-08", "复杂问题", "售后需要处理", "5W2H")
        form.set_values({"priority": "P2", "category": "urgent"})
        form.remark()
        await person.sees("P1 通常与紧急对应")


async def test_p1_and_urgent_propose_each_other(walk: Any) -> None:
    async with walk() as person:
        form = await open_intake(person)
        form.set_values({**ROW_B, "priority": "P1"})
        await person.until(lambda: person.screen._checked.category == "urgent", "urgent for P1")
        form.set_values({"priority": "", "category": "urgent"})
        await person.until(lambda: person.screen._checked.priority == "P1", "P1 for urgent")


@pytest.mark.parametrize(("channel", "told"), [("phone", "电话接入 剩"), ("email", "书面首次回复 剩 03:59")])
async def test_the_clock_in_the_head_is_that_of_the_channel(walk: Any, channel: str, told: str) -> None:
    async with walk() as person:
        form = await open_intake(person)
        form.set_value("channel", channel)
        person.screen._ticker.tick()
        await person.sees("客户等待", told)
        form.set_value("channel", "walk_in")
        person.screen._ticker.tick()
        await person.until(lambda: told not in person.text(), "no clock for other ways")


async def test_every_optional_field_is_recorded(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk, size=(140, 40)) as person:
        form = await open_intake(person)
        form.set_values(
            {**ROW_B, "tags": "物流、新品", "preferred_channel": "phone", "tier": "regular", "segment": "new",
             "needs_callback": "yes"}
        )  # fmt: skip
        form.focus_field("sub_type")
        await person.quiet()
        await person.key("equals_sign")
        assert form.values()["sub_type"] == "safety", "the twelfth has a key too"
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        view = workspace.view(desk, person.screen.view.id)
        assert view.value("tags") == ("logistics", "新品") and view.value("needs_callback") is True
        assert [view.value(one) for one in ("preferred_channel", "tier", "segment")] == ["phone", "regular", "new"]
