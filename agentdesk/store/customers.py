"""Who called before: requests by the keys of their customers, over the plain connection (MODEL §5)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SEEN = 200
"""At most so many of the newest requests that match are looked at; a name like 张* may have thousands."""
REACHED = 1_000
"""So many keys that begin as was typed are put into the order of time: sorting all phones with 139 takes 25 ms."""
_AFTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a recorded request was about; `recorded_at` is an ISO instant, "" where there is none."""

    id: str
    product: str
    request_type: str
    sub_type: str
    open: bool
    recorded_at: str


def with_keys(conn: sqlite3.Connection, keys: Sequence[tuple[str, str]]) -> list[str]:
    """Return the requests with any of these (kind, normalised key), newest first."""
    if not keys:
        return []
    where = " OR ".join("(kind = ? AND key = ?)" for _ in keys)
    rows = conn.execute(
        f"SELECT DISTINCT root FROM customer_key WHERE {where} ORDER BY root DESC LIMIT {SEEN}",
        [value for pair in keys for value in pair],
    )
    return [root for (root,) in rows]


def with_key_beginning(conn: sqlite3.Connection, kind: str, start: str) -> list[str]:
    """Return the requests whose key of that kind is longer than `start` and begins so, newest first among `REACHED`."""
    rows = conn.execute(
        f"SELECT root FROM (SELECT root FROM customer_key WHERE kind = ? AND key > ? AND key < ? LIMIT {REACHED})"
        f" ORDER BY root DESC LIMIT {SEEN}",
        (kind, start, start + _AFTER),
    )
    return [root for (root,) in rows]


def reporters(conn: sqlite3.Connection, roots: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return who reported each of these requests; those that name nobody are left out."""
    rows = conn.execute(
        f"SELECT id, reporter FROM request WHERE id IN ({','.join('?' * len(roots))}) AND reporter IS NOT NULL",
        list(roots),
    )
    return {root: json.loads(reporter) for root, reporter in rows}


def numbers(conn: sqlite3.Connection, roots: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Return contact, customer number, order number and number of each of these requests, "" where there is none."""
    return conn.execute(
        "SELECT coalesce(json_extract(r.reporter, '$.contact'), ''),"
        " coalesce(json_extract(r.reporter, '$.customer_no'), ''),"
        " coalesce(json_extract(r.\"order\", '$.order_no'), ''), coalesce(q.number, '')"
        " FROM request r LEFT JOIN queue_row q ON q.root = r.id"
        f" WHERE r.id IN ({','.join('?' * len(roots))})",
        list(roots),
    ).fetchall()


@dataclass(frozen=True, slots=True)
class Standing:
    """Tier and segment of a customer as last said, "" where nobody said any."""

    tier: str = ""
    segment: str = ""


def standing(conn: sqlite3.Connection, roots: Sequence[str]) -> Standing:
    """Return the latest tier and segment that any of these requests names."""
    rows = conn.execute(
        "SELECT json_extract(tier, '$.tier'), json_extract(segment, '$.segment') FROM request"
        f" WHERE id IN ({','.join('?' * len(roots))}) ORDER BY id DESC",
        list(roots),
    ).fetchall()
    tiers, segments = ([row[place] for row in rows if row[place]] for place in (0, 1))
    return Standing(next(iter(tiers), ""), next(iter(segments), ""))


def topics(conn: sqlite3.Connection, roots: Sequence[str]) -> list[Topic]:
    """Return what these requests were about; cancelled ones are left out."""
    rows = conn.execute(
        "SELECT r.id, json_extract(r.product_service, '$.product_service'), q.request_type, q.sub_type, q.is_open,"
        " r.created FROM request r JOIN queue_row q ON q.root = r.id"
        f" WHERE q.state <> 'CANCELLED' AND r.id IN ({','.join('?' * len(roots))})",
        list(roots),
    )
    return [
        Topic(root, product or "", kind or "", sub_type or "", bool(is_open), _latest(created))
        for root, product, kind, sub_type, is_open, created in rows
    ]


def _latest(created: str | None) -> str:
    return max((value["at"] for value in json.loads(created).values()), default="") if created else ""


def was_answered(conn: sqlite3.Connection, root: str) -> bool:
    """Return whether the customer was answered or written to under this request."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM contact WHERE root = ? AND answered IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM entry WHERE root = ? AND message_sent IS NOT NULL)",
        (root, root),
    ).fetchone()
    return bool(row[0])
