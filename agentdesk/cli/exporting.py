"""`export requests`: JSONL, CSV or a workbook, to a file or (not the workbook) to standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentdesk.cli.common import WrongUse, opened_desk, print_json
from agentdesk.preferences import naming
from agentdesk.present.i18n import t
from agentdesk.present.troubles import OUTPUT

FORMS = ("jsonl", "csv", "xlsx")
HEADERS = ("code", "label")


def run(form: str, output: Path | None, headers: str) -> None:
    """Export all requests, masked. Raises WrongUse, Refusal role.denied, OSError."""
    from agentdesk.desk import delimited, exporting, workbooks
    from agentdesk.desk.outfile import replacing

    if form not in FORMS:
        raise WrongUse(t("cli.usage.format", form=form))
    if headers not in HEADERS:
        raise WrongUse(t("cli.usage.headers", name=headers))
    if form == "xlsx" and output is None:
        raise WrongUse(t("cli.usage.missing", name="--output"))
    with opened_desk("export requests", write=False) as desk:
        found = exporting.requests(desk)
        if form == "jsonl":
            _jsonl(found, output)
            return
        head = [_title(code) if headers == "label" else code for code in exporting.COLUMNS]
        rows = (exporting.cells(row) for row in found)
        if output is None:
            with naming(OUTPUT):
                sys.stdout.buffer.writelines(delimited.lines(_with(head, rows)))
                sys.stdout.buffer.flush()
            return
        with replacing(output) as out:
            if form == "xlsx":
                workbooks.write(out, t("export.sheet"), head, rows)
            else:
                out.writelines(delimited.lines(_with(head, rows)))


def _jsonl(found: Iterator[Mapping[str, Any]], output: Path | None) -> None:
    from agentdesk.desk.outfile import replacing

    if output is None:
        for row in found:
            print_json(row)
        return
    with replacing(output) as out:
        for row in found:
            out.write(json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace") + b"\n")


def _with(head: list[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    yield head
    yield from rows


def _title(code: str) -> str:
    from agentdesk.present.columns import field_label

    label = t(f"export.column.{code}")
    return label if label != f"export.column.{code}" else field_label(code)
