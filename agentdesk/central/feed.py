"""Reading a log: pulls of one snapshot and whole transactions, heads, receipts (SYNC 2.8)."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from agentdesk.central.database import Secrets, epoch_of, reading
from agentdesk.central.ledger import READY
from agentdesk.central.problems import Problem
from agentdesk.changes import canonical, chain_start

MAX_ROWS = 2_000
MAX_BYTES = 1 << 20
LONGEST_TXN = 100
"""Changes of one txn at most, so that its end is always within that many rows (SYNC 2.2)."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a scope has come; a scope that was never written stands at its start."""

    scope: str
    epoch: str
    head: int
    chain: str
    state: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a desk stands when it pulls: `acked` is the highest own counter that it settled."""

    epoch: str
    after: int
    chain: str
    acked: int
    limit: int


def head_of(conn: sqlite3.Connection, scope: str) -> Head:
    """Return the head of a scope as the connection sees it now."""
    found = conn.execute("SELECT epoch, head, chain, state FROM scope_head WHERE scope=?", (scope,)).fetchone()
    if found is None:
        return Head(scope, epoch_of(conn), 0, chain_start(scope), READY)
    return Head(scope, found[0], found[1], found[2].hex(), found[3])


def have_of(conn: sqlite3.Connection, scope: str, device: str) -> int:
    """Return how far the counters of a device have come in a scope."""
    found = conn.execute("SELECT have FROM device_head WHERE scope=? AND device=?", (scope, device)).fetchone()
    return int(found[0]) if found else 0


def heads(conn: sqlite3.Connection) -> dict[str, int]:
    """Return the head of every scope that was written; read a few times a second while somebody waits."""
    return dict(conn.execute("SELECT scope, head FROM scope_head").fetchall())


def receipt(held: Secrets, scope: str, epoch: str, attested: dict[str, Any]) -> str:
    """Return key id and HMAC of what the centre attests: the proof that it once said so (SYNC 2.2)."""
    message = canonical({"attested": attested, "epoch": epoch, "scope": scope})
    return f"{held.receipt_key_id}:{hmac.digest(held.receipt_key, message, hashlib.sha256).hex()}"


def pull(conn: sqlite3.Connection, held: Secrets, scope: str, device: str, asked: Asked) -> bytes:
    """Return the body of a pull: rows behind `after`, all of one moment, whole txns, own ones too.

    `Problem` 409 `epoch` where the desk knows more than this log, or another one: `why` says what showed it.
    """
    with reading(conn):
        head = head_of(conn, scope)
        have = have_of(conn, scope, device)
        _check(conn, head, have, asked)
        rows = _rows(conn, scope, asked.after, min(max(asked.limit, 1), MAX_ROWS))
    seq, chain = (rows[-1][0], rows[-1][1].hex()) if rows else (asked.after, _start(asked, scope))
    told = {
        "chain": chain,
        "epoch": head.epoch,
        "have": have,
        "head": head.head,
        "more": seq < head.head,
        "receipt": receipt(held, scope, head.epoch, {"chain": chain, "seq": seq}),
    }
    before = canonical(told)[:-1]
    return before + b',"rows":[' + b",".join(_row_bytes(row) for row in rows) + b'],"seq":%d}' % seq


def _start(asked: Asked, scope: str) -> str:
    return asked.chain or chain_start(scope)


def _check(conn: sqlite3.Connection, head: Head, have: int, asked: Asked) -> None:
    if asked.epoch not in ("", head.epoch) or (not asked.epoch and asked.after):
        raise Problem(409, "epoch", why="epoch", epoch=head.epoch)
    if asked.after > head.head:
        raise Problem(409, "epoch", why="after", head=head.head)
    if have < asked.acked:
        raise Problem(409, "epoch", why="have", have=have)
    if _start(asked, head.scope) != _chain_at(conn, head, asked.after):
        raise Problem(409, "epoch", why="chain")


def _chain_at(conn: sqlite3.Connection, head: Head, seq: int) -> str:
    if seq == 0:
        return chain_start(head.scope)
    if seq == head.head:
        return head.chain
    found: bytes = conn.execute("SELECT chain FROM log WHERE scope=? AND seq=?", (head.scope, seq)).fetchone()[0]
    return found.hex()


def _rows(conn: sqlite3.Connection, scope: str, after: int, limit: int) -> list[tuple[Any, ...]]:
    """Return the next rows, cut at the border of a txn once a limit is reached."""
    found: list[tuple[Any, ...]] = []
    size = 0
    for row in conn.execute(
        "SELECT seq, chain, txn, device, ctr, actor, adj, eff, verdict, row_hash, payload FROM log"
        " WHERE scope=? AND seq>? ORDER BY seq LIMIT ?",
        (scope, after, limit + LONGEST_TXN),
    ):
        if found and found[-1][2] != row[2] and (len(found) >= limit or size >= MAX_BYTES):
            break
        size += len(row[10])
        found.append(row)
    return found


def _row_bytes(row: tuple[Any, ...]) -> bytes:
    """Write one row; the payload's bytes go out as they came in."""
    _, _, _, device, ctr, actor, adj, eff, verdict, row_hash, payload = row
    who = f'{{"actor":{json.dumps(actor)},"adj":{adj},"ctr":{ctr},"device":{json.dumps(device)}'
    head = f'{who},"eff":"{eff:016x}","payload":'
    tail = f',"row_hash":"{row_hash.hex()}","seq":{row[0]},"verdict":"{verdict}"}}'
    return head.encode("ascii") + bytes(payload) + tail.encode("ascii")
