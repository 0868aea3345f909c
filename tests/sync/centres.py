"""Centres for tests: real processes on a real port, killed as `kill -9` does where a test wants it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from agentdesk.central import enrol
from agentdesk.central.database import connect
from tests.sync import serve_centre
from tests.sync.forked import ROOT, Forked

__all__ = ["ROOT", "CentreProcess"]

ANSWER_S = 20


class CentreProcess:
    """A running centre; `start` again after it was killed."""

    def __init__(self, data: Path, port: int = 0) -> None:
        self.data = data
        self.port = port
        self.url = ""
        self.process: Forked | None = None

    def start(self, fault: str = "") -> CentreProcess:
        """Start it and wait until it listens; the port stays the same over restarts."""
        environment = {**os.environ, "AGENTDESK_FAULT": fault}
        self.process = Forked(serve_centre.main, [str(self.data), str(self.port)], environment)
        self.url = self.process.first_line()
        assert self.url, self.process.said()
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    def wait_dead(self) -> int:
        """Wait until a fault has killed it."""
        assert self.process is not None
        code = self.process.wait(ANSWER_S)
        self._close()
        return code

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.wait_dead()

    def stop(self) -> None:
        """End it as an administrator would; kill it where it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(ANSWER_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self._close()

    def _close(self) -> None:
        assert self.process is not None
        self.process.close()

    def code(self, team: str = "客服一组", role: str = "rep") -> str:
        """Return an enrolment code, made beside the running process."""
        return enrol(self.data, team, role)

    def database(self) -> sqlite3.Connection:
        """Look into the file."""
        return connect(self.data / "centre.db")

    def log(self, scope: str) -> list[dict[str, Any]]:
        """Return the rows of a scope."""
        conn = self.database()
        conn.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in conn.execute("SELECT * FROM log WHERE scope=? ORDER BY seq", (scope,))]
        finally:
            conn.close()
