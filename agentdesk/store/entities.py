"""Loading and saving folded entities: the typed rows that screens read and the journal writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from agentdesk.changes import EntityState, Registry
from agentdesk.store import tables

Key = tuple[str, str]
"""(entity, id)."""

_SLICE = 500


def load(conn: Connection, keys: Iterable[Key]) -> dict[Key, EntityState]:
    """Return the shown states of those entities that exist."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for entity, entity_id in keys:
        wanted[entity].append(entity_id)
    return {(entity, state.id): state for entity, ids in wanted.items() for state in _where(conn, entity, "id", ids)}


def load_roots(conn: Connection, roots: Sequence[str], registry: Registry) -> dict[str, list[EntityState]]:
    """Return everything under each root of requests: the request and its children."""
    found: dict[str, list[EntityState]] = {root: [] for root in roots}
    for name, entity in registry.entities.items():
        if entity.scope == "team":
            for state in _where(conn, name, "root", roots):
                found[state.root].append(state)
    return found


def load_all(conn: Connection, entity: str) -> list[EntityState]:
    """Return every shown state of one kind."""
    table = tables.entities[entity]
    return [_state(entity, row) for row in conn.execute(select(table)).mappings()]


def _where(conn: Connection, entity: str, column: str, values: Sequence[str]) -> Iterable[EntityState]:
    table = tables.entities[entity]
    statement = select(table).where(table.c[column].in_(bindparam("wanted", expanding=True)))
    for start in range(0, len(values), _SLICE):
        rows = conn.execute(statement, {"wanted": list(values[start : start + _SLICE])})
        for row in rows.mappings():
            yield _state(entity, row)


def _state(entity: str, row: Mapping[Any, Any]) -> EntityState:
    fields = dict(row)
    fields.pop("pending")
    identity = (fields.pop("id"), fields.pop("root"), fields.pop("scope"), fields.pop("author"), fields.pop("rules_v"))
    entity_id, root, scope, author, rules_v = identity
    stamps, kept = fields.pop("stamps"), fields.pop("kept")
    values = {group: value for group, value in fields.items() if value is not None}
    return EntityState(entity, entity_id, root, scope, author, rules_v, values, stamps, kept)


def save(conn: Connection, states: Mapping[Key, EntityState], pending: Mapping[Key, int]) -> None:
    """Write the shown states; `pending` says 1 where own work waits on one."""
    by_entity: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, state in states.items():
        by_entity[key[0]].append(_row(state, pending.get(key, 0)))
    for entity, rows in by_entity.items():
        conn.execute(_upsert(entity), rows)


def remove(conn: Connection, keys: Iterable[Key]) -> None:
    """Drop shown rows: nothing confirmed and nothing pending is left of them."""
    by_entity: dict[str, list[dict[str, str]]] = defaultdict(list)
    for entity, entity_id in keys:
        by_entity[entity].append({"gone": entity_id})
    for entity, rows in by_entity.items():
        table = tables.entities[entity]
        conn.execute(delete(table).where(table.c.id == bindparam("gone")), rows)


def _row(state: EntityState, pending: int) -> dict[str, Any]:
    groups = {column.name: state.values.get(column.name) for column in tables.entities[state.entity].columns}
    return {
        **groups,
        "id": state.id,
        "scope": state.scope,
        "root": state.root,
        "author": state.author,
        "rules_v": state.rules_v,
        "stamps": state.stamps,
        "kept": state.kept,
        "pending": pending,
    }


def _upsert(entity: str) -> Any:
    if entity not in _UPSERTS:
        statement = insert(tables.entities[entity])
        columns = {c.name: statement.excluded[c.name] for c in tables.entities[entity].columns if c.name != "id"}
        _UPSERTS[entity] = statement.on_conflict_do_update(index_elements=["id"], set_=columns)
    return _UPSERTS[entity]


_UPSERTS: dict[str, Any] = {}
