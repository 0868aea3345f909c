"""Loading and saving folded entities: the typed rows that screens read and the journal writes.

Every commit, exchange and screen comes through here, so the statements are written once from the Core tables and go to
the driver as they are; most groups of a row are empty, and taking each through a column type cost half of an exchange.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection

from agentdesk.changes import EntityState, Registry
from agentdesk.store import tables
from agentdesk.store.tables import dump_json, load_json

Key = tuple[str, str]
"""(entity, id)."""

_FIRST = ("id", "root", "scope", "author", "rules_v", "stamps", "kept")
"""Columns of every entity, in the order in which all statements here name them; the groups follow, then `pending`."""


def load(conn: Connection, keys: Iterable[Key]) -> dict[Key, EntityState]:
    """Return the shown states of those entities that exist."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for entity, entity_id in keys:
        wanted[entity].append(entity_id)
    return {(entity, state.id): state for entity, ids in wanted.items() for state in _where(conn, entity, "id", ids)}


def load_roots(conn: Connection, roots: Sequence[str], registry: Registry) -> dict[str, list[EntityState]]:
    """Return everything under each root of requests: the request and its children."""
    found: dict[str, list[EntityState]] = {root: [] for root in roots}
    if not found:
        return found
    for name, entity in registry.entities.items():
        if entity.scope == "team":
            for state in _where(conn, name, "root", roots):
                found[state.root].append(state)
    return found


def each(conn: Connection, entity: str) -> Iterator[EntityState]:
    """Yield every shown state of one kind by its id, one at a time: ten thousand at once would take 30 MB."""
    for row in conn.exec_driver_sql(f"{_selecting(entity)} ORDER BY id"):
        yield _state(entity, row)


def each_read(conn: Connection, entity: str) -> Iterator[tuple[str, int, Callable[[], EntityState]]]:
    """Yield of each (id, a mark that changes with its row, what reads it): who made something of it may keep that."""
    for row in conn.exec_driver_sql(f"{_selecting(entity)} ORDER BY id"):
        whole = tuple(row)
        yield whole[0], hash(whole), partial(_state, entity, whole)


def waiting(conn: Connection, entity: str) -> set[str]:
    """Return the ids of one kind on which own work waits for the centre."""
    return {row[0] for row in conn.exec_driver_sql(f'SELECT id FROM "{entity}" WHERE pending > 0')}


def _where(conn: Connection, entity: str, column: str, values: Sequence[str]) -> Iterable[EntityState]:
    """Yield the states whose column is one of the values: one parameter, however many they are."""
    wanted = f"{_selecting(entity)} WHERE {column} IN (SELECT value FROM json_each(?))"
    for row in conn.exec_driver_sql(wanted, (dump_json(list(values)),)):
        yield _state(entity, row)


def _state(entity: str, row: Sequence[Any]) -> EntityState:
    entity_id, root, scope, author, rules_v, stamps, kept, *values = row
    filled = {name: load_json(text) for name, text in zip(_groups(entity), values, strict=True) if text is not None}
    return EntityState(entity, entity_id, root, scope, author, rules_v, filled, load_json(stamps), load_json(kept))


def save(conn: Connection, states: Mapping[Key, EntityState], pending: Mapping[Key, int]) -> None:
    """Write the shown states; `pending` says 1 where own work waits on one."""
    by_entity: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for key, state in states.items():
        by_entity[key[0]].append(_row(state, pending.get(key, 0)))
    for entity, rows in by_entity.items():
        conn.exec_driver_sql(_upserting(entity), rows)


def remove(conn: Connection, keys: Iterable[Key]) -> None:
    """Drop shown rows: nothing confirmed and nothing pending is left of them."""
    by_entity: dict[str, list[str]] = defaultdict(list)
    for entity, entity_id in keys:
        by_entity[entity].append(entity_id)
    for entity, ids in by_entity.items():
        gone = f'DELETE FROM "{entity}" WHERE id IN (SELECT value FROM json_each(?))'
        conn.exec_driver_sql(gone, (dump_json(ids),))


def _row(state: EntityState, pending: int) -> tuple[Any, ...]:
    values = map(state.values.get, _groups(state.entity))
    return (
        state.id,
        state.root,
        state.scope,
        state.author,
        state.rules_v,
        dump_json(state.stamps),
        dump_json(state.kept),
        *(None if value is None else dump_json(value) for value in values),
        pending,
    )


@cache
def _groups(entity: str) -> tuple[str, ...]:
    return tuple(column.name for column in tables.entities[entity].columns if column.name not in (*_FIRST, "pending"))


@cache
def _selecting(entity: str) -> str:
    return f'SELECT {", ".join(map(_quoted, (*_FIRST, *_groups(entity))))} FROM "{entity}"'


@cache
def _upserting(entity: str) -> str:
    names = (*_FIRST, *_groups(entity), "pending")
    taken = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in names if name != "id")
    return (
        f'INSERT INTO "{entity}" ({", ".join(map(_quoted, names))}) VALUES ({", ".join("?" * len(names))})'
        f" ON CONFLICT (id) DO UPDATE SET {taken}"
    )


def _quoted(name: str) -> str:
    return f'"{name}"'
