"""What the columns of somebody's table mean: headers to field codes, cells to values of the form.

The words come from above (all catalogues), so that a header may be a code or a label in any language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from agentdesk.desk.views import FieldProblem
from agentdesk.domain.intake import FIELD, Intake
from agentdesk.domain.refusal import Refusal
from agentdesk.text.fold import folded

IGNORE = "-"
SOURCE_ID = "source_id"
"""The column by which a row is known again, whatever else was changed in it."""

TARGETS = frozenset(field.name for field in fields(Intake)) - {"repeat_count"} | {SOURCE_ID}
_LISTS = ("tags", "related_request")
_TICKS = ("unregistered", "no_order", "also_complex", "needs_callback")
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")
_BETWEEN = re.compile(r"[,\uff0c\u3001;\uff1b|\n]+")
_NOISE = re.compile(r"[\s_*:\uff1a()\uff08\uff09.\-/]+")
_DATE = re.compile(
    r"(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*[\u65e5\u53f7\u865f]?"
    r"(?:[T\s]+(\d{1,2})[:\uff1a](\d{2})(?:[:\uff1a]\d{2})?)?"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words of all languages: header -> field, field -> (word -> code), yes and no."""

    headers: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    yes: frozenset[str]
    no: frozenset[str]


def key(word: str) -> str:
    """A header or value as it is compared: folded, without blanks and marks."""
    return _NOISE.sub("", folded(word))


def assign(
    header: Sequence[str], words: Words, mapping: Mapping[str, str], targets: frozenset[str] = TARGETS
) -> list[str]:
    """The field of each column, "" for one that is left out. `mapping`: header -> field, or -; `*` = all others.

    Raises Refusal: columns.target (field), columns.unknown (columns), columns.twice (field), columns.absent (columns),
    columns.none.
    """
    if wrong := sorted(set(mapping.values()) - targets - {IGNORE}):
        raise Refusal("columns.target", field=wrong)
    wanted = {key(name): to for name, to in mapping.items() if name != "*"}
    seen = {key(name) for name in header}
    if absent := [name for name in mapping if name != "*" and key(name) not in seen]:
        raise Refusal("columns.absent", columns=absent)
    found: list[str] = []
    unknown: list[str] = []
    for name in header:
        to = wanted.get(key(name)) or words.headers.get(key(name), "")
        if not to and name.strip() and mapping.get("*") != IGNORE:
            unknown.append(name)
        found.append("" if to == IGNORE else to)
    if unknown:
        raise Refusal("columns.unknown", columns=unknown[:10])
    if twice := sorted({to for to in found if to and found.count(to) > 1}):
        raise Refusal("columns.twice", field=twice)
    if not any(found):
        raise Refusal("columns.none")
    return found


def values(cells: Sequence[str], targets: Sequence[str], words: Words) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The values of one row, with what is wrong with cells that cannot be read as their field wants."""
    taken: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    if any(cell.strip() for cell in cells[len(targets) :]):
        problems.append(FieldProblem("", "more_cells"))
    for field, cell in zip(targets, cells, strict=False):
        text = cell.strip()
        if not field or not text:
            continue
        if text in ERRORS:
            problems.append(FieldProblem(field, "cell_error"))
            continue
        value, problem = _value(field, text, words)
        if problem:
            problems.append(FieldProblem(field, problem))
        else:
            taken[field] = value
    return taken, problems


def _value(field: str, text: str, words: Words) -> tuple[Any, str]:
    if field in _TICKS:
        word = key(text)
        return (word in words.yes, "" if word in words.yes or word in words.no else "not_yes_no")
    if field in _LISTS:
        known = words.values.get(field, {})
        return [known.get(key(part), part.strip()) for part in parts(text)], ""
    if field in FIELD and FIELD[field].kind == "enum":
        code = words.values.get(field, {}).get(key(text), "")
        return code, "" if code else "not_a_value"
    if field == "occurred_at":
        return _when(text)
    return text, ""


def parts(text: str) -> list[str]:
    """The parts of a cell that holds several."""
    return [part for part in _BETWEEN.split(text) if part.strip()]


def _when(text: str) -> tuple[str, str]:
    """A date written in numbers as ISO; other words stay as they are; a date that does not exist is a problem."""
    match = _DATE.fullmatch(text)
    if match is None:
        return text, ""
    year, month, day, hour, minute = (int(part or 0) for part in match.groups())
    try:
        at = datetime(year, month, day, hour, minute)
    except ValueError:
        return text, "bad_date"
    return at.strftime("%Y-%m-%d %H:%M" if match.group(4) else "%Y-%m-%d"), ""
