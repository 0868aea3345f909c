"""A macro under the fingers: seen before it happens, taken off by a key, gone with the message."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture, reading, reply
from agentdesk.screens.workspace import WorkspaceScreen
from tests.screens.conftest import ROW_A


@pytest.fixture
def row_a(desk_at: Any) -> Any:
    desk = desk_at()
    return desk, capture.record(desk, ROW_A).request_id


async def take_macro(person: Any, words: str) -> Any:
    """Open the request, find a macro by its title and put it in."""
    await person.until(lambda: person.screen._rows.row is not None, "a row")
    await person.key("enter")
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "the request")
    await person.quiet()
    screen = person.screen
    await person.key("f4")
    await person.quiet()
    await person.type(words)
    await person.until(lambda: screen.phrases.picker.item and words in screen.phrases.picker.item.title, words)
    await person.quiet()
    await person.key("enter")
    await person.until(lambda: screen.composer.text, "the text")
    await person.quiet()
    return screen


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_macro_is_seen_before_it_happens_and_goes_with_the_reply(walk: Any, row_a: Any, size: Any) -> None:
    desk, request = row_a
    async with walk(desk=desk, size=size) as person:
        screen = await take_macro(person, "宏：物流核查")
        await person.sees("发送时：", "加标签“物流”", "回访", "Shift+F5")
        assert reading.load(desk, request).request.elements("tags") == []
        await person.key("f8")
        await person.until(lambda: not screen.composer.text, "sent")
        await person.quiet()
        assert not screen.planned and "发送时：" not in person.text()
    whole = reading.load(desk, request)
    assert list(whole.request.elements("tags")) == ["logistics"]
    assert len(whole.events("callback", "planned")) == len(whole.events("entry", "message_sent")) == 1


async def test_one_action_is_taken_off_and_the_rest_happens(walk: Any, row_a: Any) -> None:
    desk, request = row_a
    async with walk(desk=desk) as person:
        screen = await take_macro(person, "宏：物流核查")
        await person.key("shift+f5")
        await person.sees("发送时要做的事")
        await person.key("enter")
        await person.until(lambda: person.screen is screen and len(screen.planned) == 1, "one left")
        await person.sees("回访", gone=("加标签",))
        await person.key("f8")
        await person.until(lambda: not screen.composer.text, "sent")
        await person.quiet()
    whole = reading.load(desk, request)
    assert list(whole.request.elements("tags")) == []
    assert len(whole.events("callback", "planned")) == 1


async def test_a_refused_macro_sends_nothing_and_keeps_the_text(walk: Any, row_a: Any) -> None:
    desk, request = row_a
    async with walk(desk=desk) as person:
        screen = await take_macro(person, "宏：接手处理")
        text = screen.composer.text
        await person.key("f8")
        await person.quiet()
        assert screen.composer.text == text and len(screen.planned) == 1
        await person.key("f6")
        await person.quiet()
        assert person.screen is screen, "a form cannot send what the macro does"
    assert reading.load(desk, request).events("entry", "message_sent") == []


async def test_what_a_macro_planned_is_there_after_the_desk_was_closed(walk: Any, desk_at: Any, row_a: Any) -> None:
    desk, request = row_a
    async with walk(desk=desk) as person:
        screen = await take_macro(person, "宏：物流核查")
        await person.key("escape")
        await person.quiet()
        planned = screen.planned
    assert reply.load_actions(desk, request) == planned
    async with walk(desk=desk) as person:
        await person.until(lambda: person.screen._rows.row is not None, "a row")
        await person.key("enter")
        await person.sees("发送时：", "加标签“物流”")
        await person.quiet()
        assert person.screen.planned == planned
