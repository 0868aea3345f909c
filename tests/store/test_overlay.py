"""Shown = confirmed log, then own pending work, after any interleaving of commit, answer, refusal, pull (SYNC 2.6)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.changes import (
    Change,
    EntityState,
    Row,
    chain_next,
    chain_start,
    fold_pending,
    fold_row,
    new_id,
    payload_hash,
)
from agentdesk.domain.records import REGISTRY
from agentdesk.store import entities, queries, queue_views
from agentdesk.store.exchange import Answer, ChainBroken, CursorMoved, Exchange
from agentdesk.store.identity import save_identity
from agentdesk.store.journal import Journal
from agentdesk.store.queue_views import QueueFilter
from tests.store.facts import ROW_A, capture, make_journal

SCOPE = "team:service-one"


def join(journal: Journal) -> None:
    """Make the desk a member without a centre: this module plays the log itself."""
    assert journal.identity is not None
    joined = replace(journal.identity, centre_url="http://127.0.0.1:1", scopes=(SCOPE,))
    with journal.store.plain_write() as conn:
        save_identity(conn, joined)
    journal.identity = joined


@dataclass
class Log:
    """The centre's part, as little as it takes: places rows, answers, refuses."""

    rows: list[Row] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def place(self, raw: bytes, device: str, ctr: int) -> Answer:
        seq = len(self.rows) + 1
        row = Row(Change.parse(raw), seq, seq * 10, "applied", payload_hash(raw), device, ctr, f"person of {device}")
        self.rows.append(row)
        return Answer(row.change.id, seq, row.eff, row.verdict)

    def pull(self, exchange: Exchange, limit: int) -> None:
        cursor = exchange.cursor(SCOPE)
        rows = self.rows[cursor.seq : cursor.seq + limit]
        exchange.apply(SCOPE, rows, epoch=cursor.epoch, after=cursor.seq, chain=cursor.chain, receipt="r")


def foreign(root: str, patch: dict[str, Any], base: dict[str, list[str]] | None = None) -> bytes:
    """Return a colleague's change to the request."""
    return Change.make(
        id=new_id(), hlc=1, root=root, txn=new_id(), entity="request", entity_id=root,
        patch=patch, base=base or {}, rules_v="1.0", v=1,
    ).raw  # fmt: skip


def expected(log: Log, seq: int, journal: Journal, root: str) -> EntityState | None:
    """Fold the log up to the cursor and then what is pending, straight from the definitions."""
    state = None
    for row in log.rows[:seq]:
        state = fold_row(state, row, SCOPE, REGISTRY)
    placed = {row.change.id for row in log.rows[:seq]}
    for item in queries.history(journal.store.raw(), root):
        change = Change.parse(item.payload)
        if item.own and item.refused is None and change.id not in placed and change.entity == "request":
            ctr = journal.store.raw().execute("SELECT ctr FROM change WHERE id = ?", (change.id,)).fetchone()[0]
            state = fold_pending(state, change, ctr, item.actor, SCOPE, REGISTRY)
    return state


PATCHES = st.sampled_from(
    [
        {"place": {"place": "卫生间"}},
        {"place": {"place": "阳台"}},
        {"tags": {"technical": True}},
        {"tags": {"technical": False, "policy": True}},
        {"anomaly": "机身底部漏水"},
        {"anomaly": "漏得更多了"},
    ]
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), PATCHES),
        st.tuples(st.just("colleague"), PATCHES),
        st.tuples(st.sampled_from(["push", "refuse"]), st.integers(1, 3)),
        st.tuples(st.just("pull"), st.integers(1, 4)),
    ),
    max_size=14,
)


