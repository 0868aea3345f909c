"""The journal's side towards the centre: what waits to be sent, what answers settle, what pulled rows become."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from agentdesk import faults
from agentdesk.changes import Change, Row, canonical, chain_next, fold_row, instant, payload_hash, stamp_time
from agentdesk.changes.model import EntityState
from agentdesk.changes.skeleton import erased_at
from agentdesk.store import entities, erasing, queries, tables
from agentdesk.store.entities import Key
from agentdesk.store.journal import Journal
from agentdesk.store.rebase import confirmed, rebase, refold
from agentdesk.store.transaction import MAX_CHANGES

NOTED_EVERY = timedelta(minutes=5)
"""How exactly the age of the copy is known: noting every exchange would be a write a second."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One own change that waits: what a push needs of it."""

    ctr: int
    adj: int
    raw: bytes
    txn: str
    id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the centre said of one change: `seq`, `eff`, `verdict` where it stands in the log, or a refusal."""

    id: str
    seq: int | None = None
    eff: int | None = None
    verdict: str | None = None
    refused: str | None = None
    args: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a scope was pulled; `acked`: every own counter up to it was answered."""

    scope: str
    epoch: str
    seq: int
    chain: str
    receipt: str
    last_ctr: int
    acked: int
    stopped: str | None


@dataclass(frozen=True, slots=True)
class Parked:
    """One refused change, kept with its reason (SYNC 2.7)."""

    id: str
    scope: str
    root: str
    entity: str
    code: str
    args: dict[str, Any]


class CursorMoved(Exception):
    """The cursor no longer stands where the pull was asked from; the answer is dropped."""


class ChainBroken(Exception):
    """The rows do not continue the chain that this desk holds."""


