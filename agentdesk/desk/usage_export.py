"""The figures about the knowledge base as a file: CSV or a workbook, no cell a formula, the export a log fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from agentdesk.desk import delimited, exported, workbooks
from agentdesk.desk.context import Desk
from agentdesk.desk.outfile import replacing
from agentdesk.desk.permission import require

FORMS = ("csv", "xlsx")
FOLDER = "exports"


def noted(desk: Desk, rows: int) -> None:
    """Write that figures were exported. Raises Refusal role.denied, OSError."""
    me = desk.me
    if me.joined:
        require(me.roles, "export", "X")
    exported.noted(desk, "kb_usage", rows)


def save(desk: Desk, path: Path, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Write a table into a file of this form, whole or not at all; its folder is made. Returns the path.

    Raises Refusal role.denied, OSError.
    """
    noted(desk, len(rows))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(path) as out:
        if path.suffix == ".xlsx":
            workbooks.write(out, title, head, rows)
        else:
            out.writelines(csv_lines(head, rows))
    return path


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The table as the lines of a CSV file."""
    return delimited.lines([head, *rows])
