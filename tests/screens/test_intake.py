"""Capture: look-up, duplicates, override, private numbers, drafts that survive."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture
from agentdesk.screens.intake import IntakeScreen
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_B, Walk

IDENTITY = "11010519491231002X"


async def open_intake(person: Walk) -> Any:
    """Press F2 and wait for the form."""
    await person.key("f2")
    await person.until(lambda: isinstance(person.screen, IntakeScreen), "intake")
    await person.quiet()
    return person.screen._form


async def test_a_known_customer_is_found_and_open_requests_are_told(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        await person.type("1390000")
        await person.sees("139****0002", "未结 1")
        await person.key("enter")
        await person.quiet()
        assert form.values()["contact"] == ROW_B["contact"]
        assert form.values()["channel"] == "online", "the channel used last is preset"
        assert form.focused_field == "request_type"
        assert form.values()["emotion"] == "" and form.values()["request_type"] == ""
        await person.sees("[重复?]")


async def test_an_unknown_customer_leads_to_the_name(walk: Any) -> None:
    async with walk() as person:
        form = await open_intake(person)
        form.focus_field("lookup")
        await person.type("13711112222")
        await person.key("enter")
        await person.until(lambda: form.focused_field == "customer_name", "the name field")
        await person.sees("没有找到客户")


async def test_a_changed_priority_needs_its_reason(walk: Any) -> None:
    async with walk() as person:
        form = await open_intake(person)
        form.set_values(ROW_B)
        await person.key("ctrl+o")
        await person.until(lambda: form.focused_field == "priority", "the override")
        await person.key("2", "f8")
        await person.until(lambda: form.focused_field == "priority_why", "the reason")
        await person.type("客户今天必须安装")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        assert person.screen.view.priority == "P2"
        assert person.screen.view.priority_why == "客户今天必须安装"


async def test_an_incomplete_form_says_what_is_missing_and_goes_there(walk: Any) -> None:
    async with walk() as person:
        form = await open_intake(person)
        form.set_values({**ROW_B, "description": ""})
        await person.key("f8")
        await person.sees("问题描述")
        await person.until(lambda: form.focused_field == "description", "the gap")


async def test_a_private_number_is_replaced_and_never_stored(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.focus_field("description")
        await person.quiet()
        await person.type(f"客户报了证件号 {IDENTITY} 来查询")
        await person.sees("[ID]")
        person.screen.store_draft()
        await person.quiet()
        assert capture.drafts(desk)[0].values["description"] == "客户报了证件号 [ID] 来查询"


async def test_an_order_number_that_looks_like_a_card_is_asked_about(walk: Any, desk_at: Any) -> None:
    card = "6222021234567890128"
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.focus_field("order_no")
        await person.quiet()
        await person.type(card)
        person.screen.store_draft()
        await person.key("tab")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.quiet()
        assert all(card not in str(one.values) for one in capture.drafts(desk))
        await person.key("1")
        await person.quiet()
        assert form.values()["order_no"] == card
        assert form.checked() == {"order_no"}


async def test_a_form_that_was_being_typed_is_there_again(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.focus_field("customer_name")
        await person.quiet()
        await person.type("李雷")
        await person.until(lambda: capture.drafts(desk), "the draft stored by its timer")
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        assert form.values()["customer_name"] == "李雷"
        await person.sees("继续上次")


async def test_what_its_screen_has_not_heard_of_yet_is_kept_by_a_desk_that_is_told_to_end(
    walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, ended = desk_at(), []

    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.focus_field("customer_name")
        await person.quiet()
        monkeypatch.setattr(person.app, "exit", lambda *_, **__: ended.append(capture.drafts(desk)))

        def typed_and_told() -> None:
            form.editor("customer_name").insert_text_at_cursor("李雷")
            person.app.end_now(129)

        person.app.call_later(typed_and_told)
        await person.until(lambda: ended, "the end")
    (draft,) = ended[0]
    assert draft.values["customer_name"] == "李雷"


async def test_going_back_keeps_the_form(walk: Any) -> None:
    async with walk() as person:
        form = await open_intake(person)
        form.focus_field("customer_name")
        await person.quiet()
        await person.type("韩梅梅")
        await person.key("escape")
        await person.sees("没有待办需求")
        await person.key("f2")
        await person.quiet()
        assert form.values()["customer_name"] == "韩梅梅"


async def test_the_answer_clock_stops_with_the_first_key_on_the_phone_only(walk: Any) -> None:
    async with walk() as person:
        form = await open_intake(person)
        form.set_value("channel", "online")
        form.focus_field("customer_name")
        await person.quiet()
        await person.type("王")
        assert person.screen._draft.answered_ms is None
        form.set_value("channel", "phone")
        await person.type("某")
        await person.until(lambda: person.screen._draft.answered_ms is not None, "answered")
        await person.sees("已应答")
