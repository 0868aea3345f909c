"""A burst of bytes: every key of row B in one go, faster than any screen can be painted."""

from __future__ import annotations

import threading
from typing import Any

from textual import events

from agentdesk.app import key_order
from agentdesk.desk import capture, queue, revealing
from agentdesk.screens.queue import QueueScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_B
from tests.screens.test_intake import open_intake

KEYS: list[str] = [
    "f2", *"13900000002", "enter", "1", "1", *"空调", "tab", *"想了解空调的能效等级和安装费用", "tab", "1", "f8",
    "f4", "enter", "f5", "enter", "f6", "1", "1", "f8",
]  # fmt: skip


async def test_a_whole_row_typed_in_one_burst_is_walked_in_order(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, {**ROW_B, "description": "上次咨询过洗碗机的保修期限和范围", "product_service": "洗碗机"})
    async with walk(desk=desk) as person:
        for key in KEYS:
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.until(
            lambda: queue.page(desk, 0, 5, queue.ALL).total == 2 and isinstance(person.screen, QueueScreen)
        )
        await person.quiet()
        rows = queue.page(desk, 0, 5, queue.ALL).rows
        assert sorted(row.state for row in rows) == ["CLOSED", "RECORDED"]
        assert not person.app._hold.waiting


async def test_after_a_refusal_the_commands_pressed_ahead_are_forgotten(walk: Any) -> None:
    async with walk() as person:
        await person.key("f2")
        await person.quiet()
        screen = person.screen
        for key in ("f8", "f5", "enter"):
            person.app.post_message(events.Key(key, None))
        await person.sees("不完整")
        await person.quiet()
        assert person.screen is screen, "F5 was meant for the workspace"


async def test_what_is_typed_ahead_of_a_question_about_a_number_does_not_answer_it(walk: Any, desk_at: Any) -> None:
    card = "6222021234567890128"
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.focus_field("order_no")
        await person.quiet()
        for key in (*card, "shift+tab", *"1yab"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.quiet()
        assert isinstance(person.screen, Confirm), "it waits for an answer that was meant for it"
        await person.key("enter")
        await person.until(lambda: not isinstance(person.screen, Confirm), "answered")
        await person.quiet()
        values = form.values()
        assert values["order_no"] == "", "the safe answer"
        assert values["expected_outcome"] == "1yab", "what was typed ahead stands where it was meant for"


async def test_what_is_typed_while_a_slow_desk_opens_a_request_is_in_the_reply(
    walk: Any, desk_at: Any, monkeypatch: Any
) -> None:
    """The limit is for a fault: as long as the desk is at work, there is no field yet for what is typed."""
    monkeypatch.setattr(key_order, "LIMIT", 0.01)
    desk = desk_at()
    capture.record(desk, ROW_B)
    slow, at_work = threading.Event(), threading.Event()
    read = revealing.view

    def waiting(*of: Any) -> Any:
        at_work.set()
        assert slow.wait(20)
        return read(*of)

    monkeypatch.setattr(revealing, "view", waiting)
    limits: list[float] = []
    async with walk(desk=desk) as person:
        again = person.app._hold_too_long
        monkeypatch.setattr(person.app, "_hold_too_long", lambda waited: (limits.append(waited), again(waited)))
        for key in ("enter", *"您好"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.until(lambda: at_work.is_set() and len(limits) > 2, "the limit has passed")
        slow.set()
        await person.quiet()
        assert person.screen.composer.text == "您好"
