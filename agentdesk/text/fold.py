"""Folding for search and lint (TEXT §1.2, §5): NFKC, lower case, traditional to simplified, with a map back.

Index and query, pattern and text are folded by the same function, so that full-width forms, capitals and the two
scripts meet. The map leads each folded character to the code point of the original that it came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

_LONGEST = 4
"""Characters that one may become (㍿ is 株式会社): one that would be a sentence (U+FDFA) stays as it is."""
_HAN = re.compile("[^\x00-\u33ff]")  # or beyond: a narrower class takes 2 ms to compile


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `offsets[i]` is the index in the original of folded character i, the last entry its length."""

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span (end exclusive) of the folded span; an empty one stays empty."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


class _Table(dict[int, str]):
    """Code point → its folded form, filled as characters are met ("" drops the character)."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if kind in ("Cf", "Cs") or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code == 0x034F:
            folded = ""
        else:
            folded = unicodedata.normalize("NFKC", char).lower()
            if len(folded) > _LONGEST:
                folded = char
            if len(folded) > 1 and any(unicodedata.category(part) == "Cf" for part in folded):
                folded = "".join(part for part in folded if unicodedata.category(part) != "Cf")
        self[code] = folded
        if len(folded) != 1:
            _UNEVEN.add(char)
        return folded


_UNEVEN: set[str] = set()  # characters met so far whose folded form is not exactly one character
_TABLE = _Table()


def fold(text: str) -> Folded:
    """Fold a text of any length; invisible characters disappear, a character may become several (㎏ → kg)."""
    simple = text.translate(_TABLE)
    # No uneven character among those met means one to one; a translate has met every character of the text.
    if len(simple) == len(text) and _UNEVEN.isdisjoint(text):
        return Folded(simplify(simple), range(len(text) + 1))
    offsets: list[int] = []
    for index, char in enumerate(text):
        width = len(_TABLE[ord(char)])
        if width:
            offsets += [index] * width
    offsets.append(len(text))
    return Folded(simplify(simple), offsets)


def folded(text: str) -> str:
    """The folded text alone, for index and query terms."""
    return simplify(text.translate(_TABLE))


def simplify(text: str) -> str:
    """Traditional to simplified, the length kept: a phrase that would change it is converted per character."""
    if text.isascii() or not _HAN.search(text):
        return text
    whole = _hans(text)
    if len(whole) == len(text):
        return whole
    return "".join(map(_simplify_line, re.split("(?<=[。！？!?;；\n])", text)))


def _simplify_line(line: str) -> str:
    whole = _hans(line)
    if len(whole) == len(line):
        return whole
    single = map(_hans, line)
    return "".join(new if len(new) == 1 else old for old, new in zip(line, single, strict=True))


def to_script(text: str, language: str) -> str:
    """A Chinese text as `zh-CN` or `zh-TW` writes it (Taiwan also by its own words); any other language leaves it."""
    if language not in ("zh-CN", "zh-TW") or text.isascii() or not _HAN.search(text):
        return text
    if language == "zh-CN":
        return simplify(text)
    return _converter()(text, "zh-TW", False)


def _hans(text: str) -> str:
    # Script only: zh-CN would also swap regional words. False: `-{…}-` in a customer's text is text, not markup.
    return _converter()(text, "zh-Hans", False)


@cache
def _converter() -> Callable[..., str]:
    from zhconv_rs import zhconv  # 12 ms, only when Chinese is met

    return zhconv
