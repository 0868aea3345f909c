"""A centre as a process of its own: `python -m tests.sync.serve_centre DIR [PORT]` prints where it listens."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from agentdesk.central import serve
from agentdesk.domain.refusal import Refusal


def _ready(address: str) -> None:
    sys.stdout.write(address + "\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> int:
    """Serve the folder until told to end."""
    try:
        serve(Path(words[0]), int(words[1]) if len(words) > 1 else 0, ready=_ready)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
