"""Text that follows the width it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.content import Content

from agentdesk.present.safe import line, lines, wrapped
from agentdesk.widgets.fitted import Fitted


async def test_it_is_laid_out_anew_for_another_width(host: Callable[..., Any], text_of: Any) -> None:
    told = Fitted()
    asked: list[int] = []

    def lay_out(cells: int) -> Content:
        asked.append(cells)
        return lines(*(line(row) for row in wrapped("洗衣机漏水" * 12, cells)))

    app = host(told)
    async with app.run_test(size=(80, 24)) as pilot:
        told.show(lay_out)
        await pilot.pause()
        assert told.size.height == 2 and asked[-1] == 80
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        assert told.size.height == 3 and asked[-1] == 40
        drawn = len(asked)
        told.refresh()
        await pilot.pause()
        assert len(asked) == drawn, "the same width is laid out once"
        assert text_of(app).count("洗衣机漏水") >= 9
