"""`phrases import` and `phrases export`: a table in, what happened out; the same columns out again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agentdesk import preferences
from agentdesk.cli.common import DONE, REFUSED, WrongUse, opened_desk, out, say
from agentdesk.cli.exporting import HEADERS
from agentdesk.cli.importing import STOPPED, Counter, mapped, say_faults, stopping
from agentdesk.present.i18n import t
from agentdesk.present.troubles import OUTPUT

if TYPE_CHECKING:
    from agentdesk.desk.phrase_import import Fault

FORMS = ("csv", "xlsx")


def take(file: Path, pairs: Sequence[str], report: Path | None, encoding: str, sheet_name: str, dry_run: bool) -> int:
    """Import one table; returns the exit code."""
    from agentdesk.desk import phrase_import, sheets
    from agentdesk.present import columns

    words, mapping = columns.phrase_words(), mapped(pairs)
    done = phrase_import.Done()
    with opened_desk("phrases import", write=not dry_run) as desk, stopping() as stop:
        sheet = sheets.read(file, encoding, sheet_name)
        plan = phrase_import.plan(desk, sheet, words, mapping, Counter(stop, "import.looking", 0))
        if report is not None:
            _write_report(report, [*plan.faults, *plan.notices])
        if not dry_run and not plan.stopped:
            try:
                phrase_import.record(desk, plan.ready, done, Counter(stop, "import.recording", len(plan.ready)))
            except Exception:
                say(t("phrases.import.broken_off", recorded=done.recorded, ready=len(plan.ready)))
                raise
    say_faults(plan.faults, plan.notices, _sentence, reported=report is not None)
    if plan.refused:
        say(t("phrases.import.refused", refused=plan.refused, total=plan.total))
    counts = {"created": plan.created, "updated": len(plan.ready) - plan.created, "unchanged": plan.unchanged}
    if plan.stopped or done.stopped:
        say(t("phrases.import.stopped", recorded=done.recorded, ready=len(plan.ready)))
        return STOPPED
    out(t("phrases.import.would" if dry_run else "phrases.import.done", **counts))
    return REFUSED if plan.faults else DONE


def _sentence(fault: Fault) -> str:
    return t("import.fault", line=fault.line, field=_label(fault), reason=_reason(fault))


def _label(fault: Fault) -> str:
    from agentdesk.present.columns import phrase_label

    return phrase_label(fault.field) if fault.field else t("import.whole_row")


def _reason(fault: Fault) -> str:
    from agentdesk.present.columns import reason
    from agentdesk.present.safe import plain

    why = reason(fault.problem)
    return t("kb.import.other", reason=why, other=plain(fault.about)) if fault.about else why


def _write_report(path: Path, faults: Sequence[Fault]) -> None:
    from agentdesk.desk.delimited import lines

    head = ["line", "field", "code", "label", "reason"]
    rows = [
        [str(one.line), one.field, one.problem, _label(one), _reason(one)]
        for one in sorted(faults, key=lambda one: one.line)
    ]
    preferences.replace_file(path, b"".join(lines([head, *rows])))


def give(form: str, output: Path | None, headers: str, stands: str) -> None:
    """Export phrases in the columns of an import. Raises WrongUse, OSError."""
    from agentdesk.desk import delimited, phrase_import, workbooks
    from agentdesk.desk.outfile import replacing
    from agentdesk.present.columns import phrase_label

    if form not in FORMS:
        raise WrongUse(t("cli.usage.format", form=form))
    if headers not in HEADERS:
        raise WrongUse(t("cli.usage.headers", name=headers))
    if form == "xlsx" and output is None:
        raise WrongUse(t("cli.usage.missing", name="--output"))
    head = [phrase_label(code) if headers == "label" else code for code in phrase_import.COLUMNS]
    with opened_desk("phrases export", write=False) as desk:
        rows = list(phrase_import.table(desk, stands))
    if output is None:
        with preferences.naming(OUTPUT):
            sys.stdout.buffer.writelines(delimited.lines([head, *rows]))
            sys.stdout.buffer.flush()
        return
    with replacing(output) as target:
        if form == "xlsx":
            workbooks.write(target, t("phrases.sheet"), head, rows)
        else:
            target.writelines(delimited.lines([head, *rows]))
