"""The named views of a person: local to this machine, never exchanged."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

_KEY = "queue.views"


def load(conn: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Return the criteria of each view by name, in the order in which they were made."""
    row = conn.execute("SELECT value FROM local WHERE key = ?", (_KEY,)).fetchone()
    found: dict[str, dict[str, Any]] = json.loads(row[0]) if row else {}
    return found


def save(conn: sqlite3.Connection, views: dict[str, dict[str, Any]]) -> None:
    """Write all views; the caller holds the transaction."""
    conn.execute("INSERT OR REPLACE INTO local VALUES (?, ?)", (_KEY, json.dumps(views, ensure_ascii=False)))
