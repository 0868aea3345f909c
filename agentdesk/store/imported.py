"""Rows of files that were recorded already, so that an import can be repeated without doubles. Never synced."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Sequence

from agentdesk.store.database import Store

SALT = "import_salt"
ASKED_AT_ONCE = 500


def salt(store: Store) -> bytes:
    """The secret of this store, made at first use: without it a key could be guessed back to its phone number."""
    row = store.raw().execute("SELECT value FROM local WHERE key = ?", (SALT,)).fetchone()
    if row is None:
        made = secrets.token_hex(32)
        if not store.writable:
            return made.encode()
        with store.plain_write() as conn:
            conn.execute("INSERT INTO local VALUES (?, ?)", (SALT, json.dumps(made)))
        return made.encode()
    return str(json.loads(row[0])).encode()


def key_of(secret: bytes, text: str) -> str:
    """The key of a row's normalised content."""
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def known(store: Store, keys: Sequence[str]) -> dict[str, str]:
    """Key -> request, for those of the keys that were recorded."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), ASKED_AT_ONCE):
        part = keys[start : start + ASKED_AT_ONCE]
        marks = ",".join("?" * len(part))
        found.update(store.raw().execute(f"SELECT key, request FROM imported WHERE key IN ({marks})", part).fetchall())
    return found


def note(conn: sqlite3.Connection, key: str, request: str) -> None:
    """Remember a row, in the transaction that records it."""
    conn.execute("INSERT INTO imported VALUES (?, ?)", (key, request))
