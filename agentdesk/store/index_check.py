"""The search index held against the texts that it was made from, and mended.

What it lacks, or holds too much, is put right item by item. Where its own tables contradict each other, or the texts
that it holds are not those of the store, all of it is made anew: a contentless index gives terms back only to who still
knows them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from agentdesk.changes import EntityState
from agentdesk.domain.policies import is_policy
from agentdesk.store import entities, upkeep
from agentdesk.store.database import Store
from agentdesk.store.projections import contents, policies, requests, search, search_damage, search_index

Key = tuple[str, str]
_TEXTS = search_index.Held._fields.index("version")
"""What stands before the version is text, and what is made of it."""


@dataclass(slots=True)
class Checked:
    """What of the index is not as it should be, by (kind, id); `broken` names tables that contradict themselves."""

    missing: list[Key] = field(default_factory=list)
    surplus: list[Key] = field(default_factory=list)
    differing: list[Key] = field(default_factory=list)
    """Version, times or filters are of another version; the texts are right."""
    broken: list[str] = field(default_factory=list)
    """Tables of the index, and kinds of which a text differs."""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.missing or self.surplus or self.differing or self.broken)


def check(store: Store, at: datetime) -> Checked:
    """Compare every item with its text, `at` the present instant; what waits to be indexed is no fault. Reads only."""
    found = Checked()
    with store.read() as conn:
        dbapi = conn.connection.driver_connection
        assert dbapi is not None
        found.broken = search_damage.broken(dbapi)
        for kind in search.KINDS if not found.broken else ():
            _compare(conn, kind, at, found)
    return found


def mend(store: Store, found: Checked) -> None:
    """Note what was found for indexing, or throw the index away; `upkeep.drain` then does the work."""
    if found.broken:
        upkeep.begin_anew(store)
        return
    with store.write() as conn:
        dbapi = conn.connection.driver_connection
        assert dbapi is not None
        for kind, item_id in (*found.missing, *found.surplus, *found.differing):
            search.enqueue(dbapi, kind, [item_id])


def _compare(conn: Connection, kind: str, at: datetime, found: Checked) -> None:
    """Walk along both, each in the order of its ids, and note where they part."""
    dbapi: sqlite3.Connection | None = conn.connection.driver_connection
    assert dbapi is not None
    queued = search_index.queued(dbapi, kind)
    if kind == "article":
        queued |= set(policies.misplaced(dbapi, at))  # the clock moved on: the next search turns them by itself
    held = search_index.held(dbapi, kind)
    have = next(held, None)
    for item in _wanted(conn, kind, at):
        while have is not None and have.id < item.id:
            found.surplus += [(kind, have.id)] if have.id not in queued else []
            have = next(held, None)
        if have is None or have.id != item.id:
            found.missing += [(kind, item.id)] if item.id not in queued else []
            continue
        wanted = search_index.as_held(item)
        if have != wanted and item.id not in queued:
            if have[:_TEXTS] == wanted[:_TEXTS]:
                found.differing.append((kind, item.id))
            elif kind not in found.broken:
                found.broken.append(kind)
        have = next(held, None)
    while have is not None:
        found.surplus += [(kind, have.id)] if have.id not in queued else []
        have = next(held, None)


def _wanted(conn: Connection, kind: str, at: datetime) -> Iterator[search.Item]:
    for state in entities.each(conn, kind):
        item = _item(state, kind, at)
        if item is not None:
            yield item


def _item(state: EntityState, kind: str, at: datetime) -> search.Item | None:
    if kind == requests.KIND:
        return requests.item(state)
    if kind == "article" and is_policy(state):
        return policies.item(state, at)
    return contents.item(state)
