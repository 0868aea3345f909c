"""Taking a value out of the desk's file: log, states, index, drafts, what waits, what was refused, older copies.

Two steps. In one transaction the value is replaced wherever this file holds it, and a mark says that the file is not
clean yet. Then `finish` writes the file anew, empties the log beside it, removes older copies and takes the mark away;
after a kill in between the next exchange or start does so. Which tables of this machine are looked through stands in
`_PLACES`: a new one that keeps a person's words belongs there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select, update

from agentdesk import faults
from agentdesk.changes import Change, Registry, Row
from agentdesk.changes.skeleton import cut_out, erased_at, find, pieces, skeleton, unseen
from agentdesk.domain import redaction
from agentdesk.domain.redaction import Found, Order
from agentdesk.store import entities, tables
from agentdesk.store.database import Store
from agentdesk.store.entities import Key
from agentdesk.store.projections import requests, search
from agentdesk.store.rebase import confirmed, rebase, refold
from agentdesk.store.tables import dump_json
from agentdesk.store.taken_out import UNDER_NO_REQUEST
from agentdesk.text.erasing import spans

if TYPE_CHECKING:
    from agentdesk.store.journal import Journal

HOME = "home"
SEARCHED = ("log_fact", "suggestion")
"""Whose facts hold the words of searches, which lie under no request."""

DUE = "erasing"
"""Key in `local` while the file still has to be written anew."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What a redaction did at this desk: what was found, and how many older copies of the file are gone."""

    found: Found
    copies: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of a local table that keeps a person's words; `where` limits it, `:root` is the request's id."""

    table: str
    column: str
    is_json: bool
    where: str = "1"


_PLACES = (
    _Place("draft", "value", True, "instr(key, :root)"),
    # Begun with what was said on a request, and kept under no request.
    _Place("draft", "value", True, " OR ".join(f"key GLOB '{begun}*'" for begun in UNDER_NO_REQUEST)),
    _Place("template", "title", False),
    _Place("template", "fields", True),
    _Place("phrase_personal", "title", False),
    _Place("phrase_personal", "body", False),
    _Place("local", "value", True, "key IN ('queue.views', 'lint.refused_wordings')"),
)


# -- looking ----------------------------------------------------------------------------------------------------------


def scope_of(conn: Connection, root: str) -> str:
    """Return the scope that a root lies in; empty where nothing of it is here."""
    found = conn.execute(select(tables.change.c.scope).where(tables.change.c.root == root).limit(1)).scalar()
    return str(found or "")


def unsent(conn: Connection, root: str) -> int:
    """Count the own changes of a root that wait for the centre: it cannot take out what it has not seen."""
    change = tables.change.c
    waiting = select(change.id).where(
        change.root == root, change.own == 1, change.seq.is_(None), change.refused.is_(None), change.scope != HOME
    )
    return len(conn.execute(waiting).all())


def look(conn: Connection, order: Order, registry: Registry) -> Found:
    """Count the places that only this file has: own changes without a place in a log, drafts, local tables."""
    unplaced = (Change.parse(payload) for payload in conn.execute(_UNPLACED, {"b_root": order.root}).scalars())
    found = redaction.found_in(redaction.targets(unplaced, order.value, registry))
    tables_too = sum(len(cuts) for *_, cuts in _held_here(conn, order.root, (order.value,)))
    return replace(found, places=found.places + tables_too)


def _changes(conn: Connection, root: str) -> list[Change]:
    payloads = conn.execute(select(tables.change.c.payload).where(tables.change.c.root == root)).scalars()
    return [Change.parse(payload) for payload in payloads]


def _held_here(
    conn: Connection, root: str, values: Iterable[str]
) -> Iterator[tuple[_Place, int, Any, list[tuple[int, int, int]]]]:
    """Yield (place, rowid, content, pieces) of the local tables where one of the values stands."""
    wanted = list(values)
    for place in _PLACES:
        statement = f"SELECT rowid, {place.column} FROM {place.table} WHERE {place.where}"
        named = {"root": root} if ":root" in place.where else {}
        for rowid, text in conn.exec_driver_sql(statement, named).all():
            content = {"": json.loads(text) if place.is_json else text}
            found = find(content, lambda leaf: _all_spans(wanted, leaf.text))
            if found:
                yield place, rowid, content, found


def _all_spans(values: Sequence[str], text: str) -> list[tuple[int, int]]:
    return [span for value in values for span in spans(value, text)]


# -- taking out -------------------------------------------------------------------------------------------------------


def erase_named(
    conn: Connection, scope: str, rows: Sequence[Row], registry: Registry
) -> tuple[dict[str, set[str]], set[Key]]:
    """Take out what redactions among these rows name, in the transaction that pulls them; return values by root, and
    whose words of searches changed with it.

    From its own copy of a target the desk learns the value, and takes it out of what only this desk holds too. A target
    that came as a skeleton, or was treated before, stays as it is.
    """
    values: dict[str, set[str]] = {}
    for row in rows:
        if row.change.entity == redaction.ENTITY:
            values.setdefault(row.change.root, set()).update(_erase_targets(conn, scope, row))
    searched: set[Key] = set()
    for root, learnt in values.items():
        searched |= _erase_here(conn, root, learnt, registry)[1]
    if values:
        _note_due(conn)
    return values, searched


def _erase_targets(conn: Connection, scope: str, row: Row) -> set[str]:
    """Make skeletons of the targets of one redaction; return the pieces that stood there."""
    targets = redaction.named_targets(row.change)
    learnt: set[str] = set()
    for payload in conn.execute(
        _TARGETS, {"b_scope": scope, "b_root": row.change.root, "ids": list(targets)}
    ).scalars():
        change = Change.parse(payload)
        if erased_at(change) >= row.seq:
            continue
        cuts = targets[change.id]
        learnt |= pieces(change.patch, cuts)
        conn.execute(_REPLACE, {"b_id": change.id, "b_payload": skeleton(change, cuts, row.seq).raw})
    return learnt


def _erase_here(conn: Connection, root: str, values: set[str], registry: Registry) -> tuple[int, set[Key]]:
    """Take values out of what only this desk holds: own changes without a place in the log, drafts, local tables.

    Returns how many places held them, and whose words of searches changed, which lie under other roots.
    """
    count = 0
    searched: set[Key] = set()
    for payload in conn.execute(_UNPLACED, {"b_root": root}).scalars().all():
        change = Change.parse(payload)
        cuts = [cut for value in values for cut in redaction.cuts(change, value, registry)]
        if cuts:
            # Nobody has it: what waits was never sent in this exchange, what was refused is never sent again as it is,
            # and what went up only is never pulled.
            count += len(cuts)
            conn.execute(_REPLACE, {"b_id": change.id, "b_payload": unseen(change, cut_out(change.patch, cuts)).raw})
            if change.entity in SEARCHED:
                searched.add((change.entity, change.entity_id))
    rebase(conn, confirmed(conn, searched), registry)
    for place, rowid, content, found in list(_held_here(conn, root, values)):
        count += len(found)
        after = cut_out(content, found)[""]
        statement = f"UPDATE OR REPLACE {place.table} SET {place.column} = ? WHERE rowid = ?"
        conn.exec_driver_sql(statement, (dump_json(after) if place.is_json else after, rowid))
    return count, searched


def erase_home(journal: Journal, order: Order) -> Erased:
    """Take a value out of a root that never left this desk; the redaction is a fact of the root like any other."""
    registry = journal.registry
    with journal.transaction() as txn:
        conn = txn.conn
        held = redaction.targets(_changes(conn, order.root), order.value, registry)
        journal.store.taken_out.note(order.root, [order.value])
        here, searched = _erase_here(conn, order.root, {order.value}, registry)
        found = replace(redaction.found_in(held), places=here)
        if not here:
            return Erased(found)
        shown, gone = rebase(conn, refold(conn, HOME, order.root, 0, registry), registry)
        journal.projections.refresh(conn, shown, gone_roots=gone)
        said = redaction.record(held, by=txn.me.person_id, why=order.why, at=txn.now(), local=True)
        txn.write(
            redaction.ENTITY, txn.new_id(), root=order.root, patch={redaction.GROUP: said}, scope=HOME
        )  # fmt: skip
        reindex(conn, {order.root})
        _note_due(conn)
    journal.announce({(state.entity, state.id) for state in shown} | searched)
    return Erased(found, finish(journal.store))


def erase_local(journal: Journal, order: Order) -> Found:
    """Take a value out of what only this desk holds under a root whose log is the centre's; `finish` is due then."""
    searched: set[Key] = set()
    with journal.store.write() as conn:
        found = look(conn, order, journal.registry)
        if found.places:
            journal.store.taken_out.note(order.root, [order.value])
            _, searched = _erase_here(conn, order.root, {order.value}, journal.registry)
            _note_due(conn)
    if found.places:
        journal.announce({(redaction.ENTITY, order.root)} | searched)
    return found


