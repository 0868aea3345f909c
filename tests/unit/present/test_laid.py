"""Rows of a laid out text: none wider than its room, none lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from agentdesk.present.laid import Laid
from agentdesk.present.safe import ACCENT, line, lines

TEXTS = st.lists(st.text(st.sampled_from("甲乙 退貨a-b長い😀,."), max_size=60), min_size=1, max_size=6)


@given(TEXTS, st.integers(8, 60))
def test_what_is_too_wide_goes_on_in_the_next_row(texts: list[str], cells: int) -> None:
    told = [line((text, ACCENT)) for text in texts]
    laid = Laid.of(told, cells)
    assert all(row.cell_length <= cells and "\n" not in row.plain for row in laid.rows)
    assert "".join(row.plain for row in laid.rows).replace(" ", "") == "".join(one.plain for one in told).replace(
        " ", ""
    )
    assert len(laid.rows) >= len(texts)


@given(TEXTS)
def test_texts_of_several_lines_are_so_many_rows(texts: list[str]) -> None:
    rows = [line(text) for text in texts]
    assert [row.plain for row in Laid.of([lines(*rows)], 200).rows] == [row.plain for row in rows]


def test_an_empty_line_is_a_row() -> None:
    assert [row.plain for row in Laid.of([line("甲"), Content(""), line("乙")], 10).rows] == ["甲", "", "乙"]
