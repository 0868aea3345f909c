"""Long text: it looks as when it is drawn whole, only rows in sight are drawn, what is no longer wanted is dropped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from textual.containers import VerticalScroll
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from agentdesk.desk.article_check import view_of
from agentdesk.present.laid import Laid
from agentdesk.present.safe import line, lines
from agentdesk.screens import drawn
from agentdesk.widgets.long_text import LongText

BODY = """# 退貨說明 C#
客戶**要求退款**時，先核对`订单号`与[[a.b|退款规则]]，见[说明](https://x.example/y?z=1)；emoji 😀👍🏽🇨🇳 也在。

- 第一项 refund policy number 7
  - 第二项
3) 三
> 引用
averyveryverylongwordthatdoesnotfitintoanarrowcolumnatallandgoesonandonandonandonuntilitsendwhichisfaraway_0123456789
| 型号 | 年份 | 说明 |
|---|---|---|
| 甲😀 | **2024** | 见「退貨」 |
```
x = **1**
```
"""
ARTICLE = view_of(
    {"title": "門禁卡補辦 " * 20, "kind": "faq", "plain_summary": "先登记。\n再补办。", "body": BODY * 30,
     "steps": ["先登记 @客服 +10m", "[b]再补办[/b] \x1b[31m"], "attachments": ["f.pdf | 表"]},
    datetime(2026, 11, 27, tzinfo=UTC),
)  # fmt: skip


def told(cells: int) -> Laid:
    return Laid.of(drawn.article(ARTICLE, cells), cells)


def numbered(count: int) -> Callable[[int], Laid]:
    return lambda cells: Laid([line(f"行{number}") for number in range(count)])


def pieces(strip: Strip) -> list[tuple[str, str]]:
    """The characters of a row, each with how it is drawn; where it stands in the text is not compared."""
    bare = [(one.text, str(one.style.without_color) + str(one.style.color)) for one in strip if one.style]
    shown = [(char, style) for text, style in bare for char in text]
    while shown and shown[-1][0] == " ":
        shown.pop()
    return shown


def body(app: Any, text: Widget) -> list[Strip]:
    """The screen beside the scrollbar."""
    return [strip.crop(0, text.size.width) for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (31, 12)])
async def test_it_looks_as_when_it_is_drawn_whole(host: Callable[..., Any], size: tuple[int, int]) -> None:
    text, whole = LongText(), Static("", markup=False)
    app = host(VerticalScroll(text, whole))
    async with app.run_test(size=size) as pilot:
        text.show(told)
        await pilot.pause()
        cells = text.size.width
        whole.update(lines(*drawn.article(ARTICLE, cells)))
        await pilot.pause()
        assert text.size.height == whole.size.height > 100 and whole.size.width == cells
        (box,) = app.screen.query(VerticalScroll)
        for top in range(0, text.size.height, size[1]):
            shown = []
            for first in (0, text.size.height):
                box.scroll_to(y=first + top, animate=False, immediate=True)
                await pilot.pause()
                rows = min(size[1], text.size.height - top)
                start = first + top - int(box.scroll_y)
                shown.append([pieces(strip) for strip in body(app, text)[start : start + rows]])
            assert shown[0] == shown[1]


async def test_only_rows_in_sight_are_drawn(host: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    text = LongText()
    app = host(VerticalScroll(text))
    asked: list[int] = []
    row = LongText.row
    monkeypatch.setattr(LongText, "row", lambda self, y: (asked.append(y), row(self, y))[1])
    async with app.run_test(size=(80, 24)) as pilot:
        text.show(numbered(5_000))
        await pilot.pause()
        assert text.size.height == 5_000 and set(asked) == set(range(24))
        asked.clear()
        (box,) = app.screen.query(VerticalScroll)
        box.scroll_end(animate=False)
        await pilot.pause()
        assert sorted(asked) == list(range(4_976, 5_000)), "each once"
        asked.clear()
        box.scroll_up(animate=False)
        await pilot.pause()
        assert asked == [4_975], "what was drawn is kept"


async def test_another_width_is_laid_out_anew_and_the_same_one_is_not(host: Callable[..., Any], text_of: Any) -> None:
    text = LongText()
    app = host(text)
    asked: list[int] = []

    def lay_out(cells: int) -> Laid:
        asked.append(cells)
        return Laid.of([line("洗衣机漏水" * 12)], cells)

    async with app.run_test(size=(80, 24)) as pilot:
        text.show(lay_out)
        await pilot.pause()
        assert text.size.height == 2 and asked == [80]
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        assert text.size.height == 3 and asked == [80, 40]
        await pilot.resize_terminal(40, 20)
        await pilot.pause()
        assert asked == [80, 40] and text_of(app).count("洗衣机漏水") >= 9


async def test_what_nobody_wants_any_more_is_neither_laid_out_nor_shown(host: Callable[..., Any]) -> None:
    text = LongText()
    app = host(text)
    begun, go_on = threading.Event(), threading.Event()
    asked: list[str] = []

    def shows(word: str) -> Callable[[int], Laid]:
        def lay_out(cells: int) -> Laid:
            asked.append(word)
            if word == "一":
                begun.set()
                go_on.wait(30)
            return Laid([line(word)])

        return lay_out

    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        text.show(shows("零"))
        await pilot.pause()
        text.show(shows("一"))
        assert await asyncio.to_thread(begun.wait, 30)
        assert text.plain == "零", "what stood there stays"
        text.show(shows("二"))
        text.show(shows("三"))
        go_on.set()
        await pilot.pause()
        assert asked == ["零", "一", "三"] and text.plain == "三"
        heard = [event.laid.rows[0].plain for event in app.heard(LongText.LaidOut) if not event._stop_propagation]
        assert heard == ["零", "三"]


async def test_a_fault_is_told_and_the_next_text_comes(host: Callable[..., Any]) -> None:
    text = LongText()
    app = host(text)

    def broken(cells: int) -> Laid:
        raise ValueError("no")

    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        text.show(numbered(2))
        await pilot.pause()
        text.show(broken)
        await pilot.pause()
        (failed,) = app.heard(LongText.Failed)
        assert isinstance(failed.error, ValueError) and text.plain == "行0\n行1"
        text.show(numbered(3))
        await pilot.pause()
        assert text.plain == "行0\n行1\n行2"


async def test_a_text_shown_before_it_has_a_place_comes_with_it(host: Callable[..., Any]) -> None:
    text = LongText()
    text.show(numbered(2))
    async with host(text).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert text.plain == "行0\n行1"


async def test_what_was_to_be_shown_while_it_was_hidden_stands_there_afterwards(host: Callable[..., Any]) -> None:
    text = LongText()
    async with host(VerticalScroll(text)).run_test(size=(60, 20)) as pilot:
        text.show(numbered(2))
        await pilot.pause()
        assert text.plain == "行0\n行1"
        text.display = False
        await pilot.pause()
        text.show(numbered(1))
        text.display = True
        await pilot.pause()
        assert text.plain == "行0"


async def test_what_the_mouse_marks_is_shown_and_copied_as_of_a_text_drawn_whole(host: Callable[..., Any]) -> None:
    rows = [line(f"第{number}行退款") for number in range(10, 99)]
    text, found = LongText(), []
    text.show(lambda cells: Laid(rows))
    for widget in (text, Static(lines(*rows), markup=False)):
        app = host(VerticalScroll(widget))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.mouse_down(widget, offset=(0, 1))
            await pilot.hover(widget, offset=(5, 2))
            await pilot.mouse_up(widget, offset=(5, 2))
            grounds = [
                (char, str(piece.style.bgcolor))
                for strip in body(app, widget)[:4]
                for piece in strip
                for char in piece.text
            ]
            found.append((app.screen.get_selected_text(), [one for one in grounds if one[0] != " "]))
    assert found[0] == found[1] and found[0][0].startswith("第11行退款\n第12行")
    assert len({ground for _, ground in found[0][1]}) == 2
