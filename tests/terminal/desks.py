"""A desk in a real terminal, killed and started again, also from a copy of the package with one thing changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentdesk.__main__ import main
from tests.sync.forked import Forked, Main
from tests.terminal.tmux import PATIENCE, PLAIN, ROOT, SETTLE, ScreenNeverCame, Terminal, environment

NARROW = (80, 24)
HOLDER = ["sleep", "1000000"]
"""Holds the terminal of a pane for a desk that another process is forked to."""
PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"


def rows(count: int) -> str:
    """JSONL that `request add` takes: so many requests, each of another customer."""
    found = [
        {
            "channel": "online",
            "customer_name": "王*",
            "contact": f"139{number:08d}",
            "unregistered": True,
            "request_type": "consult",
            "sub_type": "product",
            "product_service": "空调",
            "description": "想了解空调的能效等级和安装费用",
            "emotion": "calm",
        }
        for number in range(1, count + 1)
    ]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in found)


@dataclass(frozen=True)
class Change:
    """One replacement in one file of the package."""

    file: str
    old: str
    new: str


def program(*words: str) -> list[str]:
    """The command that runs the package that PYTHONPATH names, wherever it is started."""
    return [sys.executable, "-P", "-m", "agentdesk", *words]


def changed_package(folder: Path, *changes: Change) -> Path:
    """Copy the package into `folder` and change the copy; return what goes into PYTHONPATH.

    Each text must stand in its file exactly once, so that a change of the product cannot disarm a mutant unseen.
    """
    shutil.copytree(ROOT / "agentdesk", folder / "agentdesk")  # with what is compiled: only the change is anew
    for change in changes:
        path = folder / "agentdesk" / change.file
        text = path.read_text(encoding="utf-8")
        assert text.count(change.old) == 1, f"{change.file} holds {text.count(change.old)} times: {change.old}"
        path.write_text(text.replace(change.old, change.new), encoding="utf-8")
    return folder


class DeskTerminal(Terminal):
    """The desk of one home in tmux: started, killed as `kill -9` does, started again in the same pane.

    The desk of this checkout is forked with all it has read, on the terminal of a pane that another program holds.
    """

    def __init__(
        self,
        name: str,
        home: Path,
        *,
        package: Path = ROOT,
        fault: str = "",
        size: tuple[int, int] = NARROW,
        command: Sequence[str] = (),
        forks: tuple[Main, Sequence[str]] = (main, ()),
    ) -> None:
        """Start the desk; `command` or `forks`, a function and its words, starts something else instead."""
        self._is_forked = not command and package == ROOT
        self._forks = forks
        self._desk: Forked | None = None
        self.command = HOLDER if self._is_forked else list(command) or program()
        self.home = home
        self._env = {"AGENTDESK_HOME": str(home), "PYTHONPATH": str(package), "AGENTDESK_FAULT": fault}
        super().__init__(name, self.command, size=size, env=self._env)
        self._tmux("set-option", "-g", "set-clipboard", "on")
        self._fork()

    def again(self, fault: str = "") -> None:
        """Start it again after it ended."""
        self._env["AGENTDESK_FAULT"] = fault
        self._tmux("respawn-pane", "-k", "-e", f"AGENTDESK_FAULT={fault}", "--", *self.command)
        self._fork()

    def _fork(self) -> None:
        if self._is_forked:
            self._forget()
            terminal = self._tmux("display-message", "-p", "#{pane_tty}").strip()
            self._desk = Forked(*self._forks, {**environment(), **PLAIN, **self._env}, terminal=terminal)

    def _forget(self) -> None:
        if self._desk is not None:
            self._desk.kill()
            self._desk.close()

    def pid(self) -> int:
        """The process of the desk."""
        return super().pid() if self._desk is None else self._desk.pid

    def kill9(self) -> None:
        """Kill the program, not tmux, and wait until it is gone."""
        os.kill(self.pid(), signal.SIGKILL)
        self.wait_dead()

    def wait_exit(self) -> int:
        """Wait until the program has ended; return its exit code, or minus the signal that ended it."""
        if self._desk is None:
            return super().wait_exit()
        self.wait_dead()
        return self._desk.wait(PATIENCE)

    def wait_dead(self) -> None:
        """Wait until the pane's program has ended, and tmux has read all that it wrote."""
        if self._desk is not None:
            self._desk.wait(PATIENCE)
            with suppress(ProcessLookupError):
                os.kill(super().pid(), signal.SIGKILL)
        ends = time.monotonic() + PATIENCE
        while self._tmux("display-message", "-p", "#{pane_dead}").strip() != "1":
            if time.monotonic() > ends:
                raise ScreenNeverCame(f"the program did not end\n{self.screen()}")
            time.sleep(SETTLE)

    def close(self) -> None:
        """End the desk and this tmux server."""
        self._forget()
        super().close()

    def press(self, *names: str) -> None:
        """Press keys in one burst, without waiting for the screen."""
        self.keys += names
        self._tmux("send-keys", *names)

    def erase(self, count: int) -> None:
        """Press backspace many times in one burst."""
        self._tmux("send-keys", "-N", str(count), "BSpace")

    def queue_seen(self) -> str:
        """Wait until the queue is painted and its desk answers."""
        return self.wait("F9", "agentdesk")


def open_for_reading(home: Path) -> sqlite3.Connection:
    """Open a store whose program is dead; SQLite brings the log file in, as the desk's next start would."""
    conn = sqlite3.connect(home / "desk.db", isolation_level=None, timeout=5)
    conn.row_factory = sqlite3.Row
    return conn


def drafts(home: Path) -> dict[str, Any]:
    """The stored drafts by key."""
    conn = open_for_reading(home)
    try:
        return {row["key"]: json.loads(row["value"]) for row in conn.execute("SELECT key, value FROM draft")}
    finally:
        conn.close()


def messages(home: Path) -> list[str]:
    """The text of every reply that the store holds as sent."""
    conn = open_for_reading(home)
    try:
        rows = conn.execute("SELECT message_sent FROM entry WHERE message_sent IS NOT NULL").fetchall()
    finally:
        conn.close()
    return [event["body"] for row in rows for event in json.loads(row[0]).values()]


def descriptions(home: Path) -> dict[str, str]:
    """Number -> description of every request in the store."""
    conn = open_for_reading(home)
    try:
        rows = conn.execute("SELECT created, description FROM request WHERE created IS NOT NULL").fetchall()
    finally:
        conn.close()
    found: dict[str, str] = {}
    for created, text in rows:
        number = next(iter(json.loads(created).values()))["number"]
        found[number] = " ".join(json.loads(text).values()) if text else ""
    return found


def integrity(home: Path) -> str:
    """What SQLite says of the file."""
    conn = open_for_reading(home)
    try:
        return str(conn.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        conn.close()
