"""The day of a demonstration: played by the use cases alone, the same for the same number, nothing refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agentdesk.app.demo import day
from agentdesk.app.demo.colleague import KINDS, OPENING, Colleague
from agentdesk.desk import queue, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.domain.refusal import Refusal
from agentdesk.store.identity import demo_centre, mark_demo
from agentdesk.sync.join import join

NOW = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
STATES = {
    "recorded": ("RECORDED", "ANALYSING"),
    "told": ("PLAN_PENDING", "RECORDED"),
    "agreed": ("ASSIGNED", "RECORDED"),
    "working": ("IN_PROGRESS", "RECORDED"),
    "resolved": ("RESOLVED",),
    "closed": ("CLOSED",),
}
"""How far a row reached -> where its request may stand; a simple one needs no plan."""


@pytest.fixture
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "wall", lambda: NOW)


def played(home: Path, seed: int, every: int = 1) -> tuple[Desk, list[Refusal]]:
    """A desk at which the day has happened, or every nth row of it."""
    rows = day.load_rows()[::every]
    clock = day.DayClock(NOW - day.length(rows))
    desk = open_desk(home, now=clock.now, mono=clock.mono)
    setup.first_run(desk, "林小雨", "8021", "客服演示组")
    return desk, day.play(desk, clock, rows, seed)


def shown(desk: Desk) -> list[tuple[Any, ...]]:
    """What the queue shows of a day, without ids."""
    return [
        (row.customer, row.title, row.state, row.priority, row.next_due_at, row.updated_at)
        for row in queue.page(desk, view=queue.ALL).rows
    ]


@pytest.mark.usefixtures("no_clock")
def test_no_row_of_the_content_is_refused_and_each_reaches_its_place(tmp_path: Path) -> None:
    desk, refused = played(tmp_path / "a", 1)
    assert refused == []
    found = {(row.customer, row.title): row for row in queue.page(desk, view=queue.ALL).rows}
    rows = day.load_rows()
    assert len(found) == len(rows)
    for row in rows:
        (one,) = (line for (_, title), line in found.items() if row["description"].startswith(title.split(" ", 1)[-1]))
        assert one.state in STATES[row.get("reach", "recorded")], row
        assert one.updated_at <= NOW.timestamp() * 1000
    desk.close()


@pytest.mark.usefixtures("no_clock")
def test_the_same_number_is_the_same_day(tmp_path: Path) -> None:
    first, again, other = (played(tmp_path / name, seed, 4)[0] for name, seed in (("a", 7), ("b", 7), ("c", 8)))
    assert shown(first) == shown(again)
    assert shown(first) != shown(other)
    for desk in (first, again, other):
        desk.close()


@pytest.mark.usefixtures("no_clock")
def test_clocks_run_some_due_soon_some_breached(tmp_path: Path) -> None:
    desk, _ = played(tmp_path / "a", 1)
    now = NOW.timestamp() * 1000
    left = [row.next_due_at - now for row in queue.page(desk).rows if row.next_due_at is not None]
    assert any(ms < 0 for ms in left), "none is breached"
    assert any(0 < ms < 45 * 60_000 for ms in left), "none is due soon"
    desk.close()


def test_a_colleague_does_what_there_is_to_do(tmp_path: Path) -> None:
    made = Colleague(tmp_path / "colleague", 1)
    setup.first_run(made.desk, "周舟", "8022", "客服演示组")
    done = [made.act() for _ in range(14)]
    assert done[0] == OPENING[0] == "capture"
    assert "" not in done and set(done) <= set(KINDS)
    assert {"capture", "answer", "take_over", "solve"} <= set(done)
    made.desk.close()


def test_a_demonstration_joins_no_other_centre(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a")
    setup.first_run(desk, "林小雨", "8021", "客服演示组")
    assert demo_centre(desk.store.raw()) == ""
    with desk.store.plain_write() as conn:
        mark_demo(conn, "http://127.0.0.1:1")
    with pytest.raises(Refusal) as refused:
        join(desk.store, desk.journal, "https://centre.example.com", "code")
    assert refused.value.code == "join.demo"
    with pytest.raises(Refusal) as own:
        join(desk.store, desk.journal, "http://127.0.0.1:1", "code")
    assert own.value.code == "join.offline"
    desk.close()
