"""`doctor`: whether this desk is well."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sqlite3
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from agentdesk import __version__
from agentdesk.desk import indexing
from agentdesk.desk.context import Desk, wall
from agentdesk.desk.views import DoctorLine
from agentdesk.preferences import Paths
from agentdesk.store import queries
from agentdesk.store.filelock import holder

if TYPE_CHECKING:
    from agentdesk.store.index_check import Checked

_PARTS = ("textual", "SQLAlchemy", "sqlmodel", "pydantic", "httpx")
_COLOURLESS = ("vt1", "vt2", "xterm-mono", "linux-m", "dumb")
"""How the names of terminals begin that know no colours."""
_PLAUSIBLE = datetime(2025, 1, 1, tzinfo=UTC)
"""A wall clock before this is certainly wrong: numbers and times told to customers would be."""


NOBODY = DoctorLine("person", "-", ok=False)
"""Nobody has worked at this desk yet."""

LEAST_ROOM = 50 << 20
"""Bytes that should be free: a day's work, the log of the store and a copy before a migration."""

SKEW_MS = 60_000
"""A difference to the centre's clock that a person would notice in the times of facts."""


def machine(paths: Paths) -> list[DoctorLine]:
    """What can be told without opening the store: versions, terminal, folder, disk, log file, clock."""
    return [*_versions(), *_terminal(), *_folder(paths), *_log(paths), *_wall()]


def examine(desk: Desk) -> list[DoctorLine]:
    """What an opened store tells: integrity, schema, index, who sits here, state of the sync."""
    return [*_store(desk), *_sync(desk)]


def _folder(paths: Paths) -> list[DoctorLine]:
    folder = next(path for path in (paths.data, *paths.data.absolute().parents) if path.is_dir())
    writable = os.access(folder, os.W_OK | os.X_OK)
    free = shutil.disk_usage(folder).free
    return [
        DoctorLine("home", str(paths.data), writable),
        DoctorLine("space", f"{free >> 20} MiB", free >= LEAST_ROOM),
    ]


def _log(paths: Paths) -> list[DoctorLine]:
    files = [path for path in paths.log.parent.glob(f"{paths.log.name}*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return [DoctorLine("log", str(paths.log)), DoctorLine("log_size", f"{-(-size // 1024)} KiB")]


def _wall() -> list[DoctorLine]:
    now = wall()
    return [DoctorLine("clock", now.isoformat(timespec="seconds"), now > _PLAUSIBLE)]


def digest(desk: Desk) -> dict[str, Any]:
    """The digest for comparing copies (MODEL §8): `digest` over all scopes, and for each its seq, chain and state."""
    from agentdesk.store.exchange import Exchange

    return Exchange(desk.journal).digest()


def _versions() -> list[DoctorLine]:
    lines = [
        DoctorLine("version", __version__),
        DoctorLine("python", platform.python_version(), sys.version_info >= (3, 11)),
        DoctorLine("system", f"{platform.system()} {platform.release()}"),
        DoctorLine("sqlite", sqlite3.sqlite_version, sqlite3.sqlite_version_info >= (3, 38)),
    ]
    for name in _PARTS:
        try:
            lines.append(DoctorLine(f"part.{name.lower()}", version(name)))
        except PackageNotFoundError:
            lines.append(DoctorLine(f"part.{name.lower()}", "", ok=False))
    return lines


def _terminal() -> list[DoctorLine]:
    """The terminal, judged only where there is one: a command in a pipe has none and needs none."""
    there = sys.stdout.isatty()
    term = os.environ.get("TERM", "-")
    size, fits = "-", True
    if there:
        columns, rows = os.get_terminal_size()
        size, fits = f"{columns}x{rows}", columns >= 80 and rows >= 24
    encoding = locale.getpreferredencoding(False)
    colour = (
        "no" if os.environ.get("NO_COLOR") or term.startswith(_COLOURLESS) else os.environ.get("COLORTERM") or "256"
    )
    return [
        DoctorLine("terminal", term, term not in ("dumb", "unknown") or not there),
        DoctorLine("size", size, fits),
        DoctorLine("colour", colour),
        DoctorLine("encoding", encoding, encoding.replace("-", "").lower() == "utf8"),
    ]


def _store(desk: Desk) -> list[DoctorLine]:
    integrity = desk.store.integrity()
    conn = desk.store.raw()
    counts = queries.counts(conn)
    found, unlisted = indexing.check(desk), queries.unlisted(conn)
    unindexed = 0 if found.broken else indexing.waiting(desk)
    pid = 0 if desk.store.writable else holder(desk.store.path)
    return [
        DoctorLine("store", str(desk.store.path)),
        *([DoctorLine("holder", str(pid))] if pid else []),
        DoctorLine("schema", queries.schema(conn)),
        DoctorLine("integrity", integrity, integrity == "ok"),
        DoctorLine("requests", str(counts.requests)),
        DoctorLine("drafts", str(counts.drafts)),
        DoctorLine("index", f"{unlisted} {unindexed}", unlisted == 0),
        _search(found),
    ]


def _search(found: Checked) -> DoctorLine:
    """The search index beside its texts: how many lack, are too many, differ; and how many tables are damaged."""
    counts = (found.missing, found.surplus, found.differing, found.broken)
    return DoctorLine("search", " ".join(str(len(one)) for one in counts), found.sound)


def _sync(desk: Desk) -> list[DoctorLine]:
    identity = desk.identity
    if identity is None:
        return [NOBODY]
    lines = [
        DoctorLine("person", f"{identity.name} {identity.work_no}"),
        DoctorLine("team", f"{identity.team_name} ({identity.team_slug})"),
        DoctorLine("centre", identity.centre_url or "-"),
    ]
    if not identity.joined:
        return lines
    conn = desk.store.raw()
    parked, offset = queries.counts(conn).parked, queries.clock_offset(conn)
    lines += [
        DoctorLine("token", "yes" if desk.paths.token.exists() else "no", desk.paths.token.exists()),
        DoctorLine("offset_ms", str(offset), abs(offset) < SKEW_MS),
        DoctorLine("waiting", str(desk.journal.waiting())),
        DoctorLine("parked", str(parked), parked == 0),
    ]
    for scope, seq, stopped in queries.cursors(conn):
        lines.append(DoctorLine("scope", f"{scope} {seq} {stopped}".rstrip(), not stopped))
    return lines
