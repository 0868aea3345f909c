"""Requests from a table: every row is looked at first, then the good ones are recorded, each whole or not at all.

A row that was recorded is known again by a salted key that is kept with it in the same transaction: an import that was
stopped, killed or repeated makes no doubles. Rows of one file are no earlier requests to each other, however often the
import was broken off, so that the rules propose the same for them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentdesk.desk import capture, columns
from agentdesk.desk.context import Desk
from agentdesk.desk.local import connection
from agentdesk.desk.permission import require
from agentdesk.desk.sheets import Sheet
from agentdesk.domain.intake import FIELD
from agentdesk.store import imported

BATCH = 100
"""Rows that reach the disk together: the disk is waited for once for all of them."""

Step = Callable[[int], bool]
"""Told how many rows are done; answers whether to stop."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: its line, the field ("" for the row as a whole) and the code of the reason."""

    line: int
    field: str
    problem: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that can be recorded."""

    line: int
    key: str
    prepared: capture.Prepared


@dataclass(slots=True)
class Plan:
    """What an import would do. `faults` keep rows out; `notices` say where a private number is replaced."""

    total: int = 0
    known: int = 0
    ready: list[Ready] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    notices: list[RowFault] = field(default_factory=list)
    stopped: bool = False

    @property
    def refused(self) -> int:
        """How many rows have faults."""
        return len({fault.line for fault in self.faults})


@dataclass(frozen=True, slots=True)
class _Read:
    line: int
    values: dict[str, Any]
    key: str
    faults: tuple[RowFault, ...]


def plan(
    desk: Desk,
    sheet: Sheet,
    words: columns.Words,
    mapping: Mapping[str, str],
    checked: Sequence[str] = (),
    step: Step = lambda done: False,
) -> Plan:
    """Look at every row, writing nothing. Raises Refusal: role.denied, columns.… , sheet.…."""
    require(desk.me.roles, "intake_record", "C")
    targets = columns.assign(sheet.header.cells, words, mapping)
    read = list(_read(sheet, targets, words, imported.salt(desk.store)))
    known = imported.known(desk.store, [row.key for row in read if row.key])
    apart = frozenset(known.values())
    made = Plan(total=len(read))
    for count, row in enumerate(read, start=1):
        if row.key in known:
            made.known += 1
        else:
            _look_at(desk, made, row, tuple(checked), apart)
        if step(count):
            made.stopped = True
            break
    return made


def _read(sheet: Sheet, targets: Sequence[str], words: columns.Words, secret: bytes) -> Iterator[_Read]:
    seen: Counter[str] = Counter()
    for row in sheet.rows:
        if row.problem:
            yield _Read(row.line, {}, "", (RowFault(row.line, "", row.problem),))
            continue
        values, problems = columns.values(row.cells, targets, words)
        source = values.pop(columns.SOURCE_ID, "")
        content = source or json.dumps(values, ensure_ascii=False, sort_keys=True)
        seen[content] += 1
        faults = [RowFault(row.line, one.field, one.code) for one in problems]
        if source and seen[content] > 1:
            faults.append(RowFault(row.line, columns.SOURCE_ID, "source_twice"))
        # The same row twice in one file is two requests: the second has a key of its own.
        name = ("id", source) if source else ("row", content, seen[content])
        key = "" if faults else imported.key_of(secret, json.dumps(name, ensure_ascii=False))
        yield _Read(row.line, values, key, tuple(faults))


def _look_at(desk: Desk, made: Plan, row: _Read, checked: tuple[str, ...], apart: frozenset[str]) -> None:
    faults = list(row.faults)
    if row.values or not faults:
        prepared, problems = capture.examine(desk, row.values, checked, apart)
        said = {fault.field for fault in faults}
        faults += [
            RowFault(row.line, one.field, one.code)
            for one in problems
            if one.field not in said and FIELD[one.field].instead not in said - {""}
        ]
        if not faults:
            made.ready.append(Ready(row.line, row.key, prepared))
            made.notices += [RowFault(row.line, one.field, "replaced") for one in prepared.notices]
    made.faults += faults


@dataclass(slots=True)
class Done:
    """How far the recording came: rows on the disk, and whether it was asked to stop before the end."""

    recorded: int = 0
    stopped: bool = False


def record(desk: Desk, ready: Sequence[Ready], done: Done, step: Step = lambda count: False) -> None:
    """Record the rows, each in a transaction of its own. `done` holds what is on the disk, also when this raises."""
    for start in range(0, len(ready), BATCH):
        batch = 0
        with desk.journal.batch() as begin:
            for row in ready[start : start + BATCH]:
                with begin() as txn:
                    made = capture.record_in(desk, txn, row.prepared)
                    imported.note(connection(txn), row.key, made.request_id)
                batch += 1
                if step(done.recorded + batch):
                    done.stopped = True
                    break
        done.recorded += batch
        if done.stopped:
            return
