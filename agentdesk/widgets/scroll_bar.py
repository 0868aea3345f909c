"""A scrollbar of whole cells: a quiet thumb, and the ground of what scrolls where the thumb is not.

Use: `whole_cells()` once, before the app runs. Textual draws the thumb's ends with block elements, which terminals set
to wide ambiguous characters draw two cells wide.
"""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBar, ScrollBarRender


class WholeCells(ScrollBarRender):
    """Draws with blanks only."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


def whole_cells() -> None:
    """Let every scrollbar of this process be drawn so."""
    ScrollBar.renderer = WholeCells
