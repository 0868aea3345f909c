"""What screens and commands ask of the store, over the plain connection, since the queue's page opens the desk."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

QUEUE_COLUMNS = (
    "root, number, short_number, customer, title, request_type, sub_type, category, priority, emotion, state, owner,"
    " tier, next_clock, next_due_at, warn_at, is_open, pending, conflict, updated_at"
)
QUEUE_ORDER = "is_open DESC, coalesce(next_due_at, 9223372036854775807), priority, number"
"""Least due first is breached first, since a breached due is past (standard 3.4, rule 5)."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue; the customer is masked, instants are epoch milliseconds."""

    id: str
    number: str
    short_number: str
    customer: str
    title: str
    request_type: str | None
    sub_type: str | None
    category: str | None
    priority: str | None
    emotion: str | None
    state: str
    owner: str | None
    tier: str | None
    next_clock: str | None
    next_due_at: int | None
    warn_at: int | None
    is_open: bool
    pending: bool
    conflict: bool
    updated_at: int


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Counts over the open requests: all, P1, and past their next due."""

    open: int
    p1: int
    overdue: int


def queue_page(
    conn: sqlite3.Connection, offset: int, limit: int, *, open_only: bool = True, owner: str = ""
) -> list[QueueRow]:
    """Return a slice of the queue in its order."""
    where, values = _queue_filter(open_only, owner)
    rows = conn.execute(
        f"SELECT {QUEUE_COLUMNS} FROM queue_row {where} ORDER BY {QUEUE_ORDER} LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return [_queue_row(row) for row in rows]


def queue_count(conn: sqlite3.Connection, *, open_only: bool = True, owner: str = "") -> int:
    """Return how many lines the queue has."""
    where, values = _queue_filter(open_only, owner)
    return int(conn.execute(f"SELECT count(*) FROM queue_row {where}", values).fetchone()[0])


def queue_figures(conn: sqlite3.Connection, now_ms: int) -> QueueFigures:
    """Return the figures of the status line."""
    row = conn.execute(
        "SELECT count(*), coalesce(sum(priority = 'P1'), 0), coalesce(sum(next_due_at < ?), 0)"
        " FROM queue_row WHERE is_open = 1",
        (now_ms,),
    ).fetchone()
    return QueueFigures(*row)


def queue_rows(conn: sqlite3.Connection, roots: Sequence[str]) -> list[QueueRow]:
    """Return the lines of these requests, newest change first."""
    marks = ",".join("?" * len(roots))
    rows = conn.execute(
        f"SELECT {QUEUE_COLUMNS} FROM queue_row WHERE root IN ({marks}) ORDER BY updated_at DESC, number DESC",
        tuple(roots),
    )
    return [_queue_row(row) for row in rows]


def queue_place(conn: sqlite3.Connection, root: str, *, open_only: bool = True, owner: str = "") -> int | None:
    """Return the place of a request in the queue, from 0; None if it is not shown there."""
    where, values = _queue_filter(open_only, owner)
    row = conn.execute(
        f"SELECT place FROM (SELECT root, row_number() OVER (ORDER BY {QUEUE_ORDER}) - 1 AS place"
        f" FROM queue_row {where}) WHERE root = ?",
        (*values, root),
    ).fetchone()
    return int(row[0]) if row else None


def _queue_filter(open_only: bool, owner: str) -> tuple[str, tuple[str, ...]]:
    wanted = [*(["is_open = 1"] if open_only else []), *(["owner = ?"] if owner else [])]
    return (f"WHERE {' AND '.join(wanted)}" if wanted else "", (owner,) if owner else ())


def _queue_row(row: Sequence[object]) -> QueueRow:
    values = list(row)
    values[16:19] = map(bool, values[16:19])
    return QueueRow(*values)  # type: ignore[arg-type]


def request_by_number(conn: sqlite3.Connection, number: str) -> str | None:
    """Return the id of a request by its number, long or short, or its id; None if unknown or not unique."""
    rows = conn.execute(
        "SELECT root FROM queue_row WHERE number = ?1 OR short_number = ?1 OR root = ?1 LIMIT 2", (number,)
    ).fetchall()
    return rows[0][0] if len(rows) == 1 else None


def customer_roots(conn: sqlite3.Connection, keys: Sequence[tuple[str, str]], limit: int = 50) -> list[str]:
    """Return the requests of the customer with any of these (kind, normalised key), newest first."""
    if not keys:
        return []
    wanted = " OR ".join("(c.kind = ? AND c.key = ?)" for _ in keys)
    rows = conn.execute(
        f"SELECT DISTINCT c.root FROM customer_key c JOIN queue_row q USING (root) WHERE {wanted}"
        " ORDER BY q.updated_at DESC LIMIT ?",
        (*(part for key in keys for part in key), limit),
    )
    return [root for (root,) in rows]


def customer_keys_like(conn: sqlite3.Connection, start: str, limit: int = 20) -> list[tuple[str, str, str]]:
    """Return (kind, key, newest root) of customers whose key begins so, for the look-up while typing."""
    if not start:
        return []
    rows = conn.execute(
        "SELECT kind, key, max(root) FROM customer_key WHERE kind IN ('contact', 'customer_no', 'name')"
        " AND key >= ?1 AND key < ?2 GROUP BY kind, key LIMIT ?3",
        (start, start + "\U0010ffff", limit),
    )
    return [(kind, key, root) for kind, key, root in rows]


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One change of a root's history, with what the centre said of it."""

    id: str
    actor: str
    payload: bytes
    own: bool
    seq: int | None
    verdict: str | None
    refused: str | None


def history(conn: sqlite3.Connection, root: str) -> list[LoggedChange]:
    """Return the changes under a root: pulled ones in their order, then own waiting ones."""
    rows = conn.execute(
        "SELECT id, actor, payload, own, seq, verdict, refused FROM change WHERE root = ?"
        " ORDER BY seq IS NULL, seq, rowid",
        (root,),
    )
    return [LoggedChange(i, actor, payload, bool(own), seq, v, r) for i, actor, payload, own, seq, v, r in rows]


def persons(conn: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Return (name, work number) by person id."""
    rows = conn.execute("SELECT id, json_extract(person, '$.name'), json_extract(person, '$.work_no') FROM person")
    return {person: (name or "", work_no or "") for person, name, work_no in rows}


def parked_roots(conn: sqlite3.Connection, roots: Sequence[str]) -> set[str]:
    """Return those of the roots under which a change was refused and is parked."""
    marks = ",".join("?" * len(roots))
    rows = conn.execute(
        f"SELECT DISTINCT root FROM change WHERE refused IS NOT NULL AND root IN ({marks})", tuple(roots)
    )
    return {root for (root,) in rows}