class Exchange:
    """Used by the sync loop alone."""

    def __init__(self, journal: Journal) -> None:
        """Work on that journal."""
        self._journal = journal
        self._store = journal.store

    # -- out ----------------------------------------------------------------------------------------------------------

    def cursor(self, scope: str) -> Cursor:
        """Return how far a scope was pulled; makes it where it was never met."""
        with self._store.write() as conn:
            self._journal.ensure_cursor(conn, scope)
            row = conn.execute(select(tables.cursor).where(tables.cursor.c.scope == scope)).one()
            waiting = conn.execute(_outbox_columns(scope, tables.change.c.ctr).limit(1)).scalar()
        acked = row.last_ctr if waiting is None else waiting - 1
        return Cursor(row.scope, row.epoch, row.seq, row.chain, row.receipt, row.last_ctr, acked, row.stopped)

    def outbox(self, scope: str, *, max_changes: int = 500, max_bytes: int = 1_000_000) -> list[Pending]:
        """Return the next waiting changes in the order of their ctr, whole transactions only."""
        change = tables.change
        columns = (change.c.ctr, change.c.off, change.c.payload, change.c.txn, change.c.id)
        offset = self._journal.clock.offset_ms
        with self._store.read() as conn:
            rows = conn.execute(_outbox_columns(scope, *columns).limit(max(max_changes, MAX_CHANGES) + 1)).all()
        found = [Pending(row.ctr, offset - row.off, row.payload, row.txn, row.id) for row in rows]
        return whole_transactions(found, max_changes, max_bytes)

    def set_epoch(self, scope: str, epoch: str) -> None:
        """Adopt the epoch of a scope that was never exchanged."""
        self._set(scope, epoch=epoch)

    def stop(self, scope: str, reason: str | None) -> None:
        """Stop exchanging a scope (code of the reason), or go on with it (None); everything is kept."""
        self._set(scope, stopped=reason)

    def _set(self, scope: str, **values: Any) -> None:
        with self._store.write() as conn:
            self._journal.ensure_cursor(conn, scope)
            conn.execute(update(tables.cursor).where(tables.cursor.c.scope == scope).values(**values))

    # -- in -----------------------------------------------------------------------------------------------------------

    def settle(self, answers: Sequence[Answer]) -> None:
        """Write down what the centre answered; a change is settled only by an answer that names its id."""
        faults.at("settle.before")
        with self._store.write() as conn:
            good = [_settled(answer) for answer in answers if answer.refused is None]
            bad = [_refused(answer) for answer in answers if answer.refused is not None]
            if good:
                conn.execute(_PLACE, good)
            faults.at("settle.mid")
            touched: set[Key] = set()
            if bad:
                conn.execute(_PARK, bad)
                touched = self._keys(conn, [answer["b_id"] for answer in bad])
                self._rebase(conn, touched)
        if touched:
            self._journal.announce(touched)

    def apply(
        self,
        scope: str,
        rows: Sequence[Row],
        *,
        epoch: str,
        after: int,
        chain: str,
        receipt: str,
        told: str | None = None,
    ) -> set[Key]:
        """Fold pulled rows and move the cursor, in one transaction.

        `epoch`, `after`, `chain` are where the pull was asked from: raises CursorMoved if the desk stands elsewhere
        by now, ChainBroken if the rows do not continue the chain without a gap, or do not lead to the chain that the
        centre `told`. Returns what was touched.
        """
        head = self._verified(rows, after, chain)
        if told is not None and head != told:
            raise ChainBroken("chain differs")
        registry = self._journal.registry
        with self._store.write() as conn:
            row = conn.execute(select(tables.cursor).where(tables.cursor.c.scope == scope)).one()
            if (row.epoch, row.seq, row.chain) != (epoch, after, chain):
                raise CursorMoved(scope)
            self._keep(conn, scope, rows)
            erased, searched = erasing.erase_named(conn, scope, rows, registry)
            for root, values in erased.items():
                self._store.taken_out.note(root, values)
            known = [row for row in rows if row.change.entity in registry.entities]
            states = confirmed(conn, {(row.change.entity, row.change.entity_id) for row in known})
            for item in known:
                key = (item.change.entity, item.change.entity_id)
                states[key] = fold_row(states[key], item, scope, registry)
            for root in erased:
                states.update(refold(conn, scope, root, after + len(rows), registry))
            faults.at("apply.rows")
            place = update(tables.cursor).where(tables.cursor.c.scope == scope)
            conn.execute(place.values(seq=after + len(rows), chain=head, receipt=receipt))
            self._rebase_states(conn, states)
            erasing.reindex(conn, erased)
            if rows:
                self._journal.observe(conn, max(row.eff for row in rows))
        if scope == "site":
            self._journal.load_rules()
        touched = set(states) | searched
        self._journal.announce(touched)
        if erased:
            self.finish_erasing()
        return touched

    def note_exchanged(self) -> None:
        """Keep when the copy was last as the centre's, so that it can say how old it is after a restart, too."""
        now, before = self._journal.now(), queries.last_exchange(self._store.raw())
        if before and timedelta() <= now - instant(before) < NOTED_EVERY:
            return
        with self._store.write() as conn:
            value = json.dumps({"at": stamp_time(now)})
            conn.exec_driver_sql("INSERT OR REPLACE INTO local VALUES (?, ?)", (queries.EXCHANGED, value))

    def finish_erasing(self) -> None:
        """Do what is left of redactions that were applied: at once, and after a kill in between (SYNC 2.14)."""
        erasing.finish(self._store)

    def _verified(self, rows: Sequence[Row], after: int, chain: str) -> str:
        for place, row in enumerate(rows, after + 1):
            if row.seq != place:
                raise ChainBroken(f"row {row.seq} where {place} was due")
            chain = chain_next(chain, row)
        return chain

    def _keep(self, conn: Connection, scope: str, rows: Sequence[Row]) -> None:
        """Put the rows into the log of changes; own ones are there already and are settled by being named."""
        own = _known_payloads(conn, [row.change.id for row in rows])
        settled = [
            {"b_id": row.change.id, "b_seq": row.seq, "b_eff": row.eff, "b_v": row.verdict}
            for row in rows
            if row.change.id in own
        ]
        if settled:
            conn.execute(_CONFIRM, settled)
        # What waited was rewritten by a redaction, and had been sent all the same: what the log holds is what holds.
        sent = [row for row in rows if row.change.id in own and payload_hash(own[row.change.id]) != row.row_hash]
        restored = [
            {"b_id": row.change.id, "b_payload": row.change.raw}
            for row in sent
            if not erased_at(Change.parse(own[row.change.id]))
        ]
        if restored:
            conn.execute(_RESTORE, restored)
        others = [_log_row(scope, row) for row in rows if row.change.id not in own]
        if others:
            conn.execute(_INSERT, others)

    def _keys(self, conn: Connection, ids: Sequence[str]) -> set[Key]:
        change = tables.change
        statement = select(change.c.entity, change.c.entity_id).where(change.c.id.in_(bindparam("ids", expanding=True)))
        return {(row.entity, row.entity_id) for row in conn.execute(statement, {"ids": list(ids)})}

    def _rebase(self, conn: Connection, keys: set[Key]) -> None:
        self._rebase_states(conn, confirmed(conn, keys))

    def _rebase_states(self, conn: Connection, states: dict[Key, EntityState | None]) -> None:
        shown, gone_roots = rebase(conn, states, self._journal.registry)
        self._journal.projections.refresh(conn, shown, gone_roots=gone_roots)

    # -- looking ------------------------------------------------------------------------------------------------------

    def parked(self) -> list[Parked]:
        """Return the refused changes, one card a root lies together."""
        change = tables.change
        statement = select(change).where(change.c.refused.is_not(None)).order_by(change.c.root, change.c.ctr)
        with self._store.read() as conn:
            return [
                Parked(row.id, row.scope, row.root, row.entity, row.refused, row.refused_args or {})
                for row in conn.execute(statement)
            ]

    def digest(self) -> dict[str, Any]:
        """Return the digest for comparing copies (MODEL §8): seq, chain and hash of the folded state by scope."""
        with self._store.read() as conn:
            cursors = conn.execute(select(tables.cursor)).all()
            scopes = {row.scope: row for row in cursors if row.scope != "home" and not row.scope.startswith("log:")}
            hashes = {scope: hashlib.sha256() for scope in scopes}
            for entity in sorted(self._journal.registry.entities):
                self._hash_entity(conn, entity, hashes)
        parts = {
            scope: {"seq": row.seq, "chain": row.chain, "state": hashes[scope].hexdigest()}
            for scope, row in sorted(scopes.items())
        }
        return {"digest": hashlib.sha256(canonical(parts)).hexdigest(), "scopes": parts}

    def _hash_entity(self, conn: Connection, entity: str, hashes: dict[str, Any]) -> None:
        shown = {(entity, state.id): state for state in entities.each(conn, entity)}
        states = confirmed(conn, shown)
        for key in sorted(states):
            state = states[key]
            if state is not None and state.scope in hashes and not only_pack(state):
                hashes[state.scope].update(canonical(state.as_json()) + b"\n")


