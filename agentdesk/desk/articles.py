"""Articles in: every row is looked at first, then the good ones are published, all of them or none.

The id of an article is made of its id in the file, so an import that is repeated makes no doubles.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, Any

from agentdesk.changes import instant
from agentdesk.desk import article_base, article_files, article_rows, policies
from agentdesk.desk.article_base import Base, Before
from agentdesk.desk.article_files import File, Step, Stopped
from agentdesk.desk.article_rows import Reading, Row
from agentdesk.desk.article_values import changes_policy, checked, publish
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.desk.views import Imported
from agentdesk.domain.policies import NOTICE_CLOCK
from agentdesk.domain.refusal import Refusal

BATCH = 30
"""Articles a transaction: each is up to three changes, and a transaction holds at most a hundred."""
MAX_BATCH_BYTES = 300_000

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row or, line 0, with a file: `refusal` says it of a file, `other` names the other one."""

    file: str
    line: int
    field: str
    problem: str
    other: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """An article that can be published: its fields, what that would be (created or updated), and its words so far."""

    values: dict[str, Any]
    becomes: str
    before: Before | None = None


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
        """How many rows, or files as a whole, have faults."""
        return len({(fault.file, fault.line) for fault in self.faults})

    def would(self, becomes: str) -> int:
        """How many articles would be created or updated."""
        return sum(1 for one in self.ready if one.becomes == becomes)


@dataclass(slots=True)
class Done:
    """What was published; nothing, where it was asked to stop before the end."""

    created: int = 0
    updated: int = 0
    stopped: bool = False

    @property
    def recorded(self) -> int:
        """How many were published."""
        return self.created + self.updated


def plan(desk: Desk, paths: Sequence[str], how: Reading, given: IO[bytes], step: Step = lambda done: False) -> Plan:
    """Look at every row of every file, writing nothing. `given` is read for `-`.

    Raises Refusal: role.denied, articles.none, articles.too_many; OSError for a file that was asked for by name.
    """
    require(desk.me.roles, "kb_article", "A")
    return _plan(desk, _rows(paths, how, given, step), step)


def _rows(paths: Sequence[str], how: Reading, given: IO[bytes], step: Step) -> Iterator[tuple[str, Row | Fault]]:
    for file in article_files.files(paths, given, step):
        yield from _rows_of(file, how)


def _rows_of(file: File, how: Reading) -> Iterator[tuple[str, Row | Fault]]:
    """The rows of a file, of a zip those of each file in it; what is wrong with one is a fault of its own."""
    try:
        members = article_files.members(file)
        if members is not None:
            for member in members:
                yield from _rows_of(member, how)
            return
        found = article_rows.read(file, file.read(), how)
    except Refusal as refusal:
        yield file.name, Fault(file.name, 0, "", refusal.code, refusal=refusal)
    except OSError:
        if not file.found:
            raise
        yield file.name, Fault(file.name, 0, "", article_rows.UNREADABLE)
    else:
        yield from ((file.name, row) for row in found)


def _plan(desk: Desk, found: Iterable[tuple[str, Row | Fault]], step: Step) -> Plan:
    made = Plan()
    known = article_base.base(desk)
    seen: dict[str, tuple[dict[str, Any], str]] = {}
    try:
        for made.total, (file, row) in enumerate(found, start=1):
            if isinstance(row, Fault):
                made.faults.append(row)
            else:
                _look_at(desk, made, file, row, known, seen)
            if step(made.total):
                raise Stopped
    except Stopped:
        made.stopped = True
    return made


def _look_at(
    desk: Desk,
    made: Plan,
    file: str,
    row: Row,
    known: Base,
    seen: dict[str, tuple[dict[str, Any], str]],
) -> None:
    """One row: its faults, or where it belongs."""
    values, wrong = checked(row.values, desk.now().tzinfo)
    made.notices += [Fault(file, row.line, name, "no_such_field") for name in row.unknown]
    if row.look:
        made.notices.append(Fault(file, row.line, "body", row.look))
    if row.problem:
        made.faults.append(Fault(file, row.line, "", row.problem))
        return
    if wrong:
        made.faults += [Fault(file, row.line, one.field, one.problem, one.kind) for one in wrong]
        return
    source = values["id"]
    before, where = seen.setdefault(source, (values, f"{file}:{row.line}"))
    if before is not values:
        if before == values:
            made.unchanged += 1
        else:
            made.faults.append(Fault(file, row.line, "id", "source_twice", where))
        return
    made.notices += [Fault(file, row.line, name, code, other) for name, code, other in known.like(values)]
    published = known.find(source)
    if known.says_already(source, values):
        made.unchanged += 1
    elif changes_policy(published, values) and (problem := _unannounced(desk, values)):
        made.faults.append(Fault(file, row.line, "effective_from", problem))
    else:
        made.ready.append(Ready(values, CREATED if published is None else UPDATED, published))


def _unannounced(desk: Desk, values: Mapping[str, Any]) -> str:
    """Why a change of a policy cannot be announced now: by whom, or since it takes effect too soon (CK-19)."""
    if not policies.may_announce(desk):
        return "policy_role"
    ahead = timedelta(seconds=desk.settings.seconds(NOTICE_CLOCK))
    in_time = values["effective_from"] and instant(values["effective_from"]) - ahead >= desk.now()
    return "" if in_time else "policy_too_soon"


def record(desk: Desk, ready: Sequence[Ready], step: Step = lambda count: False) -> Done:
    """Publish the articles, all of them or none: asked to stop, the base is as it was before, as if this raised.

    They travel in batches, each a transaction to everybody who pulls it; the disk takes them in one.
    """
    done = Done()
    try:
        with desk.journal.whole() as begin:
            for batch in _batches(ready):
                with begin() as txn:
                    for one in batch:
                        publish(txn, one.values, one.before)
                done.created += sum(1 for one in batch if one.becomes == CREATED)
                done.updated += sum(1 for one in batch if one.becomes == UPDATED)
                if step(done.recorded) and done.recorded < len(ready):
                    raise Stopped  # takes back what is not on the disk yet
    except Stopped:
        return Done(stopped=True)
    return done


def import_articles(desk: Desk, found: Iterable[Mapping[str, object]]) -> Imported:
    """Publish articles whole or not at all: the first fault of any row refuses them all.

    Raises Refusal: role.denied (needs A on KB articles, or `home`), import.row (line, field, problem),
    import.private (line, field, kind).
    """
    require(desk.me.roles, "kb_article", "A")
    made = _plan(desk, (("", Row(line, dict(row))) for line, row in enumerate(found, start=1)), lambda done: False)
    for fault in made.faults:
        if fault.problem == "private":
            raise Refusal("import.private", line=fault.line, field=fault.field, kind=fault.other)
        raise Refusal("import.row", line=fault.line, field=fault.field, problem=fault.problem)
    done = record(desk, made.ready)
    return Imported(done.created, done.updated, made.unchanged)


def _batches(ready: Sequence[Ready]) -> Iterator[list[Ready]]:
    batch: list[Ready] = []
    size = 0
    for one in ready:
        weight = len(json.dumps(one.values, ensure_ascii=False).encode(errors="replace"))
        if batch and (len(batch) >= BATCH or size + weight > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += weight
    if batch:
        yield batch
