"""The centre as a process of its own, started, spoken to and ended as its operator does it."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from pathlib import Path

from tests.terminal.tmux import PATIENCE, ROOT, agentdesk, run


class Centre:
    """`agentdesk central` on a free port; ends, by its id, with the context."""

    def __init__(self, data: Path) -> None:
        """Name the folder of its data; nothing is started yet."""
        self.data = data
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Centre:
        """Start it and wait until it says where it listens."""
        command = agentdesk("central", "--data", str(self.data), "--port", "0")
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        # A centre that says nothing would be read from for ever: then it is ended, and the reading with it.
        limit = threading.Timer(PATIENCE, self._process.kill)
        limit.start()
        try:
            assert self._process.stdout is not None
            said = self._process.stdout.readline()
        finally:
            limit.cancel()
        found = re.search(r"http://\S+", said)
        if found is None:
            self.__exit__()
            raise AssertionError(f"the centre did not say where it listens: {said!r}")
        self.url = found.group()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def enrol(self, team: str, role: str) -> str:
        """An enrolment code: it stands alone on the last line."""
        printed = run("central", "enrol", "--data", str(self.data), "--team", team, "--role", role, home=self.data)
        return printed.stdout.splitlines()[-1].strip()
