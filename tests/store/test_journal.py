"""The journal: facts, outbox and projections in one transaction, guards before, nothing half."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk.domain.refusal import Refusal
from agentdesk.store import entities, open_store, queries, queue_views
from agentdesk.store.entities import Key
from agentdesk.store.journal import Journal
from agentdesk.store.queue_views import QueueFilter
from tests.store.facts import ROW_A, ROW_B, capture, make_journal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = make_journal(tmp_path / "desk.db")
    yield made
    made.store.close()


def capture_a(journal: Journal) -> str:
    with journal.transaction() as txn:
        return capture(txn, ROW_A, number="AD-H7Q3-20260128-0001", category="urgent", priority="P1", channel="phone")


def capture_b(journal: Journal) -> str:
    with journal.transaction() as txn:
        return capture(txn, ROW_B, number="AD-H7Q3-20260128-0002", category="simple", priority="P3", channel="online")


def test_a_captured_request_is_in_the_queue_with_its_least_due(journal: Journal) -> None:
    b, a = capture_b(journal), capture_a(journal)
    rows = queue_views.page(journal.store.raw(), QueueFilter(), 0, 0, 10)
    assert [(row.id, row.next_clock) for row in rows] == [(b, "CK-02"), (a, "CK-01")], "what is due first stands first"
    first = rows[1]
    assert (first.short_number, first.customer, first.priority, first.state) == (
        "AD-0128-0001",
        "张*",
        "P1",
        "ANALYSING",
    )
    assert first.next_due_at is not None
    clocks = {code for (code,) in journal.store.raw().execute("SELECT clock FROM clock_row WHERE root = ?", (a,))}
    assert clocks >= {"CK-01", "CK-06", "CK-08", "CK-10"}


def test_what_does_not_meet_the_guard_writes_nothing(journal: Journal) -> None:
    with pytest.raises(Refusal) as refused, journal.transaction() as txn:
        capture(txn, {**ROW_A, "anomaly": "无"}, number="x", category="urgent", priority="P1", channel="phone")
    assert "anomaly" in refused.value.args["missing"]
    raw = journal.store.raw()
    assert [raw.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("change", "request", "queue_row")] == [
        0
    ] * 3


def test_a_transition_whose_form_comes_later_says_so(journal: Journal) -> None:
    a = capture_a(journal)
    with pytest.raises(Refusal) as refused, journal.transaction() as txn:
        txn.transition("request", a, "flow", "T10")
    assert refused.value.code == "flow.later"


def test_an_illegal_transition_names_state_and_transition(journal: Journal) -> None:
    a = capture_a(journal)
    with pytest.raises(Refusal) as refused, journal.transaction() as txn:
        txn.transition("request", a, "flow", "T13")
    assert refused.value.code == "flow.state" and refused.value.args["state"] == "ANALYSING"


def test_listeners_hear_what_was_touched_after_it_is_saved(journal: Journal) -> None:
    heard: list[set[Key]] = []
    journal.on_touched(heard.append)
    a = capture_a(journal)
    assert ("request", a) in heard[0]
    with pytest.raises(RuntimeError), journal.transaction() as txn:
        txn.write("entry", txn.new_id(), root=a, patch={"note": {"text": "x", "at": txn.now()}})
        raise RuntimeError
    assert len(heard) == 1


def test_texts_are_edited_on_what_is_shown(journal: Journal) -> None:
    a = capture_a(journal)
    with journal.transaction() as txn:
        txn.write("request", a, root=a, patch={"description": "机身底部漏水，地面有插座，很危险"})
    with journal.store.read() as conn:
        state = entities.load(conn, [("request", a)])[("request", a)]
    assert state.texts("description") == ["机身底部漏水，地面有插座，很危险"]


def test_later_pending_work_wins_over_earlier(journal: Journal) -> None:
    a = capture_a(journal)
    for place in ("卫生间", "阳台", "厨房"):
        with journal.transaction() as txn:
            txn.write("request", a, root=a, patch={"place": {"place": place}})
    with journal.store.read() as conn:
        assert entities.load(conn, [("request", a)])[("request", a)].register("place") == {"place": "厨房"}


def test_history_holds_every_change_in_order(journal: Journal) -> None:
    a = capture_a(journal)
    logged = queries.history(journal.store.raw(), a)
    assert len(logged) == 6 and all(change.own and change.seq is None for change in logged)


def test_shape_is_checked_before_anything_is_written(journal: Journal) -> None:
    a = capture_a(journal)
    for patch in ({"note": {"text": "x" * 5001}}, {"note": {"text": "\ud800"}}, {"note": {"text": 1.5}}):
        with pytest.raises(Refusal) as refused, journal.transaction() as txn:
            txn.write("entry", txn.new_id(), root=a, patch={"note": {**patch["note"], "at": txn.now()}})
        assert refused.value.code == "change.shape"


def test_projections_can_be_thrown_away(journal: Journal) -> None:
    capture_a(journal), capture_b(journal)
    raw = journal.store.raw()

    def shown() -> list[list[tuple[object, ...]]]:
        return [
            sorted(raw.execute(f"SELECT * FROM {table}"), key=str)
            for table in ("queue_row", "clock_row", "customer_key")
        ]

    before = shown()
    journal.rebuild()
    assert shown() == before


@pytest.mark.parametrize(("point", "saved"), [("commit.before", 0), ("commit.after", 1)])
def test_a_kill_leaves_all_or_nothing(tmp_path: Path, point: str, saved: int) -> None:
    program = (
        "import sys, pathlib\n"
        "from tests.store.test_journal import capture_a, make_journal\n"
        "capture_a(make_journal(pathlib.Path(sys.argv[1])))\n"
        "print('saved')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "desk.db")],
        env={"AGENTDESK_FAULT": point, "PYTHONPATH": ".", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == -9 and "saved" not in done.stdout, done.stderr
    with open_store(tmp_path / "desk.db") as store:
        raw = store.raw()
        counts = {
            t: raw.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("request", "queue_row", "contact")
        }
        assert counts == dict.fromkeys(counts, saved)
        assert store.integrity() == "ok"
