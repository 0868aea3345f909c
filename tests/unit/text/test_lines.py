"""Lint of lines: one safe JSON record a line, whatever comes in."""

from __future__ import annotations

import json

import pytest

from agentdesk.text.bounds import MANY
from agentdesk.text.lines import lint_record, read_line, safe_json
from agentdesk.text.lint import Linter

from .numbers import luhn_complete, with_check


def lint_lines(lines: list[str], linter: Linter) -> list[str]:
    """What the command answers to these lines."""
    return [safe_json(lint_record(*read_line(line, number), linter)) for number, line in enumerate(lines, 1)]


ID = with_check("11010519491231002")
CARD = luhn_complete("622202123456789012")


def test_records_of_plain_lines_and_objects(linter: Linter) -> None:
    lines = ["不知道\n", json.dumps({"id": "a-7", "text": f"卡{CARD}，{ID}"}, ensure_ascii=False) + "\r\n", "您好"]
    first, second, third = (json.loads(line) for line in lint_lines(lines, linter))
    assert first == {
        "id": 1,
        "findings": [
            {
                "start": 0,
                "end": 3,
                "rule": "FP-01",
                "category": "evasion",
                "severity": "warn",
                "kind": "phrase",
                "text": "不知道",
                "replacement": "我帮您查询一下",
            }
        ],
        "clean": "不知道",
    }
    assert second["id"] == "a-7"
    assert second["clean"] == "卡[CARD]，[ID]"
    assert {item["kind"] for item in second["findings"]} == {"bank_card", "id_card"}
    assert third == {"id": 3, "findings": [], "clean": "您好"}


@pytest.mark.parametrize("line", ['{"text": ', '{"id": 4}', '{"text": 5}', "{不是}", "[" * 5_000, "", '{"a":' * 3_000])
def test_what_is_no_record_is_plain_text(linter: Linter, line: str) -> None:
    [record] = [json.loads(out) for out in lint_lines([line], linter)]
    assert record["id"] == 1
    assert record["clean"] == line


@pytest.mark.parametrize("text", ["\ud800不知道\x1b]0;x\x07", "\u202e\x9b31m不知道\u200b", "\x85\u2028不知道"])
def test_output_cannot_steer_a_terminal(linter: Linter, text: str) -> None:
    [out] = lint_lines([text], linter)
    out.encode("utf-8")
    assert out.isprintable()
    record = json.loads(out)
    assert record["clean"] == text
    assert [item["rule"] for item in record["findings"]] == ["FP-01"]


def test_very_long_line(linter: Linter) -> None:
    """A thousand warnings are told and where they end, and still what is graver, however far behind it stands."""
    text = "不知道，" * 25_000 + CARD
    [record] = [json.loads(out) for out in lint_lines([text], linter)]
    assert len(record["findings"]) == MANY + 1
    assert record["judged"] == record["findings"][MANY - 1]["start"] == 4 * (MANY - 1)
    assert record["findings"][-1]["severity"] == "block"
    assert record["clean"].endswith("[CARD]")
