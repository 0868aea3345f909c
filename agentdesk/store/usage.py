"""What the figures about the knowledge base are counted from, over the plain connection (standard §6.6).

Whole tables are read: call it in a worker.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

RESOLVED = ("RESOLVED", "CONFIRMED", "CLOSED")


class Fact(NamedTuple):
    """One search of this desk as it was logged; `inserted` is the article that went into a reply."""

    searched: dict[str, Any]
    inserted: dict[str, Any]


def searches(conn: sqlite3.Connection, counted: int = 0) -> Iterator[Fact]:
    """Yield the searches that this desk logged, without those up to a place in the log of the centre."""
    rows = conn.execute(
        "SELECT searched, inserted FROM log_fact WHERE searched IS NOT NULL AND id NOT IN"
        " (SELECT entity_id FROM change WHERE entity = 'log_fact' AND seq <= ?)",
        (counted,),
    )
    for searched, inserted in rows:
        taken: dict[str, Any] = next(iter(json.loads(inserted).values()), {}) if inserted else {}
        for value in json.loads(searched).values():
            yield Fact(value, taken)


def stats(conn: sqlite3.Connection, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (day, value) of everything that the centre counted under a key."""
    for (stat,) in conn.execute("SELECT stat FROM stat WHERE stat IS NOT NULL"):
        for one in json.loads(stat).values():
            if one.get("key") == key and isinstance(one.get("value"), dict):
                yield str(one.get("day") or ""), one["value"]


class Cited(NamedTuple):
    """That a message or a resolution of a request cites an article; `at` is when."""

    request: str
    article: str
    at: str
    message: bool


def citations(conn: sqlite3.Connection) -> Iterator[Cited]:
    """Yield what messages and resolutions cite."""
    for table, group, where in (("entry", "message_sent", "articles"), ("resolution", "version", "kb_refs")):
        rows = conn.execute(
            f"SELECT t.root, json_extract(c.value, '$.id'), json_extract(e.value, '$.at') FROM {table} t,"
            f" json_each(t.{group}) e, json_each(e.value, '$.{where}') c WHERE t.{group} IS NOT NULL"
        )
        for root, article, at in rows:
            if article:
                yield Cited(root, str(article), str(at), table == "entry")


def outcomes(conn: sqlite3.Connection) -> dict[str, tuple[bool, str]]:
    """Return (whether it is resolved, the latest verdict or "") by request."""
    marks = ", ".join("?" * len(RESOLVED))
    rows = conn.execute(f"SELECT root, state IN ({marks}) FROM queue_row", RESOLVED)
    found = {root: (bool(resolved), "") for root, resolved in rows}
    given: dict[str, tuple[str, str]] = {}
    for root, at, verdict in conn.execute(
        "SELECT v.root, strftime('%Y-%m-%dT%H:%M:%f', json_extract(g.value, '$.at')),"
        " json_extract(g.value, '$.verdict') FROM verdict v, json_each(v.given) g WHERE v.given IS NOT NULL"
    ):
        given[root] = max(given.get(root, ("", "")), (at or "", verdict or ""))
    return {root: (resolved, given.get(root, ("", ""))[1]) for root, (resolved, _) in found.items()}


class Uncited(NamedTuple):
    """A resolved request whose resolutions may rest on nothing but its agent's own knowledge."""

    request: str
    number: str
    title: str
    versions: str


def uncited(conn: sqlite3.Connection) -> list[Uncited]:
    """Return the resolved requests with the versions of their latest resolution, as JSON by change id."""
    marks = ", ".join("?" * len(RESOLVED))
    rows = conn.execute(
        "SELECT q.root, q.number, q.title, r.version, max(r.id) FROM queue_row q JOIN resolution r ON r.root = q.root"
        f" WHERE q.state IN ({marks}) AND r.version IS NOT NULL GROUP BY q.root",
        RESOLVED,
    )
    return [Uncited(root, number, title, versions) for root, number, title, versions, _ in rows]


def written_of(conn: sqlite3.Connection) -> set[str]:
    """Return the requests of which an article was written."""
    rows = conn.execute(
        "SELECT json_extract(v.value, '$.source_request') FROM article a, json_each(a.version) v"
        " WHERE instr(a.version, '\"source_request\":')"
    )
    return {str(request) for (request,) in rows if request}


def article_lanes(conn: sqlite3.Connection) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Yield (id, kind of the latest version, steps of the lane) of every article that walked its lane."""
    rows = conn.execute(
        "SELECT a.id, (SELECT json_extract(v.value, '$.kind') FROM json_each(a.version) v ORDER BY v.key DESC LIMIT 1),"
        " json_extract(a.status, '$.trail') FROM article a WHERE a.status IS NOT NULL AND a.version IS NOT NULL"
    )
    for article, kind, trail in rows:
        yield article, str(kind or ""), json.loads(trail or "[]")
