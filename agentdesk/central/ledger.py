"""One scope's log under its lock: head, rows, answers, counters (SYNC 2.2). The only writer of these tables.

A `ScopeLog` lives for one transaction. Several pushes may share it, each behind a savepoint, so that one that fails
spoils none of the others (group commit, SYNC 2.16).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agentdesk import faults
from agentdesk.central.database import epoch_of
from agentdesk.central.states import States, chunks, marks, plain_json
from agentdesk.changes import Change, Row, chain_next, chain_start
from agentdesk.changes.skeleton import erased_at

READY = "ready"
REPAIRING = "repairing"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one change is not taken: a stable code and what the sentence about it needs."""

    code: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a change id was answered, now or earlier: a place in the log, or a refusal."""

    row_hash: str
    seq: int | None
    eff: int | None
    verdict: str | None
    refused: Refused | None


class ScopeLog:
    """The log of one scope, locked by the caller's write transaction."""

    def __init__(self, conn: sqlite3.Connection, scope: str, now_ms: int) -> None:
        """Read the head; makes it where the scope was never written. `now_ms` is the centre's time for all stamps."""
        self.conn = conn
        self.scope = scope
        self.now_ms = now_ms
        self._month = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m")
        self._read_head()
        faults.at("lock.held")

    def _read_head(self) -> None:
        """Read the head and forget what was folded: at the start, and after a push that was rolled back."""
        columns = "SELECT epoch, head, chain, state FROM scope_head WHERE scope=?"
        found = self.conn.execute(columns, (self.scope,)).fetchone()
        if found is None:
            found = (epoch_of(self.conn), 0, bytes.fromhex(chain_start(self.scope)), READY)
            self.conn.execute("INSERT INTO scope_head VALUES (?,?,?,?,?)", (self.scope, *found))
        self.epoch: str = found[0]
        self.head: int = found[1]
        self.chain: str = found[2].hex()
        self.state: str = found[3]
        self.states = States(self.conn, self.scope)
        self._rows: list[tuple[Any, ...]] = []
        self._answers: list[tuple[Any, ...]] = []

    @contextmanager
    def part(self) -> Iterator[None]:
        """One push of the group: written as a whole, or undone alone."""
        self.conn.execute("SAVEPOINT part")
        try:
            yield
            self._flush()
        except BaseException:
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK TO part")
                self.conn.execute("RELEASE part")
                self._read_head()
            raise
        self.conn.execute("RELEASE part")

    def device(self, device: str) -> tuple[int, int]:
        """Return a device's `have` and the merge time of its last change here."""
        found = self.conn.execute(
            "SELECT have, eff FROM device_head WHERE scope=? AND device=?", (self.scope, device)
        ).fetchone()
        return (found[0], found[1]) if found else (0, 0)

    def set_device(self, device: str, have: int, eff: int) -> None:
        """Move a device's `have` and merge time."""
        self.conn.execute(
            "INSERT INTO device_head VALUES (?,?,?,?,0) ON CONFLICT DO UPDATE SET have=excluded.have, eff=excluded.eff",
            (self.scope, device, have, eff),
        )

    def set_acked(self, device: str, acked: int) -> None:
        """Note how far a device says that it settled its own changes: what it may never ask again."""
        self.conn.execute(
            "UPDATE device_head SET acked=max(acked, ?) WHERE scope=? AND device=?", (acked, self.scope, device)
        )

    def answered(self, ids: Sequence[str]) -> dict[str, Answered]:
        """Return the earlier answers of those ids that were answered before."""
        found: dict[str, Answered] = {}
        for part in chunks(ids):
            for id_, row_hash, seq, eff, verdict, code, args in self.conn.execute(
                "SELECT a.id, a.row_hash, a.seq, l.eff, l.verdict, a.code, a.args FROM answer AS a"
                " LEFT JOIN log AS l ON l.scope = a.scope AND l.seq = a.seq"
                f" WHERE a.scope=? AND a.id IN ({marks(part)})",
                (self.scope, *part),
            ):
                refused = Refused(code, json.loads(args)) if code is not None else None
                found[id_] = Answered(row_hash.hex(), seq, eff, verdict, refused)
        return found

    def refused_root(self, root: str) -> bool:
        """True where a change of this root was refused."""
        return (
            self.conn.execute(
                "SELECT 1 FROM answer WHERE scope=? AND root=? AND code IS NOT NULL LIMIT 1", (self.scope, root)
            ).fetchone()
            is not None
        )

    def append(self, row: Row) -> None:
        """Put a row at the end, as it is; its seq must be the next one."""
        if row.seq != self.head + 1:
            raise ValueError(f"row {row.seq} after head {self.head}")
        self.head = row.seq
        self.chain = chain_next(self.chain, row)
        change, row_hash = row.change, bytes.fromhex(row.row_hash)
        self._rows.append(
            (
                self.scope, row.seq, self._month, change.id, change.root, change.txn, row.device, row.ctr, row.actor,
                row.adj, row.eff, row.verdict, row_hash, bytes.fromhex(self.chain), change.raw,
            )
        )  # fmt: skip
        self._answers.append((self.scope, change.id, row_hash, row.device, row.ctr, row.seq, change.root, None, None))

    def replace(self, change: Change) -> None:
        """Put a skeleton in the place of a row's payload; hash, chain and stamps stay (SYNC 2.14)."""
        self.conn.execute("UPDATE log SET payload=? WHERE scope=? AND id=?", (change.raw, self.scope, change.id))

    def erased(self, change_id: str, device: str, ctr: int) -> bool:
        """Whether this change of a device lies in the log as a skeleton."""
        found = self.conn.execute(
            "SELECT l.payload FROM answer AS a JOIN log AS l ON l.scope = a.scope AND l.seq = a.seq"
            " WHERE a.scope=? AND a.id=? AND a.device=? AND a.ctr=?",
            (self.scope, change_id, device, ctr),
        ).fetchone()
        return found is not None and erased_at(Change.parse(bytes(found[0]))) > 0

    def refuse(self, change: Change, row_hash: str, device: str, ctr: int, refused: Refused) -> None:
        """Remember a refusal: the same id gets the same answer for ever."""
        place = (device, ctr, None, change.root)
        said = (refused.code, plain_json(dict(refused.args)))
        self._answers.append((self.scope, change.id, bytes.fromhex(row_hash), *place, *said))

    def write_rows(self) -> None:
        """Write what was appended and answered so far, so that it can be read back in the same transaction."""
        self.conn.executemany("INSERT INTO log VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", self._rows)
        self.conn.executemany("INSERT INTO answer VALUES (?,?,?,?,?,?,?,?,?)", self._answers)
        self._rows.clear()
        self._answers.clear()

    def _flush(self) -> None:
        """Write rows, answers, states and head of one part."""
        self.write_rows()
        self.states.flush()
        self.conn.execute(
            "UPDATE scope_head SET head=?, chain=? WHERE scope=?", (self.head, bytes.fromhex(self.chain), self.scope)
        )
        faults.at("inserted")
