"""One ticking for a whole screen, instead of one timer for each row.

Use:
    self.ticker = Ticker(self, now)                 # in the screen's on_mount; `now()` -> ms since the epoch
    self.ticker.each(lambda now_ms: rows.redraw())  # what to do at each tick
    on_screen_suspend: self.ticker.pause()          on_screen_resume: self.ticker.resume()
"""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.dom import DOMNode
from textual.timer import Timer
from textual.widgets import Static

from agentdesk.present.rows import countdown_piece
from agentdesk.present.safe import line


class Ticker:
    """Calls every listener once in `seconds`, on the event loop."""

    def __init__(self, node: DOMNode, now: Callable[[], int], seconds: float = 1.0) -> None:
        """Start ticking for a mounted screen (or widget); the timer ends with it."""
        self._now = now
        self._listeners: list[Callable[[int], None]] = []
        self._timer: Timer = node.set_interval(seconds, self.tick)

    def each(self, listener: Callable[[int], None]) -> None:
        """Call this at each tick with the present instant in milliseconds, and once now."""
        self._listeners.append(listener)
        listener(self._now())

    def tick(self) -> None:
        """Tell every listener the present instant."""
        now = self._now()
        for listener in self._listeners:
            listener(now)

    def pause(self) -> None:
        """Stop while the screen is covered."""
        self._timer.pause()

    def resume(self) -> None:
        """Go on, with a tick at once since the time went on meanwhile."""
        self._timer.resume()
        self.tick()


class Countdown(Static):
    """What is left of one clock, such as the answer clock over the intake form."""

    DEFAULT_CSS = "Countdown { height: 1; width: auto; padding: 0 1; }"

    def __init__(self, label: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        """Make a countdown; `label` is a finished word that stands before it."""
        super().__init__("", markup=False, id=id)
        self.label = label
        self.due_ms: int | None = None
        self.warn_ms: int | None = None

    def show(self, due_ms: int | None, warn_ms: int | None, now_ms: int) -> None:
        """Count down to another instant; None shows nothing."""
        self.due_ms, self.warn_ms = due_ms, warn_ms
        self.tick(now_ms)

    def tick(self, now_ms: int) -> None:
        """Write what is left now; give this to `Ticker.each`."""
        if self.due_ms is None:
            self.update(Content(""))
            return
        piece = countdown_piece(self.due_ms, self.warn_ms, now_ms)
        self.update(line((f"{self.label} " if self.label else "", "$foreground-muted"), piece))
