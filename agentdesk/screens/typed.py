"""Keeps what is being typed on disk, at most a second behind (MODEL §6, draft rule).

A timer starts with the first change that is not yet stored and is not pushed back by further typing. Storing runs in a
thread, one at a time and in order; `drop` waits its turn behind a storing that is under way, so that a draft thrown
away never comes back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from agentdesk.domain.refusal import Refusal

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from agentdesk.desk.context import Desk
    from agentdesk.screens.asking import Asking

T = TypeVar("T")

DELAY = 0.5
"""Seconds from the first unsaved key to the storing."""

AGAIN = 3.0
"""Seconds after which a storing that failed is tried again by itself: the disk may have room by then."""


def _done() -> None:
    """A storing that went well says nothing."""


class TypedKeeper:
    """Stores what one screen's fields hold. All methods are called by the event loop."""

    def __init__(self, screen: Asking, snapshot: Callable[[], Callable[[Desk], None] | None]) -> None:
        """`snapshot` reads the fields now and returns what stores them, or None where nothing is to be stored."""
        self._screen = screen
        self._snapshot = snapshot
        self._timer: Timer | None = None
        self._order = threading.Lock()
        self._given = 0
        self._done = 0
        self.dirty = False
        """Whether something was typed since the last storing began."""
        self.failed = False
        """Whether the last storing failed: what is typed is on the screen alone."""

    def touch(self) -> None:
        """Something was typed."""
        self.dirty = True
        if self._timer is None:
            screen: Screen[Any] = self._screen  # type: ignore[assignment]
            self._timer = screen.set_timer(DELAY, lambda: self.store())

    def store(self, then: Callable[[], None] = _done) -> None:
        """Store now what is not yet stored; `then` is called once it is, at once where there is nothing to store."""
        self._stop()
        storing = self._snapshot() if self.dirty else None
        self.dirty = False
        if storing is None:
            then()
        else:
            self._put(storing, then)

    def drop(self, dropping: Callable[[Desk], None] | None = None) -> None:
        """Forget what is not stored; `dropping` takes the stored draft away, after any storing under way."""
        self._stop()
        self.dirty = self.failed = False
        if dropping is not None:
            self._put(dropping)

    def sealing(self, call: Callable[[Desk], T]) -> Callable[[Desk], T]:
        """Return `call`, which saves the work itself, so that no storing given before it comes after it.

        What is typed and not yet stored is stored before it: a commit may wait seconds for the file, and a kill
        meanwhile must not take that along. Where `call` raises, the draft stays, and what is typed next is stored as
        usual.
        """
        screen: Screen[Any] = self._screen  # type: ignore[assignment]
        storing = self._snapshot() if self.dirty else None
        self._stop()
        self.dirty = False
        self._given += 1
        turn = self._given

        def sealed(desk: Desk) -> T:
            with self._order:
                try:
                    if storing is not None:
                        storing(desk)
                    result = call(desk)
                except Refusal:
                    raise  # a rule said no: the screen goes on with what is typed
                except Exception:
                    screen.app.call_from_thread(self._later)
                    raise
                self._done = max(self._done, turn)
                self.failed = False
                return result

        return sealed

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _later(self) -> None:
        """Try again what could not be stored; what is typed meanwhile is stored with it."""
        screen: Screen[Any] = self._screen  # type: ignore[assignment]
        self.dirty = self.failed = True
        self._stop()
        if screen.is_attached:
            self._timer = screen.set_timer(AGAIN, lambda: self.store())

    def _put(self, storing: Callable[[Desk], None], then: Callable[[], None] = _done) -> None:
        screen: Screen[Any] = self._screen  # type: ignore[assignment]
        self._given += 1
        turn = self._given

        def work(desk: Desk) -> None:
            with self._order:
                if turn > self._done:  # a later one has been faster: its text is the newer
                    try:
                        storing(desk)
                    except Exception:
                        screen.app.call_from_thread(self._later)
                        raise
                    self._done = turn
                    self.failed = False

        def stored(_: None) -> None:
            then()

        self._screen.ask("typed", work, stored, exclusive=False, outlives=True)
