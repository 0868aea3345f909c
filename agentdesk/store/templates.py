"""A person's own templates for frequent matters: local, never sent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """One template as stored."""

    title: str
    fields: Mapping[str, Any]


def templates(conn: sqlite3.Connection) -> list[OwnTemplate]:
    """Return all of them, the newest first."""
    rows = conn.execute("SELECT title, fields FROM template ORDER BY saved_at DESC, title")
    return [OwnTemplate(title, json.loads(fields)) for title, fields in rows]


def keep(conn: sqlite3.Connection, template: OwnTemplate, saved_at: int) -> None:
    """Store one; another of the same title gives way. `saved_at` is epoch milliseconds."""
    fields = json.dumps(template.fields, ensure_ascii=False)
    conn.execute("INSERT OR REPLACE INTO template VALUES (?, ?, ?)", (template.title, fields, saved_at))


def remove(conn: sqlite3.Connection, title: str) -> None:
    """Forget one."""
    conn.execute("DELETE FROM template WHERE title = ?", (title,))
