"""Bad machines: a disk that is full, a folder that cannot be written to, a program run on a terminal to its end."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.terminal.tmux import PATIENCE, ROOT

WAYS = (["unshare", "--mount", "--"], ["unshare", "--map-root-user", "--mount", "--"])
"""Ways to a program with mounts of its own: as root, else where the system lets everybody have them."""

SMALL_DISK = 'mount -t tmpfs -o size=3m tmpfs "$0" && cp -a "$1"/. "$0"'
"""Puts three megabytes over folder $0 and copies what lies in $1 there."""
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"'
"""Makes folder $0 one that nobody can write to: rights alone would not stop an administrator."""

FAILING_DISK = (
    'truncate -s 16M "$0.img" && mkfs.ext4 -q "$0.img" && mount -o loop,errors=remount-ro "$0.img" "$0"'
    ' && rm "$0.img" && cp -a "$1"/. "$0"'
)
"""Puts a disk of its own over folder $0 and copies what lies in $1 there; `turn_read_only` lets it fail."""


@cache
def way() -> list[str]:
    """Return what to put before a command so that it has mounts of its own; skips where the system has no way."""
    for words in WAYS:
        if shutil.which(words[0]) and subprocess.run([*words, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).returncode == 0:
            return words
    pytest.skip("nobody may mount anything here")


@cache
def loop_way() -> list[str]:
    """Return what to put before a command that mounts a file as a disk; skips where the system has no way."""
    words = WAYS[0]
    tried = "truncate -s 16M $0/x && mkfs.ext4 -q $0/x && mount -o loop $0/x /mnt"
    if shutil.which(words[0]) and shutil.which("mkfs.ext4"):
        with tempfile.TemporaryDirectory() as folder:
            if subprocess.run([*words, "sh", "-c", tried, folder]).returncode == 0:
                return words
    pytest.skip("no file may be mounted as a disk here")


def turn_read_only(pid: int, folder: Path) -> None:
    """Let the disk under a folder of a running program fail, as a kernel does that met a broken one: it only reads."""
    words = ["nsenter", f"--target={pid}", "--mount", "--", "mount", "-o", "remount,abort", str(folder)]
    subprocess.run(words, check=True)


def with_mounts(script: str, *folders: Path, then: Sequence[str]) -> list[str]:
    """Return the command that mounts (`$0`, `$1` … are the folders) and becomes `then`; several, one after another,
    are joined by `;`."""
    run = "; ".join(shlex.join(part) for part in _parts(then))
    head = "exec " if ";" not in then else ""
    return [*way(), "sh", "-c", f"{script} && {head}{run}", *map(str, folders)]


def _parts(words: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == ";":
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def seen_by(pid: int, folder: Path) -> Path:
    """Return a folder as a process with its own mounts sees it."""
    return Path(f"/proc/{pid}/root{folder}")


def fill(folder: Path) -> Path:
    """Write until there is no room; return the file that holds it."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for size in (65_536, 4_096):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC, error
    return ballast


@dataclass(frozen=True)
class Ended:
    """What a program said until it ended by itself."""

    code: int
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines, without control characters."""
        return [line for line in self.text.replace("\r", "").split("\n") if line.strip()]


def on_a_terminal(command: Sequence[str], env: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> Ended:
    """Run a command whose three streams are a terminal of (columns, rows) to its end."""
    handle, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    wanted = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **env}
    process = subprocess.Popen(
        list(command), stdin=inner, stdout=inner, stderr=inner, env=wanted, cwd=ROOT, start_new_session=True
    )
    os.close(inner)
    limit = threading.Timer(PATIENCE, process.kill)
    limit.start()
    said = bytearray()
    try:
        while data := os.read(handle, 65_536):
            said += data
    except OSError:
        pass  # how a terminal says that nobody writes any more
    finally:
        code = process.wait(PATIENCE)
        limit.cancel()
        os.close(handle)
    return Ended(code, said.decode("utf-8", "replace"))


def desk_command(*words: str) -> list[str]:
    """The program of this checkout."""
    return [sys.executable, "-P", "-m", "agentdesk", *words]
