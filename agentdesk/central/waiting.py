"""Waiting desks: one wait for all scopes of a desk, woken by a commit here or a head that moved (SYNC 2.8).

The heads are polled a few times a second while anybody waits, so that commands that write beside the server are seen;
a commit of this process is told at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

POLL_S = 0.2


class Hub:
    """Lives in the event loop; only `moved` may be called from other threads."""

    def __init__(self, heads: Callable[[], Awaitable[dict[str, int]]]) -> None:
        """Ask `heads` for all heads where they must be known for sure."""
        self._heads = heads
        self._loop = asyncio.get_running_loop()
        self._waiters: dict[asyncio.Event, Mapping[str, int]] = {}
        self._poller: asyncio.Task[None] | None = None
        self._closed = False

    def moved(self, scope: str, head: int) -> None:
        """Wake who waits for `scope`; callable from any thread."""
        self._loop.call_soon_threadsafe(self._wake, {scope: head})

    async def wait(self, after: Mapping[str, int], seconds: float) -> dict[str, int]:
        """Return the scopes whose head is beyond `after`, as soon as there is one; nothing when the time is over."""
        event = asyncio.Event()
        self._waiters[event] = after
        try:
            found = _beyond(await self._heads(), after)
            if found or self._closed:
                return found
            self._poll()
            try:
                async with asyncio.timeout(seconds):
                    await event.wait()
            except TimeoutError:
                return {}
            return _beyond(await self._heads(), after)
        finally:
            del self._waiters[event]

    async def close(self) -> None:
        """Answer everybody and stop polling."""
        self._closed = True
        for event in self._waiters:
            event.set()
        if self._poller is not None:
            self._poller.cancel()

    def _poll(self) -> None:
        if self._poller is None or self._poller.done():
            self._poller = self._loop.create_task(self._poll_heads())

    async def _poll_heads(self) -> None:
        while self._waiters:
            await asyncio.sleep(POLL_S)
            self._wake(await self._heads())

    def _wake(self, heads: Mapping[str, int]) -> None:
        for event, after in self._waiters.items():
            if _beyond(heads, after):
                event.set()


def _beyond(heads: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {scope: heads[scope] for scope, seq in after.items() if heads.get(scope, 0) > seq}
