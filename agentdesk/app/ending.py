"""How a desk ends when it is told from outside: the terminal closed, the machine goes down, somebody sends TERM."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from functools import partial
from typing import Protocol


class Endable(Protocol):
    """An app that can end without a question."""

    def end_now(self, code: int) -> None:
        """Leave with this exit code."""


def end_when_told(app: Endable) -> None:
    """Leave in order at TERM and HUP: drafts stored, terminal as it was. Call it inside the event loop."""
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Windows has no such handlers, and a loop outside the main thread may not set them.
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            if number is not None:
                loop.add_signal_handler(number, partial(app.end_now, 128 + number))
