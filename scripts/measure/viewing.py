"""The queue through views and the way to the next request, at 100,000 rows, each beside the plain queue's page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from agentdesk.desk import queue
from agentdesk.desk.context import Desk, open_desk
from agentdesk.store.queue_views import QueueFilter
from agentdesk.widgets.virtual_list import PAGE
from measure.figures import Result, Sizes, percentile, side_by_side
from measure.stores import TAGS, Homes

COMPLAINTS = QueueFilter(request_type="complaint", priority="P2")


def viewing(sizes: Sizes, homes: Homes) -> list[Result]:
    """Read the first page of filtered views with their counts, and the neighbour of one request after another."""
    desk = open_desk(homes.copy("large"))
    try:
        return _viewing(sizes, desk)
    finally:
        desk.close()


def _page(desk: Desk, view: QueueFilter, _: int) -> object:
    return queue.page(desk, 0, PAGE, view)


def _viewing(sizes: Sizes, desk: Desk) -> list[Result]:
    ids = [row.id for row in queue.page(desk, 0, PAGE, COMPLAINTS).rows]
    views = {
        "view": ("complaints of P2", COMPLAINTS),
        "view-tag": ("one tag", QueueFilter(tag=TAGS[0])),
        "view-soon": ("due in ten minutes", QueueFilter(due="soon")),
    }
    ways: dict[str, tuple[str, Callable[[int], object]]] = {
        row: (f"a page of a view ({what}) and how many they are", partial(_page, desk, view))
        for row, (what, view) in views.items()
    }
    ways["view-count"] = ("how many a view shows, without its rows", lambda _: queue.count(desk, COMPLAINTS))
    ways["neighbour"] = (
        "the request after this one in a view",
        lambda number: queue.neighbour(desk, ids[number % len(ids)], COMPLAINTS),
    )
    results = []
    for row, (what, ours) in ways.items():
        samples, control = side_by_side(sizes.openings, ours, lambda _: queue.page(desk, 0, PAGE))
        results.append(
            Result(
                row, f"{what}, {sizes.many:,} requests", "ms", samples, "a page of the whole queue", control,
                percentile(samples, 95), 50.0, "p95 <= 50 ms, in the worker", tail=95,
            )
        )  # fmt: skip
    return results
