"""Quotations in a text: what the customer said, and lines quoted from a mail."""

from __future__ import annotations

import re

_QUOTE_SIGNS = re.compile('[“「『"‘>＞]')
_QUOTES = re.compile(
    '“[^“”\n]{0,500}”|「[^「」\n]{0,500}」|『[^『』\n]{0,500}』|"[^"\n]{0,500}"|‘[^‘’\n]{0,500}’'
    "|(?:^|(?<=\n))[ \t]{0,8}[>＞][^\n]{0,2000}"
)


def may_quote(sentence: str) -> bool:
    """Whether a sentence holds a sign of a quotation."""
    return _QUOTE_SIGNS.search(sentence) is not None


def find_quotes(text: str) -> list[tuple[int, int]]:
    """(start, end) of every quotation, its signs included, in order."""
    return [found.span() for found in _QUOTES.finditer(text)] if may_quote(text) else []
