"""Lint of many texts, one a line, as JSON Lines (`agentdesk lint`): no request is open, so PV-03 does not apply.

A line is a JSON object `{"id", "text"}` or plain text, whose id is its number (from 1). Whatever the input, each line
gives one record; nothing is raised for bad JSON, lone surrogates or very long lines.
"""

from __future__ import annotations

import json
import re
from typing import Any

from agentdesk.text.lint import Context, Linter
from agentdesk.text.privacy import redact

# JSON needs no escape for these, but a terminal that shows the output does: C1, bidi, invisible, lone surrogates.
_UNSAFE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\uffff\ud800-\udfff]"
)


LINTED = ("start", "end", "rule", "category", "severity", "kind", "text", "replacement")
"""What is told of each finding."""


def lint_record(name: object, text: str, linter: Linter, where: Context | None = None) -> dict[str, Any]:
    """The record of one text; `text` of a private number's finding is its mask.

    `judged` stands there where only graver findings were looked for behind so many characters.
    """
    found = linter.check(text, where)
    findings = [{key: getattr(item, key) for key in LINTED} for item in found]
    judged = {"judged": found.judged} if found.judged < len(text) else {}
    return {"id": name, "findings": findings, **judged, "clean": redact(text)[0]}


def read_line(line: str, number: int) -> tuple[object, str]:
    """(id, text) of one line; what is no object with a text is taken as plain text, under its number."""
    line = line.removesuffix("\n").removesuffix("\r")
    if number == 1:
        line = line.removeprefix("\ufeff")
    if line.lstrip().startswith("{"):
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            return number, line
        if isinstance(data, dict) and isinstance(data.get("text"), str):
            return data.get("id", number), data["text"]
    return number, line


def safe_json(record: object) -> str:
    """JSON on one line, Chinese readable, everything that could steer a terminal escaped."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(record, ensure_ascii=False))
