"""Opening the queue's list: how long the event loop is busy with it, at 100,000 rows and at twenty.

Measured inside the app: while a list is opened, every callback that the event loop runs is timed, until the frame with
its rows is drawn. What the worker does meanwhile, reading the page, is told beside it. The terminal is a headless one.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from agentdesk import preferences
from agentdesk.app.main import AgentDesk
from agentdesk.app.run import open_session
from agentdesk.desk import queue
from agentdesk.desk.context import open_desk
from agentdesk.screens.queue import QueueScreen
from agentdesk.store.queries import QueueRow
from agentdesk.widgets.virtual_list import PAGE, VirtualList
from measure.figures import Result, Sizes, percentile, timed_ms
from measure.stores import Homes

BUSY_MS = 30.0
FEW = 20


class LoopMeter:
    """Adds up the time in which the event loop runs callbacks."""

    def __init__(self) -> None:
        """Nothing was spent yet."""
        self.spent_ms = 0.0

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Time every callback of this thread's loop inside the block."""
        thread = threading.get_ident()
        run = asyncio.Handle._run  # the one place through which every callback goes

        def timed(handle: asyncio.Handle) -> Any:
            if threading.get_ident() != thread:
                return run(handle)
            began = time.perf_counter()
            try:
                return run(handle)
            finally:
                self.spent_ms += (time.perf_counter() - began) * 1000

        setattr(asyncio.Handle, "_run", timed)  # noqa: B010 - a method, for this block
        try:
            yield
        finally:
            setattr(asyncio.Handle, "_run", run)  # noqa: B010 - a method, for this block


def opening(sizes: Sizes, homes: Homes) -> list[Result]:
    """Open the list again and again in the real app on the great store, long and short in turn."""
    return asyncio.run(_opening(sizes, homes))


async def _opening(sizes: Sizes, homes: Homes) -> list[Result]:
    home = homes.copy("great")
    desk = open_desk(home)
    paths = preferences.paths({preferences.HOME_VARIABLE: str(home)})
    try:
        session = open_session(desk, preferences.load(paths.preferences).preferences)
        app = AgentDesk(session, paths, preferences.load(paths.preferences).preferences, load=False)
        page_ms = [timed_ms(lambda: queue.page(desk, 0, PAGE)) for _ in range(sizes.openings)]
        page = queue.page(desk, 0, PAGE)
        many, few = [], []
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            rows = cast("VirtualList[QueueRow]", cast(QueueScreen, app.screen).query_one("#queue", VirtualList))
            for _ in range(sizes.openings):
                many.append(await _open(rows, page.total, list(page.rows)))
                few.append(await _open(rows, FEW, list(page.rows[:FEW])))
    finally:
        desk.close()
    note = f"reading the page and the figures, in the worker: median {percentile(page_ms, 50):.1f} ms"
    return [
        Result(
            "open-queue",
            f"opening the list of {page.total:,} rows, event loop busy",
            "ms",
            many,
            f"the same list of {FEW} rows",
            few,
            percentile(many, 99),
            BUSY_MS,
            "p99 <= 30 ms",
            notes=(note,),
        )  # fmt: skip
    ]


async def _open(rows: VirtualList[QueueRow], total: int, page: list[QueueRow]) -> float:
    """Open the list with its first page and return how long the loop was busy until the frame was drawn."""
    meter = LoopMeter()
    painted = asyncio.Event()
    with meter.measuring():
        began = time.perf_counter()
        rows.open(total)
        rows.put_page(0, page, rows.generation)
        rows.call_after_refresh(painted.set)
        meter.spent_ms += (time.perf_counter() - began) * 1000
        await painted.wait()
    return meter.spent_ms
