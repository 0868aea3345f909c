"""When Python clears up for good: at a rest of whoever types, since that holds every thread.

A full collection takes 10 ms of processor time after some searches and 40 after many, and it is the typing itself that
makes Python think one due. Here it comes once no key has come for a while.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

REST_S = 1.5
"""Seconds without a key that are a rest, and between two looks whether there is one."""
DUE = 10
"""So many collections of younger objects make a full one due: Python's own measure."""
ANYWAY = 200
"""So many make one that waits for no rest: whoever never rests keeps what is due from growing without end."""


def wait_for_rest() -> None:
    """Keep Python from full collections of its own accord, up to a limit."""
    youngest, younger, _ = gc.get_threshold()
    gc.set_threshold(youngest, younger, ANYWAY)


class ClearingUp:
    """Tells when a key came, and clears up when none came for a while. Used by the event loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pressed_at = clock()

    def pressed(self) -> None:
        """A key came."""
        self._pressed_at = self._clock()

    def look(self) -> bool:
        """Clear up where that is due and nobody types; return whether that was done."""
        if self._clock() - self._pressed_at < REST_S or gc.get_count()[2] < DUE:
            return False
        gc.collect()
        return True
