"""Rules made ready for matching: their words as they stand in each lane, their patterns and exceptions compiled.

Made for ten thousand rules: what only a hit needs is compiled at the first hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from agentdesk.text import lanes
from agentdesk.text.fold import folded
from agentdesk.text.lanes import letters_of
from agentdesk.text.lexicon import Allow, Rule
from agentdesk.text.patterns import Pattern, Sought, Spelling, any_of, is_plain, parse

Covers: TypeAlias = "list[tuple[int, int, set[str]]]"
"""How far into some words an anchor stands, the letters of each of them, and they."""
LEAD = 8
"""Letters before the window of an exception in which a word of `unless` may begin."""
LATER = 80
"""Letters behind a hit in which the rest of its sentence may excuse it."""


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The exceptions of an `Allow` that look around a hit, folded."""

    before: re.Pattern[str] | None
    within: int
    unless: re.Pattern[str] | None
    after: re.Pattern[str] | None
    after_within: int
    after_reach: int
    later: re.Pattern[str] | None
    inside: re.Pattern[str] | None


class Words(dict[str, str]):
    """Every word of the rules as it stands in a lane; patterns are folded in one go, as each call costs more."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        found: set[str] = set()
        for rule in rules:
            for pattern in rule.patterns:
                if is_plain(pattern):
                    found.add(pattern)
                else:
                    found.update(word for part in parse(pattern).parts for word in part if isinstance(word, str))
        lines = [word for word in found if word and "\n" not in word]
        folds = folded("\n".join(lines)).split("\n") if lines else []
        super().__init__(zip(lines, lanes.letters_of_all(folds), strict=True))

    def __missing__(self, word: str) -> str:
        self[word] = letters_of(folded(word))
        return self[word]


class Term:
    """A pattern of a rule, found by one of its anchors. What only a hit needs is made at the first one."""

    __slots__ = ("_made", "pattern", "rule", "whole", "words")

    def __init__(self, rule: Rule, pattern: str, words: Words, whole: bool) -> None:
        """`whole`: the anchors are all that the pattern finds."""
        self.rule, self.pattern, self.words, self.whole = rule, pattern, words, whole
        self._made: _Made | None = None  # one field for all that is made later: ten thousand terms are made at once

    @property
    def made(self) -> _Made:
        """What judging a hit needs."""
        if self._made is None:
            self._made = _Made(self)
        return self._made


class _Made:
    """What judging a hit of a term needs; each part is made when it is first asked for."""

    def __init__(self, term: Term) -> None:
        self._term, self._words = term, term.words
        self._forms: dict[Spelling, Form] = {}
        self._covers: dict[tuple[Spelling, str], Covers] = {}

    @cached_property
    def allows(self) -> tuple[Exceptions, ...]:
        """The exceptions that look around a hit and count for this pattern."""
        return exceptions_of(self._counting, self._words)

    @cached_property
    def sight(self) -> tuple[int, int]:
        """How many letters before and behind a hit may tell whether it counts."""
        before = max((allow.within + LEAD for allow in self.allows), default=0)
        behind = max((max(allow.after_reach, LATER if allow.later else 0) for allow in self.allows), default=0)
        return before + 3, behind + 3

    def covers(self, spell: Spelling, anchor: str) -> Covers:
        """Longer words that make a hit inside them harmless, by how far into them this anchor stands."""
        if (known := self._covers.get((spell, anchor))) is None:
            placed: dict[tuple[int, int], set[str]] = {}
            for word in dict.fromkeys(self._words[word] for allow in self._counting for word in allow.around):
                for at in _places_of(anchor, spell(word)):
                    placed.setdefault((at, len(word)), set()).add(word)
            known = self._covers[spell, anchor] = [(*place, words) for place, words in placed.items()]
        return known

    def form(self, spell: Spelling) -> Form:
        """The pattern as it stands in a lane."""
        if spell not in self._forms:
            self._forms[spell] = Form(self._parsed, self._words, spell)
        return self._forms[spell]

    def is_written(self, text: str) -> bool:
        """Whether the letters are the pattern as it stands."""
        if self._term.whole and self._words.get(self._term.pattern) == text:
            return True
        return self.form(as_written).expression.fullmatch(text) is not None

    def shares(self, text: str) -> int:
        """How many of these characters stand in the pattern."""
        return sum(char in self._meant for char in text)

    @cached_property
    def _meant(self) -> frozenset[str]:
        words = (word for part in self._parsed.parts for word in part if isinstance(word, str))
        return frozenset(char for word in words for char in self._words[word])

    @cached_property
    def _parsed(self) -> Pattern:
        return parse(self._term.pattern)

    @cached_property
    def _counting(self) -> list[Allow]:
        return [allow for allow in self._term.rule.allow if not allow.terms or self._term.pattern in allow.terms]


class Form:
    """A pattern as it stands in a lane: how far it reaches from an anchor, and what finds it, made when asked for."""

    def __init__(self, parsed: Pattern, words: Words, spell: Spelling) -> None:
        self._parsed, self._words, self._spell = parsed, words, spell
        self.reach = parsed.reach

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """What finds the pattern in the lane."""
        return self._parsed.expression(self._spelled)

    @cached_property
    def _begins(self) -> Sought | None:
        """What finds where the pattern may begin; None where that is anywhere."""
        words = self._parsed.first(self._spelled)
        return Sought(words) if words else None

    def needed(self, anchor: str) -> list[tuple[str, ...]]:
        """Words of which one stands in every finding beside this anchor, by part, those first that are least common."""
        return self._parsed.needed(self._spelled, anchor)

    def around(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """The span of the pattern around its anchor, which was found."""
        at, last = max(0, end - self.reach), end + self.reach
        while at <= start:
            if self._begins and not 0 <= (at := self._begins.find(text, at, last)) <= start:
                return None
            found = self.expression.match(text, at, last)
            if found and found.end() >= end:
                return found.span()
            at += 1
        return None

    def _spelled(self, word: str) -> str:
        return self._spell(self._words[word])


def _places_of(part: str, word: str) -> Iterator[int]:
    at = word.find(part)
    while at >= 0:
        yield at
        at = word.find(part, at + 1)


def as_written(word: str) -> str:
    """How a literal stands in the lane of letters."""
    return word


def exceptions_of(allows: Iterable[Allow], words: Words) -> tuple[Exceptions, ...]:
    """The exceptions that look around a hit, ready for use."""
    compiled = []
    for allow in allows:
        if allow.before or allow.after or allow.later or allow.inside:
            after = [words[word] for word in allow.after]
            compiled.append(
                Exceptions(
                    any_of(words[word] for word in allow.before),
                    allow.within,
                    any_of(words[word] for word in allow.unless),
                    any_of(after),
                    allow.after_within,
                    max(map(len, after), default=0) + allow.after_within,
                    any_of(words[word] for word in allow.later),
                    any_of(words[word] for word in allow.inside),
                )
            )
    return tuple(compiled)
