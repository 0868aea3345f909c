"""Articles as rows, read without trust: tables, JSON and JSONL, Markdown with a head, folders of Markdown.

What a file is, its bytes say before its name. A row carries its file and line, so that a fault can be found again; what
is wrong with a file as a whole is a Refusal.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentdesk.desk import columns, rows, sheets
from agentdesk.desk.columns import Words, key
from agentdesk.domain.articles import FIELD, FIELDS
from agentdesk.domain.front_matter import TOML, YAML, FrontMatterError, parse
from agentdesk.domain.refusal import Refusal

MARKDOWN = (".md", ".markdown")
JSON_NAMES = (".json", ".jsonl", ".ndjson")
MAX_FILES = 20_000
STANDARD_INPUT = "-"
UNREADABLE = "unreadable"

TARGETS = frozenset(FIELD)
_LEFT_OUT = frozenset(("revision",))
"""Keys of the starter pack's files that mean nothing here."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: the name to call it by, where it is, the id of an article that names none; one of a folder or
    one that was asked for by name."""

    name: str
    path: Path
    stem: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One article as it stands there; `problem` of the row as a whole, `unknown` what it has beyond the fields."""

    line: int
    values: Mapping[str, Any]
    problem: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How tables are read: words of headers and values, the mapping of the command line, encoding and sheet."""

    words: Words
    mapping: Mapping[str, str]
    encoding: str = ""
    sheet: str = ""


def files(paths: Sequence[str]) -> Iterator[File]:
    """The files that paths mean: of a folder its Markdown, by name, links not followed.

    Raises Refusal: articles.none (folder), articles.too_many (limit); OSError.
    """
    for given in paths:
        path = Path(given)
        if given == STANDARD_INPUT or not path.is_dir():
            yield File(path.name or given, path, path.stem)
            continue
        count = 0
        for count, found in enumerate(_markdown(path), start=1):
            if count > MAX_FILES:
                raise Refusal("articles.too_many", limit=MAX_FILES)
            inside = found.relative_to(path)
            yield File(inside.as_posix(), found, inside.with_suffix("").as_posix(), found=True)
        if not count:
            raise Refusal("articles.none", folder=given)


def _markdown(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.lower().endswith(MARKDOWN) and not name.startswith(".") and not path.is_symlink():
                yield path


def read(file: File, data: bytes, how: Reading) -> list[Row]:
    """The rows of a file. Raises Refusal: sheet.…, columns.…, import.empty."""
    if sheets.is_workbook(data):
        return list(_table(data, how))
    head = data[:4_096].lstrip(b"\xef\xbb\xbf\r\n\t ")
    suffix = file.path.suffix.lower()
    if suffix in JSON_NAMES or (head.startswith(b"{") and suffix not in MARKDOWN):
        return list(_json(data))
    if suffix in MARKDOWN or head.startswith((TOML.encode() + b"\n", TOML.encode() + b"\r", YAML.encode() + b"\n")):
        return [_document(file, sheets.decoded(data, how.encoding), how.words)]
    if file.name == STANDARD_INPUT and not data.strip():
        raise Refusal("import.empty")
    return list(_table(data, how))


# -- tables -----------------------------------------------------------------------------------------------------------


def _table(data: bytes, how: Reading) -> Iterator[Row]:
    sheet = sheets.parsed(data, how.encoding, how.sheet)
    targets = columns.assign(sheet.header.cells, how.words, how.mapping, TARGETS)
    for row in sheet.rows:
        extra = any(cell.strip() for cell in row.cells[len(targets) :])
        values = {
            code: _cell(code, cell, how.words)
            for code, cell in zip(targets, row.cells, strict=False)
            if code and cell.strip()
        }
        yield Row(row.line, values, row.problem or ("more_cells" if extra else ""))


def _cell(code: str, cell: str, words: Words) -> Any:
    kind = FIELD[code].kind
    if kind in ("list", "set"):
        parts = cell.splitlines() if kind == "list" else columns.parts(cell)
        return [part.strip() for part in parts if part.strip()]
    return words.values[code].get(key(cell), cell.strip()) if kind == "enum" else cell


# -- JSON -------------------------------------------------------------------------------------------------------------


def _json(data: bytes) -> Iterator[Row]:
    whole = _parsed(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    if isinstance(whole, dict):
        yield Row(1, _known(whole))
        return
    empty = True
    for number, line in rows.lines(data):
        if line.strip():
            empty = False
            value = _parsed(line)
            if isinstance(value, dict):
                yield Row(number, _known(value))
            else:
                yield Row(number, {}, "not_json" if value is None else "not_an_object")
    if empty:
        raise Refusal("import.empty")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an article; what else stands there belongs to somebody else's program."""
    return {code: row[code] for code in (field.code for field in FIELDS) if code in row}


# -- Markdown ---------------------------------------------------------------------------------------------------------


def _document(file: File, text: str, words: Words) -> Row:
    """One article: the head's fields, the text below; without id the file's name, without title the first heading."""
    try:
        document = parse(text)
    except FrontMatterError as error:
        return Row(error.line, {}, error.problem)
    values: dict[str, Any] = {}
    unknown: list[str] = []
    for name, value in document.head.items():
        code = name if name in TARGETS else words.headers.get(key(name), "")
        if code and code != "body":
            values.setdefault(code, _of_head(code, value, words))
        elif name not in _LEFT_OUT:
            unknown.append(name)
    body = document.body.strip()
    values.setdefault("id", file.stem)
    if "title" not in values:
        title, _, rest = body.partition("\n")
        if title.startswith("# "):
            values["title"], body = title[2:].strip(), rest.strip()
    return Row(1, {**values, "body": body}, unknown=tuple(unknown))


def _of_head(code: str, value: Any, words: Words) -> Any:
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if FIELD[code].kind == "enum" and isinstance(value, str):
        return words.values[code].get(key(value), value)
    if FIELD[code].kind in ("list", "set") and isinstance(value, str):
        return [value] if value.strip() else []
    return value
