"""How Chinese names are typed in Latin letters: full pinyin and initials, every reading of every character.

The readings stand in `syllables.txt`, made by `scripts/pinyin_table.py`; the file is read at first use.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import product

MAX_SPELLINGS = 32
"""At most so many spellings of one name: eight characters of many readings would have thousands."""
MAX_CHARACTERS = 12
"""Longest name that is spelled; what is longer is a firm, found by its characters."""

_TYPED = re.compile("[a-z']+")


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    text = files("agentdesk").joinpath("text", "syllables.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        syllable, _, chars = line.partition(" ")
        for char in chars.replace("|", ""):
            found[char] = (*found.get(char, ()), syllable)
    return found


def first_readings() -> dict[str, str]:
    """Every character and the syllable that it is read as most often."""
    text = files("agentdesk").joinpath("text", "syllables.txt").read_text(encoding="utf-8")
    lines = (line.partition(" ") for line in text.splitlines())
    return {char: syllable for syllable, _, chars in lines for char in chars.partition("|")[0]}


def syllables(char: str) -> tuple[str, ...]:
    """Return the readings of one character, none where it is no Chinese character of the table."""
    return _readings().get(char, ())


def spellings(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return (full pinyin, initials) of the Chinese characters in a name, in every reading.

    单曾 gives among others shanzeng and sz, danceng and dc. A name without Chinese characters has none.
    """
    choices = [found for char in name if (found := syllables(char))][:MAX_CHARACTERS]
    if not choices:
        return frozenset(), frozenset()
    full: set[str] = set()
    for spelled in product(*choices):
        full.add("".join(spelled))
        if len(full) == MAX_SPELLINGS:
            break
    letters = [sorted({one[0] for one in found}) for found in choices]
    initials: set[str] = set()
    for spelled in product(*letters):
        initials.add("".join(spelled))
        if len(initials) == MAX_SPELLINGS:
            break
    return frozenset(full), frozenset(initials)


def typed(text: str) -> str:
    """Return typed letters as spellings are stored: small, without blanks and marks, ü as v; "" where it is no pinyin.

    In a passport 吕 is LYU: lyu and nyu are taken as lv and nv.
    """
    letters = text.strip().lower().replace("\u00fc", "v").replace(" ", "").replace("'", "")
    if not letters.isascii() or not _TYPED.fullmatch(letters):
        return ""
    return letters.replace("lyu", "lv").replace("nyu", "nv")
