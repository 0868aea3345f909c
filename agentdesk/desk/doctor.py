"""`doctor`: whether this desk is well."""

from __future__ import annotations

import locale
import os
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from agentdesk import __version__
from agentdesk.desk.context import Desk
from agentdesk.desk.views import DoctorLine
from agentdesk.store import queries

_PARTS = ("textual", "SQLAlchemy", "sqlmodel", "pydantic", "httpx")
_PLAUSIBLE = datetime(2025, 1, 1, tzinfo=UTC)
"""A wall clock before this is certainly wrong: numbers and times told to customers would be."""


def examine(desk: Desk) -> list[DoctorLine]:
    """Versions, terminal, integrity of the store, state of the sync, clock."""
    return [*_versions(), *_terminal(), *_store(desk), *_sync(desk), *_clock(desk)]


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
    size = "-"
    fits = True
    if sys.stdout.isatty():
        columns, rows = os.get_terminal_size()
        size, fits = f"{columns}x{rows}", columns >= 80 and rows >= 24
    encoding = locale.getpreferredencoding(False)
    return [
        DoctorLine("terminal", os.environ.get("TERM", "-"), os.environ.get("TERM", "") != "dumb"),
        DoctorLine("size", size, fits),
        DoctorLine("encoding", encoding, encoding.replace("-", "").lower() == "utf8"),
    ]


def _store(desk: Desk) -> list[DoctorLine]:
    integrity = desk.store.integrity()
    counts = queries.counts(desk.store.raw())
    return [
        DoctorLine("store", str(desk.store.path)),
        DoctorLine("integrity", integrity, integrity == "ok"),
        DoctorLine("requests", str(counts.requests)),
        DoctorLine("drafts", str(counts.drafts)),
        DoctorLine("writable", "yes" if desk.store.writable else "no"),
    ]


def _sync(desk: Desk) -> list[DoctorLine]:
    identity = desk.identity
    if identity is None:
        return [DoctorLine("person", "-", ok=False)]
    lines = [
        DoctorLine("person", f"{identity.name} {identity.work_no}"),
        DoctorLine("team", f"{identity.team_name} ({identity.team_slug})"),
        DoctorLine("centre", identity.centre_url or "-"),
    ]
    if not identity.joined:
        return lines
    conn = desk.store.raw()
    parked = queries.counts(conn).parked
    lines += [
        DoctorLine("waiting", str(desk.journal.waiting())),
        DoctorLine("parked", str(parked), parked == 0),
    ]
    for scope, seq, stopped in queries.cursors(conn):
        lines.append(DoctorLine("scope", f"{scope} {seq} {stopped}".rstrip(), not stopped))
    return lines


def _clock(desk: Desk) -> list[DoctorLine]:
    now = desk.now()
    return [
        DoctorLine("clock", now.isoformat(timespec="seconds"), now > _PLAUSIBLE),
        DoctorLine("offset_ms", str(desk.journal.clock.offset_ms), abs(desk.journal.clock.offset_ms) < 300_000),
    ]
