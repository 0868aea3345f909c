"""Shown rows: the confirmed state with own pending work on top (SYNC 2.6).

`shadow` keeps the confirmed state of an entity while anything of ours lies on it, and only then. A change leaves the
overlay when the cursor passes its place, not at the acknowledgement, else it would vanish until the next pull.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from agentdesk import faults
from agentdesk.changes import Change, EntityState, Registry, Row, fold_pending, fold_row
from agentdesk.store import entities, tables
from agentdesk.store.entities import Key


@dataclass(frozen=True, slots=True)
class Waiting:
    """One own change that lies in the overlay."""

    ctr: int
    actor: str
    scope: str
    change: Change


def confirmed(conn: Connection, keys: Iterable[Key]) -> dict[Key, EntityState | None]:
    """Return the confirmed state of each entity: the shadow where there is one, else the shown row."""
    wanted = list(keys)
    shown: dict[Key, EntityState | None] = dict(entities.load(conn, wanted))
    found = {key: shown.get(key) for key in wanted}
    found.update(_shadows(conn, wanted))
    return found


def _shadows(conn: Connection, keys: Sequence[Key]) -> dict[Key, EntityState | None]:
    found: dict[Key, EntityState | None] = {}
    for start in range(0, len(keys), 400):
        for row in conn.execute(_SHADOWS, {"keys": list(keys[start : start + 400])}):
            found[(row.entity, row.id)] = None if row.state is None else EntityState(**row.state)
    return found


def keep_shadow(conn: Connection, states: dict[Key, EntityState | None]) -> None:
    """Keep the confirmed states before the first pending change goes on top; an existing shadow stays as it is."""
    rows = [
        {"entity": entity, "id": entity_id, "state": None if state is None else plain(state)}
        for (entity, entity_id), state in states.items()
    ]
    if rows:
        conn.execute(_KEEP_SHADOW, rows)


def plain(state: EntityState) -> dict[str, Any]:
    """Return the members of a state as a JSON object that `EntityState(**…)` takes back."""
    return {**state.as_json(), "scope": state.scope}


def rebase(
    conn: Connection, bases: dict[Key, EntityState | None], registry: Registry
) -> tuple[list[EntityState], set[str]]:
    """Write the shown rows of these entities: confirmed state, then own pending changes in the order of their ctr.

    Drops the shadow where nothing is pending any more. Returns the shown states, and the roots of what is gone.
    """
    waiting = _waiting(conn, list(bases))
    shown: dict[Key, EntityState] = {}
    gone: list[Key] = []
    shadows: dict[Key, EntityState | None] = {}
    for key, base in bases.items():
        pending = waiting.get(key, [])
        if pending:
            shadows[key] = base
        state = fold_over(base, pending, registry)
        if state is None:
            gone.append(key)
        else:
            shown[key] = state
    gone_roots = _roots_of(conn, gone)
    _drop_shadows(conn, list(bases))
    keep_shadow(conn, shadows)
    faults.at("rebase.mid")
    entities.save(conn, shown, dict.fromkeys(waiting, 1))
    entities.remove(conn, gone)
    return list(shown.values()), gone_roots


def refold(conn: Connection, scope: str, root: str, upto: int, registry: Registry) -> dict[Key, EntityState | None]:
    """Return the confirmed states of everything under a root, folded anew from its rows up to a seq.

    For a log whose rows have changed under their states (SYNC 2.14); what only waits begins with None.
    """
    states: dict[Key, EntityState | None] = {}
    for row in conn.execute(_OF_ROOT, {"b_root": root}):
        if row.entity not in registry.entities:
            continue
        key = (row.entity, row.entity_id)
        states.setdefault(key, None)
        if row.scope == scope and row.seq is not None and row.seq <= upto:
            placed = Row(Change.parse(row.payload), row.seq, row.eff, row.verdict, "", "", 0, row.actor)
            states[key] = fold_row(states[key], placed, scope, registry)
    return states


def fold_over(base: EntityState | None, pending: Sequence[Waiting], registry: Registry) -> EntityState | None:
    """Return the confirmed state with the pending changes on top; `base` itself stays untouched."""
    state = copy.deepcopy(base) if pending else base
    for item in pending:
        state = fold_pending(state, item.change, item.ctr, item.actor, item.scope, registry)
    return state


def _waiting(conn: Connection, keys: Sequence[Key]) -> dict[Key, list[Waiting]]:
    """Own changes, not refused, that the cursor has not passed, by entity in the order of their ctr."""
    found: dict[Key, list[Waiting]] = defaultdict(list)
    ids = [entity_id for _, entity_id in keys]
    for start in range(0, len(ids), 400):
        for row in conn.execute(_WAITING, {"ids": ids[start : start + 400]}):
            item = Waiting(row.ctr, row.actor, row.scope, Change.parse(row.payload))
            found[(item.change.entity, item.change.entity_id)].append(item)
    return found


def _drop_shadows(conn: Connection, keys: Sequence[Key]) -> None:
    for start in range(0, len(keys), 400):
        conn.execute(_DROP_SHADOWS, {"keys": list(keys[start : start + 400])})


def _roots_of(conn: Connection, keys: Sequence[Key]) -> set[str]:
    return {state.root for state in entities.load(conn, keys).values()}


# Written once: making a statement anew costs more than running it.
_OF_KEYS = tuple_(tables.shadow.c.entity, tables.shadow.c.id).in_(bindparam("keys", expanding=True))
_SHADOWS = select(tables.shadow).where(_OF_KEYS)
_DROP_SHADOWS = delete(tables.shadow).where(_OF_KEYS)
_KEEP_SHADOW = insert(tables.shadow).on_conflict_do_nothing()
_CHANGE, _CURSOR = tables.change.c, tables.cursor.c
_OF_ROOT = select(tables.change).where(_CHANGE.root == bindparam("b_root")).order_by(_CHANGE.seq)
_WAITING = (
    select(_CHANGE.scope, _CHANGE.ctr, _CHANGE.actor, _CHANGE.payload)
    .outerjoin(tables.cursor, _CURSOR.scope == _CHANGE.scope)
    .where(_CHANGE.own == 1, _CHANGE.refused.is_(None))
    .where(_CHANGE.entity_id.in_(bindparam("ids", expanding=True)))
    .where(_CHANGE.seq.is_(None) | (_CHANGE.seq > _CURSOR.seq))
    .order_by(_CHANGE.scope, _CHANGE.ctr)
)
