"""Text of any length: laid out in a worker for the width it is given, and only the rows in sight are drawn.

Use: `LongText(id="body").show(lambda cells: Laid.of(article(view, cells), cells))`, within a container that scrolls.
What stood there before stays until the new text is laid out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from textual import on
from textual.content import Content
from textual.message import Message

from agentdesk.present.laid import Laid
from agentdesk.widgets.drawn_rows import DrawnRows
from agentdesk.widgets.messages import posted

LayOut: TypeAlias = Callable[[int], Laid]
"""Lays a text out, so many cells wide; runs in a worker thread."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """What is to stand there, and how wide it is to be."""

    lay_out: LayOut
    cells: int


class LongText(DrawnRows):
    """As high as its text."""

    @posted
    class LaidOut(Message):
        """The text stands there, laid out for the present width."""

        text: LongText
        wanted: _Wanted
        laid: Laid

    @posted
    class Failed(Message):
        """The text could not be laid out: a fault in our own code."""

        wanted: _Wanted
        error: Exception

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Make an empty one."""
        super().__init__(id=id, classes=classes)
        self._lay_out: LayOut = lambda cells: Laid()
        self._wanted: _Wanted | None = None
        self._works = False
        self._rows: list[Content] = []

    def show(self, lay_out: LayOut) -> None:
        """Show what is laid out so."""
        self._lay_out = lay_out
        self._want()

    # -- laying out ---------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Lay it out anew for another width, or for the first time where it was hidden when it was to be shown."""
        wanted = self._wanted
        if wanted is None or wanted.cells != self.content_size.width or wanted.lay_out is not self._lay_out:
            self._want()

    def _want(self) -> None:
        cells = self.content_size.width
        if cells > 0:
            self._wanted = _Wanted(self._lay_out, cells)
            if not self._works:
                self._work(self._wanted)

    def _work(self, wanted: _Wanted) -> None:
        """One at a time: what is wanted meanwhile begins when this ends, and what nobody wants any more is dropped."""

        def work() -> None:
            try:
                laid = wanted.lay_out(wanted.cells)
            except Exception as error:  # told by the screen; what stood there stays
                self.post_message(self.Failed(wanted, error))
            else:
                self.post_message(self.LaidOut(self, wanted, laid))

        self._works = True
        self.run_worker(work, name="layout", group="layout", thread=True, exit_on_error=False)

    @on(LaidOut)
    def _laid_out(self, event: LaidOut) -> None:
        if self._ended(event, event.wanted):
            self._rows = event.laid.rows
            self.refresh(layout=True)

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self._ended(event, event.wanted)

    def _ended(self, event: Message, wanted: _Wanted) -> bool:
        """Whether it is still wanted; else nobody hears of it, and what is wanted instead begins."""
        self._works = False
        if self._wanted is None or self._wanted is wanted:
            return True
        event.stop()
        self._work(self._wanted)
        return False

    # -- drawing ------------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Rows of the text as it was laid out last."""
        return len(self._rows)

    def row(self, y: int) -> Content:
        """Return a row as it was laid out."""
        return self._rows[y] if y < len(self._rows) else Content("")
