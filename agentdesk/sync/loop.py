"""The exchange in the background: one thread that talks, one that waits for the centre's word (SYNC 2.8, 2.16).

The desk never waits for it. A commit wakes it, the centre's word wakes it; while the centre cannot be reached it
comes back after a random while that grows to a minute.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from agentdesk.store import Store
from agentdesk.store.exchange import Exchange
from agentdesk.store.journal import Journal
from agentdesk.sync.faces import CentreSaidNo, Stopping, SyncStatus, Unreachable
from agentdesk.sync.token import load_token, token_path

if TYPE_CHECKING:
    from agentdesk.sync.client import Client
    from agentdesk.sync.exchange import Talk

LONGEST_PAUSE_S = 60.0
GREET_EVERY_S = 300.0
"""How long a greeting is good for: scopes, rights and the clock's offset are asked anew after it."""

_END_S = 2.0
_log = logging.getLogger(__name__)


def pause_after(failures: int, retry_after: float | None, chance: Callable[[float, float], float]) -> float:
    """Return seconds to pause after so many failures in a row: full jitter between 1 and a bound that doubles."""
    bound = min(LONGEST_PAUSE_S, 2.0 ** min(failures, 10))
    return max(chance(1.0, max(1.0, bound)), retry_after or 0.0)


class SyncLoop:
    """Start it once a desk is open; `kick` exchanges now, `stop` ends it. `status` may be asked from any thread."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        *,
        on_status: Callable[[SyncStatus], None] = lambda status: None,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """Exchange for `journal`; `on_status` is called from the loop's thread whenever something changed."""
        self._journal = journal
        self._store = store
        self._on_status = on_status
        self._chance = chance
        self._status = SyncStatus()
        self._bell = threading.Condition()
        self._rung = False
        self._urgent = False
        self._stopping = False
        self._moved: set[str] = set()
        self._watching = False
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin to exchange."""
        self._journal.on_touched(self._committed)
        self._thread.start()

    def kick(self) -> None:
        """Exchange now, also in the middle of a pause."""
        self._ring(urgent=True)

    def stop(self) -> None:
        """End within moments. What was sent and not answered is sent again at the next start."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
        if self._thread.ident is not None:
            self._thread.join(_END_S)

    def status(self) -> SyncStatus:
        """Return how it stands, with what waits and what is parked counted now; reads the store."""
        identity = self._journal.identity
        joined = identity is not None and identity.joined
        return replace(
            self._status,
            joined=joined,
            url=identity.centre_url if identity is not None else "",
            waiting=self._journal.waiting(),
            parked=len(Exchange(self._journal).parked()),
        )

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                try:
                    self._live()
                except Stopping:
                    raise
                except Exception as failure:  # the thread must outlive whatever this machine does to it
                    _log.exception("exchange ended")
                    self._tell(busy=False, problem=_fault(failure))
                    self._sleep(pause_after(10, None, self._chance), urgent_only=True)
        except Stopping:
            return

    def _live(self) -> None:
        """Exchange as one identity; where there is none that has joined, sleep until something happens."""
        Exchange(self._journal).finish_erasing()  # a stop in the middle of a redaction may have left it
        identity = self._journal.identity
        token = load_token(token_path(self._store))
        if identity is None or not identity.joined or token is None:
            self._tell(online=False, problem="token" if identity is not None and identity.joined else "")
            self._sleep(None)
            return
        # Here, not above: the first paint must not pay for an HTTP library.
        from agentdesk.sync.client import Client
        from agentdesk.sync.exchange import Talk

        client = Client(identity.centre_url, token)
        try:
            self._converse(Talk(self._journal, identity, client, go_on=self._go_on), client)
        finally:
            client.close()

    def _converse(self, talk: Talk, client: Client) -> None:
        """Exchange until told to stop, or until the desk became somebody else."""
        failures = 0
        greet_at = 0.0
        identity = self._journal.identity
        while self._journal.identity is identity:
            due = time.monotonic() >= greet_at
            failure = self._exchange_once(talk, client, greet=due)
            if failure is None:
                failures = 0
                greet_at = time.monotonic() + GREET_EVERY_S if due else greet_at
                self._sleep(max(0.0, greet_at - time.monotonic()))
            else:
                failures, greet_at = failures + 1, 0.0
                retry_after = failure.retry_after if isinstance(failure, CentreSaidNo) else None
                self._sleep(pause_after(failures, retry_after, self._chance), urgent_only=True)

    def _exchange_once(self, talk: Talk, client: Client, *, greet: bool) -> Exception | None:
        """Exchange; return what kept it from ending well. A fault of this machine is told like one of the net."""
        self._tell(busy=True)
        try:
            failure = self._turn(talk, greet)
            stopped = talk.stopped()
            if failure is None:
                self._watch(client, talk.standing())
        except Stopping:
            raise
        except Exception as fault:
            _log.exception("exchange failed")
            self._tell(busy=False, problem=_fault(fault))
            return fault
        if failure is not None:
            self._tell(busy=False, online=isinstance(failure, CentreSaidNo), problem=failure.code, stopped=stopped)
            return failure
        self._tell(busy=False, online=True, problem="", last_at=self._journal.now(), stopped=stopped)
        return None

    def _turn(self, talk: Talk, greet: bool) -> CentreSaidNo | Unreachable | None:
        try:
            if greet:
                talk.greet()
            talk.turn(None if greet else self._take_moved())
        except (CentreSaidNo, Unreachable) as failure:
            return failure
        return None

    def _go_on(self) -> None:
        if self._stopping:
            raise Stopping

    def _tell(self, **news: object) -> None:
        self._status = replace(self._status, **news)  # type: ignore[arg-type]  # names and types are SyncStatus's
        self._on_status(self._status)

    # -- waking -------------------------------------------------------------------------------------------------------

    def _committed(self, _: object) -> None:
        if threading.current_thread() is not self._thread:
            self._ring()

    def _ring(self, *, urgent: bool = False) -> None:
        with self._bell:
            self._rung = True
            self._urgent = self._urgent or urgent
            self._bell.notify_all()

    def _sleep(self, seconds: float | None, *, urgent_only: bool = False) -> bool:
        """Wait until woken or the time is over (None: for ever); True if woken. Raises Stopping at the end."""
        with self._bell:
            woken = self._bell.wait_for(
                lambda: self._stopping or self._urgent or (self._rung and not urgent_only), seconds
            )
            self._rung = self._urgent = False
        self._go_on()
        return woken

    def _take_moved(self) -> set[str]:
        with self._bell:
            moved, self._moved = self._moved, set()
        return moved

    def _watch(self, client: Client, standing: Mapping[str, int]) -> None:
        """Ask the centre to say when something moves, in a thread that touches nothing but the bell."""
        with self._bell:
            if self._watching or not standing:
                return
            self._watching = True
        threading.Thread(target=self._wait, args=(client, standing), name="sync-wait", daemon=True).start()

    def _wait(self, client: Client, standing: Mapping[str, int]) -> None:
        try:
            moved = set(client.wait(standing))
        except (CentreSaidNo, Unreachable):
            # The next exchange meets the same trouble and tells it; not at once, where only waiting is refused.
            moved = set(standing)
            with self._bell:
                self._bell.wait_for(lambda: self._stopping, pause_after(2, None, self._chance))
        with self._bell:
            self._watching = False
            self._moved |= moved
        self._ring()


def _fault(failure: Exception) -> str:
    """Return the code of a fault of this machine; the store's own come wrapped by the layer above the file."""
    cause = getattr(failure, "orig", None) or failure
    return "storage" if isinstance(cause, sqlite3.OperationalError | OSError) else "internal"
