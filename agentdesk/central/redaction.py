"""Redaction at the centre: on order of an authorised person the value leaves log and states (SYNC 2.14).

Runs under the scope's lock. The centre finds the targets itself, in everything that has reached it, and writes the one
change that tells all desks; what it was asked for is remembered nowhere.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from agentdesk import faults
from agentdesk.central.accounts import UP_ONLY, Author
from agentdesk.central.admin import CENTRE_DEVICE
from agentdesk.central.ledger import REPAIRING, ScopeLog
from agentdesk.central.problems import Problem
from agentdesk.central.states import marks
from agentdesk.changes import Change, EntityState, Registry, Row, fold_row, new_id, payload_hash, stamp_time
from agentdesk.changes.hlc import hlc_at
from agentdesk.changes.skeleton import Cut, skeleton
from agentdesk.domain import redaction
from agentdesk.domain.redaction import Found, Order

DUE = "erasing"
"""Key in `meta` while the file still has to be written anew."""

WORDS = ("suggestion", "stat")
"""Kinds in a team's log that hold words of searches: whoever looked for the value left it there, under other roots."""

_LATEST = "redacted:"
"""Key in `meta`, followed by a scope: the seq of its latest redaction."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """One row of the log under a root, as it is folded again."""

    change: Change
    seq: int
    eff: int
    verdict: str
    actor: str


def check(author: Author, order: Order, scope: str) -> None:
    """`Problem` 403 `right` unless the author may order it, 400 `message` where the scope holds no requests."""
    if not redaction.may_redact(author.roles):
        raise Problem(403, "right")
    if not scope.startswith("team:"):
        raise Problem(400, "message")


def look(conn: sqlite3.Connection, scope: str, order: Order, registry: Registry) -> Found:
    """Count what the log holds of the value under the root."""
    return redaction.found_in(_targets(conn, scope, order, registry))


def redact(log: ScopeLog, author: Author, order: Order, registry: Registry) -> Found:
    """Take the value out of everything under the root, and of words of searches; nothing where it stands nowhere."""
    if log.state == REPAIRING:
        raise Problem(503, "repairing", retry_after=30)
    searches = ScopeLog(log.conn, UP_ONLY + log.scope, log.now_ms)
    with searches.part():
        _redact_searches(searches, order, registry)
    held = _targets(log.conn, log.scope, order, registry)
    by_root: dict[str, dict[str, tuple[Change, list[Cut]]]] = {}
    for id_, found in held.items():
        by_root.setdefault(found[0].root, {})[id_] = found
    for root, part in by_root.items():
        _redact_root(log, author, replace(order, root=root), part, registry)
    if held:
        log.conn.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(DUE, "1"), (_LATEST + log.scope, str(log.head))]
        )
    return redaction.found_in(held)


def _redact_searches(log: ScopeLog, order: Order, registry: Registry) -> None:
    """Take the value out of the searches that a team's desks sent up: nobody pulls those, so no change tells of it."""
    rows = log.conn.execute(
        "SELECT payload FROM log WHERE scope=? AND instr(payload, CAST('\"searched\"' AS BLOB))", (log.scope,)
    )
    held = redaction.targets((Change.parse(bytes(payload)) for (payload,) in rows), order.value, registry)
    for change, cuts in held.values():
        log.replace(skeleton(change, cuts, log.head))
        _refold(log, change.root, registry)
    if held:
        log.conn.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (DUE, "1"))


def _redact_root(
    log: ScopeLog, author: Author, order: Order, held: dict[str, tuple[Change, list[Cut]]], registry: Registry
) -> None:
    txn = new_id()
    ids = list(held)
    for start in range(0, len(ids), redaction.TARGETS_AT_ONCE):
        part = {id_: held[id_] for id_ in ids[start : start + redaction.TARGETS_AT_ONCE]}
        seq = _append(log, author, order, txn, part, registry)
        for change, cuts in part.values():
            log.replace(skeleton(change, cuts, seq))
        faults.at("redact.mid")
    _refold(log, order.root, registry)


