"""Articles out, in the shapes in which an import takes them: what was exported comes in as unchanged."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from agentdesk.desk import exported, library
from agentdesk.desk.article_cells import COLUMNS, cells
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.permission import require
from agentdesk.domain.articles import FIELDS, SETS
from agentdesk.domain.front_matter import written
from agentdesk.domain.refusal import Refusal
from agentdesk.preferences import naming

_NOT_IN_NAME = re.compile(r"[^\w.-]+")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""Names that a Windows keeps for its devices, whatever the suffix."""
LONGEST_NAME: Final = 80


def articles(desk: Desk) -> Iterator[dict[str, Any]]:
    """Every article in use as its fields, those that ship too; the export is a log fact. Raises Refusal role.denied.

    Of a policy it is the version that was published last, as an import compares it.
    """
    if desk.me.joined:
        require(desk.me.roles, "export", "X")
    exported.noted(desk, "articles", sum(1 for _ in library.each_in_use(desk)))
    return map(fields, library.each_in_use(desk))


def fields(one: Published) -> dict[str, Any]:
    """The fields of an article that say something."""
    found: dict[str, Any] = {"id": str(one.value.get("source_id") or one.id)}
    for field in FIELDS[1:]:
        value = sorted(one.sets.get(field.code, ())) if field.code in SETS else one.value.get(field.code)
        if value:
            found[field.code] = value
    return found


def line(row: Mapping[str, Any]) -> bytes:
    """An article as a line of JSON."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def table(found: Iterable[Mapping[str, Any]], longest: int = 0) -> Iterator[list[str]]:
    """Articles as the cells of a table. Raises Refusal articles.cell (article, limit) where one would be cut."""
    for row in found:
        made = cells(row)
        if longest and any(len(cell) > longest for cell in made):
            raise Refusal("articles.cell", article=row["title"], limit=longest)
        yield made


def markdown(row: Mapping[str, Any]) -> str:
    """An article as a Markdown file with a head; attachments are always named, so that none are looked for."""
    head = {code: row[code] for code in COLUMNS if code in row and code != "body"}
    return written({**head, "attachments": row.get("attachments", [])}) + "\n" + str(row["body"]) + "\n"


@contextlib.contextmanager
def folder(path: Path) -> Iterator[Path]:
    """A folder to write into that takes its place only when the block has ended well.

    Raises Refusal articles.folder where something stands in its place already; OSError.
    """
    with naming(path):
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise Refusal("articles.folder", folder=path.name)
        made = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield made
        with naming(path):
            if path.exists():
                path.rmdir()
            os.replace(made, path)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def write_markdown(target: Path, found: Iterable[Mapping[str, Any]]) -> None:
    """Write each article into a file of the folder, named after its id as far as a file may be."""
    taken: set[str] = set()
    for row in found:
        name = _file_name(str(row["id"]), taken)
        (target / f"{name}.md").write_text(markdown(row), encoding="utf-8", errors="replace", newline="\n")


def _file_name(source: str, taken: set[str]) -> str:
    name = _NOT_IN_NAME.sub("_", source)[:LONGEST_NAME].strip("._ ") or "article"
    name = f"{name}_" if _RESERVED.fullmatch(name.partition(".")[0]) else name
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.casefold())
    return free
