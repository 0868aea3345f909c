"""The queue's views at 100,000 rows: every one is read over an index in the queue's order, none is sorted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from agentdesk.domain.vocabulary import CHANNELS, PRIORITIES, REQUEST_TYPES, STATES
from agentdesk.store import open_store, queue_views
from agentdesk.store.database import Store
from agentdesk.store.queue_views import QueueFilter

MANY = 100_000
NOW = 1_800_000_000_000
CRITERIA = {
    "owner": "p1",
    "due": "soon",
    "state": "REMEDIATION",
    "request_type": "complaint",
    "priority": "P1",
    "channel": "social",
    "tag": "物流",
}


def fill(conn: sqlite3.Connection, count: int) -> None:
    """Rows by arithmetic: every value of every criterion occurs, in shares that differ."""

    def rows() -> Iterator[tuple[object, ...]]:
        for n in range(count):
            state = "REMEDIATION" if n % 997 == 0 else "CLOSED" if n % 10 == 0 else STATES[2 + n % 8]
            due = None if n % 13 == 0 else NOW + (n * 7919 % 5_000_000) * 1000 - 500_000_000
            yield (
                f"{n:032x}", f"AD-K7-20260128-{n:05d}", f"AD-0128-{n:05d}", "张*", f"事情 {n}",
                REQUEST_TYPES[n % len(REQUEST_TYPES)], PRIORITIES[n % len(PRIORITIES)], state, f"p{n % 25}", due,
                int(state != "CLOSED"), CHANNELS[n % len(CHANNELS)],
            )  # fmt: skip

    conn.execute("BEGIN")
    conn.executemany(
        "INSERT INTO queue_row (root, number, short_number, customer, title, request_type, priority, state, owner,"
        " next_due_at, is_open, channel, pending, conflict, updated_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0,0,0)",
        rows(),
    )
    conn.execute(
        "INSERT INTO queue_tag SELECT CASE WHEN rowid % 100 = 0 THEN '物流' ELSE '催办' END, root, is_open,"
        " coalesce(next_due_at, 9223372036854775807), priority, number FROM queue_row WHERE rowid % 4 = 0"
    )
    conn.execute("COMMIT")


@pytest.fixture(scope="module")
def great(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("great") / "desk.db") as store:
        store.raw().execute("PRAGMA synchronous=OFF")
        fill(store.raw(), MANY)
        yield store


def views() -> Iterator[QueueFilter]:
    """Every criterion alone, and every pair of two, over open, closed and all."""
    yield QueueFilter("all")
    yield QueueFilter("closed")
    yield QueueFilter()
    for many in (1, 2):
        for names in combinations(CRITERIA, many):
            for which in ("open", "closed", "all"):
                yield QueueFilter(which, **{name: CRITERIA[name] for name in names})


@pytest.mark.parametrize("view", list(views()), ids=lambda view: f"{view.which}-{'-'.join(view.criteria) or 'plain'}")
def test_a_page_is_read_in_order_over_an_index(great: Store, view: QueueFilter) -> None:
    told = queue_views.plan(great.raw(), view, NOW)
    assert "TEMP B-TREE" not in told, told
    assert "USING INDEX queue_" in told or "USING COVERING INDEX queue_" in told, told


@pytest.mark.parametrize("view", [view for view in views() if view.criteria], ids=str)
def test_a_count_looks_only_at_what_its_index_leaves(great: Store, view: QueueFilter) -> None:
    told = queue_views.plan(great.raw(), view, NOW, counting=True)
    assert "SCAN" not in told and "SEARCH" in told, told


def slow(conn: sqlite3.Connection, view: QueueFilter) -> list[str]:
    """The ids of a view by the plainest means: everything read, chosen and sorted in Python."""
    columns = "root, state, request_type, priority, owner, channel, next_due_at, is_open, number"
    tagged = {root for (root,) in conn.execute("SELECT root FROM queue_tag WHERE tag = ?", (view.tag,))}
    found = []
    for row in conn.execute(f"SELECT {columns} FROM queue_row"):
        one = dict(zip(columns.split(", "), row, strict=True))
        due = one["next_due_at"]
        equal = all(one[name] == value for name, value in view.criteria.items() if name not in ("due", "tag"))
        timely = {
            "": True,
            "soon": due is not None and NOW <= due <= NOW + 600_000,
            "breached": due is not None and due < NOW,
        }[view.due]
        wanted = view.which == "all" and not view.due or one["is_open"] == int(view.which != "closed")
        if equal and timely and wanted and (not view.tag or one["root"] in tagged):
            key = (-one["is_open"], due if due is not None else 1 << 63, one["priority"], one["number"])
            found.append((key, one["root"]))
    return [root for _, root in sorted(found)]


@pytest.mark.parametrize(
    "view",
    [
        QueueFilter(),
        QueueFilter(due="breached"),
        QueueFilter("all", tag="物流", channel="social"),
        QueueFilter("closed", owner="p5"),
        QueueFilter(due="breached", priority="P1"),
        QueueFilter("all", state="REMEDIATION", request_type="complaint"),
    ],
    ids=str,
)
def test_a_view_shows_what_reading_everything_would_show(tmp_path: Path, view: QueueFilter) -> None:
    with open_store(tmp_path / "desk.db") as store:
        conn = store.raw()
        fill(conn, 6_000)
        wanted = slow(conn, view)
        assert wanted
        assert [row.id for row in queue_views.page(conn, view, NOW, 0, 10_000)] == wanted
        assert queue_views.count(conn, view, NOW) == len(wanted)
        walked, at = [wanted[0]], wanted[0]
        while (found := queue_views.neighbour(conn, view, NOW, at)) is not None:
            walked.append(at := found.id)
        assert walked == wanted
        back = queue_views.neighbour(conn, view, NOW, wanted[-1], forward=False)
        assert (back.id if back else None) == (wanted[-2] if len(wanted) > 1 else None)


def test_the_figures_follow_every_change_of_a_row(tmp_path: Path) -> None:
    with open_store(tmp_path / "desk.db") as store:
        conn = store.raw()
        fill(conn, 300)
        conn.execute("UPDATE queue_row SET is_open = 0 WHERE rowid % 3 = 0")
        conn.execute("UPDATE queue_row SET priority = 'P1' WHERE rowid % 5 = 0")
        conn.execute("DELETE FROM queue_row WHERE rowid % 7 = 0")
        counted = conn.execute("SELECT count(*), sum(priority = 'P1') FROM queue_row WHERE is_open = 1").fetchone()
        figures = queue_views.figures(conn, NOW)
        assert (figures.open, figures.p1) == counted
        late = conn.execute("SELECT count(*) FROM queue_row WHERE is_open AND next_due_at < ?", (NOW,)).fetchone()
        assert figures.overdue == late[0] > 0


def test_tags_in_use_are_each_named_once(great: Store) -> None:
    assert queue_views.tags(great.raw()) == ["催办", "物流"]
