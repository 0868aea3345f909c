"""The terms of every policy: which version holds from when (MODEL §8, `in_force`), also of what is only announced.

Rows are made when an article is touched and read by a clock, so nothing has to happen at the second of a change.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from agentdesk.changes import EntityState
from agentdesk.domain import policies
from agentdesk.domain.policies import Term
from agentdesk.store.projections import search, search_items

if TYPE_CHECKING:
    from sqlalchemy import Connection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def create(conn: sqlite3.Connection) -> None:
    """Make the table, and have the pack taken over once more: with it the policies that are there already go in."""
    conn.execute(
        "CREATE TABLE in_force (article TEXT NOT NULL, start INTEGER NOT NULL, version TEXT NOT NULL,"
        " PRIMARY KEY (article, start)) WITHOUT ROWID"
    )
    conn.execute("DELETE FROM local WHERE key = 'pack'")


def refresh(conn: Connection, touched: Iterable[EntityState]) -> None:
    """Write the terms of the policies among what was touched; what is no policy loses its own."""
    ids: list[str] = []
    rows: list[tuple[str, int, str]] = []
    for state in touched:
        if state.entity == "article":
            ids.append(state.id)
            rows += _rows(state)
    if ids:
        conn.exec_driver_sql("DELETE FROM in_force WHERE article = ?", [(article,) for article in ids])
    if rows:
        conn.exec_driver_sql("INSERT INTO in_force VALUES (?, ?, ?)", rows)


def _rows(state: EntityState) -> list[tuple[str, int, str]]:
    if not policies.is_policy(state):
        return []
    return [(state.id, _millis(term.start), term.version) for term in policies.terms(policies.approvals(state))]


def listed(conn: search.Connection) -> dict[str, tuple[Term, ...]]:
    """Return the terms of every policy by its article."""
    found: dict[str, list[Term]] = defaultdict(list)
    for article, start, version in conn.execute("SELECT article, start, version FROM in_force ORDER BY article, start"):
        found[article].append(Term(version, _EPOCH + start * _MS))
    return {article: tuple(of) for article, of in found.items()}


def misplaced(conn: search.Connection, at: datetime) -> list[str]:
    """Return the policies of which the search index holds another version than the one in force at this instant."""
    rows = conn.execute(
        "SELECT now.article FROM"
        " (SELECT article, max(start) FILTER (WHERE start <= ?1) AS start FROM in_force GROUP BY article) AS now"
        " LEFT JOIN in_force AS held ON held.article = now.article AND held.start = now.start"
        " LEFT JOIN search_item AS item ON item.kind = 'article' AND item.id = now.article"
        " WHERE item.version IS NOT held.version",
        (_millis(at),),
    )
    return [article for (article,) in rows]


def put(conn: search.Connection, states: Sequence[EntityState], at: datetime) -> None:
    """Index these policies in the version in force at an instant; one that is only announced is not found."""
    items = {state.id: found for state in states if (found := item(state, at))}
    search.remove(conn, "article", [state.id for state in states if state.id not in items])
    search.put(conn, items.values())


def item(state: EntityState, at: datetime) -> search.Item | None:
    """Return what the index holds of a policy at an instant; None where no version of it is in force."""
    term = policies.in_force(policies.terms(policies.approvals(state)), at)
    if term is None or state.values["version"][term.version].get("withdrawn"):
        return None
    return search_items.article_item(state, term.version, state.values["version"][term.version])


def _millis(at: datetime) -> int:
    return (at - _EPOCH) // _MS
