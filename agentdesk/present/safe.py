"""Outside text made harmless and laid out by cells; the only makers of what widgets paint.

Use:
    line("P1", ("安全隐患", "bold"), (customer_name, "$foreground-muted"))   # one-line Content, no markup is read
    block(message_body)                                                     # Content of several lines
    fit(title, 20)                                                          # exactly 20 cells, cut with `..`

Every string that goes in is cleaned (C0, C1, bidi, zero-width, lone surrogates), so that a ticket's text can neither
open a link, fire an action, colour the screen nor speak to the terminal. Styles are Textual style strings and come
from code, never from data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from textual.content import Content  # commands draw nothing: it is half the time that one takes to start

Piece: TypeAlias = "str | tuple[str, str]"
"""A text, or a text with its style."""

DIM = "$foreground-muted"
ACCENT = "$text-primary"
STRONG = "bold"
ERROR = "$text-error bold"
WARNING = "$text-warning bold"
GOOD = "$text-success"

MARK = ".."
"""What stands where a text was cut: two cells, in every font."""

PLAIN_LIMIT = 20_000
"""Characters of a block that are drawn; what is longer says so rather than freezing the loop."""

_JOINED = re.compile("\u200d.|[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u20e3]")
"""What makes an emoji wider or narrower than a terminal thinks: joined parts, skin tones, variation marks."""

_STACKED = re.compile("[\u0300-\u036f]{4}")
"""Accents piled on one letter: printable, but they bleed into the lines above and below."""

_UNITS = re.compile(r"[!-~]+|.")
"""What stays on one line: a word in Latin letters, or one character of any other script."""

_WORD = re.compile(r"[!-~]{2}")
"""Two characters between which no line is broken."""

_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")


def plain(text: str) -> str:
    """Return a text as one harmless line; emoji sequences are reduced to their base so that columns stay aligned."""
    if text.isprintable() and not _STACKED.search(text):
        tidy = text
    else:
        from agentdesk.text.clean import clean_line  # its patterns take 3 ms; hardly a line needs them

        tidy = clean_line(text)
    return tidy if tidy.isascii() else _FLAG.sub("[]", _JOINED.sub("", tidy))


def width(text: str) -> int:
    """Return how many cells a text takes."""
    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """Return a harmless line of at most so many cells, ended by `..` where something was left out."""
    tidy = plain(text)
    if cell_len(tidy) <= cells:
        return tidy
    if cells <= len(MARK):
        return MARK[: max(0, cells)]
    # A wide character that straddles the edge becomes a blank, which then stands before the mark.
    return set_cell_size(tidy, cells - len(MARK)).rstrip() + MARK


def fit(text: str, cells: int, align: str = "left") -> str:
    """Return a harmless line of exactly so many cells; `align` is left or right."""
    short = cut(text, cells)
    space = " " * (cells - cell_len(short))
    return space + short if align == "right" else short + space


def wrapped(text: str, cells: int) -> list[str]:
    """Return a text as harmless lines of at most so many cells, broken between words and anywhere in Chinese."""
    rows, rest = [], plain(text).lstrip()
    while rest:
        end = fitting(rest, cells) or max(1, cells)
        row, rest = rest[:end], rest[end:].lstrip()
        rows.append(row.rstrip() if rest else row)
    return rows or [""]


def fitting(text: str, cells: int) -> int:
    """Return how many characters fit: a word in Latin letters whole or not at all, of any other script one by one."""
    text = text[: 2 * cells + 1]  # all that could fit, marks without a width counted in, and what shows the end
    if len(text) <= 2 * cells and cell_len(text) <= cells:
        return len(text)
    at = cells // 2  # no character is wider than two cells
    while at and _WORD.fullmatch(text, at - 1, at + 1):
        at -= 1
    used = cell_len(text[:at])
    for unit in _UNITS.finditer(text, at):
        used += cell_len(unit[0])
        if used > cells:
            return unit.start()
    return len(text)


def line(*pieces: Piece) -> Content:
    """Put pieces together as one harmless line."""
    from textual.content import Content

    parts = [(plain(piece), "") if isinstance(piece, str) else (plain(piece[0]), piece[1]) for piece in pieces]
    return Content.assemble(*parts)


def block(text: str, style: str = "") -> Content:
    """Return a harmless text of several lines; only the first 20,000 characters are drawn."""
    from textual.content import Content

    from agentdesk.text.clean import clean  # as in `plain`

    tidy = clean(text[:PLAIN_LIMIT])
    more = [("\n" + MARK, DIM)] if len(text) > PLAIN_LIMIT else []
    return Content.assemble((tidy, style), *more)


def lines(*rows: Content) -> Content:
    """Put finished lines under one another."""
    from textual.content import Content

    return Content("\n").join(rows)
