"""What a machine may do to a desk, as one sentence: no room, no right to write, a damaged or newer file, a second desk.

Use: `sentence(error)` before the screen is there and on the command line, `in_use(error)` where somebody sits and has
typed something. Both are None for what nobody foresaw. Standard library only at import: the start path ends here.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Final

from agentdesk import __version__
from agentdesk.present.i18n import known, t
from agentdesk.store import StoreBroken, StoreHeld, StoreNewer
from agentdesk.text.clean import clean_line

FULL: Final = "full"
READ_ONLY: Final = "readonly"
BUSY: Final = "busy"
BROKEN: Final = "broken"
OTHER: Final = "other"

ROOM_BYTES: Final = 256 * 1024
"""With less than this free, SQLite cannot even make the files that it works with: its own words then name no cause."""

OUTPUT: Final = "-"
"""File name of an error of standard output, which has none of its own."""

_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
}
_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_CORRUPT: BROKEN,
    sqlite3.SQLITE_NOTADB: BROKEN,
}
_VAGUE = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
"""Codes behind which a full disk and a folder without rights look alike: then the folder is asked."""


def kind(error: BaseException, folder: Path | None = None) -> str:
    """Return which trouble of the disk an error is, "" where it is none. `folder` decides where the error is vague."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        return _sqlite_kind(cause, folder)
    if isinstance(cause, OSError):
        return _ERRNO.get(cause.errno or 0, OTHER)
    return ""


def _sqlite_kind(error: sqlite3.Error, folder: Path | None) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _VAGUE and folder is not None:
        return FULL if room(folder) < ROOM_BYTES else _asked(nearest(folder))
    return _SQLITE.get(code, OTHER)


def _asked(folder: Path) -> str:
    """Try whether the folder takes a file: a disk that failed under a running desk still claims to be writable."""
    import tempfile  # only when something went wrong

    try:
        with tempfile.TemporaryFile(dir=folder):
            return OTHER
    except OSError as error:
        return _ERRNO.get(error.errno or 0, OTHER)


def nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.absolute().parents) if path.is_dir())


def room(folder: Path) -> int:
    """Return how many bytes are free where a folder lies or will lie; what cannot be asked counts as much."""
    try:
        return shutil.disk_usage(nearest(folder)).free
    except OSError:
        return 1 << 40


def sentence(error: BaseException, folder: Path | None = None) -> str | None:
    """Return what kept a desk from opening or a command from being done, and what to do about it."""
    if isinstance(error, StoreHeld):
        return t("refusal.store.held", pid=error.pid, what=clean_line(error.what, 80))
    if isinstance(error, StoreNewer):
        return t("refusal.store.newer", version=__version__)
    if isinstance(error, StoreBroken):
        return t("refusal.store.broken", why=clean_line(str(error), 200))
    found = kind(error, folder)
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError) and cause.filename == OUTPUT:
        return t("refusal.output", why=why(cause))
    elsewhere = _elsewhere(cause, folder)
    if found == FULL or (found == READ_ONLY and elsewhere is None):
        return t(f"refusal.disk.{found}", place=clean_line(str(elsewhere or folder or ""), 200))
    if isinstance(cause, sqlite3.Error):
        key = {BUSY: "refusal.store.busy", BROKEN: "refusal.store.broken"}.get(found, "refusal.store.error")
        return t(key, why=clean_line(str(cause), 200))
    if isinstance(cause, OSError):
        return t("refusal.file", file=clean_line(str(cause.filename or ""), 200), why=why(cause))
    return None


def in_use(error: BaseException, folder: Path) -> str | None:
    """Return what happened to a desk at which somebody sits, None for what is a fault of ours."""
    found = kind(error, folder)
    return t(f"fault.{found}") if found in (FULL, READ_ONLY, BUSY, BROKEN) else None


def why(error: OSError) -> str:
    """Return why a file could not be used, in the user's language where the reason is a common one."""
    key = f"why_file.{errno.errorcode.get(error.errno or 0, '')}"
    return t(key) if known(key) else clean_line(error.strerror or type(error).__name__, 200)


def _elsewhere(error: BaseException, folder: Path | None) -> Path | None:
    """Return the folder of the file that an error names where it is none of the desk's own."""
    name = getattr(error, "filename", None)
    if not name:
        return None
    found = Path(os.fsdecode(name)).absolute()
    return None if folder is not None and found.is_relative_to(folder.absolute()) else found.parent
