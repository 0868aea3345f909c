"""`kb import`: tables, JSON, Markdown and folders of it in, what happened out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agentdesk import preferences
from agentdesk.cli.common import DONE, REFUSED, opened_desk, out, say
from agentdesk.cli.importing import STOPPED, Counter, mapped_words, say_faults, stopping
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.articles import Fault


def run(
    paths: Sequence[str],
    pairs: Sequence[str],
    mapping_file: Path | None,
    report: Path | None,
    encoding: str,
    sheet: str,
    dry_run: bool,
) -> int:
    """Import articles; returns the exit code."""
    from agentdesk.desk import articles
    from agentdesk.desk.article_rows import Reading
    from agentdesk.present import article_faults, columns

    mapping, words = mapped_words(pairs, mapping_file, columns.article_words())
    how = Reading(words, mapping, encoding, sheet)
    done = articles.Done()
    with opened_desk("kb import", write=not dry_run) as desk, stopping() as stop:
        plan = articles.plan(desk, paths, how, sys.stdin.buffer, Counter(stop, "import.looking", 0))
        if report is not None:
            _write_report(report, [*plan.faults, *plan.notices])
        if not dry_run and not plan.stopped:
            try:
                done = articles.record(desk, plan.ready, Counter(stop, "import.recording", len(plan.ready)))
            except BaseException:
                say(t("kb.import.broken_off", ready=len(plan.ready)))
                raise
    say_faults(plan.faults, plan.notices, article_faults.sentence, reported=report is not None)
    if plan.refused:
        say(t("kb.import.refused", refused=plan.refused, total=plan.total))
    if plan.stopped or done.stopped:
        say(t("kb.import.stopped", ready=len(plan.ready)))
        return STOPPED
    if dry_run:
        out(article_faults.would(plan))
    else:
        out(t("cli.done.import", created=done.created, updated=done.updated, unchanged=plan.unchanged))
    return REFUSED if plan.faults else DONE


def _write_report(path: Path, faults: Sequence[Fault]) -> None:
    from agentdesk.desk.delimited import lines
    from agentdesk.present import article_faults
    from agentdesk.text.privacy import redact

    head = ["file", "line", "field", "code", "label", "reason"]
    rows = [
        [
            redact(one.file)[0],
            str(one.line or ""),
            one.field,
            one.problem,
            article_faults.label(one),
            redact(article_faults.reason(one))[0],
        ]
        for one in sorted(faults, key=lambda one: (one.file, one.line))
    ]
    preferences.replace_file(path, b"".join(lines([head, *rows])))
