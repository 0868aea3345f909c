"""Programs as processes of their own, forked from one that has read the package already: half of a start is importing.

For commands, centres and desks that a test needs and does not test the start of; those that do are started from
nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any

ANSWER_S = 120
LOOK_S = 0.005
"""Seconds between two looks at what a program has said."""

ROOT = Path(__file__).resolve().parents[2]

WAYS = multiprocessing.get_all_start_methods()
_SERVER: Any = multiprocessing.get_context("forkserver" if "forkserver" in WAYS else "spawn")
if "forkserver" in WAYS:
    _SERVER.set_forkserver_preload(["tests.sync.preloaded"])

_LOCK = threading.Lock()
"""Each start looks after all programs that have ended; two threads that read the same end would lose its exit code."""

Main = Callable[[Sequence[str]], object]
"""A function of a module that takes the words of its command and returns the exit code."""


class Forked:
    """A program that runs: what `subprocess.Popen` offers, as far as tests ask for it."""

    def __init__(
        self, main: Main, words: Sequence[str], env: Mapping[str, str], stdin: bytes = b"", terminal: str = ""
    ) -> None:
        """Start it in this environment: on a terminal of that name, or with nothing but these bytes to read."""
        self._folder = tempfile.TemporaryDirectory(prefix="agentdesk-forked-")
        streams = [Path(self._folder.name, name) for name in ("in", "out", "err")]
        streams[0].write_bytes(stdin)
        for path in streams[1:]:
            path.touch()
        self._streams = streams
        told = [Path(terminal)] * 3 if terminal else streams
        self._process = _SERVER.Process(target=_become, args=(main, [*words], dict(env), told), daemon=True)
        with _LOCK:
            self._process.start()
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """The exit code, or minus the signal; None while it runs."""
        with _LOCK:
            code: int | None = self._process.exitcode
        return code

    def wait(self, timeout: float = ANSWER_S) -> int:
        """Wait for its end. Raises `subprocess.TimeoutExpired`."""
        wait_for([self._process.sentinel], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(str(self._process), timeout)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, where it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.send_signal(signal.SIGKILL)

    def wrote(self) -> tuple[bytes, bytes]:
        """What it has written so far to its two streams, as bytes."""
        out, err = (path.read_bytes() for path in self._streams[1:])
        return out, err

    def said(self) -> tuple[str, str]:
        """What it has written so far to its two streams."""
        out, err = (data.decode(errors="replace").replace("\r\n", "\n") for data in self.wrote())
        return out, err

    def first_line(self, timeout: float = ANSWER_S) -> str:
        """Wait until it has said a line; empty where it ended without one."""
        ends = time.monotonic() + timeout
        while time.monotonic() < ends:
            ended = self.poll() is not None
            line, end, _ = self.said()[0].partition("\n")
            if end or ended:
                return line.strip()
            time.sleep(LOOK_S)
        return ""

    def close(self) -> None:
        """Forget what it said."""
        self._folder.cleanup()


def run(main: Main, words: Sequence[str], env: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    program = Forked(main, words, env, stdin.encode())
    try:
        code = program.wait()
        return subprocess.CompletedProcess([*words], code, *program.said())
    finally:
        program.kill()
        program.close()


def _become(main: Main, words: Sequence[str], env: Mapping[str, str], streams: Sequence[Path]) -> None:
    """Be that program: its environment, its streams, and a fault that is set."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    os.setsid()
    for number, path in enumerate(streams):
        handle = os.open(path, (os.O_RDONLY if number == 0 else os.O_WRONLY) | os.O_NOCTTY)
        os.dup2(handle, number)
        if handle != number:
            os.close(handle)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    from agentdesk import faults

    faults._plan = faults.parse(os.environ.get(faults.VARIABLE, ""))  # read at import, and that was before
    sys.exit(main(words))
