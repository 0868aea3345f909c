"""What a page says, the reader of articles shows: the importer writes no mark that is read another way."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agentdesk.domain import article_links
from agentdesk.present import markdown
from agentdesk.text.html_page import page

PIECES = st.lists(
    st.sampled_from(["__", "**", "---", "a", "10", " ", "中", "。", "#", ">", "|", "-", "[", "]", ":", "1. "]),
    max_size=14,
)
TEXTS = PIECES.map("".join)


def body(source: str) -> str:
    return page(source, lambda place, shown: f"[[{place}|{shown}]]", lambda place, shown: shown).body


def shown(source: str) -> str:
    """The words that a reader sees, line by line."""

    def look(link: article_links.ArticleLink) -> markdown.Span:
        return markdown.Span(f"<{link.id} {link.shown}>")

    blocks = markdown.parse(body(source), look)
    told = ((one.lead, *(span.text for cell in one.cells or (one.spans,) for span in cell)) for one in blocks)
    return "\n".join("".join(parts) for parts in told)


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@given(st.lists(TEXTS, min_size=1, max_size=4))
@example(["a | b", "--- | ---"])
@example(["10__20__30"])
@example(["138****1234 139****5678"])
def test_running_text_is_shown_as_it_is(lines: list[str]) -> None:
    source = "甲<p>" + "<br>".join(map(html.escape, lines)) + "<p>乙"
    assert plain(shown(source)) == plain("甲" + "".join(lines) + "乙")


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
@example([("-", "---"), ("A|1", "|")])
def test_cells_are_shown_as_they_are(rows: list[tuple[str, str]]) -> None:
    rows = [("甲", "乙"), *rows]
    cells = "".join(f"<tr><td>{html.escape(left)}<td>{html.escape(right)}" for left, right in rows)
    assert plain(shown(f"<table>{cells}</table>")) == plain("".join(map("".join, rows)))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("<ol start=3><li>甲<li>乙<li value=9>丙<li>丁</ol>", "3. 甲\n4. 乙\n9. 丙\n10. 丁"),
        ("<ol start=x><li value=99999>甲</ol><ul><li value=3>乙</ul>", "1. 甲\n\n- 乙"),
        ("<table><tr><td>甲<td><a href=b>乙</a>|丙<tr><td>丁<td>戊</table>", "甲<b 乙>｜丙\n丁戊"),
        ("<pre>a\n```\n# b</pre><p># c", "a\n'''\n# b\n\n＃ c"),
        ("<code>a`b</code><code></code><code>c<br>d</code>", "a'bc\nd"),
        ("<code>甲<a href=b>乙</a></code><a href=c><code>__丙__</code></a>", "甲<b 乙><c __丙__>"),
        ("<code>甲<p>乙</code>`", "甲\n\n乙`"),
        ("if [[ -f x ]]; [[甲]]", "if [ [ -f x ]]; [ [甲]]"),
    ],
)
def test_numbers_links_and_code_come_through(source: str, told: str) -> None:
    lines = [line for line in shown(source).split("\n") if line]
    assert lines == [line for line in told.split("\n") if line]
