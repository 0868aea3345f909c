"""Joining: what was made before belongs to the team from now on, in one transaction (SYNC 2.9).

Scope, actor and device of the never-sent `home` changes are rewritten, and the person references inside their
payloads, whose bytes are made anew since nobody has seen them. Ids stay. What the new role may not write stays here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, text, update

from agentdesk import faults
from agentdesk.changes import Change, Group, Registry
from agentdesk.domain import redaction
from agentdesk.store import entities, tables
from agentdesk.store.entities import Key
from agentdesk.store.identity import Identity, save_identity
from agentdesk.store.journal import HOME, Journal
from agentdesk.store.rebase import rebase

MayWrite = Callable[[Change], bool]
REPLACED = ("person", "team", "membership")
"""What the centre says from now on: the local rows of these kinds are put away."""


def earliest_hlc(journal: Journal) -> int | None:
    """Return the hybrid time of the first change that joining would bring along; None if there is none."""
    with journal.store.read() as conn:
        payloads = conn.execute(select(tables.change.c.payload).where(tables.change.c.scope == HOME)).scalars()
        return min((Change.parse(payload).hlc for payload in payloads), default=None)


def adopt(journal: Journal, joined: Identity, may_write: MayWrite) -> int:
    """Become `joined`; returns how many changes go along. A kill leaves either all `home` or all joined."""
    before = journal.identity
    assert before is not None
    try:  # around the commit too: a full disk may say no there
        with journal.store.write() as conn:
            journal.identity = joined
            _put_away(conn, REPLACED)
            moved = _move(conn, journal, before, joined, may_write)
            dbapi = conn.connection.driver_connection
            assert dbapi is not None
            save_identity(dbapi, joined)
            faults.at("join.mid")
    except BaseException:
        journal.identity = before
        raise
    journal.announce({(change.entity, change.entity_id) for change in moved})
    return len(moved)


def _move(conn: Connection, journal: Journal, before: Identity, joined: Identity, may_write: MayWrite) -> list[Change]:
    change = tables.change
    stored = conn.execute(select(change.c.payload).where(change.c.scope == HOME).order_by(change.c.ctr)).scalars().all()
    registry = journal.registry
    mine = [Change.parse(payload) for payload in stored]
    # What a redaction here says of itself is the desk's own: nobody else has seen what it took out.
    going = [item for item in mine if item.entity != redaction.ENTITY]
    # A root goes along whole or stays whole: the centre refuses what hangs on a beginning that it never saw.
    staying = {item.root for item in going if not may_write(item)}
    moved = [rewritten(item, before, joined, registry) for item in going if item.root not in staying]
    counters: dict[str, int] = {}
    rows = []
    for item in moved:
        scope = journal.scope_of(item.entity)
        counters[scope] = counters.get(scope) or journal.last_ctr(conn, scope)
        counters[scope] += 1
        rows.append(
            {
                "b_id": item.id,
                "scope": scope,
                "ctr": counters[scope],
                "device": joined.device,
                "actor": joined.person_id,
                "payload": item.raw,
            }
        )
    if rows:
        conn.execute(update(change).where(change.c.id == bindparam("b_id")), rows)
    for scope, ctr in counters.items():
        journal.set_last_ctr(conn, scope, ctr)
    _refold(conn, journal, {(item.entity, item.entity_id) for item in moved})
    return moved


def _refold(conn: Connection, journal: Journal, keys: set[Key]) -> None:
    """Fold the moved entities anew: scope, author and references are others now; nothing of them is confirmed yet."""
    entities.remove(conn, keys)
    shown, _ = rebase(conn, dict.fromkeys(keys), journal.registry)
    journal.projections.refresh(conn, shown)


def _put_away(conn: Connection, kinds: Iterable[str]) -> None:
    """Drop the local rows of these kinds and the changes behind them, else those would lie on the centre's rows."""
    for kind in kinds:
        conn.execute(delete(tables.entities[kind]))
        conn.execute(delete(tables.change).where(tables.change.c.scope == HOME, tables.change.c.entity == kind))
        conn.execute(text("DELETE FROM shadow WHERE entity = :kind"), {"kind": kind})


def rewritten(change: Change, before: Identity, joined: Identity, registry: Registry) -> Change:
    """Return the change with the person references of its groups pointing to the joined person."""
    patch = {
        name: _with_person(value, registry.group(change.entity, name), before.person_id, joined.person_id)
        for name, value in change.patch.items()
    }
    if patch == change.patch:
        return change
    return Change.make(
        id=change.id,
        hlc=change.hlc,
        root=change.root,
        txn=change.txn,
        entity=change.entity,
        entity_id=change.entity_id,
        patch=patch,
        base=change.base,
        rules_v=change.rules_v,
        v=change.v,
        nonce=change.nonce,
    )


def _with_person(value: Any, group: Group | None, old: str, new: str) -> Any:
    for path in group.persons if group else ():
        value = _replaced(value, path.split("."), old, new)
    return value


def _replaced(value: Any, path: Sequence[str], old: str, new: str) -> Any:
    """Return the value with `old` replaced by `new` at a path such as `steps[].owner`."""
    if not path:
        return new if value == old else value
    name, rest = path[0].removesuffix("[]"), path[1:]
    if not isinstance(value, Mapping) or name not in value:
        return value
    inner = value[name]
    if path[0].endswith("[]"):
        listed = inner if isinstance(inner, list) else []
        return {**value, name: [_replaced(item, rest, old, new) for item in listed]}
    return {**value, name: _replaced(inner, rest, old, new)}
