"""`request import`: a table in, what happened out. Counts go to a terminal only; a report is a file."""

from __future__ import annotations

import signal
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from agentdesk import preferences
from agentdesk.cli.common import DONE, REFUSED, WrongUse, opened_desk, out, say
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.columns import Words
    from agentdesk.desk.importing import RowFault

F = TypeVar("F")
STOPPED = 130
SHOWN = 20
"""Refused rows that are said one by one; a report holds all of them."""
EVERY = 50
"""Rows between two counts."""


class Stop:
    """Whether somebody asked to stop: the first Ctrl+C is a wish that is followed after the row, a second one ends."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.asked = False

    def __call__(self, number: int, frame: Any) -> None:
        """Take the signal."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextmanager
def stopping() -> Iterator[Stop]:
    """Listen for Ctrl+C while a long piece of work runs."""
    stop = Stop()
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class Counter:
    """Counts rows on a terminal's last line; says whether to stop."""

    def __init__(self, stop: Stop, key: str, total: int) -> None:
        """`key` is the catalogue's sentence with done and total."""
        self._stop, self._key, self._total = stop, key, total
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int) -> bool:
        """One more row is done."""
        if self._shown and done and (done % EVERY == 0 or done == self._total):
            sys.stderr.write("\r" + t(self._key, done=done, total=self._total or "?"))
            if done == self._total:
                sys.stderr.write("\n")
            sys.stderr.flush()
        return self._stop.asked


def run(
    file: Path,
    pairs: Sequence[str],
    mapping_file: Path | None,
    checked: Sequence[str],
    encoding: str,
    sheet_name: str,
    report: Path | None,
    dry_run: bool,
) -> int:
    """Import one table; returns the exit code."""
    from agentdesk.desk import importing, sheets
    from agentdesk.present import columns

    mapping, words = mapped_words(pairs, mapping_file, columns.words())
    done = importing.Done()
    with opened_desk("request import", write=not dry_run) as desk, stopping() as stop:
        sheet = sheets.read(file, encoding, sheet_name)
        plan = importing.plan(desk, sheet, words, mapping, checked, Counter(stop, "import.looking", 0))
        if report is not None:
            _write_report(report, [*plan.faults, *plan.notices])
        if not dry_run and not plan.stopped:
            try:
                importing.record(desk, plan.ready, done, Counter(stop, "import.recording", len(plan.ready)))
            except Exception:
                say(t("import.broken_off", recorded=done.recorded, ready=len(plan.ready)))
                raise
    say_faults(plan.faults, plan.notices, _sentence, reported=report is not None)
    recorded = len(plan.ready) if dry_run else done.recorded
    key = "import.would" if dry_run else "import.done"
    out(t(key, recorded=recorded, known=plan.known, refused=plan.refused, total=plan.total))
    if plan.stopped or done.stopped:
        say(t("import.stopped", recorded=done.recorded, ready=len(plan.ready)))
        return STOPPED
    return REFUSED if plan.faults else DONE


def say_faults(faults: Sequence[F], notices: Sequence[F], sentence: Callable[[F], str], *, reported: bool) -> None:
    """Say the first faults and notices of an import, and how many more there are."""
    for fault in faults[:SHOWN]:
        say(sentence(fault))
    if (more := len(faults) - SHOWN) > 0:
        say(t("import.more_in_report" if reported else "import.more", count=more))
    for notice in notices[:SHOWN]:
        say(sentence(notice))
    if (more := len(notices) - SHOWN) > 0:
        say(t("kb.import.more_notices", count=more))


def _sentence(fault: RowFault) -> str:
    from agentdesk.present.columns import field_label, reason

    return t("import.fault", line=fault.line, field=field_label(fault.field), reason=reason(fault.problem))


def _write_report(path: Path, faults: Sequence[RowFault]) -> None:
    from agentdesk.desk.delimited import lines
    from agentdesk.present.columns import field_label, reason

    head = ["line", "field", "code", "label", "reason"]
    rows = [
        [str(one.line), one.field, one.problem, field_label(one.field), reason(one.problem)]
        for one in sorted(faults, key=lambda one: one.line)
    ]
    preferences.replace_file(path, b"".join(lines([head, *rows])))


def mapped_words(pairs: Sequence[str], file: Path | None, words: Words) -> tuple[dict[str, str], Words]:
    """The mapping of the command line over that of the file. Raises WrongUse."""
    mapping: dict[str, str] = {}
    if file is not None:
        columns, values = _mapping_file(file)
        mapping.update(columns)
        words = replace(words, values=_with_values(words, values))
    return {**mapping, **mapped(pairs)}, words


def mapped(pairs: Sequence[str]) -> dict[str, str]:
    """The mapping of the command line. Raises WrongUse."""
    mapping: dict[str, str] = {}
    for part in (part for pair in pairs for part in pair.split(",") if part.strip()):
        name, equals, to = part.rpartition("=")
        if not equals or not name.strip() or not to.strip():
            raise WrongUse(t("cli.usage.map", part=part))
        mapping[name.strip()] = to.strip()
    return mapping


def _mapping_file(file: Path) -> tuple[dict[str, str], Mapping[str, Any]]:
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUse(t("cli.usage.mapping", file=file.name, why=str(error))) from error
    columns, values = read.get("columns", {}), read.get("values", {})
    tables = [columns, *values.values()] if isinstance(values, dict) else [None]
    for table in tables:
        if not isinstance(table, dict) or not all(isinstance(to, str) for to in table.values()):
            raise WrongUse(t("cli.usage.mapping", file=file.name, why="[columns], [values.FIELD]"))
    return columns, values


def _with_values(words: Words, values: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    from agentdesk.desk.columns import key

    merged = dict(words.values)
    for field, table in values.items():
        if field not in merged or not set(table.values()) <= set(merged[field].values()):
            raise WrongUse(t("cli.usage.mapping", file=f"[values.{field}]", why=", ".join(table.values())))
        merged[field] = {**merged[field], **{key(word): code for word, code in table.items()}}
    return merged
