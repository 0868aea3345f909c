"""A scrollbar is quiet: whole cells, on the surface of what it scrolls, in every theme."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widget import Widget

from agentdesk.desk import capture
from agentdesk.present import themes
from tests.screens.conftest import ROW_A, Walk


def track(person: Walk, widget: Widget) -> tuple[set[str], set[str]]:
    """What the column of a scrollbar is made of: its characters, and the grounds that are no thumb."""
    strips, bar = person.screen._compositor.render_strips(), widget.vertical_scrollbar.region
    cells = [strips[row].crop(bar.x, bar.right) for row in range(bar.y, bar.bottom)]
    segments = [segment for cell in cells for segment in cell]
    grounds = {
        str(one.style.bgcolor.name) for one in segments if one.style and one.style.bgcolor and not one.style.reverse
    }
    return {one.text.strip(" ") for one in segments}, grounds


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: str(theme.name))
async def test_the_track_is_the_surface_of_what_scrolls(
    walk: Any, desk_at: Any, theme: themes.Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    desk = desk_at()
    request_id = capture.record(desk, ROW_A).request_id
    async with walk(desk=desk, size=(140, 24)) as person:
        person.app.theme = theme.name
        person.app.open_request(request_id)
        await person.quiet()
        facts = person.screen.query_one("#ws-facts")
        assert track(person, facts) == ({""}, {theme.surface})
        facts.focus()
        await person.quiet()
        assert track(person, facts) == ({""}, {theme.panel}), "it goes with the focus"
        phrases = person.screen.query_one("#ws-phrases VerticalScroll")
        assert track(person, phrases) == ({""}, {theme.surface})
