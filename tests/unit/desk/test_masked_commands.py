"""No command and no export shows a contact in full, but `request show`, which is a view and written down (§5.7)."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from agentdesk.desk import capture, contacts, knowledge, reply
from agentdesk.desk.context import open_desk
from tests.unit.desk.conftest import ROW_B
from tests.unit.desk.test_cli import Run, ready, run

__all__ = ["ready", "run"]

PHONE, OTHER, LANDLINE, MAIL = "13912344321", "15887654329", "021-65432198", "lishuang.marked@example.com"
SAID = f"{OTHER}打不通，请改打{LANDLINE}，或写信到{MAIL}，想了解安装费用"
RULE = """
[[rule]]
id = "SITE-9"
category = "cold"
severity = "warn"
why = "试"
patterns = ["会拨打"]
replace = ["会联系"]
test = [
    { text = "会拨打", hit = true }, { text = "我会拨打", hit = true }, { text = "他会拨打", hit = true },
    { text = "好", hit = false }, { text = "行", hit = false }, { text = "可以", hit = false },
]
"""


def shows(text: str) -> list[str]:
    return [one for one in (PHONE, OTHER, "65432198", MAIL) if one in text]


@pytest.fixture
def made(ready: Run, agentdesk_home: Path) -> str:
    """A request with contacts in its field and in all that was said; its id."""
    desk = open_desk()
    made = capture.record(desk, {**ROW_B, "contact": PHONE, "description": SAID, "expected_outcome": SAID})
    contacts.hear(desk, made.request_id, SAID)
    reply.send(desk, made.request_id, f"我们会拨打{PHONE}，谢谢您。", confirmed=True)
    reply.note(desk, made.request_id, SAID)
    knowledge.solved(desk, f"{PHONE} 安装费", [], "", None)
    searched = desk.store.raw().execute("SELECT searched FROM log_fact WHERE searched IS NOT NULL").fetchone()[0]
    assert not shows(searched) and "139****4321" in searched
    desk.close()
    return made.request_id


def test_no_command_shows_a_contact(ready: Run, made: str, tmp_path: Path) -> None:
    rule = tmp_path / "rule.toml"
    rule.write_text(RULE, encoding="utf-8")
    for words in (
        ("request", "list"),
        ("request", "list", "--json"),
        ("export", "requests"),
        ("export", "requests", "--format", "csv"),
        ("export", "requests", "--format", "csv", "--headers", "label"),
        ("doctor",),
        ("doctor", "--json"),
        ("lint", "--suggest"),
        ("rules", "try", str(rule)),
        ("kb", "search", "安装"),
        ("kb", "usage"),
        ("request", "show", PHONE),
        ("request", "show", MAIL),
        ("request", "import", str(tmp_path / f"{PHONE}.csv")),
    ):
        done = ready(*words)
        assert not shows(done.out + done.err), (words, done)


def test_the_trial_of_a_rule_shows_what_was_sent_masked(ready: Run, made: str, tmp_path: Path) -> None:
    rule = tmp_path / "rule.toml"
    rule.write_text(RULE, encoding="utf-8")
    assert "139****4321" in ready("rules", "try", str(rule)).out


def test_exports_to_files_are_masked(ready: Run, made: str, tmp_path: Path) -> None:
    for form in ("jsonl", "csv", "xlsx"):
        path = tmp_path / f"out.{form}"
        assert ready("export", "requests", "--format", form, "--output", str(path)).code == 0
        if form == "xlsx":
            sheet = openpyxl.load_workbook(path).active
            assert sheet is not None
            text = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
        else:
            text = path.read_text(encoding="utf-8")
        assert not shows(text) and "139****4321" in text and "021****98" in text and "l***@example.com" in text, form


def test_showing_one_request_is_a_view_that_is_written_down(ready: Run, made: str) -> None:
    assert json.loads(ready("request", "show", made, "--json").out)["record"]["contact"] == PHONE
    desk = open_desk()
    try:
        ((viewed,),) = desk.store.raw().execute("SELECT viewed FROM log_fact WHERE viewed IS NOT NULL")
        assert made in viewed
    finally:
        desk.close()
    assert not shows(ready("request", "list").out)
