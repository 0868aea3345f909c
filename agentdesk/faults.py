"""Named points at which a test may stop the process; otherwise they do nothing.

`AGENTDESK_FAULT=NAME[:N]` kills the process (as `kill -9` does, no clean-up runs) when it passes the point NAME for
the N-th time (1 when left out). `AGENTDESK_FAULT=NAME[:N]:pause:FILE` makes FILE there and waits until somebody takes
it away: the file's coming says "it stands at the point", its going says "go on". The variable is read once, at import,
so that a pass without it costs one comparison.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

VARIABLE = "AGENTDESK_FAULT"

POINTS = (
    "commit.before",
    "commit.after",
    "push.sent",
    "settle.before",
    "settle.mid",
    "apply.rows",
    "rebase.mid",
    "join.mid",
    "index.mid",
    "redact.before_checkpoint",
    "lock.held",
    "inserted",
    "committed",
    "group.mid",
    "redact.mid",
)
"""Every point there is: those of the desk (up to `redact.before_checkpoint`), then those of the centre."""

_LOOK_AGAIN = 0.005  # seconds between looks at the file while paused


class UnknownFault(ValueError):
    """The variable or the code names a point that is not in `POINTS`, or the variable cannot be read."""


@dataclass
class Plan:
    """What the variable asks for: stop at the `at_pass`-th pass of `point`; `pause_file` makes it a pause."""

    point: str
    at_pass: int = 1
    pause_file: Path | None = None
    passes: int = 0


def parse(spec: str) -> Plan | None:
    """Read the variable's text; empty means no plan. Raises `UnknownFault`."""
    if not spec:
        return None
    head, _, file = spec.partition(":pause:")
    point, _, count = head.partition(":")
    if point not in POINTS or (count and not count.isdecimal()):
        raise UnknownFault(f"{VARIABLE}={spec}")
    return Plan(point, int(count or 1), Path(file) if file else None)


_plan = parse(os.environ.get(VARIABLE, ""))
_lock = threading.Lock()


def at(point: str) -> None:
    """Mark a point of the code; stops here if the variable asks for this pass of this point."""
    if _plan is not None:
        _pass(_plan, point)


def _pass(plan: Plan, point: str) -> None:
    if point not in POINTS:
        raise UnknownFault(point)
    if point != plan.point:
        return
    with _lock:
        plan.passes += 1
        due = plan.passes == plan.at_pass
    if not due:
        return
    if plan.pause_file is None:
        _kill()
    plan.pause_file.touch()
    while plan.pause_file.exists():
        time.sleep(_LOOK_AGAIN)


def _kill() -> NoReturn:
    if sys.platform == "win32":
        os._exit(137)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable: SIGKILL was sent to ourselves")
