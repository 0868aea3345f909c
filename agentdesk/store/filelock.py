"""A lock file that says who holds it and vanishes with its holder, however that one ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path


class LockHeld(Exception):
    """Somebody else holds the lock."""

    def __init__(self, pid: int, what: str) -> None:
        """Keep who holds it."""
        super().__init__(f"{pid} {what}")
        self.pid = pid
        self.what = what


class FileLock:
    """An exclusive lock of the operating system on a small file that names process and purpose."""

    def __init__(self, path: Path, what: str) -> None:
        """Take the lock at once or raise `LockHeld`."""
        self._file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _lock(self._file)
        except OSError as error:
            pid, holder = _read_holder(self._file)
            os.close(self._file)
            raise LockHeld(pid, holder) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()} {what}\n".encode(), 0) if hasattr(os, "pwrite") else os.write(
            self._file, f"{os.getpid()} {what}\n".encode()
        )

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def holder(store: Path) -> int:
    """Return the process that said last that it writes this store; 0 where none did."""
    try:
        first = store.with_suffix(".lock").read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        return 0
    return int(first[0]) if first and first[0].isdigit() else 0


def _read_holder(file: int) -> tuple[int, str]:
    os.lseek(file, 0, os.SEEK_SET)
    pid, _, what = os.read(file, 200).decode("utf-8", "replace").strip().partition(" ")
    return (int(pid) if pid.isdigit() else 0), what


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30
    """Lock a byte beyond the text, so that the second process can still read who holds it."""

    def _lock(file: int) -> None:
        os.lseek(file, _FAR, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