def _targets(
    conn: sqlite3.Connection, scope: str, order: Order, registry: Registry
) -> dict[str, tuple[Change, list[Cut]]]:
    rows = conn.execute(
        "SELECT payload FROM log WHERE scope=? AND (root=? OR root IN"
        f" (SELECT id FROM entity WHERE scope=? AND kind IN ({marks(WORDS)}))) ORDER BY seq",
        (scope, order.root, scope, *WORDS),
    )
    return redaction.targets((Change.parse(bytes(payload)) for (payload,) in rows), order.value, registry)


def _stored(conn: sqlite3.Connection, scope: str, root: str) -> Iterator[Stored]:
    """Read the rows of a root. The log has no index by root, which every push would pay for: this reads the scope."""
    for payload, *place in conn.execute(
        "SELECT payload, seq, eff, verdict, actor FROM log WHERE scope=? AND root=? ORDER BY seq", (scope, root)
    ):
        yield Stored(Change.parse(bytes(payload)), *place)


def _append(
    log: ScopeLog, author: Author, order: Order, txn: str, held: dict[str, tuple[Change, list[Cut]]], registry: Registry
) -> int:
    """Write the change that says what was done; return its place."""
    have, eff = log.device(CENTRE_DEVICE)
    hlc = max(hlc_at(log.now_ms), eff)
    at = stamp_time(datetime.fromtimestamp(log.now_ms / 1000, UTC))
    change = Change.make(
        id=new_id(),
        hlc=hlc,
        root=order.root,
        txn=txn,
        entity=redaction.ENTITY,
        entity_id=new_id(),
        patch={redaction.GROUP: redaction.record(held, by=author.person, why=order.why, at=at)},
        base={},
        rules_v=f"1.{log.head}",
        v=registry.version,
    )
    digest = payload_hash(change.raw)
    log.append(Row(change, log.head + 1, hlc, "applied", digest, CENTRE_DEVICE, have + 1, author.person))
    log.set_device(CENTRE_DEVICE, have + 1, hlc)
    log.write_rows()
    return log.head


def _refold(log: ScopeLog, root: str, registry: Registry) -> None:
    """Fold everything under the root anew: of rows that changed under it, no state may keep what they said."""
    states: dict[tuple[str, str], EntityState] = {}
    for one in _stored(log.conn, log.scope, root):
        key = (one.change.entity, one.change.entity_id)
        row = Row(one.change, one.seq, one.eff, one.verdict, "", "", 0, one.actor)
        states[key] = fold_row(states.get(key), row, log.scope, registry)
    for state in states.values():
        log.states.put(state)


def latest(conn: sqlite3.Connection, scope: str) -> int:
    """Return the seq of the latest redaction of a scope; 0 where there was none."""
    found = conn.execute("SELECT value FROM meta WHERE key=?", (_LATEST + scope,)).fetchone()
    return int(found[0]) if found else 0


def heard(log: ScopeLog, seen: int | None) -> None:
    """`Problem` 409 `redacted` where a desk that has pulled up to `seen` does not know a redaction of its team.

    What it holds would bring the value back: of a log that goes up only, for good, since no order would look there
    again. An older program does not say how far it has pulled, and is taken as it was.
    """
    if seen is not None and seen < latest(log.conn, log.scope.removeprefix(UP_ONLY)):
        raise Problem(409, "redacted")


def finish(conn: sqlite3.Connection) -> bool:
    """Write the file anew and empty the log beside it where a redaction left that to do; False: to be tried again.

    `secure_delete` alone leaves copies in pages that were split earlier. Outside any transaction, by the writer alone.
    """
    if conn.execute("SELECT 1 FROM meta WHERE key=?", (DUE,)).fetchone() is None:
        return True
    faults.at("redact.before_checkpoint")
    try:
        conn.execute("VACUUM")
        busy: Any = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        _log.warning("the file could not be written anew after a redaction: %s", error)
        return False
    if not busy:
        conn.execute("DELETE FROM meta WHERE key=?", (DUE,))
    return not busy
