"""When an app under Pilot has nothing left to do: read off its event loop, where Textual guesses from processor time.

Textual's wait sleeps 20 ms at least, twice a key, so that a test of fifty keys sleeps for two seconds. A loop without a
ready callback, a timer that is due soon, a running worker and something to paint has nothing that a longer wait could
show. Only for the last two is processor time asked, as Textual does.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import textual.app
import textual.pilot
from textual._context import active_app
from textual._wait import SLEEP_GRANULARITY, SLEEP_IDLE

STEP_S = 0.002
"""Seconds between two looks at what does not wake the loop."""


class Idle:
    """Waits for a loop; each wait in a row that finds nothing to do sleeps longer, so that polling stays cheap."""

    def __init__(self) -> None:
        self._in_vain = 0

    async def wait(self, min_sleep: float = SLEEP_GRANULARITY, max_sleep: float = 1) -> None:
        """Stand in for `textual._wait.wait_for_idle`."""
        if await _work_is_done(max_sleep):
            self._in_vain = 0
        else:
            self._in_vain += 1
        await asyncio.sleep(max(min_sleep, min(SLEEP_GRANULARITY, self._in_vain * STEP_S)))


async def _work_is_done(max_sleep: float) -> bool:
    """Wait while there is work; return whether there was any."""
    loop: Any = asyncio.get_running_loop()
    ends = loop.time() + max_sleep
    window, used, worked = loop.time(), time.process_time(), False
    while loop.time() < ends and ((turns := _turns(loop)) or _works()):
        worked = True
        await asyncio.sleep(0 if loop._ready else STEP_S)
        if loop.time() - window >= SLEEP_GRANULARITY:
            before, window, used = used, loop.time(), time.process_time()
            if not turns and used - before < SLEEP_IDLE:
                break  # it waits itself
    return worked


def _turns(loop: Any) -> bool:
    """Whether the loop has something to call, now or soon."""
    soon = loop.time() + SLEEP_GRANULARITY
    return bool(loop._ready) or any(timer.when() <= soon and not timer.cancelled() for timer in loop._scheduled)


def _works() -> bool:
    """Whether a worker of the app runs, or its screen is still to be painted."""
    app = active_app.get(None)
    if app is None or not app.screen_stack:
        return False
    screen: Any = app.screen
    unpainted = screen._layout_required or screen._dirty_widgets or screen._callbacks
    return bool(unpainted) or any(not worker.is_finished for worker in app.workers)


def install() -> None:
    """Let Pilot, and the keys that it presses, wait this way."""
    wait = Idle().wait
    for module in (textual.app, textual.pilot):
        module.wait_for_idle = wait  # type: ignore[attr-defined]
