"""The reader of tables: any text in a cell comes back as it was, any bytes are rows with lines or a refusal."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.desk import sheets
from agentdesk.domain.refusal import Refusal

CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), st.sampled_from([",", ";", "\t"]))
def test_any_text_in_a_cell_comes_back_as_it_was(rows: list[tuple[str, str]], delimiter: str) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *(("x", *row) for row in rows)])
    read = list(sheets.parsed(buffer.getvalue().encode("utf-8-sig")).rows)
    assert [row.cells for row in read] == [("x", *row) for row in rows]
    assert [row.problem for row in read] == [""] * len(rows)


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_with_lines_or_a_refusal(data: bytes) -> None:
    try:
        lines = [row.line for row in sheets.parsed(data).rows]
    except Refusal:
        return
    assert lines == sorted(set(lines)) and all(line > 1 for line in lines)


@pytest.mark.parametrize("head", ['name,"phone\r\n', 'name,"phone"x\r\n'])
def test_a_header_with_broken_quotes_is_said_and_no_row_taken_for_it(head: str) -> None:
    with pytest.raises(Refusal) as refused:
        sheets.parsed((head + "王*,139\r\n").encode())
    assert refused.value.code == "sheet.header"
