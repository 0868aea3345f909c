"""NO_COLOR and few colours: every screen goes out without a colour, and states can still be told."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture
from agentdesk.present.themes import of_sixteen
from tests.screens.conftest import ROW_A, Walk


def colours(person: Walk) -> set[str]:
    """Every colour on the screen."""
    styles = [
        segment.style for strip in person.screen._compositor.render_strips() for segment in strip if segment.style
    ]
    return {str(one) for style in styles for one in (style.color, style.bgcolor) if one is not None}


def reversed_text(person: Walk) -> str:
    """What is drawn in reverse."""
    return "".join(
        segment.text
        for strip in person.screen._compositor.render_strips()
        for segment in strip
        if segment.style and segment.style.reverse
    )


@pytest.mark.parametrize("theme", ["agentdesk-dark", "agentdesk-light", "agentdesk-contrast"])
async def test_no_screen_sends_a_colour(walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch, theme: str) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    desk = desk_at()
    request_id = capture.record(desk, ROW_A).request_id
    async with walk(desk=desk) as person:
        person.app.theme = theme
        await person.quiet()
        assert not colours(person)
        assert "> AD-" in person.text() and "(F3" not in person.text(), "the row in hand is told by its mark"
        for keys in (["f1"], ["escape", "f9"], ["escape", "f10"], ["escape", "shift+f9"], ["escape", "f4"], ["f2"]):
            await person.key(*keys)
            await person.quiet()
            assert not colours(person), keys
        await person.key("shift+f1")
        await person.quiet()
        assert not colours(person) and " 2 " in reversed_text(person), "labels stand out"
        await person.key("escape")
        person.app.open_request(request_id)
        await person.quiet()
        await person.type("您好，这个我不知道")
        person.screen.composer.area.cursor_blink = False  # it is seen every other half second
        await person.quiet()
        assert not colours(person)
        assert "(F6办结)" in person.text() and "需确认" in person.text()
        assert reversed_text(person) == " ", "the cursor is seen"


async def test_a_terminal_of_sixteen_colours_gets_colours_that_it_has(
    walk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM", raising=False)
    async with walk() as person:
        assert person.app.console.color_system == "standard"
        worn = person.app.current_theme
        assert worn == of_sixteen(worn) and worn.background == "#000000"
