"""Tables out: read back equal, by Python and by a spreadsheet programme; what looks like a formula stays text."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.cli import exporting as command
from agentdesk.desk import capture, delimited, exporting, workbooks
from agentdesk.desk.context import Desk
from agentdesk.desk.outfile import replacing

HOSTILE = ["=1+1", "+1", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "＝1+1", " =2", "'already", "a,b", 'a"b',
           "两\n行", "00012", "1e5", "2025-04-28", "TRUE", "\t=1", "普通"]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=4), max_size=5))
def test_any_text_comes_back_from_csv_and_no_cell_is_a_formula(rows: list[list[str]]) -> None:
    data = b"".join(delimited.lines(rows))
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [[delimited.unguarded(cell) for cell in row] for row in read] == rows
    assert not any(delimited.begins_like_a_formula(cell) for row in read for cell in row)


def test_a_workbook_holds_texts_only(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "t.xlsx"
    with replacing(path) as out:
        workbooks.write(out, "t", ["a", "b"], [[text, "x"] for text in HOSTILE])
    sheet = load_workbook(path).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == HOSTILE and {cell.data_type for cell in cells} == {"s"}
    assert bool(cells[0].quotePrefix) and not cells[-1].quotePrefix and sheet.freeze_panes == "A2"


@pytest.mark.skipif(
    shutil.which("soffice") is None and os.environ.get("CI") != "true", reason="needs a spreadsheet programme"
)
def test_a_spreadsheet_programme_reads_the_workbook_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with replacing(path) as out:
        workbooks.write(out, "t", ["a", "b"], [[text, "x"] for text in HOSTILE])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true"  # UTF-8, contents as formulas where any
    words = ["soffice", "--headless", profile, "--convert-to", form, "--outdir", str(tmp_path), str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    read = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert read == [["a", "b"], *([text, "x"] for text in HOSTILE)]


def test_all_formats_hold_the_same_masked_rows(
    desk: Desk, row_a: dict[str, Any], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openpyxl import load_workbook

    for number in range(3):
        capture.record(desk, {**row_a, "place": f"={number}+1"})
    wanted = [exporting.cells(row) for row in exporting.requests(desk)]
    desk.close()
    monkeypatch.setenv("AGENTDESK_HOME", str(home))
    for form in ("csv", "xlsx"):
        command.run(form, tmp_path / f"t.{form}", "code")
    text = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == exporting.COLUMNS and text.count("\r\n") == 4
    assert [[delimited.unguarded(cell) for cell in row] for row in rows] == wanted
    sheet = load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)] == wanted
    assert "13800005678" not in text


def test_what_stood_there_stays_if_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"before")

    def broken() -> None:
        with replacing(path) as out:
            out.write(b"half")
            raise OSError(28, "No space left on device")

    call: Callable[[], None] = broken
    with pytest.raises(OSError, match="No space"):
        call()
    assert path.read_bytes() == b"before" and list(tmp_path.iterdir()) == [path]
