"""Articles as rows, read without trust: tables, JSON and JSONL, Markdown with a head, pages; folders and zips of both.

What a file is, its bytes say before its name. A row carries its file and line, so that a fault can be found again; what
is wrong with a file as a whole is a Refusal.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentdesk.desk import columns, rows, sheets
from agentdesk.desk.article_cells import words_of_cell
from agentdesk.desk.article_files import STANDARD_INPUT, File
from agentdesk.desk.article_references import MARKDOWN, PAGES, References
from agentdesk.desk.columns import IGNORE, Words, key
from agentdesk.domain.articles import FIELD, FIELDS
from agentdesk.domain.content import ENGLISH
from agentdesk.domain.front_matter import TOML, YAML, FrontMatterError, parse
from agentdesk.domain.refusal import Refusal
from agentdesk.text import html_encoding, html_page

JSON_NAMES = (".json", ".jsonl", ".ndjson")
UNREADABLE = "unreadable"

TARGETS = frozenset(FIELD)
_LEFT_OUT = frozenset(("revision",))
"""Keys of the starter pack's files that mean nothing here."""


@dataclass(frozen=True, slots=True)
class Row:
    """One article as it stands there; `problem` of the row as a whole, `unknown` what it has beyond the fields, `look`
    what is to be looked at in its text."""

    line: int
    values: Mapping[str, Any]
    problem: str = ""
    unknown: tuple[str, ...] = ()
    look: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How tables are read: words of headers and values, the mapping of the command line, encoding and sheet."""

    words: Words
    mapping: Mapping[str, str]
    encoding: str = ""
    sheet: str = ""


def read(file: File, data: bytes, how: Reading) -> list[Row]:
    """The rows of a file. Raises Refusal: sheet.…, columns.…, import.empty."""
    if sheets.is_workbook(data):
        return list(_table(data, how))
    head = data[:4_096].lstrip(b"\xef\xbb\xbf\r\n\t ")
    suffix = file.path.suffix.lower()
    if suffix in PAGES or head[:14].lower().startswith((b"<!doctype html", b"<html")):
        return [_page(file, html_encoding.decoded(data, _told(how.encoding)), how.words)]
    if suffix in JSON_NAMES or (head.startswith(b"{") and suffix not in MARKDOWN):
        return list(_json(data, how))
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
        parts = cell.splitlines() if kind == "list" else words_of_cell(cell)
        return [part.strip() for part in parts if part.strip()]
    return words.values[code].get(key(cell), cell.strip()) if kind == "enum" else cell


# -- JSON -------------------------------------------------------------------------------------------------------------


def _json(data: bytes, how: Reading) -> Iterator[Row]:
    wrong = sorted(set(how.mapping.values()) - TARGETS - {IGNORE})
    if wrong:
        raise Refusal("columns.target", field=wrong)
    whole = _parsed(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    if isinstance(whole, dict):
        yield Row(1, _known(whole, how))
        return
    empty = True
    for number, line in rows.lines(data):
        if line.strip():
            empty = False
            value = _parsed(line)
            if isinstance(value, dict):
                yield Row(number, _known(value, how))
            else:
                yield Row(number, {}, "not_json" if value is None else "not_an_object")
    if empty:
        raise Refusal("import.empty")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _known(row: Mapping[str, Any], how: Reading) -> dict[str, Any]:
    """The fields of an article; what else stands there belongs to somebody else's program, unless it is mapped."""
    found = {code: row[code] for code in (field.code for field in FIELDS) if code in row}
    for name, code in how.mapping.items():
        if name not in row:
            continue
        found.pop(name, None)
        if code != IGNORE:
            value = row[name]
            found[code] = _cell(code, value, how.words) if isinstance(value, str) else value
    return found


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
    if "attachments" not in values:
        referred = References(file.name, file.folder)
        referred.of_markdown(body)
        values["attachments"] = referred.attachments
    return Row(1, {**values, "body": body}, unknown=tuple(unknown))


def _of_head(code: str, value: Any, words: Words) -> Any:
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if FIELD[code].kind == "enum" and isinstance(value, str):
        return words.values[code].get(key(value), value)
    if FIELD[code].kind in ("list", "set") and isinstance(value, str):
        return [value] if value.strip() else []
    return value


# -- pages ------------------------------------------------------------------------------------------------------------


def _told(encoding: str) -> Callable[[bytes], str]:
    return lambda data: sheets.decoded(data, encoding)


def _page(file: File, text: str, words: Words) -> Row:
    """One article: its id is the name of the file, its category and tag are those of the folders it lies in."""
    referred = References(file.name, file.folder)
    page = html_page.page(text, referred.link, referred.image)
    category, tags = _of_folders(file.stem, words)
    values = {
        "id": file.stem,
        "title": page.title or file.stem.rpartition("/")[2],
        "body": page.body,
        "category": category,
        "tags": [*tags, *([ENGLISH] if page.english else [])],
        "attachments": referred.attachments,
    }
    return Row(1, values, look="much_left_out" if page.lost else "")


def _of_folders(stem: str, words: Words) -> tuple[str, list[str]]:
    """The category that a folder names, the innermost first, and that folder as a tag which names none."""
    folders = stem.split("/")[:-1][::-1]
    category = next((code for one in folders if (code := words.values["category"].get(key(one)))), "")
    innermost = [one for one in folders[:1] if not words.values["category"].get(key(one))]
    return category, [one[: FIELD["tags"].longest] for one in innermost]
