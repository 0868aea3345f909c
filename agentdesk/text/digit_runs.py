"""Runs of digits in a text, however they are written: full-width, circled, Chinese numerals, in groups, over lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

GAP = (
    r"[\s\-\u00ad\u058a\u180e\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2043\u2060-\u2064\u2066-\u206f\u2212"
    r"\u2500\u2501\u30fc\ufe0e\ufe0f\ufe58\ufe63\ufeff\uff0d]"
)  # spaces, line breaks, dashes of all kinds, invisible characters
CHECK = "[xXｘＸ\u2169\u2179\u0425\u0445\u03a7\u03c7]"  # also the Roman ten, Cyrillic and Greek look-alikes
# At least 11 digits in one run: the shortest thing that interests is a mobile number.
_LONG_RUN = re.compile(rf"\d(?:{GAP}{{0,4}}\d){{10,}}(?:{GAP}{{0,4}}{CHECK})?")
_GROUP = re.compile(rf"\d+|{CHECK}")
_ENCLOSED = re.compile(
    "[\u2460-\u2468\u24ea\u24f5-\u24fd\u2776-\u277e\u2780-\u2788\u278a-\u2792\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]"
)
_NUMERALS = dict(
    zip("〇零○一二三四五六七八九幺两兩壹贰叁肆伍陆柒捌玖貳參陸", "000123456789122123456789236", strict=True)
)
_NUMERAL_RUN = re.compile(rf"[\d{''.join(_NUMERALS)}](?:{GAP}{{0,4}}[\d{''.join(_NUMERALS)}]){{10,}}")
"""Fewer numerals are words (一二三四季度); a date or a price is broken by 年 or 百."""
_ANY_NUMERAL = re.compile(f"[{''.join(_NUMERALS)}]")
_SPOKEN = str.maketrans(_NUMERALS)


@dataclass(frozen=True, slots=True)
class Run:
    """The digits of one run (0–9, perhaps X last), their places, where groups begin and end, and their sizes."""

    digits: str
    places: list[int]
    starts: list[int]
    ends: list[int]
    sizes: list[int]
    text: str


def flatten(text: str) -> str:
    """Enclosed, raised and lowered digits and long runs of Chinese numerals as plain ones; the length is kept."""
    if text.isascii():
        return text
    if _ANY_NUMERAL.search(text):
        text = _NUMERAL_RUN.sub(lambda found: found.group().translate(_SPOKEN), text)
    if not _ENCLOSED.search(text):
        return text
    return _ENCLOSED.sub(lambda found: str(unicodedata.digit(found.group(), 0)), text)


def runs(text: str) -> Iterator[Run]:
    """Every run of at least 11 digits of a flattened text."""
    for match in _LONG_RUN.finditer(text):
        digits: list[str] = []
        places: list[int] = []
        starts: list[int] = []
        for group in _GROUP.finditer(text, *match.span()):
            written = group.group()
            # "…453X": the digits may be a number of their own, so the X is a group of its own
            starts.append(len(places))
            places += range(*group.span())
            if not written[0].isdecimal():
                digits.append("X")
            elif written.isascii():
                digits.append(written)
            else:
                digits += [str(unicodedata.decimal(char)) for char in written]
        ends = [*starts[1:], len(places)]
        sizes = [end - start for start, end in zip(starts, ends, strict=True)]
        yield Run("".join(digits), places, starts, ends, sizes, text)
