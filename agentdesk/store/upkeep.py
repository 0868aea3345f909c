"""What an opened store does in the background: take over the starter pack, fill the search index in slices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from agentdesk import faults
from agentdesk.changes import EntityState
from agentdesk.store import entities, starter, tables
from agentdesk.store.database import Store
from agentdesk.store.projections import contents, policies, requests, search


def catch_up(store: Store) -> None:
    """Bring pack and index up to date, all of it; cheap when they are. Run it in a worker."""
    prepare(store)
    while drain(store):
        pass


def prepare(store: Store) -> None:
    """Take the pack over, and note what else the index lacks: that is filled in slices (`drain`)."""
    with store.write() as conn:
        fresh = search.create(_dbapi(conn))
        if fresh or _pack_of(conn) != starter.digest():
            _take_over_pack(conn)
            policies.refresh(conn, entities.each(conn, "article"))
        if fresh:
            _enqueue_all(conn)


def begin_anew(store: Store) -> None:
    """Throw the index away and note everything for filling; uses and answers, which stand beside it, are kept."""
    with store.write() as conn:
        search.drop(_dbapi(conn))
        search.create(_dbapi(conn))
        _enqueue_all(conn)


def drain(store: Store, kinds: Sequence[str] = tuple(sorted(contents.ENTITIES)), slice_size: int = 200) -> int:
    """Index one slice of what waits for it; returns how much is left. One short transaction, so that saves get in."""
    if not search.waiting(store.raw(), kinds):
        return 0
    with store.write() as conn:
        left = search.drain(_dbapi(conn), lambda kind, ids: _items(conn, kind, ids), slice_size, kinds)
        faults.at("index.mid")
    if not left:
        _recount(store)
    return left


def _recount(store: Store) -> None:
    """Count common terms anew where it is due: read at length beside the writer, written in a moment."""
    for kind in search.due(store.raw()):
        counted = search.common(store.raw(), kind)
        with store.write() as conn:
            search.keep_common(_dbapi(conn), kind, counted)


def _enqueue_all(conn: Connection) -> None:
    for kind in (*contents.ENTITIES, requests.KIND):
        ids = conn.execute(select(tables.entities[kind].c.id)).scalars()
        search.enqueue(_dbapi(conn), kind, list(ids))


def turn_policies(store: Store, at: datetime) -> int:
    """Let the search find every policy in the version in force at this instant; returns how many had changed."""
    if not (changed := policies.misplaced(store.raw(), at)):
        return 0
    with store.write() as conn:
        states = entities.load(conn, [("article", article) for article in changed])
        policies.put(_dbapi(conn), list(states.values()), at)
    return len(changed)


def _items(conn: Connection, kind: str, ids: Sequence[str]) -> Iterable[search.Item]:
    states = entities.load(conn, [(kind, item_id) for item_id in ids]).values()
    if kind == requests.KIND:
        return requests.items_of(states)
    return [item for state in states if (item := contents.item(state))]


def _take_over_pack(conn: Connection) -> None:
    """Show the shipped phrases and articles; what somebody has changed here or at the centre stays as it is."""
    changed = _changed(conn, starter.states())
    shown = [state for state in starter.states() if state.id not in changed]
    entities.save(conn, {(state.entity, state.id): state for state in shown}, {})
    contents.put(_dbapi(conn), shown)
    statement = insert(tables.local)
    update = statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    conn.execute(update, {"key": "pack", "value": {"digest": starter.digest()}})


def _changed(conn: Connection, states: Sequence[EntityState]) -> set[str]:
    change = tables.change
    wanted = change.c.entity_id.in_(bindparam("ids", expanding=True))
    return set(conn.execute(select(change.c.entity_id).where(wanted), {"ids": [s.id for s in states]}).scalars())


def _pack_of(conn: Connection) -> str:
    value = conn.execute(select(tables.local.c.value).where(tables.local.c.key == "pack")).scalar()
    return str(value["digest"]) if value else ""


def _dbapi(conn: Connection) -> search.Connection:
    dbapi: search.Connection | None = conn.connection.driver_connection
    assert dbapi is not None
    return dbapi
