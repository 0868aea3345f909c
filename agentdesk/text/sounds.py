"""Titles by the sound of their characters: what is typed in pinyin, and what was typed with a wrong homophone.

A title is indexed by every reading of every character (TEXT.md §1.5): pairs of neighbouring syllables, and threes of
neighbouring initials. What is typed is cut into syllables in the few likeliest ways; the terms of one such cut find
candidates, and `place` says whether, and where, a title can really be read so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from typing import Final

from agentdesk.text import pinyin
from agentdesk.text.fold import folded

MAX_CHARACTERS: Final = 40
"""Characters of a title that are spelled."""
MAX_LETTERS: Final = 48
"""Letters of typed pinyin that are looked at."""
CUTS: Final = 4
"""So many ways to cut typed letters into syllables are tried, the likeliest first."""
GAPS: Final = 8
"""So many places are tried at which a title may go on with something else."""
START, THREE, TWO, FIRST = "0", "1", "2", "3"
"""What terms begin with that are no pair of syllables: threes of initials at the start of a title and anywhere, twos
of initials, the first syllable of a title. Each is there so that no search has to gather the terms of a wide prefix."""

_LONGEST_SYLLABLE = 6
_DOUBLE = ("zh", "ch", "sh")
_LETTERS = frozenset("bpmfdtnlgkhjqxzcsrywaeo")


@dataclass(frozen=True, slots=True)
class Sound:
    """One typed syllable: in full, or only begun (an initial, or the last one while it is typed)."""

    letters: str
    full: bool


Cut = tuple[Sound, ...]


# -- what is indexed --------------------------------------------------------------------------------------------------


def spelled(title: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return (place, readings) of the Chinese characters of a folded text."""
    found = ((at, pinyin.syllables(char)) for at, char in enumerate(title))
    return [(at, readings) for at, readings in found if readings][:MAX_CHARACTERS]


def spelling_terms(title: str) -> set[str]:
    """Return the terms under which a title is found by pinyin, in every reading: `loushui`, `1xyj`, `2xy` …"""
    sounds = [readings for _, readings in spelled(folded(title))]
    initials = [sorted({one[0] for one in readings}) for readings in sounds]
    terms = {first + second for one, then in pairwise(sounds) for first in one for second in then}
    terms.update(sounds[-1] if sounds else ())
    for at in range(len(initials)):
        terms.update(THREE + "".join(three) for three in product(*initials[at : at + 3]))
        terms.update(TWO + "".join(two) for two in product(*initials[at : at + 2]))
    terms.update(START + "".join(three) for three in product(*initials[:3]) if three)
    terms.update(FIRST + one for one in (sounds[0] if sounds else ()))
    return terms


def sound_terms(text: str) -> list[str]:
    """Return pairs of syllables of a text, each character in its usual reading, in reading order."""
    usual = _usual()
    runs = "".join(usual.get(char, "") + " " if char in usual else "\n" for char in folded(text)).split("\n")
    return [first + second for run in runs for first, second in pairwise(run.split())]


def sound_of(pair: str) -> str:
    """Return the term under which a pair of characters sounds alike; "" where one is no Chinese character."""
    return next(iter(sound_terms(pair)), "")


@cache
def _usual() -> dict[str, str]:
    return pinyin.first_readings()


@cache
def _syllables() -> tuple[frozenset[str], frozenset[str]]:
    """Return all syllables, and all their beginnings."""
    known = frozenset(_usual().values())
    return known, frozenset(one[:end] for one in known for end in range(1, len(one) + 1))


# -- what is typed ----------------------------------------------------------------------------------------------------


def cuts(letters: str) -> list[tuple[int, Cut]]:
    """Return the likeliest ways to read typed letters as syllables, the last one perhaps only begun; [] if none.

    Each comes with how much of it is guessed (0: syllables in full), the least first. `xian` is 西安 as well as 先;
    `xyjls` five initials; `xiyj` a syllable and two initials.
    """
    known, begun = _syllables()
    typed = letters[:MAX_LETTERS]
    if not typed or not set(typed) <= _LETTERS | {"i", "u", "v"}:
        return []
    best: list[list[tuple[int, int, Cut]]] = [[] for _ in range(len(typed) + 1)]
    best[0] = [(0, 0, ())]
    for start in range(len(typed)):
        for end in range(start + 1, min(len(typed), start + _LONGEST_SYLLABLE) + 1):
            piece = typed[start:end]
            cost = _cost(piece, end == len(typed), known, begun)
            if cost is not None:
                sound = Sound(piece, len(piece) > 1 and piece in known)
                best[end] += [(lost + cost, count + 1, (*cut, sound)) for lost, count, cut in best[start]]
                best[end] = sorted(best[end], key=lambda one: one[:2])[:CUTS]
    return [(lost, cut) for lost, _, cut in best[-1]]


