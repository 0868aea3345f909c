"""The one journal: every replicated row is written here, together with the outbox, in one transaction (law 1).

`transaction()` is how a use case commits facts; `settle` and `apply` are how answers and pulled rows of the centre
come in. All three end in shown rows and projections that fit, before anybody is told that something was saved.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from agentdesk import faults
from agentdesk.changes import HybridClock, Registry, chain_start, new_id
from agentdesk.domain.records import REGISTRY
from agentdesk.domain.refusal import Refusal
from agentdesk.store import tables
from agentdesk.store.database import Store
from agentdesk.store.entities import Key
from agentdesk.store.identity import Identity, load_identity
from agentdesk.store.projections.refresh import Projections
from agentdesk.store.transaction import Transaction, finish_all

Touched = Callable[[set[Key]], None]
HOME = "home"
PACK = "1"
"""Version of the starter pack that this desk ships."""


class Journal:
    """The writer of a store. One a process; safe to call from any thread."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str] = new_id,
        registry: Registry = REGISTRY,
        projections: Projections | None = None,
    ) -> None:
        """Work on an open store; `now` gives aware wall time, `new_id` time-ordered ids."""
        self.store = store
        self.registry = registry
        self.now = now
        self.new_id = new_id
        self.projections = projections or Projections()
        self._listeners: list[Touched] = []
        self.clock = HybridClock(*self._stored_clock())
        self.identity: Identity | None = load_identity(store.raw())
        self.load_rules()

    def on_touched(self, listener: Touched) -> None:
        """Call `listener` with the (entity, id) of what moved, after each commit, in the thread that committed."""
        self._listeners.append(listener)

    def announce(self, touched: set[Key]) -> None:
        """Tell the listeners."""
        for listener in self._listeners:
            listener(touched)

    # -- writing ------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One use case: what it writes is folded at once, and saved when the block ends; nothing if it raises."""
        with self.batch() as begin, begin() as txn:
            yield txn

    @contextlib.contextmanager
    def batch(self) -> Iterator[Callable[[], contextlib.AbstractContextManager[Transaction]]]:
        """Several use cases about different roots that reach the disk together, in one wait and few statements.

        Each `begin()` is a transaction of its own to everybody who pulls it, and is undone alone if its block raises.
        None sees in the file what those before it wrote.
        """
        if self.identity is None:
            raise Refusal("setup.missing")
        done: list[Transaction] = []
        with self.store.write() as conn:
            yield lambda: self._one_of(conn, done)
            finish_all(done)
            self._store_clock(conn)
            faults.at("commit.before")
        faults.at("commit.after")
        self.announce({key for txn in done for key in txn.touched})

    @contextlib.contextmanager
    def whole(self) -> Iterator[Callable[[], contextlib.AbstractContextManager[Transaction]]]:
        """Many use cases that reach the disk all together or not at all, however many they are.

        Each `begin()` is a transaction of its own to everybody who pulls it. It is folded into the rows as it ends, so
        that those after it see it and memory stays that of one; what raises in the block takes all of them back.
        """
        if self.identity is None:
            raise Refusal("setup.missing")
        touched: set[Key] = set()
        with self.store.write() as conn:
            yield lambda: self._folded(conn, touched)
            self._store_clock(conn)
            faults.at("commit.before")
        faults.at("commit.after")
        self.announce(touched)

    @contextlib.contextmanager
    def _folded(self, conn: Connection, touched: set[Key]) -> Iterator[Transaction]:
        assert self.identity is not None
        txn = Transaction(self, conn, self.identity)
        yield txn
        txn.finish()
        touched |= txn.touched

    @contextlib.contextmanager
    def _one_of(self, conn: Connection, done: list[Transaction]) -> Iterator[Transaction]:
        assert self.identity is not None
        counters = dict(done[-1].last_ctr) if done else {}
        txn = Transaction(self, conn, self.identity, counters)
        conn.exec_driver_sql("SAVEPOINT one")
        try:
            yield txn
            txn.check_size()
        except BaseException:
            raw = conn.connection.driver_connection
            if raw is not None and raw.in_transaction:  # a full disk has ended it already
                conn.exec_driver_sql("ROLLBACK TO one")
            raise
        conn.exec_driver_sql("RELEASE one")
        done.append(txn)

    def scope_of(self, entity: str) -> str:
        """Return the scope that this desk writes an entity into: `home` until it has joined."""
        identity = self.identity
        if identity is None or not identity.joined:
            return HOME
        scope = self.registry.entities[entity].scope
        team = f"team:{identity.team_slug}"
        return {"team": team, "log": f"log:{team}", "kb": "kb:main"}.get(scope, scope)

    def last_ctr(self, conn: Connection, scope: str) -> int:
        """Return the counter of the last own change in a scope."""
        return int(conn.execute(_LAST_CTR, {"b_scope": scope}).scalar() or 0)

    def set_last_ctr(self, conn: Connection, scope: str, ctr: int) -> None:
        """Move the counter, in the transaction that wrote the changes."""
        conn.execute(_SET_CTR, {**_new_cursor(scope), "last_ctr": ctr})

    def ensure_cursor(self, conn: Connection, scope: str) -> None:
        """Make the row of a scope that was never met."""
        conn.execute(_ENSURE_CURSOR, _new_cursor(scope))

    def insert_changes(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to the log of changes."""
        if rows:
            conn.execute(_INSERT_CHANGES, list(rows))

    def load_rules(self) -> None:
        """Read which rules are in force: the pack's version and how far `site` was pulled; written into each change."""
        row = self.store.raw().execute("SELECT seq FROM cursor WHERE scope = 'site'").fetchone()
        self.rules_v = f"{PACK}.{row[0] if row else 0}"

    # -- the clock ----------------------------------------------------------------------------------------------------

    def wall_ms(self) -> int:
        """This machine's wall time in milliseconds."""
        return int(self.now().timestamp() * 1000)

    def set_offset(self, offset_ms: int) -> None:
        """Adopt the difference to the centre's clock that hello told (SYNC 2.15).

        Under the writer's lock: a use case must not tick with one offset and note the other beside its changes.
        """
        with self.store.write() as conn:
            self.clock.set_offset(offset_ms, self.wall_ms())
            self._store_clock(conn)

    def observe(self, conn: Connection, eff: int) -> None:
        """Take note of a merge time that was pulled, in the transaction that pulled it: what is written next, also
        after a restart, is later."""
        self.clock.observe(eff)
        self._store_clock(conn)

    def _stored_clock(self) -> tuple[int, int]:
        row = self.store.raw().execute("SELECT value FROM local WHERE key = 'clock'").fetchone()
        values = json.loads(row[0]) if row else {}
        return int(values.get("last", "0")), int(values.get("offset_ms", 0))

    def _store_clock(self, conn: Connection) -> None:
        value = {"last": str(self.clock.last), "offset_ms": self.clock.offset_ms}
        conn.execute(_SET_LOCAL, {"key": "clock", "value": value})

    # -- reading ------------------------------------------------------------------------------------------------------

    def waiting(self) -> int:
        """Count the own changes that wait to be sent; `home` is never sent, and for `log:` nobody waits."""
        change = tables.change
        statement = (
            select(func.count())
            .where(change.c.own == 1, change.c.seq.is_(None), change.c.refused.is_(None))
            .where(change.c.scope != HOME, change.c.scope.not_like("log:%"))
        )
        with self.store.read() as conn:
            return int(conn.execute(statement).scalar_one())

    def rebuild(self) -> None:
        """Throw the projections of requests away and compute them anew."""
        with self.store.write() as conn:
            roots = list(conn.execute(text("SELECT id FROM request")).scalars())
            self.projections.rebuild(conn, roots)


def _new_cursor(scope: str) -> dict[str, Any]:
    return {"scope": scope, "epoch": "", "seq": 0, "chain": chain_start(scope), "receipt": "", "last_ctr": 0}


# Written once: making a statement anew costs more than running it.
_LAST_CTR = select(tables.cursor.c.last_ctr).where(tables.cursor.c.scope == bindparam("b_scope"))
_CURSOR = upsert(tables.cursor)
_ENSURE_CURSOR = _CURSOR.on_conflict_do_nothing()
_SET_CTR = _CURSOR.on_conflict_do_update(index_elements=["scope"], set_={"last_ctr": _CURSOR.excluded.last_ctr})
_INSERT_CHANGES = insert(tables.change)
_LOCAL = upsert(tables.local)
_SET_LOCAL = _LOCAL.on_conflict_do_update(index_elements=["key"], set_={"value": _LOCAL.excluded.value})
