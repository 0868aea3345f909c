"""`kb usage`: the figures to standard output or into a file, as texts that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from openpyxl import load_workbook

from agentdesk.desk import knowledge
from agentdesk.desk.context import open_desk
from tests.unit.desk.test_cli import Run, ready, run

__all__ = ["ready", "run"]

FORMULA = '=HYPERLINK("http://x","退款")'


def searches() -> None:
    desk = open_desk()
    for words in (FORMULA, FORMULA, "13900004321 换绑", "\x1b]0;x\x07\x9b31m退货"):
        knowledge.solved(desk, words, [], "", None)
    desk.close()


def test_the_figures_go_out_as_text(ready: Run, agentdesk_home: Path) -> None:
    searches()
    told = ready("kb", "usage", "--days", "7")
    rows = list(csv.reader(io.StringIO(told.out.lstrip("\ufeff"), newline="")))
    assert rows[0][:4] == ["Part", "Item", "Measure", "Value"]
    assert ["Words searched", f"'{FORMULA}", "Searches", "2"] in [row[:4] for row in rows]
    assert ["All", "", "Zero-hit rate", "4", "4", "100.0"] in [row[:6] for row in rows]
    assert ["All", "", "Resolution rate", "0", "0", ""] in [row[:6] for row in rows], "no data is no 0 %"
    assert "139****4321 换绑" in told.out and "13900004321" not in told.out
    desk = open_desk(write=False)
    (fact,) = desk.store.raw().execute("SELECT exported FROM log_fact WHERE exported IS NOT NULL").fetchall()
    desk.close()
    assert "kb_usage" in fact[0], "every export is a fact"
    assert not any(ord(char) < 32 and char not in "\r\n" or char == "\x9b" for char in told.out)


def test_a_workbook_holds_the_same(ready: Run, agentdesk_home: Path, tmp_path: Path) -> None:
    searches()
    ready("kb", "usage", "--out", str(tmp_path / "usage.xlsx"))
    sheet = load_workbook(tmp_path / "usage.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"} and FORMULA in {cell.value for cell in cells}
    assert sheet.title == "Knowledge use"


def test_another_form_is_refused(ready: Run, agentdesk_home: Path, tmp_path: Path) -> None:
    told = ready("kb", "usage", "--out", str(tmp_path / "usage.pdf"))
    assert told.code == 2 and ".csv" in told.err and not list(tmp_path.glob("usage.*"))
