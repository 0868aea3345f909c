"""The virtual list: opens 100,000 rows at once, asks for what is seen, keeps its row."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from textual.content import Content

from agentdesk.present.safe import fit, line
from agentdesk.widgets.virtual_list import VirtualList


def draw(row: str, cells: int) -> Content:
    """One plain row."""
    return line(fit(row, cells))


def made() -> VirtualList[str]:
    """A list of texts that are their own key."""
    return VirtualList(draw, key=lambda row: row)


async def serve(app: Any, pilot: Any, rows: VirtualList[str], answered: list[int], name: str = "行") -> None:
    """Answer every page that was asked for and not yet answered."""
    await pilot.pause()
    for event in app.heard(VirtualList.PageWanted)[len(answered) :]:
        answered.append(event.offset)
        stop = min(event.offset + event.limit, rows.total)
        rows.put_page(event.offset, [f"{name}{index}" for index in range(event.offset, stop)], event.generation)
    await pilot.pause()


async def test_opens_100k_rows_at_once(host: Callable[..., Any], text_of: Any, record_property: Any) -> None:
    rows = made()
    app = host(rows)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        began = time.perf_counter()
        rows.open(100_000)
        took = (time.perf_counter() - began) * 1000
        record_property("open_100k_ms", took)
        answered: list[int] = []
        await serve(app, pilot, rows, answered)
        assert "行0 " in text_of(app) and answered == [0]
        rows.focus()
        await pilot.press("end")
        await serve(app, pilot, rows, answered)
        assert "> 行99999" in text_of(app) and answered[-1] == 99_900 and len(answered) == 2


async def test_moves_marks_and_chooses(host: Callable[..., Any], text_of: Any) -> None:
    rows = made()
    app = host(rows)
    async with app.run_test(size=(60, 10), message_hook=app.hear) as pilot:
        rows.open(300)
        rows.focus()
        answered: list[int] = []
        await serve(app, pilot, rows, answered)
        await pilot.press("down", "down", "up")
        assert "> 行1 " in text_of(app) and text_of(app).count(">") == 1
        await pilot.press("pagedown")
        assert rows.cursor == 10
        await pilot.press("enter", "home")
        assert rows.cursor == 0
        assert app.heard(VirtualList.Chosen)[-1].row == "行10"
        assert [event.index for event in app.heard(VirtualList.Highlighted)][-1] == 0


async def test_rows_that_have_not_come_say_so_and_cannot_be_chosen(host: Callable[..., Any], text_of: Any) -> None:
    rows = made()
    app = host(rows)
    async with app.run_test(size=(60, 10), message_hook=app.hear) as pilot:
        rows.open(50)
        rows.focus()
        await pilot.press("enter")
        assert "> .." in text_of(app) and not app.heard(VirtualList.Chosen)


async def test_a_page_of_an_older_generation_is_dropped(host: Callable[..., Any]) -> None:
    rows = made()
    app = host(rows)
    async with app.run_test(size=(60, 10), message_hook=app.hear) as pilot:
        rows.open(5)
        await pilot.pause()
        old = rows.generation
        rows.reload(5)
        rows.put_page(0, ["旧"], old)
        assert rows.row is None


async def test_the_cursor_stays_with_its_row_when_the_order_changes(host: Callable[..., Any], text_of: Any) -> None:
    rows = made()
    app = host(rows)
    async with app.run_test(size=(60, 10), message_hook=app.hear) as pilot:
        rows.open(4)
        rows.focus()
        await pilot.pause()
        rows.put_page(0, ["甲", "乙", "丙", "丁"], rows.generation)
        await pilot.press("down")
        rows.reload(5)
        assert rows.row == "乙", "the old rows stay until new ones come"
        rows.put_page(0, ["新", "甲", "丙", "乙", "丁"], rows.generation)
        await pilot.pause()
        assert rows.row == "乙" and rows.cursor == 3 and "> 乙" in text_of(app)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_an_empty_list_says_so(host: Callable[..., Any], text_of: Any, size: tuple[int, int]) -> None:
    rows = made()
    app = host(rows)
    async with app.run_test(size=size, message_hook=app.hear) as pilot:
        rows.open(0)
        rows.focus()
        await pilot.press("down", "end", "enter", "pageup")
        assert "没有内容" in text_of(app) and not app.heard(VirtualList.Chosen)


async def test_a_shrinking_list_keeps_its_cursor_inside(host: Callable[..., Any], text_of: Any) -> None:
    rows = made()
    app = host(rows)
    async with app.run_test(size=(60, 10), message_hook=app.hear) as pilot:
        rows.open(50)
        rows.focus()
        answered: list[int] = []
        await serve(app, pilot, rows, answered)
        await pilot.press("end")
        rows.reload(3)
        await serve(app, pilot, rows, answered, "新")
        assert rows.cursor == 2 and "> 新2" in text_of(app) and "行" not in text_of(app)


async def test_hostile_rows_are_harmless(host: Callable[..., Any], hostile: list[str], harmless: Any) -> None:
    rows = made()
    app = host(rows)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        rows.open(len(hostile))
        await pilot.pause()
        rows.put_page(0, hostile, rows.generation)
        await pilot.pause()
        harmless(app)
