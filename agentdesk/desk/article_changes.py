"""What two versions of an article say differently, line by line, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from agentdesk.desk.article_check import TYPED, fields_of

SAME, OUT, IN, SKIPPED = " ", "-", "+", "~"
"""What became of a line; `SKIPPED` stands for lines that are the same and far from any change."""
AROUND = 1
"""Unchanged lines shown before and after a change."""

Line = tuple[str, str]
"""(what became of it, its text)."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that the two say differently, as lines."""

    field: str
    lines: tuple[Line, ...]


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], words: Mapping[str, Iterable[str]]
) -> list[FieldChange]:
    """Every field that differs, in the order of the form; `words` as of `fields_of`."""
    old, new = fields_of(before, words), fields_of(after, words)
    return [
        FieldChange(code, _lines(_as_lines(old[code]), _as_lines(new[code])))
        for code in TYPED
        if old[code] != new[code]
    ]


def _as_lines(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else str(value).splitlines()


def _lines(old: list[str], new: list[str]) -> tuple[Line, ...]:
    found: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if found or group[0][1] > 0:
            found.append((SKIPPED, ""))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                found += [(SAME, text) for text in old[i1:i2]]
            else:
                found += [(OUT, text) for text in old[i1:i2]] + [(IN, text) for text in new[j1:j2]]
    return tuple(found)
