"""Markdown as finished text: headings, lists, quotes, tables, code, bold; links as words with their address.

A small subset, read line by line in linear time. No parser of a library draws here: theirs make links that can be
clicked, from text that somebody else wrote. Every piece goes through `present.safe`; styles come from this file alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from agentdesk.domain import article_links
from agentdesk.domain.article_links import ArticleLink
from agentdesk.present.laid import Laid
from agentdesk.present.safe import ACCENT, DIM, MARK, PLAIN_LIMIT, STRONG, Piece, fit, fitting, line, plain, width

LINK: Final = f"{ACCENT} underline"
MARKED: Final = f"{ACCENT} reverse"
CODE: Final = "$text-accent"
QUOTE: Final = "| "
INDENT: Final = 2
MAX_INDENT: Final = 8
MAX_COLUMNS: Final = 20

_HEADING: Final = re.compile(r" {0,3}#{1,6}[ \t]+(?P<text>.*)")
_ITEM: Final = re.compile(r"(?P<indent>[ \t]*)(?P<sign>[-*+]|\d{1,3}[.)])[ \t]+(?P<text>.*)")
_QUOTE: Final = re.compile(r" {0,3}>[ \t]?(?P<text>.*)")
_RULE: Final = re.compile(r" {0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*")
_RULED: Final = re.compile(r":?-{1,40}:?")
"""A cell of the line under a table's head."""
_BAR: Final = re.compile(r"\[\[[^\[\]\n]{1,502}\]\]|\\\||(?P<bar>\|)")
"""What parts the cells of a row: a bar that is neither within a link between articles nor escaped by a backslash."""
_INLINE: Final = re.compile(
    r"(?P<article>\[\[[^\[\]\n]{1,502}\]\])"
    r"|`(?P<code>[^`\n]{1,500})`"
    r"|\*\*(?P<strong>[^*\n]{1,1000})\*\*"
    r"|(?<![0-9A-Za-z_])__(?P<strong2>[^_\n]{1,1000})__(?![0-9A-Za-z_])"
    r"|(?<![\w*])\*(?P<em>[^*\s][^*\n]{0,1000})\*(?![\w*])"
    r"|!?\[(?P<shown>[^\[\]\n]{1,300})\]\((?P<url>[^()\s]{1,500})\)"
)


class Span(NamedTuple):
    """Words in one style; `link` is the id of the article that they lead to, "" for none."""

    text: str
    style: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the text: what stands before it, how far in, its words; or the cells of a table's row."""

    lead: str = ""
    indent: int = 0
    spans: tuple[Span, ...] = ()
    cells: tuple[tuple[Span, ...], ...] = ()
    heading: bool = False


Look = Callable[[ArticleLink], Span]
"""How a link between articles is shown: words, style, and the id that it leads to."""


def parse(text: str, look: Look) -> list[Block]:
    """Read a text; what is longer than can be drawn is left out and says so."""
    rows = text[:PLAIN_LIMIT].splitlines()
    ruled = [_is_table_rule(row) for row in rows]
    found: list[Block] = []
    code = False
    for at, row in enumerate(rows):
        if row.lstrip().startswith("```"):
            code = not code
        elif code:
            found.append(Block(indent=INDENT, spans=(Span(row, CODE),)))
        elif _is_row(rows, ruled, at):
            if not ruled[at]:
                heading = at + 1 < len(rows) and ruled[at + 1]
                found.append(Block(cells=tuple(_cells(row, look)), heading=heading))
        else:
            found.append(_block(row, look))
    return [*found, Block(spans=(Span(MARK, DIM),))] if len(text) > PLAIN_LIMIT else found


def _is_table_rule(row: str) -> bool:
    """Whether a line is the one under a table's head. In steps, not by one pattern: that would be quadratic."""
    cells = row.strip(" \t").removeprefix("|").removesuffix("|").split("|")
    return all(_RULED.fullmatch(cell.strip(" \t")) for cell in cells)


def _is_row(rows: Sequence[str], ruled: Sequence[bool], at: int) -> bool:
    """Whether a line is of a table: one with `|` at its beginning, or beside the line under a table's head."""
    if "|" not in rows[at]:
        return False
    near = range(max(0, at - 1), min(len(rows), at + 2))
    return rows[at].lstrip().startswith("|") or any(ruled[one] and "|" in rows[one] for one in near)


def _cells(row: str, look: Look) -> Iterator[tuple[Span, ...]]:
    row = row.strip().removeprefix("|")
    row = row if row.endswith("\\|") else row.removesuffix("|")
    bars = [found.start() for found in _BAR.finditer(row) if found["bar"]][: MAX_COLUMNS - 1]
    for start, end in zip([0, *(bar + 1 for bar in bars)], [*bars, len(row)], strict=True):
        yield tuple(inline(row[start:end].strip().replace("\\|", "|"), look))


