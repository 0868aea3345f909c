"""Several captures at once: a second caller while typing, by one key each; nothing is lost, each clock runs on."""

from __future__ import annotations

from typing import Any

import pytest
from textual.events import AppBlur, AppFocus

from agentdesk.desk import capture
from agentdesk.screens.intake import IntakeScreen
from agentdesk.screens.queue import QueueScreen
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_B, Walk
from tests.screens.test_intake import open_intake


async def typed_name(person: Walk, name: str) -> None:
    """Type a name into the form in hand."""
    person.screen._form.focus_field("customer_name")
    await person.quiet()
    await person.type(name)


async def test_a_second_caller_gets_a_new_form_and_the_first_one_comes_back(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        await typed_name(person, "李雷")
        first = person.screen._draft
        await person.key("f2")
        await person.quiet()
        await person.sees("已搁置", "草稿 1")
        assert form.values()["customer_name"] == "" and form.focused_field == "lookup"
        second = person.screen._draft
        assert second.id != first.id and second.opened_mono >= first.opened_mono
        await typed_name(person, "韩梅梅")
        await person.key("shift+f2")
        await person.until(lambda: form.values()["customer_name"] == "李雷", "the first one again")
        assert person.screen._draft.opened_mono == first.opened_mono, "its clock ran on"
        await person.sees("继续搁置的受理：李雷")
        await person.key("shift+f2")
        await person.until(lambda: form.values()["customer_name"] == "韩梅梅", "round the end")
        assert capture.count_drafts(desk) == 2


async def test_the_queue_tells_how_many_wait_and_brings_one_from_anywhere(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        await typed_name(person, "李雷")
        await person.key("f2")
        await person.quiet()
        await person.key("escape")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "queue")
        await person.sees("草稿 1")
        await person.key("shift+f2")
        await person.until(lambda: form.values()["customer_name"] == "李雷", "the parked one")


async def test_parked_forms_survive_a_kill_and_wait_for_their_key(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        await open_intake(person)
        await typed_name(person, "李雷")
        await person.key("f2")
        await person.quiet()
    async with walk(desk=desk) as person:
        await person.sees("草稿 1")
        form = await open_intake(person)
        assert form.values()["customer_name"] == "", "a new caller gets an empty form"
        await person.key("shift+f2")
        await person.until(lambda: form.values()["customer_name"] == "李雷", "the parked one")
    async with walk(desk=desk) as person:
        await person.key("shift+f2")
        await person.until(lambda: isinstance(person.screen, IntakeScreen), "intake")
        await person.until(lambda: person.screen._form.values()["customer_name"] == "李雷", "from the queue too")


async def test_without_a_parked_form_the_key_says_so_and_keeps_the_form(walk: Any) -> None:
    async with walk() as person:
        form = await open_intake(person)
        await typed_name(person, "李雷")
        await person.key("shift+f2")
        await person.sees("没有搁置的受理")
        assert form.values()["customer_name"] == "李雷" and not person.screen._draft.parked


async def test_a_form_is_discarded_after_a_question_only(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        await typed_name(person, "李雷")
        await person.key("shift+f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("escape")
        await person.quiet()
        assert form.values()["customer_name"] == "李雷"
        await person.key("shift+f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("1")
        await person.sees("已放弃")
        assert form.values()["customer_name"] == "" and capture.drafts(desk) == []


async def test_recording_the_second_leaves_the_first_parked(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        await typed_name(person, "李雷")
        await person.key("f2")
        await person.quiet()
        form.set_values(ROW_B)
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        await person.key("f2")
        await person.until(lambda: isinstance(person.screen, IntakeScreen), "intake")
        await person.sees("还有 1 份受理")
        assert form.values()["customer_name"] == ""
        await person.key("shift+f2")
        await person.until(lambda: form.values()["customer_name"] == "李雷", "the first one again")


async def test_a_fault_while_putting_aside_leaves_the_form_in_hand(
    walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails for a moment: the form stays, unparked, and the key works once the disk does."""
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        await typed_name(person, "李雷")
        first = person.screen._draft

        def broken(_: Any) -> Any:
            raise OSError("disk I/O error")

        with monkeypatch.context() as patch:
            patch.setattr(capture, "begin", broken)
            await person.key("f2")
            await person.quiet()
        assert person.screen._draft.id == first.id and not person.screen._draft.parked
        assert form.values()["customer_name"] == "李雷"
        person.screen.store_draft()
        await person.quiet()
        assert [one.parked for one in capture.drafts(desk)] == [False]
        await person.key("f2")
        await person.quiet()
        await person.sees("已搁置", "草稿 1")


async def test_a_number_being_typed_stays_out_of_the_draft_while_another_window_has_the_keyboard(
    walk: Any, desk_at: Any
) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        await open_intake(person)
        await typed_name(person, "李雷 1101051949123")
        person.app.post_message(AppBlur())
        await person.until(lambda: person.screen.focused is None, "the keyboard elsewhere")
        person.screen.store_draft()
        await person.until(lambda: capture.drafts(desk), "the draft stored")
        assert capture.drafts(desk)[0].values["customer_name"].strip() == "李雷"
        person.app.post_message(AppFocus())
        await person.until(lambda: person.screen.focused is not None, "back")
        await person.type("1002")
        await person.until(lambda: "[ID]" in person.screen._form.values()["customer_name"], "known by now")
