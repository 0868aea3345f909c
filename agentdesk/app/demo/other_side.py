"""The process beside a demonstration: centre and second desk. It ends with its parent and tidies up after both.

`python -m agentdesk.app.demo.other_side FOLDER SEED PACE`: prints one line with address and codes once the centre
listens, begins to work when it is told `go`, ends when its standard input does: also when the parent was killed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

from agentdesk.app.demo.day import load_cast
from agentdesk.central import enrol, serve

GO = "go"
LONGEST_S = 12 * 3600.0
"""A demonstration that was forgotten ends by itself."""


class _Side:
    """What the threads of this process share."""

    def __init__(self, folder: Path, seed: int, pace: float) -> None:
        self.folder, self.seed, self.pace = folder, seed, pace
        self.go, self.over = threading.Event(), threading.Event()
        self.working: threading.Thread | None = None

    def listens(self, url: str) -> None:
        """The centre is there: give out address and codes, and let the second desk wait for its word."""
        team, data = load_cast().team, self.folder / "centre"
        first, second = (enrol(data, team, "super_agent") for _ in range(2))
        self.working = threading.Thread(target=self._work, args=(url, second), name="colleague")
        self.working.start()
        sys.stdout.write(json.dumps({"url": url, "code": first}) + "\n")
        sys.stdout.flush()

    def _work(self, url: str, code: str) -> None:
        from agentdesk.app.demo.colleague import Colleague  # its imports must not hold the first desk up

        while not self.go.wait(0.2):
            if self.over.is_set():
                return
        colleague = Colleague(self.folder / "colleague", self.seed)
        try:
            colleague.arrive(url, code)
            colleague.work(self.pace, self.over.wait)
        finally:
            colleague.desk.close()

    def hear(self) -> None:
        """Wait for words of the parent; its end is the end of this process."""
        for line in sys.stdin:
            if line.strip() == GO:
                self.go.set()
        self.end()

    def end(self) -> NoReturn:
        """End the second desk, throw the folder away and leave on the spot: nothing of a demonstration is worth saving,
        and a centre that ends in order waits for whoever still listens to it."""
        self.over.set()
        if self.working is not None:
            self.working.join(2.0)
        self.throw_away()
        os._exit(0)

    def throw_away(self) -> None:
        """Remove the folder; a second time for what was being written during the first."""
        for _ in range(2):
            shutil.rmtree(self.folder, ignore_errors=True)


def _end(number: int, _: object) -> None:
    raise SystemExit(0)


def main(folder: str, seed: str, pace: str) -> None:
    """Serve until the parent is gone."""
    side = _Side(Path(folder), int(seed), float(pace))
    threading.Thread(target=side.hear, name="parent", daemon=True).start()
    limit = threading.Timer(LONGEST_S, side.end)
    limit.daemon = True
    limit.start()
    # The server gives the signal that ended it on, to whoever handled it before: to us, so that what follows is done.
    signal.signal(signal.SIGTERM, _end)
    try:
        serve(side.folder / "centre", 0, ready=side.listens)
    finally:
        side.over.set()
        side.throw_away()


if __name__ == "__main__":
    main(*sys.argv[1:])