def reindex(conn: Connection, roots: Iterable[str]) -> None:
    """Index these requests at once: what is gone from them must not wait in the index for a worker."""
    wanted = [(requests.KIND, root) for root in roots]
    if not wanted:
        return
    dbapi = conn.connection.driver_connection
    assert dbapi is not None
    search.put(dbapi, requests.items_of(entities.load(conn, wanted).values()))


# -- the file ---------------------------------------------------------------------------------------------------------


def _note_due(conn: Connection) -> None:
    conn.exec_driver_sql("INSERT OR REPLACE INTO local VALUES (?, '{}')", (DUE,))


def due(store: Store) -> bool:
    """Whether the file still has to be written anew after a redaction."""
    return store.raw().execute("SELECT 1 FROM local WHERE key = ?", (DUE,)).fetchone() is not None


def finish(store: Store) -> int:
    """Do what is left of redactions: index, file, log, older copies. Returns how many copies were removed.

    Where a reader holds the log open the mark stays, and the next call goes on.
    """
    if not due(store):
        return 0
    faults.at("redact.before_checkpoint")
    with store.write() as conn:
        dbapi = conn.connection.driver_connection
        assert dbapi is not None
        search.compress(dbapi, (requests.KIND,))
    copies = store.older_copies()
    for copy in copies:
        copy.unlink(missing_ok=True)
    if store.compact():
        with store.plain_write() as plain:
            plain.execute("DELETE FROM local WHERE key = ?", (DUE,))
    return len(copies)


# Written once: making a statement anew costs more than running it.
_CHANGE = tables.change.c
_TARGETS = select(_CHANGE.payload).where(
    _CHANGE.scope == bindparam("b_scope"),
    _CHANGE.root == bindparam("b_root"),
    _CHANGE.id.in_(bindparam("ids", expanding=True)),
)
_UNPLACED = select(_CHANGE.payload).where(
    (_CHANGE.root == bindparam("b_root")) | _CHANGE.entity.in_(SEARCHED),
    _CHANGE.own == 1,
    _CHANGE.seq.is_(None) | (_CHANGE.entity == SEARCHED[0]),
)
_REPLACE = update(tables.change).where(_CHANGE.id == bindparam("b_id")).values(payload=bindparam("b_payload"))
