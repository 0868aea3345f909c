"""Opening the queue's list and a long article: how long the event loop is busy with it, beside a short one.

Measured inside the app: while a list or a text is opened, every callback that the event loop runs is timed, in
processor time of its thread, until the frame is drawn. What the worker does meanwhile, reading the page or laying the
text out, is told beside it. The terminal is a headless one.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from agentdesk import preferences
from agentdesk.app.main import AgentDesk
from agentdesk.app.run import open_session
from agentdesk.desk import queue
from agentdesk.desk.article_check import view_of
from agentdesk.desk.context import open_desk
from agentdesk.desk.views import ArticleView
from agentdesk.present.laid import Laid
from agentdesk.screens import drawn
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.queue import QueueScreen
from agentdesk.store.queries import QueueRow
from agentdesk.widgets.long_text import LongText
from agentdesk.widgets.virtual_list import PAGE, VirtualList
from measure.figures import Result, Sizes, percentile, timed_ms
from measure.stores import Homes

BUSY_MS = 30.0
FEW = 20
READ_MS = 10.0
PARAGRAPH = (
    "客户**要求退款**时，先核对`订单号`与[[a.b|退款规则]]，再看**签收时间**，见[说明](https://x.example/y)。\n\n"
    "- 第**一**项 refund policy number 7\n1. 步骤`一`\n\n"
)
"""Markup as dense as it comes."""
LONG, SHORT = 20_000, 1_000
"""Characters of an article; the short one fills the screen too."""


class LoopMeter:
    """Adds up the time in which the event loop runs callbacks."""

    def __init__(self) -> None:
        """Nothing was spent yet."""
        self.spent_ms = 0.0
        self.longest_ms = 0.0
        """What one callback took: so long a key may wait."""

    def add(self, began: float) -> None:
        """Count what this thread did since a moment of its processor time."""
        took = (time.thread_time() - began) * 1000
        self.spent_ms += took
        self.longest_ms = max(self.longest_ms, took)

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Time every callback of this thread's loop inside the block."""
        thread = threading.get_ident()
        run = asyncio.Handle._run  # the one place through which every callback goes

        def timed(handle: asyncio.Handle) -> Any:
            if threading.get_ident() != thread:
                return run(handle)
            began = time.thread_time()
            try:
                return run(handle)
            finally:
                self.add(began)

        setattr(asyncio.Handle, "_run", timed)  # noqa: B010 - a method, for this block
        try:
            yield
        finally:
            setattr(asyncio.Handle, "_run", run)  # noqa: B010 - a method, for this block


def opening(sizes: Sizes, homes: Homes) -> list[Result]:
    """Open a list and an article again and again in the real app on the great store, long and short in turn."""
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
            article = await _articles(sizes, app, pilot)
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
        ),
        article,
    ]  # fmt: skip


async def _open(rows: VirtualList[QueueRow], total: int, page: list[QueueRow]) -> float:
    """Open the list with its first page and return how long the loop was busy until the frame was drawn."""
    meter = LoopMeter()
    painted = asyncio.Event()
    with meter.measuring():
        began = time.thread_time()
        rows.open(total)
        rows.put_page(0, page, rows.generation)
        rows.call_after_refresh(painted.set)
        meter.add(began)
        await painted.wait()
    return meter.spent_ms


class _Page(FramedScreen):
    """A text and nothing else."""

    def body(self) -> ComposeResult:
        """The text, within what scrolls it."""
        with VerticalScroll(id="reader-scroll"):
            yield LongText()


async def _articles(sizes: Sizes, app: AgentDesk, pilot: Pilot[Any]) -> Result:
    """Show articles on a page of the desk, from its top line to its keys."""
    views = [view_of({"title": "退款", "body": (PARAGRAPH * 400)[:size]}, datetime.now(UTC)) for size in (LONG, SHORT)]
    page = _Page()
    await app.push_screen(page)
    await pilot.pause()
    text = page.query_one(LongText)
    laying_ms = [timed_ms(lambda: _laid(views[0], text.size.width)) for _ in range(sizes.openings)]
    long, short = [], []
    gc.collect()
    gc.freeze()  # as the desk does once it is loaded
    for _ in range(sizes.openings):
        long.append(await _read(text, views[0]))
        short.append(await _read(text, views[1]))
    gc.unfreeze()
    spent = percentile([one.spent_ms for one in long], 50)
    what = f"opening an article of {LONG:,} characters of dense markup, longest turn of the event loop"
    return Result(
        "open-article", what, "ms",
        [one.longest_ms for one in long], f"one of {SHORT:,} characters", [one.longest_ms for one in short],
        percentile([one.longest_ms for one in long], 99), READ_MS, "p99 <= 10 ms",
        notes=(f"all turns: median {spent:.1f} ms; laying it out, in the worker: {percentile(laying_ms, 50):.1f} ms",),
    )  # fmt: skip


def _laid(view: ArticleView, cells: int) -> Laid:
    return Laid.of(drawn.article(view, cells), cells)


async def _read(text: LongText, view: ArticleView) -> LoopMeter:
    """Show an article and return how the loop was busy until it was drawn."""
    meter = LoopMeter()
    painted = asyncio.Event()
    with meter.measuring():
        began = time.thread_time()
        text.show(lambda cells: _laid(view, cells))
        meter.add(began)
        await text.app.workers.wait_for_complete()
        text.call_later(lambda: text.call_after_refresh(painted.set))  # once it took what the worker made
        await painted.wait()
    return meter
