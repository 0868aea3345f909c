"""Text fields: cursor on the exact cell, private numbers, pastes, hostile text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.geometry import Offset

from agentdesk.text.privacy import redact
from agentdesk.widgets.fields import AreaField, Edited, LineField, Noticed, PrivateAsked
from agentdesk.widgets.guards import Guarded
from agentdesk.widgets.text_area import PlainArea

ID = "11010519491231002X"
CARD = "4111111111111111"


def guard(text: str, caret: int) -> Guarded:
    """The real detection, with a notice."""
    clean, moved, found = redact(text, caret)
    return Guarded(clean, moved, "已替换" if found else "")


def value_of(app: Any, kind: type) -> str:
    """Text of the last message of a class."""
    return str(app.heard(kind)[-1].text)


async def paste(app: Any, text: str) -> None:
    """Paste as a terminal does."""
    app.screen.post_message(events.Paste(text))


@pytest.mark.parametrize("make", [LineField, AreaField])
async def test_the_terminal_cursor_stands_on_the_caret(host: Callable[..., Any], make: Any) -> None:
    """Where an input method opens its window: also at the end of the text, where Textual's Input is one cell off."""
    field = make()
    async with host(field).run_test(size=(40, 6)) as pilot:
        field.focus()
        await pilot.pause()
        app = pilot.app
        assert app.cursor_position == Offset(1, 0)
        for char in ("你", "好", "a"):
            await pilot.press(char)
        assert app.cursor_position == Offset(6, 0)
        await pilot.press("left")
        assert app.cursor_position == Offset(5, 0)
        await pilot.press("home")
        assert app.cursor_position == Offset(1, 0)


async def test_a_long_line_keeps_the_cursor_in_sight(host: Callable[..., Any], text_of: Any) -> None:
    field = LineField()
    async with host(field).run_test(size=(20, 3)) as pilot:
        field.focus()
        field.set_text("洗衣机漏水三天没有人来处理这件事")
        await pilot.pause()
        assert pilot.app.cursor_position.x <= 19
        assert "这件事" in text_of(pilot.app)


@pytest.mark.parametrize("make", [LineField, AreaField])
@pytest.mark.parametrize("number", [ID, "6222 0212 3456 7890 128", CARD])
async def test_a_private_number_never_stays(host: Callable[..., Any], make: Any, number: str) -> None:
    field = make(guard=guard)
    app = host(field)
    async with app.run_test(size=(60, 6), message_hook=app.hear) as pilot:
        field.focus()
        await pilot.press("我", "的", *[("space" if char == " " else char) for char in number], "好")
        await pilot.pause()
        if redact(number)[2]:
            assert number not in field.text and ("[ID]" in field.text or "[CARD]" in field.text)
            assert field.text.startswith("我的") and field.text.endswith("好") and field.caret == len(field.text)
            assert app.heard(Noticed) and not any(number in message.text for message in app.heard(Edited))


async def test_the_caret_stays_behind_the_replaced_number(host: Callable[..., Any]) -> None:
    field = AreaField("前后", guard=guard)
    async with host(field).run_test(size=(60, 6)) as pilot:
        field.focus()
        field.move_cursor((0, 1))
        await paste(pilot.app, f"甲{CARD}乙")
        await pilot.pause()
        assert field.text == "前甲[CARD]乙后" and field.caret == len("前甲[CARD]乙")


async def test_undo_does_not_bring_a_number_back(host: Callable[..., Any]) -> None:
    field = AreaField(guard=guard)
    async with host(field).run_test(size=(60, 6)) as pilot:
        field.focus()
        await paste(pilot.app, CARD)
        await pilot.pause()
        await pilot.press("ctrl+z", "ctrl+z")
        assert CARD not in field.text


