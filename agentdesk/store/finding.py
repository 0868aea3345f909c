"""Requests by what people say of them: numbers, phones, names, customer numbers, words. Over the plain connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from agentdesk.store.projections import search
from agentdesk.store.projections.requests import KIND

REACHED = 500
"""So many that fit are put into the order of time: with three digits typed thousands may fit. The outer LIMIT of each
statement keeps SQLite from sorting them all: a subquery that alone has a LIMIT is merged into its query."""
_AFTER = "\U0010ffff"
_DIGIT_AFTER = ":"


def by_number(conn: sqlite3.Connection, typed: str, limit: int) -> list[str]:
    """Return the requests whose full or short number begins with what was typed, newest first."""
    start = typed.upper()
    found: dict[str, None] = {}
    for column in ("number", "short_number"):
        rows = conn.execute(
            f"SELECT root FROM queue_row WHERE {column} >= ? AND {column} < ? ORDER BY {column} DESC LIMIT ?",
            (start, start + _AFTER, limit),
        )
        found.update((root, None) for (root,) in rows)
    return list(found)[:limit]


def by_number_end(conn: sqlite3.Connection, digits: str, limit: int) -> list[str]:
    """Return the requests whose number ends in these digits, newest first among `REACHED`."""
    backwards = digits[::-1]
    rows = conn.execute(
        f"SELECT root FROM (SELECT root FROM queue_row WHERE number_tail >= ? AND number_tail < ? LIMIT {REACHED})"
        " ORDER BY root DESC LIMIT ?",
        (backwards, backwards + _DIGIT_AFTER, limit),
    )
    return [root for (root,) in rows]


def by_key(conn: sqlite3.Connection, kind: str, start: str, limit: int) -> list[str]:
    """Return the requests with a customer's key of that kind that begins so, newest first among `REACHED`."""
    rows = conn.execute(
        "SELECT DISTINCT root FROM (SELECT root FROM customer_key WHERE kind = ? AND key >= ? AND key < ?"
        f" LIMIT {REACHED}) ORDER BY root DESC LIMIT ?",
        (kind, start, start + _AFTER, limit),
    )
    return [root for (root,) in rows]


def by_words(conn: sqlite3.Connection, words: str, limit: int, synonyms: Sequence[Sequence[str]] = ()) -> list[str]:
    """Return the requests whose text holds what was typed, best first, in both scripts alike."""
    return [hit.id for hit in search.search(conn, words, limit, (KIND,), synonyms)]
