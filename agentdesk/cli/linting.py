"""Texts in, findings out: the lint of the composer for files and pipes. No request is open, so PV-03 does not apply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from agentdesk import preferences
from agentdesk.cli.common import Command, WrongUse, argument, opened_desk, option, out, read_input
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.text.lint import Context, Finding, Linter


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("lint", cls=Command, help=t("cli.command.lint"))
    def _lint(
        file: Annotated[str, argument("lint")] = "-",
        explain: Annotated[bool, option("--explain", key="explain")] = False,
        suggest: Annotated[bool, option("--suggest", key="suggest")] = False,
        counts: Annotated[bool, option("--counts", key="counts")] = False,
        by: Annotated[str, option("--by", key="by")] = "rule",
        days: Annotated[int, option("--days", key="days", min=1, max=366)] = 30,
    ) -> None:
        from agentdesk.desk import rows
        from agentdesk.text import lines

        if suggest:
            _suggest(days)
            return
        if counts:
            _count(days, by)
            return
        with _linter() as (linter, where):
            for number, line in rows.lines(read_input(file)):
                row_id, text = lines.read_line(line, number)
                if explain:
                    _explain(row_id, text, linter, where)
                else:
                    out(lines.safe_json(lines.lint_record(row_id, text, linter, where)))


@contextmanager
def _linter() -> Iterator[tuple[Linter, Context]]:
    """The rules in force at this desk and whether likeness is hinted at; before the first run as it ships."""
    from agentdesk.desk.library import shipped_linter
    from agentdesk.text.lint import Context

    if not preferences.paths().store.exists():
        yield shipped_linter(), Context(likeness=True)
        return
    with opened_desk("lint", write=False, fresh=True) as desk:
        yield desk.linter, Context(likeness=desk.settings.get("lint.likeness"))


def _suggest(days: int) -> None:
    """Wordings of the site's own sent texts that are near a forbidden one and were not refused, a JSON object each."""
    from dataclasses import asdict

    from agentdesk.desk import rule_list
    from agentdesk.text.lines import safe_json

    with opened_desk("lint --suggest", write=False) as desk:
        for one in rule_list.suggestions(desk, days):
            out(safe_json(asdict(one)))


def _count(days: int, by: str) -> None:
    """The lint counters of the last days, a JSON object each."""
    from dataclasses import asdict

    from agentdesk.desk import lint_counts
    from agentdesk.text.lines import safe_json

    if by not in lint_counts.BY:
        raise WrongUse(t("cli.counts.by", known=", ".join(lint_counts.BY)))
    with opened_desk("lint --counts", write=False) as desk:
        for one in lint_counts.counted(desk, days, by):
            out(safe_json(asdict(one)))


def _explain(row_id: object, text: str, linter: Linter, where: Context) -> None:
    """The findings of one text as sentences; a text without any is not told."""
    found = linter.check(text, where)
    if not found:
        return
    out(t("lint.explain.text", id=row_id, count=len(found)))
    for one in found:
        out("  " + _sentence(one))
    if found.judged < len(text):
        out("  " + t("lint.explain.judged", count=found.judged))


def _sentence(finding: Finding) -> str:
    from agentdesk.present.findings import reason
    from agentdesk.present.labels import label
    from agentdesk.text.clean import clean_line

    told = t(
        "lint.explain.finding",
        severity=label("severity", finding.severity),
        category=label("lint", finding.category),
        rule=finding.rule,
        words=clean_line(finding.text, 200),
        start=finding.start + 1,
        end=finding.end,
        lane=t(f"lint.lane.{finding.lane}"),
        why=reason(finding),
    )
    return told + (t("lint.explain.use", words=finding.replacement) if finding.replacement else "")