async def test_what_is_copied_has_passed_the_guard(host: Callable[..., Any]) -> None:
    area = PlainArea(f"卡号{CARD}", guard=guard)
    async with host(area).run_test(size=(60, 6)) as pilot:
        area.focus()
        area.select_all()
        await pilot.press("ctrl+c")
        assert pilot.app.clipboard == "卡号[CARD]"
        await pilot.press("ctrl+x")
        assert pilot.app.clipboard == "卡号[CARD]" and area.text == ""


async def test_an_order_number_that_looks_like_a_card_is_asked_about_when_left(host: Callable[..., Any]) -> None:
    field, other = LineField(guard=guard, private="ask"), LineField()
    app = host(field, other)
    async with app.run_test(size=(60, 6), message_hook=app.hear) as pilot:
        field.focus()
        await paste(app, CARD)
        await pilot.pause()
        assert field.text == CARD and field.held and app.heard(Edited)[-1].held and not app.heard(PrivateAsked)
        other.focus()
        await pilot.pause()
        assert len(app.heard(PrivateAsked)) == 1
        field.confirm_private()
        await pilot.pause()
        assert field.checked and not app.heard(Edited)[-1].held
        field.remove_private()
        await pilot.pause()
        assert field.text == "" and not field.checked


@pytest.mark.parametrize("make", [LineField, AreaField])
async def test_a_paste_that_is_too_long_is_refused_whole(host: Callable[..., Any], make: Any) -> None:
    field = make(limit=5_000)
    app = host(field)
    async with app.run_test(size=(60, 6), message_hook=app.hear) as pilot:
        field.focus()
        field.set_text("已有")
        await paste(app, "长" * 5_001)
        await pilot.pause()
        assert field.text == "已有" and value_of(app, Noticed) == "内容过长：最多 5000 个字符，未放入"


@pytest.mark.parametrize("make", [LineField, AreaField])
async def test_a_full_field_takes_no_more_keys(host: Callable[..., Any], make: Any) -> None:
    field = make(limit=5)
    async with host(field).run_test(size=(60, 6)) as pilot:
        field.focus()
        field.set_text("12345")
        await pilot.press("6")
        assert field.text == "12345"


async def test_a_line_field_takes_a_paste_of_lines_as_one_line(host: Callable[..., Any]) -> None:
    field = LineField()
    async with host(field).run_test(size=(60, 6)) as pilot:
        field.focus()
        await paste(pilot.app, "第一行\n第二行")
        await pilot.pause()
        assert field.text == "第一行 第二行"


@pytest.mark.parametrize("make", [LineField, AreaField])
async def test_hostile_text_is_harmless(host: Callable[..., Any], make: Any, hostile: list[str], harmless: Any) -> None:
    field = make(guard=guard)
    app = host(field)
    async with app.run_test(size=(60, 12)) as pilot:
        field.focus()
        for text in hostile:
            field.set_text(text)
            await paste(app, text[:200])
            await pilot.pause()
            harmless(app)
            assert len(field.text) <= 5_000


async def test_f_keys_stay_with_the_screen(host: Callable[..., Any]) -> None:
    area = AreaField("一行\n两行")
    async with host(area).run_test(size=(60, 6)) as pilot:
        area.focus()
        await pilot.press("f6", "f7")
        assert area.selected_text == ""


async def test_text_areas_are_freed_with_their_screen(host: Callable[..., Any]) -> None:
    """Textual's own watch on the theme keeps every text area alive; ours takes it back."""
    area = AreaField("一")
    async with host(area).run_test(size=(60, 6)) as pilot:
        watchers = pilot.app.__dict__["__watchers"]["theme"]
        assert any(entry[0] is area for entry in watchers)
        await area.remove()
        assert not any(entry[0] is area for entry in pilot.app.__dict__["__watchers"]["theme"])


async def test_offsets_and_places_agree(host: Callable[..., Any]) -> None:
    area = AreaField("一二\n\n三👍四")
    async with host(area).run_test(size=(60, 6)):
        for offset in range(len(area.text) + 1):
            assert area.offset_of(area.location_of(offset)) == offset
        assert area.location_of(999) == (2, 3)
