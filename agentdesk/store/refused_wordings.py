"""Wordings near a forbidden one that a person refused to make a pattern of: local to this machine, never exchanged."""

from __future__ import annotations

import json
import sqlite3

_KEY = "lint.refused_wordings"
KEPT = 5_000
"""The latest so many are remembered."""


def load(conn: sqlite3.Connection) -> list[str]:
    """Return them in the order in which they were refused."""
    row = conn.execute("SELECT value FROM local WHERE key = ?", (_KEY,)).fetchone()
    found: list[str] = json.loads(row[0]) if row else []
    return found


def add(conn: sqlite3.Connection, wording: str) -> None:
    """Remember one more; the caller holds the transaction."""
    known = [one for one in load(conn) if one != wording]
    told = json.dumps([*known, wording][-KEPT:], ensure_ascii=False)
    conn.execute("INSERT OR REPLACE INTO local VALUES (?, ?)", (_KEY, told))
