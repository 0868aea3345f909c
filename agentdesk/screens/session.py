"""What all screens share: the desk, once it is ready, and where this person was.

The bare command paints the queue before SQLAlchemy is imported. Until the heavy parts are there, `Session.desk()` waits
in the worker thread that asks, so that a key pressed early is answered late rather than lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from agentdesk.store.queue_views import QueueFilter
from agentdesk.widgets.status_bar import Status

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.queue import QueuePage
    from agentdesk.preferences import Fault
    from agentdesk.sync.loop import SyncLoop


class StartFailed(RuntimeError):
    """The heavy parts of the desk could not be loaded; the cause is chained."""


class Place(NamedTuple):
    """Where a person stands, so that an app made anew opens there again."""

    mode: str
    request: str = ""
    """The request that is open, where the mode shows one."""
    focused: str = ""
    """Field or widget that has the focus; empty for the screen's own choice."""
    caret: int | None = None


@dataclass(eq=False, repr=False)
class Session:
    """The shared state of one run of the desk. Everything but `desk()` is used by the event loop only."""

    raw_desk: Desk
    """The desk whose reads over the raw connection work at once."""
    first_page: QueuePage | None = None
    """The queue as read before the first paint."""
    queue_filter: QueueFilter = QueueFilter()
    """What the queue shows now; "next request" in the workspace goes through the same rows."""
    sync: SyncLoop | None = None
    """The exchange with the centre, once it runs."""
    language: str = "zh_CN"
    status: Status = field(default_factory=Status)
    """What the top line of every screen tells."""
    touched: Callable[[set[tuple[str, str]]], None] = lambda ids: None
    """Hears of every commit, from the thread that made it."""
    faults: tuple[Fault, ...] = ()
    """What of the preferences cannot be used; the desk opens all the same."""
    told: Callable[[], None] = lambda: None
    """Hears of every change in the exchange, from its thread."""
    clock: Callable[[], datetime] | None = None
    place: Place | None = None
    """Where to go on once the screens are made anew."""
    _ready: threading.Event = field(default_factory=threading.Event)
    _failed: BaseException | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the heavy parts are loaded."""
        return self._ready.is_set() and self._failed is None

    def now(self) -> datetime:
        """The present instant, aware; the desk's clock, so that tests may set it."""
        return self.raw_desk.now() if self.clock is None else self.clock()

    def take_place(self, mode: str) -> Place | None:
        """Return where to go on in this mode, once."""
        place = self.place
        if place is None or place.mode != mode:
            return None
        self.place = None
        return place

    def set_ready(self, failed: BaseException | None = None) -> None:
        """Say that loading ended, well or not; called once, by the loading thread."""
        self._failed = failed
        self._ready.set()

    def desk(self) -> Desk:
        """Return the desk once it is loaded. Blocks: never call it from the event loop. Raises `StartFailed`."""
        self._ready.wait()
        if self._failed is not None:
            raise StartFailed("the desk could not be loaded") from self._failed
        return self.raw_desk