def _block(row: str, look: Look) -> Block:
    if not row.strip() or _RULE.fullmatch(row):
        return Block()
    if found := _HEADING.fullmatch(row):
        return Block(spans=tuple(inline(_untailed(found["text"]), look, STRONG)), heading=True)
    if found := _QUOTE.fullmatch(row):
        return Block(QUOTE, 0, tuple(inline(found["text"], look, DIM)))
    if found := _ITEM.fullmatch(row):
        indent = min(MAX_INDENT, len(found["indent"].expandtabs(INDENT)))
        sign = "- " if found["sign"] in "-*+" else f"{found['sign'][:-1]}. "
        return Block(sign, indent, tuple(inline(found["text"], look)))
    indent = min(MAX_INDENT, len(row) - len(row.lstrip()))
    return Block("", indent, tuple(inline(row.strip(), look)))


def _untailed(heading: str) -> str:
    """A heading without the signs that close it."""
    text = heading.rstrip()
    words = text.rstrip("#")
    return words.rstrip() if not words or words[-1] in " \t" else text


def inline(text: str, look: Look, style: str = "") -> Iterator[Span]:
    """The words of one line with their styles."""
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            yield Span(text[at : found.start()], style)
        yield from _marked(found, look, style)
        at = found.end()
    if at < len(text):
        yield Span(text[at:], style)


def _marked(found: re.Match[str], look: Look, style: str) -> Iterator[Span]:
    strong = found["strong"] or found["strong2"]
    if found["article"]:
        named = article_links.links(found["article"])
        yield look(named[0]) if named else Span(found["article"], style)
    elif found["code"]:
        yield Span(found["code"], CODE)
    elif strong:
        yield from inline(strong, look, STRONG)
    elif found["em"]:
        yield from inline(found["em"], look, style or "italic")
    else:
        yield Span(found["shown"], style)
        yield Span(f" <{found['url']}>", DIM)


def laid_out(blocks: Sequence[Block], cells: int, marked: int = -1) -> Laid:
    """Lay a text out, so many cells wide; several empty lines are one. `marked`: the link that stands out."""
    laid = Laid(marked=marked)
    blank = True
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if block.cells:
            rows = _table(blocks, at)
            _lay_table(rows, cells, laid)
            at += len(rows)
            blank = False
            continue
        at += 1
        empty = not (block.lead or block.spans)
        if block.heading and not blank:
            laid.rows.append(Content(""))
        if not (empty and blank):
            _lay(" " * block.indent + block.lead, block.spans, cells, laid)
        blank = empty
    return laid


def _table(blocks: Sequence[Block], at: int) -> Sequence[Block]:
    end = at
    while end < len(blocks) and blocks[end].cells:
        end += 1
    return blocks[at:end]


def _lay_table(rows: Sequence[Block], cells: int, laid: Laid) -> None:
    """In columns where they fit, else cell under cell with the word of its column."""
    words = [["".join(span.text for span in cell) for cell in row.cells] for row in rows]
    wide = [max(width(row[at]) for row in words if at < len(row)) for at in range(max(map(len, words)))]
    head = words[0] if rows[0].heading and len(rows) > 1 else []
    if sum(wide) + 2 * (len(wide) - 1) <= cells:
        for row, told in zip(rows, words, strict=True):
            columns = (fit(told[at] if at < len(told) else "", size) for at, size in enumerate(wide))
            _note_links(row, laid)
            laid.rows.append(line(("  ".join(columns).rstrip(), STRONG if row.heading else "")))
        return
    if head:
        _note_links(rows[0], laid)
    for row in rows[1:] if head else rows:
        for at, cell in enumerate(row.cells):
            lead = f"{head[at]}: " if at < len(head) and head[at] else "- " if at == 0 else "  "
            _lay("" if at == 0 else "  ", (Span(lead, DIM), *cell), cells, laid)


def _note_links(row: Block, laid: Laid) -> None:
    laid.links.extend(len(laid.rows) for cell in row.cells for span in cell if span.link)


def _lay(lead: str, spans: Sequence[Span], cells: int, laid: Laid) -> None:
    """Wrap one line beside its lead, broken between words and anywhere in Chinese."""
    indent = min(width(lead), max(0, cells - 8))
    room = max(8, cells - indent)
    row: list[Piece] = [(lead, DIM)]
    used = 0
    for span in spans:
        style, text = span.style, plain(span.text) if used else plain(span.text).lstrip()
        if span.link:
            style = MARKED if len(laid.links) == laid.marked else style
            laid.links.append(len(laid.rows) + (used + width(span.text[:1]) > room))
        while text:
            end = fitting(text, room - used) or (0 if used else room)
            part, text = text[:end], text[end:].lstrip()
            if text:
                laid.rows.append(line(*row, (part.rstrip(), style)))
                row, used = [" " * indent], 0
            else:
                row.append((part, style))
                used += cell_len(part)
    laid.rows.append(line(*row))
