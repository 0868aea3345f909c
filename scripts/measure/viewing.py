"""The queue through a view and the way to the next request, at 100,000 rows, each beside the plain queue's page."""

from __future__ import annotations

from agentdesk.desk import queue
from agentdesk.desk.context import open_desk
from agentdesk.store.queue_views import QueueFilter
from agentdesk.widgets.virtual_list import PAGE
from measure.figures import Result, Sizes, percentile, side_by_side
from measure.stores import Homes


def viewing(sizes: Sizes, homes: Homes) -> list[Result]:
    """Read the first page of a filtered view, with its count, and the neighbour of one request after another."""
    desk = open_desk(homes.copy("great"))
    wanted = QueueFilter(request_type="complaint", priority="P2")
    try:
        ids = [row.id for row in queue.page(desk, 0, PAGE, wanted).rows]
        ways = {
            "view": ("a page of complaints of P2 and how many they are", lambda _: queue.page(desk, 0, PAGE, wanted)),
            "neighbour": (
                "the request after this one in that view",
                lambda n: queue.neighbour(desk, ids[n % len(ids)], wanted),
            ),
        }
        results = []
        for row, (what, ours) in ways.items():
            samples, control = side_by_side(sizes.openings, ours, lambda _: queue.page(desk, 0, PAGE))
            results.append(
                Result(
                    row, f"{what}, {sizes.many:,} requests", "ms", samples, "a page of the whole queue", control,
                    percentile(samples, 95), 50.0, "p95 <= 50 ms, in the worker", tail=95,
                )
            )  # fmt: skip
    finally:
        desk.close()
    return results
