"""What was typed and not yet saved: local, at most a second behind, gone when the work is saved."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from agentdesk.store.database import Store


@dataclass(frozen=True, slots=True)
class Draft:
    """One stored draft; `saved_at` is epoch milliseconds."""

    key: str
    value: dict[str, Any]
    saved_at: int


class Drafts:
    """Drafts by key (`intake:<id>`, `composer:<request id>`). The caller has held out unfinished private numbers."""

    def __init__(self, store: Store) -> None:
        """Work on that store; every call is one small transaction of its own."""
        self._store = store

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Store a draft; it is on disk when this returns."""
        with self._store.plain_write() as conn:
            text = self._store.taken_out.kept_draft(key, value)
            conn.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (key, text, time.time_ns() // 1_000_000))

    def load(self, key: str) -> dict[str, Any] | None:
        """Return the draft, or None."""
        row = self._store.raw().execute("SELECT value FROM draft WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None

    def drop(self, key: str) -> None:
        """Forget a draft whose work is saved."""
        with self._store.plain_write() as conn:
            conn.execute("DELETE FROM draft WHERE key = ?", (key,))

    def list(self, prefix: str = "") -> list[Draft]:
        """Return the drafts whose key begins so, the latest first."""
        rows = self._store.raw().execute(
            "SELECT key, value, saved_at FROM draft WHERE substr(key, 1, ?) = ? ORDER BY saved_at DESC",
            (len(prefix), prefix),
        )
        return [Draft(key, json.loads(value), saved_at) for key, value, saved_at in rows]
