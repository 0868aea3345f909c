"""Markdown as finished text: what it draws, that no line is too long, that hostile text stays text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agentdesk.domain.article_links import ArticleLink
from agentdesk.present import markdown
from agentdesk.present.markdown import Span

TEXT = """# 标题
正文 **重点**、`代码`，见 [[a.b|另一篇]] 和 [网页](https://x.example/y)。
- 一
  - 二
3) 三
> 引用


| 名称 | 说明 |
|------|------|
| 甲 | 见 [[a.c]] |
```
x = **1**
```
"""


def look(link: ArticleLink) -> Span:
    return Span(f"[{link.shown or link.id}]", markdown.LINK, link.id)


def drawn(text: str, cells: int = 60) -> markdown.Laid:
    return markdown.laid_out(markdown.parse(text, look), cells)


def test_what_is_drawn() -> None:
    laid = drawn(TEXT)
    assert [row.plain.rstrip() for row in laid.rows] == [
        "标题",
        "正文 重点、代码，见 [另一篇] 和 网页 <https://x.example/y>。",
        "- 一",
        "  - 二",
        "3. 三",
        "| 引用",
        "",
        "名称  说明",
        "甲    见 [a.c]",
        "  x = **1**",
    ]
    assert laid.links == [1, 8]


def test_a_table_that_does_not_fit_stands_cell_under_cell() -> None:
    assert [row.plain for row in drawn("| 名称 | 说明 |\n|-|-|\n| 甲乙 | 很长很长的说明文字 |\n", 16).rows] == [
        "名称: 甲乙",
        "  说明: 很长很长",
        "  的说明文字",
    ]


@pytest.mark.parametrize(
    "line",
    ["# x" + " " * 19_000 + "y", "# x" + " #" * 9_000 + "y", " " * 19_000 + "x|", "|" * 19_000, "|-" * 9_000 + "x"],
)
def test_no_line_takes_forever(line: str) -> None:
    """A pattern that tries again from every place would not end within the time of a test."""
    assert markdown.parse(line, look)


def test_signs_of_the_text_stay() -> None:
    told = "# C# ##\n10__20__30\n| a\\|b | [[x|y]] |\n|---|---|\n"
    assert [row.plain.rstrip() for row in drawn(told).rows] == ["C#", "10__20__30", "a|b  [y]"]


def test_a_table_that_is_only_a_head_is_seen_in_a_narrow_place() -> None:
    shown = "".join(row.plain for row in drawn("| 名称很长很长 | 说明很长很长 |\n|-|-|\n", 12).rows)
    assert "名称" in shown and "说明" in shown


def test_the_marked_link_stands_out() -> None:
    blocks = markdown.parse("[[a]] [[b]]", look)
    (row,) = markdown.laid_out(blocks, 40, marked=1).rows
    styles = {row.plain[span.start : span.end]: str(span.style) for span in row.spans}
    assert styles["[b]"] == markdown.MARKED and styles["[a]"] == markdown.LINK


BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ODD = st.text(st.sampled_from("甲a *_`[]()|#>-+1.\n\t\x1b\u202e\u200b~!@:/"), max_size=200)


@given(st.one_of(ODD, st.text(max_size=200)), st.integers(9, 80))
def test_no_line_is_too_long_and_nothing_speaks_to_the_terminal(text: str, cells: int) -> None:
    laid = drawn(text, cells)
    for row in laid.rows:
        assert row.cell_length <= cells or row.cell_length <= cell_len(markdown.QUOTE) + markdown.MAX_INDENT + 8
        assert not any(unicodedata.category(char) in ("Cc", "Cs") or char in BIDI for char in row.plain)
        assert all("@" not in str(span.style) and "link" not in str(span.style) for span in row.spans)
    cut = [cell for block in markdown.parse(text, look) for cell in (block.cells or (block.spans,))]
    assert len(laid.links) == sum(bool(span.link) for cell in cut for span in cell)
    assert all(0 <= at <= len(laid.rows) for at in laid.links)


@pytest.mark.parametrize(
    "row", ["# x" + " " * 19_000 + "y", " " * 19_000 + "x|", "|" * 19_000, "#" * 19_000, "# " * 9_000]
)
def test_a_line_of_one_sign_is_read_in_one_go(row: str) -> None:
    assert markdown.parse(row, look), "before, some of these took minutes"


def test_a_heading_keeps_what_does_not_close_it() -> None:
    found = [
        block.spans[0].text
        for row in ("## C#", "## 标题 ##", "# #")
        for block in markdown.parse(row, look)
        if block.spans
    ]
    assert found == ["C#", "标题"]
