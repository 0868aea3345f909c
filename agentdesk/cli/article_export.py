"""`kb export`: articles as a folder of Markdown, a table or JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from agentdesk.cli.common import WrongUse, opened_desk
from agentdesk.cli.exporting import HEADERS
from agentdesk.preferences import naming
from agentdesk.present.i18n import t
from agentdesk.present.troubles import OUTPUT

FORMS = ("md", "jsonl", "csv", "xlsx")
NEED_OUTPUT = ("md", "xlsx")


def run(form: str, output: Path | None, headers: str) -> None:
    """Export every article in use. Raises WrongUse, Refusal role.denied, articles.cell, articles.folder, OSError."""
    from agentdesk.desk import article_export
    from agentdesk.desk.outfile import replacing

    if form not in FORMS:
        raise WrongUse(t("cli.usage.format", form=form))
    if headers not in HEADERS:
        raise WrongUse(t("cli.usage.headers", name=headers))
    if form in NEED_OUTPUT and output is None:
        raise WrongUse(t("cli.usage.missing", name="--output"))
    with opened_desk("kb export", write=False) as desk:
        found = article_export.articles(desk)
        if output is None:
            with naming(OUTPUT):
                sys.stdout.buffer.writelines(_lines(form, headers, found))
                sys.stdout.buffer.flush()
        elif form == "md":
            with article_export.folder(output) as folder:
                article_export.write_markdown(folder, found)
        elif form == "xlsx":
            from agentdesk.desk import workbooks

            rows = list(article_export.table(found, workbooks.MAX_CELL))  # a workbook that is begun must be ended
            with replacing(output) as target:
                workbooks.write(target, t("kb.sheet"), _head(headers), rows)
        else:
            with replacing(output) as target:
                target.writelines(_lines(form, headers, found))


def _lines(form: str, headers: str, found: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    from agentdesk.desk import article_export, delimited

    if form == "jsonl":
        return map(article_export.line, found)
    return delimited.lines(_with(_head(headers), article_export.table(found)))


def _head(headers: str) -> list[str]:
    from agentdesk.desk.article_cells import COLUMNS
    from agentdesk.present.columns import article_label

    return [article_label(code) if headers == "label" else code for code in COLUMNS]


def _with(head: list[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    yield head
    yield from rows
