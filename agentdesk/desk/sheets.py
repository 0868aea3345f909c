"""Tables from outside, read without trust: CSV of any usual encoding, XLSX within limits. Only texts come out.

A row carries the line at which it begins (of a workbook: Excel's row number), so that a fault can be found again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agentdesk.desk.delimited import unguarded
from agentdesk.domain.refusal import Refusal

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 60_000
"""Longer than any field may be, so that the field itself says that it is too long."""

BROKEN_QUOTES = "quotes"
TOO_WIDE = "too_wide"
CELL_TOO_LONG = "cell_too_long"

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_DELIMITERS = (",", "\t", ";")
_SURE = 0.55
"""Share of everyday characters from which a guessed encoding is believed; a wrong guess stays far below it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it begins, its cells, and what is wrong with it as a row ("" or one of the codes above)."""

    line: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its header, cells cleaned of nothing yet. `rows` can be walked once."""

    header: Row
    rows: Iterator[Row]


def read(path: Path, encoding: str = "", sheet: str = "") -> Sheet:
    """Open a table by what it holds, not by its name.

    Raises Refusal: sheet.empty, sheet.too_large (limit), sheet.xls, sheet.encoding, sheet.workbook, sheet.hostile,
    sheet.no_sheet (name, known); OSError.
    """
    return parsed(within_limits(path), encoding, sheet)


def within_limits(path: Path) -> bytes:
    """The bytes of a file, never more than the limit: a device has no end. Raises Refusal sheet.too_large; OSError."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refusal("sheet.too_large", limit=f"{MAX_BYTES // 1024 // 1024} MB")
    return data


def is_workbook(data: bytes) -> bool:
    """Whether it is a workbook, new or old."""
    return data.startswith((_OLE, _ZIP))


def parsed(data: bytes, encoding: str = "", sheet: str = "") -> Sheet:
    """A table that was read; raises as `read`."""
    if data.startswith(_OLE):
        raise Refusal("sheet.xls")
    if data.startswith(_ZIP):
        from agentdesk.desk import workbooks

        return _with_header(workbooks.rows(data, sheet))
    return _with_header(_csv_rows(decoded(data, encoding)))


def _with_header(rows: Iterator[Row]) -> Sheet:
    limited = _limited(rows)
    header = next((row for row in limited if row.problem or any(cell.strip() for cell in row.cells)), None)
    if header is None:
        raise Refusal("sheet.empty")
    if header.problem:
        raise Refusal("sheet.header", line=header.line)
    return Sheet(header, (row for row in limited if row.problem or any(cell.strip() for cell in row.cells)))


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            raise Refusal("sheet.too_large", limit=str(MAX_ROWS))
        if len(row.cells) > MAX_COLUMNS:
            yield Row(row.line, row.cells[:MAX_COLUMNS], TOO_WIDE)
        elif any(len(cell) > MAX_CELL for cell in row.cells):
            yield Row(row.line, tuple(cell[:MAX_CELL] for cell in row.cells), CELL_TOO_LONG)
        else:
            yield row


# -- texts ------------------------------------------------------------------------------------------------------------


def decoded(data: bytes, encoding: str = "") -> str:
    """The text of a file: by its mark, else UTF-8 where that fits, else the mainland's or Taiwan's code if sure.

    Raises Refusal sheet.encoding.
    """
    try:
        if encoding:
            return data.decode(encoding).removeprefix("\ufeff")
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except LookupError as error:
        raise Refusal("sheet.encoding") from error
    except UnicodeDecodeError as error:
        if encoding or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Refusal("sheet.encoding") from error
    guesses = sorted((guess for guess in (_guess(data, *way) for way in _WAYS) if guess), reverse=True)
    if not guesses or guesses[0][0] < _SURE or (len(guesses) > 1 and guesses[0][0] - guesses[1][0] < 0.2):
        raise Refusal("sheet.encoding")
    return guesses[0][1]


def _guess(data: bytes, codec: str, plain: str, lead: range) -> tuple[float, str] | None:
    """How sure it is that data is written in a codec, with its text: the share of the everyday characters of it."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    wide = [character for character in text[:20_000] if ord(character) > 0x7F]
    return (sum(_everyday(character, plain, lead) for character in wide) / max(1, len(wide)), text)


def _everyday(character: str, plain: str, lead: range) -> bool:
    try:
        return character.encode(plain)[0] in lead
    except UnicodeEncodeError:
        return False


_WAYS = (("gb18030", "gb2312", range(0xB0, 0xD8)), ("cp950", "big5", range(0xA4, 0xC7)))
"""Codec, its core, and the lead bytes of its everyday characters."""


def _csv_rows(text: str) -> Iterator[Row]:
    """The rows of a CSV text. A row with broken quotes is a row with a problem; the rows after it are read on."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(max(MAX_BYTES, csv.field_size_limit()))
    while True:
        line = reader.line_num + 1
        try:
            yield Row(line, tuple(map(unguarded, next(reader))))
        except StopIteration:
            return
        except csv.Error:
            yield Row(line, (), BROKEN_QUOTES)
