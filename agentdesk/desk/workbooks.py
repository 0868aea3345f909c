"""Workbooks (XLSX) in and out: read within limits and without links, written without formulas."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import IO, Any

from agentdesk.desk.sheets import MAX_COLUMNS, Row
from agentdesk.desk.zips import BROKEN
from agentdesk.domain.refusal import Refusal

MAX_PARTS = 2_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 300
_RATIO_FROM = 1024 * 1024
"""Small parts may shrink as much as they like."""
MAX_EMPTY = 10_000
"""So many empty rows in a row mean that somebody filled a sheet to its end by accident, or on purpose."""
_PROLOG = 4_096
MAX_CELL = 32_767
"""Characters that a cell of Excel holds."""


def rows(data: bytes, name: str = "") -> Iterator[Row]:
    """The rows of one sheet (the first, or that of the name) with Excel's row numbers; formulas give their last value.

    Raises Refusal: sheet.workbook, sheet.hostile, sheet.no_sheet (name, known), sheet.too_large (limit).
    """
    _refuse_hostile(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises what its parts raise: KeyError, ValueError, ParseError …
        raise Refusal("sheet.workbook") from error
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise Refusal("sheet.workbook")
    if name and name not in sheets:
        raise Refusal("sheet.no_sheet", name=name, known=list(sheets))
    return _rows(sheets[name] if name else next(iter(sheets.values())))


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its size is not believed
    empty = 0
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [text_of(value) for value in values[: MAX_COLUMNS + 1]]
            while cells and not cells[-1]:
                cells.pop()
            empty = 0 if cells else empty + 1
            if empty > MAX_EMPTY:
                return
            yield Row(line, tuple(cells))
    except (*BROKEN, KeyError, TypeError, SyntaxError) as error:
        raise Refusal("sheet.workbook") from error


def _refuse_hostile(data: bytes) -> None:
    """Refuse what would unpack without end or declares entities, before any of it is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            bombs = [part for part in parts if part.file_size > max(_RATIO_FROM, MAX_RATIO * part.compress_size)]
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED or bombs:
                raise Refusal("sheet.hostile")
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    with packed.open(part) as opened:
                        head = opened.read(_PROLOG).replace(b"\0", b"").upper()
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise Refusal("sheet.hostile")
    except BROKEN as error:
        raise Refusal("sheet.workbook") from error


def text_of(value: Any) -> str:
    """A cell as text: dates as ISO, whole numbers without a point, truth as true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def write(out: IO[bytes], title: str, header: Sequence[str], found: Iterable[Sequence[str]]) -> None:
    """Write one sheet, row by row: every cell a text, marked as one, so that no programme takes it for a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    head = NamedStyle("head", font=Font(bold=True), fill=PatternFill("solid", fgColor="DDE6F0"))
    plain = NamedStyle("plain", number_format="@", alignment=Alignment(vertical="top", wrap_text=False))
    quoted = NamedStyle("quoted", number_format="@", alignment=Alignment(vertical="top", wrap_text=False))
    for style in (head, plain, quoted):
        book.add_named_style(style)

    def cell(text: str, style: str) -> Any:
        made: Any = WriteOnlyCell(sheet, "")
        made._value, made.data_type = _storable(text), "s"  # assigning `value` would read a formula into it
        made.style = style
        if style == "quoted":
            made.quotePrefix = True
        return made

    from agentdesk.desk.delimited import begins_like_a_formula

    for index, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = _width(name)
    sheet.append([cell(name, "head") for name in header])
    for row in found:
        sheet.append([cell(text, "quoted" if begins_like_a_formula(text) else "plain") for text in row])
    packed = io.BytesIO()  # a disk that fills would leave the library's archive open, which complains at its end
    book.save(packed)
    out.write(packed.getbuffer())


def _width(name: str) -> int:
    from agentdesk.text.fold import folded

    wide = sum(1 for character in folded(name) if ord(character) > 0x7F)
    return max(12, min(40, len(name) + wide + 4))


def _storable(text: str) -> str:
    """What XML can hold; Excel's limit of a cell is kept too."""
    allowed = (
        ch
        for ch in text
        if ch in "\t\n\r" or (ch >= " " and not "\ud800" <= ch <= "\udfff" and ch < "\ufffe" or ch > "\uffff")
    )
    return "".join(allowed)[:MAX_CELL]
