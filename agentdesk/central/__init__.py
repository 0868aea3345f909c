"""The centre: the service that orders, judges and stamps what desks send, and hands it to the others.

Api, accounts, feed and their tables. It stands on `changes`, `domain`, `text` and `faults` alone, so that it runs
without a desk beside it. `serve` runs it, `enrol` lets a person in; both import what they need only when called.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def serve(data_dir: Path, port: int = 0, ready: Callable[[str], None] | None = None, host: str = "127.0.0.1") -> None:
    """Run the centre on `data_dir` until it is told to stop; `ready` gets its address once it listens.

    Port 0 takes a free one. Raises `Refusal` `central.held` where another process serves the folder, and
    `central.port` where the port cannot be had.
    """
    from agentdesk.central.serving import run

    run(data_dir, port, ready, host)


def enrol(data_dir: Path, team: str, role: str) -> str:
    """Return a new enrolment code for one person of `team` (slug or name; made where unknown) with `role`.

    Works beside a running centre. Raises `Refusal` `central.role` or `central.team`.
    """
    from agentdesk.central.admin import enrol as make_code

    return make_code(data_dir, team, role)
