"""An article as the cells of a table, and a cell of words back: what goes out comes in as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from agentdesk.domain.articles import FIELD, FIELDS

COLUMNS: Final = tuple(one.code for one in FIELDS)
_BETWEEN = ",\uff0c\u3001;\uff1b|\n"
_WORD = re.compile(rf'\s*+(?:"((?:[^"]|"")*+)"\s*+(?=[{_BETWEEN}]|\Z)|([^{_BETWEEN}]*+))(?:[{_BETWEEN}]|\Z)')
_PLAIN = re.compile(rf'[^{_BETWEEN}"][^{_BETWEEN}]*')


def words_of_cell(cell: str) -> list[str]:
    """The words of a cell, between commas and the like; one in double quotes may hold them itself."""
    found: list[str] = []
    place = 0
    while place < len(cell) and (match := _WORD.match(cell, place)):
        found.append(match[1].replace('""', '"') if match[1] is not None else match[2])
        place = match.end()
    return [word for word in found if word.strip()]


def cell_of_words(words: Sequence[str]) -> str:
    """Words as one cell."""
    return ", ".join(word if _PLAIN.fullmatch(word) else '"' + word.replace('"', '""') + '"' for word in words)


def cells(fields: Mapping[str, Any]) -> list[str]:
    """An article as the cells of a table, in the order of `COLUMNS`: steps on lines, words between commas."""
    return [_cell(code, fields.get(code)) for code in COLUMNS]


def _cell(code: str, value: Any) -> str:
    kind = FIELD[code].kind
    if kind == "set":
        return cell_of_words(value or ())
    return "\n".join(value or ()) if kind == "list" else str(value or "")
