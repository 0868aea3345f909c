"""Rows of text that are drawn one by one, and only those in sight."""

from __future__ import annotations

from abc import abstractmethod

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Size
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


class DrawnRows(Widget):
    """As high as its rows, within a container that scrolls. A row is as wide as it is: nothing is wrapped here."""

    DEFAULT_CSS = "DrawnRows { width: 1fr; height: auto; }"

    @property
    @abstractmethod
    def count(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def row(self, y: int) -> Content:
        """Return a row; an empty one below the last."""

    @property
    def plain(self) -> str:
        """The text as it stands there."""
        return "\n".join(self.row(y).plain for y in range(self.count))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All rows, and one where there is none."""
        return max(1, self.count)

    def render_line(self, y: int) -> Strip:
        """Draw one row, by hand: a quarter of what `Visual.to_strips` takes. Textual keeps it until something changes.

        Each piece carries its place in the text, by which the mouse selects.
        """
        row, ground = self._with_selection(self.row(y), y), self.visual_style
        pieces, at = [], 0
        for text, style in row.render(ground, end=""):
            pieces.append(Segment(text, (ground + style).rich_style_with_offset(at, y)))
            at += len(text)
        return Strip(pieces, row.cell_length)

    def _with_selection(self, row: Content, y: int) -> Content:
        span = self.text_selection.get_span(y) if self.text_selection is not None else None
        if span is None:
            return row
        start, end = span
        marked = Style.from_styles(self.screen.get_component_styles("screen--selection"))
        return row.stylize(marked, start, len(row.plain) if end == -1 else end)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What of the text is selected, for the clipboard. A selection outlives its rows: those gone are left out."""
        first = selection.start.y if selection.start is not None else 0
        last = min(selection.end.y, self.count - 1) if selection.end is not None else self.count - 1
        told = []
        for y in range(first, last + 1):
            if (span := selection.get_span(y)) is not None:
                start, end = span
                told.append(self.row(y).plain[start : None if end == -1 else end])
        return ("\n".join(told), "\n") if told else None
