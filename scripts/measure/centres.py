"""A real centre as a process of its own on the loopback device, and desks that have joined it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from agentdesk.central import enrol
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.setup import first_run
from agentdesk.sync.join import join

ROOT = Path(__file__).resolve().parents[2]
TEAM = "客服一组"
_SERVE = (
    "import sys, pathlib; from agentdesk.central import serve;"
    "serve(pathlib.Path(sys.argv[1]), ready=lambda url: print(url, flush=True))"
)


class Centre:
    """A running centre on a data folder. Use as a context manager."""

    def __init__(self, data: Path) -> None:
        """Start it and wait until it listens."""
        self.data = data
        self.database = data / "centre.db"
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(data)], env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("the centre did not start")

    def desk(self, folder: Path, name: str) -> Desk:
        """Make a new desk that has joined; the caller closes it."""
        desk = open_desk(folder)
        first_run(desk, name, "8021", TEAM)
        join(desk.store, desk.journal, self.url, enrol(self.data, TEAM, "rep"))
        return desk

    def close(self) -> None:
        """End it as an administrator would."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Centre:
        """Use as a context manager that ends it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End it."""
        self.close()
