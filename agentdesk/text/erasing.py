"""Finding every form of one given value in a text, so that it can be taken out (SYNC 2.14).

Width, case, script, enclosed digits and spoken numerals count as the same, and so do spaces, dashes, line breaks and
invisible characters inside, as in `text.privacy`: a number that was typed in groups is found by its plain digits.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agentdesk.text.digit_runs import GAP, flatten
from agentdesk.text.fold import fold

MAX_GAP = 4
"""Separators in a row that may stand inside a value; more of them part two things."""

LEAST_LATIN, LEAST = 4, 2
"""Fewest characters of a value: of letters and digits alone, and where a Chinese character is among them."""

_GAP = re.compile(GAP)


def too_short(value: str) -> bool:
    """Whether a value would be found in what has nothing to do with it."""
    bare, _ = _compact(value)
    bare = bare.replace("\x00", "")
    return len(bare) < (LEAST_LATIN if bare.isascii() else LEAST)


def spans(value: str, text: str) -> list[tuple[int, int]]:
    """Return where a value stands in a text, in code points of the original, in order and apart from one another."""
    wanted = _wanted(value)
    if not wanted or len(text) < len(wanted) // 2:
        return []
    bare, places = _compact(text)
    found: list[tuple[int, int]] = []
    at = bare.find(wanted)
    while at >= 0:
        start, end = places[at][0], places[at + len(wanted) - 1][1]
        if found and start < found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
        at = bare.find(wanted, at + 1)
    return found


@lru_cache(64)
def _wanted(value: str) -> str:
    return _compact(value)[0].replace("\x00", "")


def _compact(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded characters without separators, each with its span in the original; a long gap becomes a NUL."""
    folded = fold(flatten(text))
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    gap = 0
    for at, char in enumerate(folded.text):
        if _GAP.fullmatch(char):
            gap += 1
            continue
        if gap > MAX_GAP and chars:
            chars.append("\x00")
            places.append((folded.offsets[at], folded.offsets[at]))
        gap = 0
        chars.append(char)
        places.append(folded.span(at, at + 1))
    return "".join(chars), places