def pieces(typed: str) -> list[tuple[Cut, ...]]:
    """Return the ways in which typed pinyin may stand apart in a title, of two sounds at least each; [] if none.

    `xiyiji loushui` is two words. Where a blank stands between any two syllables, or none at all, one gap is tried
    at each place between syllables in full, the last one perhaps only begun.
    """
    words = [found[0][1] for word in typed.split() if (found := cuts(word))]
    if len(words) > 1 and all(len(word) > 1 for word in words):
        return [(*words,)]
    likeliest = cuts("".join(typed.split()))
    sounds = likeliest[0][1] if likeliest else ()
    if not all(sound.full for sound in sounds[:-1]):
        return []
    apart: list[tuple[Cut, ...]] = [(sounds[:at], sounds[at:]) for at in range(2, len(sounds) - 1)]
    return apart[:GAPS]


def _cost(piece: str, last: bool, known: frozenset[str], begun: frozenset[str]) -> int | None:
    if len(piece) > 1 and piece in known:
        return 0
    if piece in _LETTERS or piece in _DOUBLE:
        return 2
    return 1 if last and piece in begun else None


def expression(cut: Cut) -> str:
    """Write the terms of a cut for MATCH: all of them; "" where it is too short to look for."""
    if len(cut) == 1:
        return f'"{FIRST}{cut[0].letters}"*' if len(cut[0].letters) > 1 else ""
    initials = "".join(sound.letters[0] for sound in cut)
    if len(cut) == 2:
        pair = cut[0].letters + cut[1].letters
        return f'"{pair}"*' if cut[0].full else f'"{TWO}{initials}"'
    pairs = [first.letters + then.letters for first, then in pairwise(cut[:-1]) if first.full and then.full]
    threes = [THREE + initials[at : at + 3] for at in range(len(initials) - 2)]
    # Syllables say more than initials; the last one, which may be only begun, is told by its initial.
    wanted = [*pairs, threes[-1]] if len(pairs) == len(cut) - 2 else [*pairs, *threes]
    return "(" + " AND ".join(f'"{term}"' for term in dict.fromkeys(wanted)) + ")"


def start_expression(cut: Cut) -> str:
    """Write for MATCH that a title begins with the initials of a cut."""
    initials = "".join(sound.letters[0] for sound in cut[:3])
    return f'"{START}{initials}"{"" if len(initials) == 3 else "*"}'


def place(title: str, cut: Cut) -> tuple[int, int] | None:
    """Return (start, end) in a folded title where its characters can be read as a cut; None where they cannot."""
    characters = spelled(title)
    for first in range(len(characters) - len(cut) + 1):
        if all(_reads(characters[first + at][1], sound, at == len(cut) - 1) for at, sound in enumerate(cut)):
            return characters[first][0], characters[first + len(cut) - 1][0] + 1
    return None


def _reads(readings: Sequence[str], sound: Sound, last: bool) -> bool:
    if sound.full and not last:
        return sound.letters in readings
    return any(one.startswith(sound.letters) for one in readings)


def is_spelled(char: str) -> bool:
    """Say whether a character has a reading."""
    return char in _usual()


def heard(title: str, terms: frozenset[str] | set[str]) -> list[tuple[int, int]]:
    """Return (start, end) of the neighbouring characters of a folded title that sound like one of the terms."""
    usual = _usual()
    near = ((at, usual.get(title[at], "") + usual.get(title[at + 1], "")) for at in range(len(title) - 1))
    return [(at, at + 2) for at, sound in near if sound in terms]


def has_all(title: str, typed: str) -> bool:
    """Say whether every character of a folded text, or one that sounds like it, stands in a folded title."""
    usual = _usual()
    return {usual.get(char, char) for char in typed} <= {usual.get(char, char) for char in title}
