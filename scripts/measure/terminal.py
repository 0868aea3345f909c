"""A program on a real pseudo-terminal: what it writes, when it writes it, and how long a key takes to come back.

Times are taken where the terminal would read, with one `select` between the key and the bytes; nothing is drawn.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

PATIENCE_S = 60.0
_CHUNK = 1 << 16
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?>=<]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[@-Z\\-_])")
_SETTLED_S = 0.05


class NotSeen(RuntimeError):
    """What was waited for never came; the message ends with what did."""


def plain_environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a measured program: a common terminal, byte code kept, no switches of the caller."""
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("TEXTUAL", "AGENTDESK", "TMUX"))}
    keep.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**keep, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **more}


class Terminal:
    """A program and the other end of its terminal. Use as a context manager: the program is killed at the end."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], *, columns: int = 80, lines: int = 24
    ) -> None:
        """Start the program; `started` is the moment just before."""
        self._own, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.seen = bytearray()
        self.parts: list[tuple[float, int]] = []
        """When something was read, and how much had been seen then."""
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            list(command), stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environ), start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one thread, a short life
        )  # fmt: skip
        os.close(theirs)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def read(self, wait_s: float) -> bool:
        """Take what was written within `wait_s` seconds; False if nothing came."""
        ready, _, _ = select.select([self._own], [], [], max(0.0, wait_s))
        if not ready:
            return False
        try:
            part = os.read(self._own, _CHUNK)
        except OSError:  # the program has ended
            part = b""
        if not part:
            raise NotSeen(f"the program ended: {self.text()[-2000:]!r}")
        self.seen += part
        self.parts.append((time.perf_counter(), len(self.seen)))
        return True

    def wait_for(self, wanted: re.Pattern[bytes], begin: int = 0, patience_s: float = PATIENCE_S) -> float:
        """Read until the bytes from `begin` on hold `wanted`; return the moment. Raises NotSeen after `patience_s`."""
        end = time.perf_counter() + patience_s
        while not wanted.search(self.seen, begin):
            left = end - time.perf_counter()
            if left <= 0 or not self.read(left):
                raise NotSeen(f"{wanted.pattern!r} in {self.text(begin)[-2000:]!r}")
        return time.perf_counter()

    def settle(self, quiet_s: float = _SETTLED_S, most_s: float = 5.0) -> None:
        """Read until nothing came for `quiet_s`, or `most_s` are over."""
        end = time.perf_counter() + most_s
        while time.perf_counter() < end and self.read(quiet_s):
            pass

    def send(self, keys: bytes) -> float:
        """Press keys; return the moment just before."""
        moment = time.perf_counter()
        os.write(self._own, keys)
        return moment

    def press(self, keys: bytes, wanted: re.Pattern[bytes]) -> float:
        """Press keys on a quiet screen and return the milliseconds until `wanted` is written."""
        self.settle()
        begin = len(self.seen)
        moment = self.send(keys)
        return (self.wait_for(wanted, begin) - moment) * 1000

    def text(self, begin: int = 0) -> str:
        """What was written from `begin` on, without escape sequences; cursor movements leave no space."""
        return _ESCAPES.sub(b"\n", bytes(self.seen[begin:])).decode("utf-8", "replace")

    def memory_mb(self) -> float:
        """Proportional set size of the program in megabytes (10^6 bytes): what it really takes of the machine."""
        with open(f"/proc/{self.pid}/smaps_rollup", encoding="ascii") as file:
            found = re.search(r"^Pss:\s+(\d+) kB", file.read(), re.M)
        assert found is not None
        return int(found.group(1)) * 1024 / 1e6

    def close(self) -> None:
        """End the program at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._own)

    def __enter__(self) -> Terminal:
        """Use as a context manager that closes."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()
