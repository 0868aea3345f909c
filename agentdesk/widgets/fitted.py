"""Text that is laid out for the width it is given, and again when that changes.

Use: `Fitted(id="facts").show(lambda cells: facts(view, cells))`; no line may be longer than `cells`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

LayOut: TypeAlias = Callable[[int], Content]


class Fitted(Widget):
    """As high as its text."""

    DEFAULT_CSS = "Fitted { width: 1fr; height: auto; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Make an empty one."""
        super().__init__(id=id, classes=classes)
        self._lay_out: LayOut = lambda cells: Content("")
        self._laid: tuple[int, Content] = (0, Content(""))

    def show(self, lay_out: LayOut) -> None:
        """Show what is laid out so."""
        self._lay_out = lay_out
        self._laid = (0, Content(""))
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines of the text at this width."""
        return self._at(width).plain.count("\n") + 1

    def render(self) -> Content:
        """Draw it at the present width."""
        return self._at(self.content_size.width)

    def _at(self, cells: int) -> Content:
        if self._laid[0] != cells and cells > 0:
            self._laid = (cells, self._lay_out(cells))
        return self._laid[1]
