"""Words of a page as Markdown that the reader of articles shows as these words (`present.markdown`).

It knows no escapes, so what would be taken for a mark becomes code where it is part of a word, else its full-width
twin: 10__20__30 as `10__20__30`, `# 5` at the beginning of a line as `＃ 5`.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"[!-~]+")
_PAIRS = ("__", "**")
_LEAD = re.compile(
    r"^(?:#{1,6}(?=[ \t])|>|`{3,}|(?:-{3,}|\*{3,}|_{3,})(?=[ \t]*$)|(?=[^|\n]*\|)[-:| \t]++(?=$)|\|)", re.MULTILINE
)
"""What a line must not begin with, or, as the line under the head of a table, consist of."""
_BAR = re.compile(r"\|(?![^\[\]]{0,300}\]\])")
"""A bar that would part cells: one that is not within a link between articles."""
_ENDS = re.compile(r"(\[\[[^\[\]\n]*\]\])|\]\]")
"""A link, or what would end one and keeps the bars before it from parting cells."""
_DASHES = re.compile(r":?-{1,40}:?")
_WIDE = {ord(mark): ord(mark) + 0xFEE0 for mark in "#>|`-*_"}


def words(text: str) -> str:
    """A piece of running text."""
    text = text.replace("[[", "[ [")
    return _RUN.sub(_as_code, text) if any(pair in text for pair in _PAIRS) else text


def _as_code(found: re.Match[str]) -> str:
    run = found[0]
    return f"`{run}`" if any(pair in run for pair in _PAIRS) and "`" not in run else run


def lines(text: str) -> str:
    """Lines that begin a line of the article."""
    return _LEAD.sub(lambda found: found[0].translate(_WIDE), text)


def row(cells: list[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(map(_cell, cells)) + " |"


def rule(columns: int) -> str:
    """The line under the head of a table."""
    return "| " + " | ".join(["---"] * columns) + " |"


def _cell(text: str) -> str:
    if _DASHES.fullmatch(text):
        return text.translate(_WIDE)
    return _BAR.sub("\uff5c", _ENDS.sub(lambda found: found[1] or "] ]", text))


def code(text: str) -> str:
    """A block of code, in which nothing looks like its end."""
    return "```\n" + text.replace("```", "'''") + "\n```"
