"""The small language of a rule's patterns (TEXT §5): words, `(a|b)` for either, `{m,n}` for m to n letters.

`(我|我们|)保证{0,6}(不会|不)坏` says in one line what six words with a slot would. Everything is bounded, so that no
text can make a pattern slow, and each pattern has anchors: words of which one must stand in every text that it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple, TypeAlias

MAX_WORDS = 1_000_000_000
"""Words that one pattern may stand for; they are never written out, the anchors are (`MAX_ANCHORS`)."""
MAX_ANCHORS = 128
"""Words by which a pattern is looked for."""
LONG_ENOUGH = 4
"""Letters of an anchor beyond which a longer one finds little less by chance."""
MAX_SLOT = 12
"""Letters that a slot may take: more lets words of two clauses meet."""
MAX_SLOTS = 2
LOOKS = 16
"""Looks for some words from which an expression is compiled for them."""

_NEVER = re.compile("(?!)")
_MARK = re.compile("[(){}|]")
_TOKEN = re.compile(r"\(([^(){}]*)\)|\{(\d{1,2}),(\d{1,2})\}|([^(){}|]+)")

Spelling = Callable[[str], str]
"""How a literal is written in a lane."""


class Slot(NamedTuple):
    """A place for letters of any kind, from `least` to `most` of them."""

    least: int
    most: int


Part: TypeAlias = "tuple[str, ...] | Slot"
"""The alternatives of a place, or a slot."""


class PatternError(ValueError):
    """A pattern does not follow the language."""


@dataclass(frozen=True)
class Pattern:
    """Parts in their order."""

    parts: tuple[Part, ...]

    @cached_property
    def reach(self) -> int:
        """Letters that the longest finding has at most."""
        return sum(part.most if isinstance(part, Slot) else max(map(len, part)) for part in self.parts)

    def anchors(self, spell: Spelling) -> tuple[list[str], bool]:
        """Words of which one stands in every finding, and whether they are the findings themselves.

        Long ones are found seldom by chance, few are made quickly: long enough, then few.
        """
        parts = [None if isinstance(part, Slot) else list(dict.fromkeys(map(spell, part))) for part in self.parts]
        best: tuple[int, int] = (0, 0)
        chosen: list[list[str]] = []
        for start in range(len(parts)):
            least, count = 0, 1
            for end in range(start, len(parts)):
                words = parts[end]
                if words is None or (count := count * len(words)) > MAX_ANCHORS:
                    break
                least += min(map(len, words))
                rank = (min(least, LONG_ENOUGH), -count)
                if least and rank > best:
                    best, chosen = rank, [part for part in parts[start : end + 1] if part is not None]
        return list(dict.fromkeys(map("".join, product(*chosen)))) if chosen else [], len(chosen) == len(parts)

    def needed(self, spell: Spelling, anchor: str) -> list[tuple[str, ...]]:
        """Words of which one stands in every finding beside an anchor, by part; none where every part may be missing.

        First the part that stands somewhere by chance least: of long words, then of few.
        """
        parts = [tuple(map(spell, part)) for part in self.parts if not isinstance(part, Slot)]
        sure = [words for words in parts if all(word and word not in anchor for word in words)]
        return sorted(sure, key=_rank, reverse=True)

    def first(self, spell: Spelling) -> tuple[str, ...]:
        """Words of which one begins every finding; none where it may begin with anything."""
        found: list[str] = []
        for part in self.parts:
            if isinstance(part, Slot):
                break
            words = [spell(word) for word in part]
            found += filter(None, words)
            if all(words):
                return tuple(dict.fromkeys(found))
        return ()

    def expression(self, spell: Spelling) -> re.Pattern[str]:
        """The whole pattern as an expression over a lane; of several ways the longest words are tried first."""
        return re.compile(self.source(spell))

    def source(self, spell: Spelling) -> str:
        """The text of that expression."""
        text = ""
        for part in self.parts:
            if isinstance(part, Slot):
                text += f".{{{part.least},{part.most}}}?"
            else:
                words = sorted({spell(word) for word in part}, key=len, reverse=True)
                text += re.escape(words[0]) if len(words) == 1 else f"(?:{'|'.join(map(re.escape, words))})"
        return text


def any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for all of these words, the longest first; None where there are none."""
    found = sorted(set(filter(None, words)), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, found))) if found else None


class Sought:
    """Words of which any is looked for. Compiling takes as long as some ten looks for each, so that comes first."""

    __slots__ = ("_expression", "_looks", "_words")

    def __init__(self, words: Iterable[str]) -> None:
        self._words, self._looks = tuple(dict.fromkeys(words)), 0
        self._expression: re.Pattern[str] | None = None

    def find(self, text: str, start: int, end: int) -> int:
        """Where the first of them stands between two places; -1 where none does."""
        if self._expression is None:
            self._looks += 1
            if self._looks < LOOKS:
                return min((at for word in self._words if (at := text.find(word, start, end)) >= 0), default=-1)
            self._expression = any_of(self._words) or _NEVER
        found = self._expression.search(text, start, end)
        return found.start() if found else -1


def _rank(words: Sequence[str]) -> tuple[int, int]:
    return min(map(len, words), default=0), -len(words)


def is_plain(pattern: str) -> bool:
    """Whether a pattern is a word as it stands."""
    return _MARK.search(pattern) is None


def parse(pattern: str) -> Pattern:
    """Read a pattern. PatternError where it does not follow the language."""
    if is_plain(pattern):
        return Pattern(((pattern,),))
    parts: list[Part] = []
    at = 0
    for found in _TOKEN.finditer(pattern):
        if found.start() != at:
            break
        at = found.end()
        if found.group(2):
            parts.append(Slot(int(found.group(2)), int(found.group(3))))
        else:
            parts.append(tuple((found.group(1) if found.group(4) is None else found.group(4)).split("|")))
    if at != len(pattern):
        raise PatternError(pattern[at:])
    _judge(pattern, parts)
    return Pattern(tuple(parts))


def _judge(pattern: str, parts: list[Part]) -> None:
    slots = [part for part in parts if isinstance(part, Slot)]
    if any(slot.least > slot.most or slot.most > MAX_SLOT for slot in slots):
        raise PatternError(pattern)
    if len(slots) > MAX_SLOTS or isinstance(parts[0], Slot) or isinstance(parts[-1], Slot):
        raise PatternError(pattern)
    count = _size([part for part in parts if not isinstance(part, Slot)])
    if count > MAX_WORDS:
        raise PatternError(f"{count} > {MAX_WORDS}")
    anchors, _ = Pattern(tuple(parts)).anchors(_letters)
    if not anchors:
        raise PatternError(pattern)


def _size(choices: Sequence[Sequence[str]]) -> int:
    count = 1
    for choice in choices:
        count *= len(choice)
    return count


def _letters(word: str) -> str:
    return "".join(char for char in word if char.isalnum())
