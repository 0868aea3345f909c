"""The centre counts what a team searched on days that are over; each search counts once on every desk."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.central import usage as counts
from agentdesk.changes import stamp_time
from agentdesk.changes.hlc import hlc_at
from agentdesk.desk import knowledge, usage
from agentdesk.desk.context import Desk
from agentdesk.domain.usage import Use
from tests.sync.centres import CentreProcess
from tests.sync.joined_desks import Make, sync
from tests.sync.pushes import change


def searched(desk: Desk, words: str, days_ago: int, opened: str = "", solved: bool | None = None) -> None:
    """Write a search of an earlier day, as that day wrote it."""
    at = stamp_time(desk.now() - timedelta(days=days_ago))
    value = {"words": words, "hits": [opened] if opened else [], "opened": opened, "solved": solved, "at": at}
    with desk.journal.transaction() as txn:
        fact = txn.new_id()
        taken = {"inserted": {"article": opened, "request": "", "at": at}} if opened else {}
        txn.write("log_fact", fact, root=fact, patch={"searched": value, **taken})


def counted(desk: Desk, days: int = 30) -> dict[str, tuple[int, int]]:
    report = usage.report(desk, days)
    return {one.words: (one.searches, one.unhit) for one in report.terms}


def test_days_that_are_over_are_everybodys_and_count_once(joined: Make) -> None:
    agent, other, chief = joined("王五", "rep"), joined("赵六", "specialist"), joined("李四", "supervisor")
    for desk in (agent, other):
        searched(desk, "退款", 2, "a", True)
        searched(desk, "量子纠缠仪", 3)
    knowledge.solved(other, "量子纠缠仪", [], "", None)
    assert counted(other) == {"退款": (1, 0), "量子纠缠仪": (2, 2)}, "before anything was sent"
    sync(agent, other, chief, other)
    assert counted(chief) == {"退款": (2, 0), "量子纠缠仪": (2, 2)}, "today is not over"
    assert counted(other) == {"退款": (2, 0), "量子纠缠仪": (3, 3)}, "its own of today, too"
    report = usage.report(chief, 30)
    assert report.counted_to == (chief.now() - timedelta(days=2)).date().isoformat()
    assert report.searched.articles == {"a": Use(opened=2, inserted=2, helped=2)}
    sync(chief, other)
    assert counted(other) == {"退款": (2, 0), "量子纠缠仪": (3, 3)}, "to hear of it again counts nothing twice"


@pytest.mark.parametrize("ahead", [400, 1])
def test_a_clock_that_is_ahead_makes_no_day_to_come(joined: Make, centre: CentreProcess, ahead: int) -> None:
    """What it wrote counts on the day on which the centre took it, once that is over."""
    agent, chief = joined("王五", "rep"), joined("李四", "supervisor")
    searched(agent, "发票", 2)
    searched(agent, "退款", -ahead)
    sync(agent, chief)
    assert counted(chief) == {"发票": (1, 1)}
    assert usage.report(chief, 30).counted_to == (chief.now() - timedelta(days=2)).date().isoformat()
    with contextlib.closing(centre.database()) as conn:
        (scope,) = conn.execute("SELECT scope FROM scope_head WHERE scope LIKE 'team:%'").fetchone()
        now = int(chief.now().timestamp() * 1000)
        assert not counts.due(conn, scope, now) and counts.due(conn, scope, now + 2 * 86_400_000)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-01-28T01:00:00.000+08:00", "2026-01-28"), ("2026-01-27T23:00:00.000-05:00", "2026-01-27"),
        ("2026-01-29T00:30:00.000+08:00", "2026-01-28"), ("2028-01-01T00:00:00.000+00:00", "2026-01-28"),
        ("2026-01-27T09:00:00.000+00:00", "2026-01-27"), ("9999-12-31T23:00:00.000-12:00", "2026-01-27"),
        ("", "2026-01-28"), ("gestern", "2026-01-28"), ("2026-01-01", "2026-01-28"),
    ],
)  # fmt: skip
def test_the_day_is_where_it_happened_and_never_after_it_arrived(at: str, day: str) -> None:
    taken = hlc_at(int(datetime(2026, 1, 28, 10, tzinfo=UTC).timestamp() * 1000))
    assert counts._day(change("log_fact", {"searched": {"at": at}}), taken) == day


def test_what_comes_late_is_added(joined: Make) -> None:
    agent, other, chief = joined("王五", "rep"), joined("赵六", "specialist"), joined("李四", "supervisor")
    searched(agent, "退款", 5)
    sync(agent, chief)
    assert counted(chief) == {"退款": (1, 1)}
    searched(other, "退款", 5)
    searched(other, "发票", 20)
    sync(other, chief, other)
    assert counted(chief) == counted(other) == {"退款": (2, 2), "发票": (1, 1)}
    assert counted(chief, 7) == {"退款": (2, 2)}
