"""Phrases from a table and into one: every row is looked at first, then the good ones are proposed, each whole.

What is imported waits for approval like anything else that the site writes. A code that is there already gets a new
version; a row that says what is there changes nothing, so an import that was stopped or repeated makes no doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentdesk.desk import columns, phrase_review, review
from agentdesk.desk.columns import Words, key
from agentdesk.desk.context import Desk
from agentdesk.desk.own_phrases import rule_names
from agentdesk.desk.phrase_review import Row
from agentdesk.desk.phrase_values import Checked, check, fields_of
from agentdesk.desk.sheets import Sheet
from agentdesk.domain.phrases import FIELD, FIELDS
from agentdesk.text.fold import folded

BATCH = 40
"""Phrases a transaction: each is two changes, and a transaction holds at most a hundred."""
TARGETS = frozenset(FIELD)
COLUMNS = tuple(one.code for one in FIELDS)

Step = Callable[[int], bool]
"""Told how many rows are done; answers whether to stop."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, or worth a look: line, field ("" for the row), reason, and what it is about."""

    line: int
    field: str
    problem: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that can be proposed, and what stands under its code so far."""

    made: Checked
    known: Row | None


@dataclass(slots=True)
class Plan:
    """What an import would do. `faults` keep rows out; `notices` say what is worth a look."""

    total: int = 0
    unchanged: int = 0
    ready: list[Ready] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    stopped: bool = False

    @property
    def refused(self) -> int:
        """How many rows have faults."""
        return len({fault.line for fault in self.faults})

    @property
    def created(self) -> int:
        """How many would be new; the others are new versions."""
        return sum(1 for one in self.ready if one.known is None)


@dataclass(slots=True)
class Done:
    """How far the proposing came: phrases on the disk, and whether it was asked to stop before the end."""

    recorded: int = 0
    stopped: bool = False


def plan(desk: Desk, sheet: Sheet, words: Words, mapping: Mapping[str, str], step: Step = lambda done: False) -> Plan:
    """Look at every row, writing nothing. Raises Refusal: role.denied, columns.…, sheet.…."""
    review.may_write(desk, phrase_review.KIND)
    targets = columns.assign(sheet.header.cells, words, mapping, TARGETS)
    known = {row.code: row for row in phrase_review.every(desk)}
    said = {text: row.code for row in known.values() for text in _said(row.value)}
    seen: dict[str, tuple[Checked, int]] = {}
    made = Plan()
    for made.total, row in enumerate(sheet.rows, start=1):
        values, unread = of_cells(row.cells, targets, words)
        faults = [Fault(row.line, "", row.problem)] if row.problem else [Fault(row.line, *one) for one in unread]
        checked = check(desk, values, words.values["actions"])
        if not row.problem:
            told = {fault.field for fault in faults}
            faults += [Fault(row.line, w.field, w.problem, w.about) for w in checked.wrong if w.field not in told]
        made.faults += faults
        if not faults:
            _take(made, row.line, checked, known, said, seen)
        if step(made.total):
            made.stopped = True
            break
    return made


def _take(
    made: Plan,
    line: int,
    checked: Checked,
    known: Mapping[str, Row],
    said: dict[str, str],
    seen: dict[str, tuple[Checked, int]],
) -> None:
    """A row without faults: doubles of the file, what is there already, what is worth a look."""
    code = checked.value["code"]
    before, first = seen.setdefault(code, (checked, line))
    if before is not checked:
        if (before.value, before.tags) == (checked.value, checked.tags):
            made.unchanged += 1
        else:
            made.faults.append(Fault(line, "code", "source_twice", str(first)))
        return
    there = known.get(code)
    if there is not None and phrase_review.unchanged(there, checked):
        made.unchanged += 1
        return
    for name, found in checked.warned:
        made.notices.append(Fault(line, name, "phrase_warned", rule_names([found])))
    others = {said.setdefault(text, code) for text in _said(checked.value)} - {code}
    made.notices += [Fault(line, "body_zh_cn", "phrase_same_text", other) for other in sorted(others)]
    made.ready.append(Ready(checked, there))


def _said(value: Mapping[str, Any]) -> list[str]:
    """The texts of a phrase as they are compared."""
    texts = value.get("body")
    return [folded(str(text)) for text in texts.values()] if isinstance(texts, dict) else []


def of_cells(
    cells: Sequence[str], targets: Sequence[str], words: Words
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The fields of a row or form, words of any language as codes, with (field, problem) of what is no cell."""
    taken: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    if any(cell.strip() for cell in cells[len(targets) :]):
        faults.append(("", "more_cells"))
    for code, cell in zip(targets, cells, strict=False):
        text = cell.strip()
        if not code or not text:
            continue
        if text in columns.ERRORS:
            faults.append((code, "cell_error"))
        elif FIELD[code].kind == "set":
            table = words.values.get(code, {})
            taken[code] = [table.get(key(part), part.strip()) for part in columns.parts(text)]
        elif FIELD[code].kind == "enum":
            taken[code] = words.values[code].get(key(text), text)
        else:
            taken[code] = text
    return taken, faults


def record(desk: Desk, ready: Sequence[Ready], done: Done, step: Step = lambda count: False) -> None:
    """Propose the phrases, a transaction a batch. `done` holds what is on the disk, also when this raises."""
    for start in range(0, len(ready), BATCH):
        batch = ready[start : start + BATCH]
        with desk.journal.transaction() as txn:
            for one in batch:
                phrase_review.write(txn, one.made, one.known.site if one.known else None)
        done.recorded += len(batch)
        if step(done.recorded):
            done.stopped = done.recorded < len(ready)
            return


def table(desk: Desk, stands: str = "") -> Iterator[list[str]]:
    """The rows of an export, in the columns of an import; `stands` asks for those that stand so."""
    for row in phrase_review.every(desk, stands=stands):
        if stands or row.stands not in ("retired", phrase_review.WITHDRAWN):
            fields = fields_of(row.value, row.tags)
            yield [_cell(fields[code]) for code in COLUMNS]


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
