"""A centre as a process of its own: `python -m tests.sync.serve_centre DIR [PORT]` prints where it listens."""

from __future__ import annotations

import sys
from pathlib import Path

from agentdesk.central import serve
from agentdesk.domain.refusal import Refusal


def _ready(address: str) -> None:
    sys.stdout.write(address + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        serve(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0, ready=_ready)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(1)