@given(STEPS)
def test_any_interleaving_shows_the_log_then_the_pending(steps: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = make_journal(Path(folder) / "desk.db")
        join(journal)
        exchange, log, root = Exchange(journal), Log(), new_id()
        log.place(foreign(root, {"place": {"place": "厨房"}, "anomaly": "漏水"}), "desk-b", 1)
        for what, value in steps:
            if what == "commit":
                with journal.transaction() as txn:
                    txn.write("request", root, root=root, patch=value)
            elif what == "colleague":
                log.place(foreign(root, value), "desk-b", len(log.rows) + 1)
            elif what == "pull":
                log.pull(exchange, value)
            else:
                waiting = exchange.outbox(SCOPE)[:value]
                if what == "push":
                    exchange.settle([log.place(item.raw, "desk-a", item.ctr) for item in waiting])
                elif waiting:
                    exchange.settle([Answer(waiting[0].id, refused="right", args={"group": "place"})])
            seq = exchange.cursor(SCOPE).seq
            with journal.store.read() as conn:
                shown = entities.load(conn, [("request", root)]).get(("request", root))
            wanted = expected(log, seq, journal, root)
            assert (shown and shown.as_json()) == (wanted and wanted.as_json())
            shadows = journal.store.raw().execute("SELECT count(*) FROM shadow").fetchone()[0]
            overlay = any(True for item in _overlay(journal, seq))
            assert bool(shadows) == overlay, "a shadow is kept while something pending lies on top, and only then"
        journal.store.close()


def _overlay(journal: Journal, seq: int) -> list[Any]:
    return journal.store.raw().execute(
        "SELECT id FROM change WHERE own AND refused IS NULL AND (seq IS NULL OR seq > ?)", (seq,)
    ).fetchall()  # fmt: skip


@pytest.fixture
def joined(tmp_path: Path) -> Journal:
    journal = make_journal(tmp_path / "desk.db")
    join(journal)
    return journal


def test_two_desks_that_pulled_all_are_equal_and_a_mutated_field_shows(tmp_path: Path) -> None:
    log = Log()
    journals = [make_journal(tmp_path / f"{name}.db") for name in "ab"]
    for journal in journals:
        join(journal)
    a, b = (Exchange(journal) for journal in journals)
    with journals[0].transaction() as txn:
        root = capture(txn, ROW_A, number="AD-K7-20260128-0001", category="urgent", priority="P1", channel="phone")
    a.settle([log.place(item.raw, "desk-a", item.ctr) for item in a.outbox(SCOPE)])
    for exchange in (a, b):
        log.pull(exchange, 500)
    assert a.digest() == b.digest()
    assert [row.id for row in queue_views.page(journals[1].store.raw(), QueueFilter(), 0, 0, 5)] == [root]
    with journals[1].store.write() as conn:
        conn.exec_driver_sql("""UPDATE request SET place = '{"place":"厨房"}'""")
    assert a.digest() != b.digest()


def test_a_refused_capture_is_parked_and_leaves_the_queue(joined: Journal) -> None:
    exchange = Exchange(joined)
    with joined.transaction() as txn:
        root = capture(txn, ROW_A, number="AD-K7-20260128-0001", category="urgent", priority="P1", channel="phone")
    waiting = exchange.outbox(SCOPE)
    assert joined.waiting() == len(waiting) == 6
    exchange.settle([Answer(item.id, refused="right", args={"group": "created"}) for item in waiting])
    assert joined.waiting() == 0 and exchange.outbox(SCOPE) == []
    assert {(card.root, card.code) for card in exchange.parked()} == {(root, "right")}
    assert queue_views.page(joined.store.raw(), QueueFilter(), 0, 0, 5) == []
    assert len(queries.history(joined.store.raw(), root)) == 6, "nothing that was typed is gone"


def test_rows_that_do_not_continue_the_chain_are_not_applied(joined: Journal) -> None:
    exchange, log = Exchange(joined), Log()
    root = new_id()
    for n in range(3):
        log.place(foreign(root, {"place": {"place": str(n)}}), "desk-b", n + 1)
    exchange.cursor(SCOPE)
    start = chain_start(SCOPE)
    with pytest.raises(ChainBroken):
        exchange.apply(SCOPE, log.rows[1:], epoch="", after=0, chain=start, receipt="")
    with pytest.raises(ChainBroken):
        other = chain_next(start, log.rows[0])
        exchange.apply(SCOPE, log.rows[:2], epoch="", after=0, chain=start, receipt="", told=other)
    with pytest.raises(CursorMoved):
        exchange.apply(SCOPE, log.rows, epoch="another", after=0, chain=start, receipt="")
    assert exchange.cursor(SCOPE).seq == 0
    log.pull(exchange, 3)
    assert exchange.cursor(SCOPE).seq == 3


def test_a_batch_never_splits_a_transaction(joined: Journal) -> None:
    exchange = Exchange(joined)
    for n in range(4):
        with joined.transaction() as txn:
            capture(txn, ROW_A, number=f"AD-K7-20260128-000{n}", category="urgent", priority="P1", channel="phone")
    for limit in range(1, 25):
        batch = exchange.outbox(SCOPE, max_changes=limit)
        assert len(batch) == max(6, limit // 6 * 6) and batch[0].ctr == 1
