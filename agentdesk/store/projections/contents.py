"""Articles and phrases as the search index sees them: the version in force of what is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from agentdesk.changes import EntityState
from agentdesk.domain.review_lane import IN_FORCE
from agentdesk.store.projections import search, search_items

ENTITIES = frozenset(("article", "phrase"))
IN_TRANSACTION = 50
"""More than this many at once are indexed by a worker, in slices, so that no transaction grows long."""


def refresh(conn: Connection, touched: Sequence[EntityState]) -> None:
    """Index what was touched, at once or through the queue."""
    if not touched:
        return
    dbapi = conn.connection.driver_connection
    assert dbapi is not None
    if len(touched) > IN_TRANSACTION:
        for kind in ENTITIES:
            search.enqueue(dbapi, kind, [state.id for state in touched if state.entity == kind])
        return
    put(dbapi, touched)


def put(conn: search.Connection, states: Iterable[EntityState]) -> None:
    """Index the published ones, take the others out."""
    listed = list(states)
    items = [found for state in listed if (found := item(state))]
    search.put(conn, items)
    for kind in ENTITIES:
        there = {found.id for found in items}
        search.remove(conn, kind, [state.id for state in listed if state.entity == kind and state.id not in there])


def item(state: EntityState) -> search.Item | None:
    """Return what the index holds of an article or phrase, or None where nothing is published."""
    version_id, version = in_force(state)
    if version is None or version.get("withdrawn"):
        return None
    make = search_items.phrase_item if state.entity == "phrase" else search_items.article_item
    return make(state, version_id, version)


def in_force(state: EntityState) -> tuple[str, Mapping[str, Any] | None]:
    """Return (version id, version) that is published: the one the lane points to, else the latest; None if retired."""
    lane = state.lane("status")
    if lane is None or lane["state"] not in IN_FORCE:
        return "", None
    versions = state.values.get("version", {})
    current = str(lane.get("current") or "")
    if current in versions:
        return current, versions[current]
    latest = max(state.events("version"), key=lambda event: (event.at, event.seq, event.id), default=None)
    return (latest.id, latest.value) if latest else ("", None)