def only_pack(state: EntityState) -> bool:
    """Whether nobody has written about this item of the starter pack: both sides ship it, so it is not compared."""
    lane = state.lane("status")
    untouched = lane is not None and all(step["actor"] == "" for step in lane["trail"])
    return untouched and not any(seq for stamps in state.stamps.values() for seq in _seqs(stamps))


def _seqs(stamps: Any) -> list[int]:
    return [stamps[1]] if isinstance(stamps, list) else [stamp[1] for stamp in stamps.values()]


def whole_transactions(found: list[Pending], max_changes: int, max_bytes: int) -> list[Pending]:
    """Cut a run of pending changes at a transaction's border so that both limits hold; the first one always goes."""
    taken: list[Pending] = []
    size = 0
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end].txn == found[start].txn:
            end += 1
        block = found[start:end]
        size += sum(len(item.raw) + 48 for item in block)
        if taken and (len(taken) + len(block) > max_changes or size > max_bytes):
            break
        taken += block
        start = end
    return taken


def _outbox_columns(scope: str, *columns: Any) -> Any:
    change = tables.change
    return (
        select(*columns)
        .where(change.c.scope == scope, change.c.own == 1, change.c.seq.is_(None), change.c.refused.is_(None))
        .order_by(change.c.ctr)
    )


def _known_payloads(conn: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    return {row.id: row.payload for row in conn.execute(_KNOWN, {"ids": list(ids)})}


def _settled(answer: Answer) -> dict[str, Any]:
    return {"b_id": answer.id, "b_seq": answer.seq, "b_eff": answer.eff, "b_v": answer.verdict}


def _refused(answer: Answer) -> dict[str, Any]:
    return {"b_id": answer.id, "b_code": answer.refused, "b_args": answer.args or {}}


def _log_row(scope: str, row: Row) -> dict[str, Any]:
    change = row.change
    return {
        "id": change.id,
        "scope": scope,
        "own": 0,
        "ctr": row.ctr,
        "device": row.device,
        "actor": row.actor,
        "off": 0,
        "txn": change.txn,
        "root": change.root,
        "entity": change.entity,
        "entity_id": change.entity_id,
        "payload": change.raw,
        "seq": row.seq,
        "eff": row.eff,
        "verdict": row.verdict,
    }


# Written once: making a statement anew costs more than running it.
_CHANGE = tables.change.c
_KNOWN = select(_CHANGE.id, _CHANGE.payload).where(_CHANGE.id.in_(bindparam("ids", expanding=True)))
_INSERT = insert(tables.change)
_ONE = update(tables.change).where(_CHANGE.id == bindparam("b_id"))
_PLACES: dict[str, Any] = {"seq": bindparam("b_seq"), "eff": bindparam("b_eff"), "verdict": bindparam("b_v")}
_PLACE = _ONE.where(_CHANGE.own == 1).values(**_PLACES)
_CONFIRM = _ONE.values(**_PLACES, refused=None, refused_args=None)
_RESTORE = _ONE.values(payload=bindparam("b_payload"))
_PARK = _ONE.where(_CHANGE.own == 1).values(refused=bindparam("b_code"), refused_args=bindparam("b_args"))
