"""The centre counts what a team searched on days that are over; each search counts once on every desk."""

from __future__ import annotations

from datetime import timedelta

from agentdesk.changes import stamp_time
from agentdesk.desk import knowledge, usage
from agentdesk.desk.context import Desk
from agentdesk.domain.usage import Use
from tests.sync.joined_desks import Make, sync


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
