"""Rules made ready for matching: their words as they stand in each lane, automata over them, exceptions compiled.

Made for ten thousand rules: what only a hit needs is compiled at the first hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ahocorasick_rs import AhoCorasick

from agentdesk.text import lanes
from agentdesk.text.fold import folded
from agentdesk.text.lanes import letters_of
from agentdesk.text.lexicon import Allow, Rule
from agentdesk.text.patterns import Spelling, is_plain, parse

_LATIN_OR_DIGIT = re.compile("[a-z0-9]")
_LEAST_HEARD = 2
"""Characters of a term that may be found by its sound."""


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
        super().__init__(zip(lines, map(letters_of, folds), strict=True))

    def __missing__(self, word: str) -> str:
        self[word] = letters_of(folded(word))
        return self[word]


class Term:
    """A pattern of a rule, found by one of its anchors. What only a hit needs is compiled at the first one."""

    __slots__ = ("_allows", "_covers", "_expressions", "_meant", "_pattern", "_words", "rule", "whole")

    def __init__(self, rule: Rule, pattern: str, words: Words, whole: bool) -> None:
        """`whole`: the anchors are all that the pattern finds."""
        self.rule, self.whole = rule, whole
        self._pattern, self._words = pattern, words
        self._allows: tuple[Exceptions, ...] | None = None
        self._expressions: dict[Spelling, tuple[re.Pattern[str], int]] | None = None
        self._covers: dict[tuple[Spelling, str], list[tuple[str, int]]] | None = None
        self._meant: frozenset[str] | None = None

    @property
    def allows(self) -> tuple[Exceptions, ...]:
        """The exceptions that look around a hit and count for this pattern."""
        if self._allows is None:
            self._allows = exceptions_of(self._counting(), self._words)
        return self._allows

    def covers(self, spell: Spelling, anchor: str) -> list[tuple[str, int]]:
        """Longer words that make a hit inside them harmless, and how far into them this anchor stands."""
        if self._covers is None:
            self._covers = {}
        if (known := self._covers.get((spell, anchor))) is None:
            words = [self._words[word] for allow in self._counting() for word in allow.around]
            known = [(word, at) for word in words for at in _places_of(anchor, spell(word))]
            self._covers[spell, anchor] = known
        return known

    def expression(self, spell: Spelling) -> tuple[re.Pattern[str], int]:
        """The pattern over a lane, and how many letters it reaches from an anchor at most."""
        if self._expressions is None:
            self._expressions = {}
        if spell not in self._expressions:
            parsed, words = parse(self._pattern), self._words
            self._expressions[spell] = (parsed.expression(lambda word: spell(words[word])), parsed.reach)
        return self._expressions[spell]

    def is_written(self, text: str) -> bool:
        """Whether the letters are the pattern as it stands."""
        if self.whole and self._words.get(self._pattern) == text:
            return True
        return self.expression(as_written)[0].fullmatch(text) is not None

    def shares(self, text: str) -> int:
        """How many of these characters stand in the pattern."""
        if self._meant is None:
            words = (word for part in parse(self._pattern).parts for word in part if isinstance(word, str))
            self._meant = frozenset(char for word in words for char in self._words[word])
        return sum(char in self._meant for char in text)

    def _counting(self) -> list[Allow]:
        return [allow for allow in self.rule.allow if not allow.terms or self._pattern in allow.terms]


def _places_of(part: str, word: str) -> Iterator[int]:
    at = word.find(part)
    while at >= 0:
        yield at
        at = word.find(part, at + 1)


def as_written(word: str) -> str:
    """How a literal stands in the lane of letters."""
    return word


class Place(NamedTuple):
    """Where a term stands in a lane: the whole of it, and where its anchor begins."""

    term: Term
    start: int
    end: int
    anchor: int
    anchor_text: str


Near: TypeAlias = "list[tuple[int, int, int]]"
"""What sounds like an anchor, and where: (number of the sound, start, end)."""


class Anchors:
    """The anchors of all patterns. One automaton finds what sounds like one; then it is looked at how it is written."""

    def __init__(self, rules: Iterable[Rule], words: Words) -> None:
        self._written: dict[str, list[Term]] = {}
        for rule in rules:
            for pattern in dict.fromkeys(rule.patterns):
                anchors, whole = _anchors(pattern, words)
                term = Term(rule, pattern, words, whole)
                for anchor in anchors:
                    if anchor in self._written:
                        self._written[anchor].append(term)
                    else:
                        self._written[anchor] = [term]
        lines = "\n".join(self._written)
        self._by_sound: dict[str, list[str]] = {}
        for sound, anchor in zip(lanes.sounds_of(lines).split("\n"), self._written, strict=bool(lines)):
            if sound in self._by_sound:
                self._by_sound[sound].append(anchor)
            else:
                self._by_sound[sound] = [anchor]
        self._sounds = list(self._by_sound)
        self._heard: dict[int, list[Term]] = {}
        self._automaton = _automaton(self._sounds)
        self._flat = self._changed(lanes.collapse(lines).split("\n") if lines else [])
        self._flat_anchors = list(self._flat)
        self._flat_automaton = _automaton(self._flat_anchors)

    def _changed(self, bare: list[str]) -> dict[str, list[Term]]:
        """The terms by those anchors that are others once repeats are taken out."""
        flat: dict[str, list[Term]] = {}
        for anchor, short in zip(self._written, bare, strict=True):
            if short != anchor:
                flat.setdefault(short, []).extend(term for term in self._written[anchor] if term.rule.repeats)
        return flat

    def near(self, spoken: str) -> Near:
        """What sounds like an anchor in a lane of sounds."""
        return self._automaton.find_matches_as_indexes(spoken, overlapping=True) if self._automaton else []

    def written(self, near: Near, text: str) -> Iterator[Place]:
        """The terms that stand in the lane of letters as they are written; `near` is of the same lane as it sounds."""
        for _, start, end in near:
            anchor = text[start:end]
            if terms := self._written.get(anchor):
                yield from _places(terms, as_written, text, start, end, anchor)

    def flat(self, text: str) -> Iterator[Place]:
        """The terms that are others once repeats are taken out, in a lane without repeats."""
        if self._flat_automaton is not None:
            for number, start, end in self._flat_automaton.find_matches_as_indexes(text, overlapping=True):
                anchor = self._flat_anchors[number]
                yield from _places(self._flat[anchor], lanes.collapse, text, start, end, anchor)

    def heard(self, near: Near, spoken: str, least: int) -> Iterator[Place]:
        """The terms that may be found by their sound, in a lane of sounds; no word under `least` syllables."""
        for number, start, end in near:
            terms = self._heard.get(number)
            for term in self._audible(number) if terms is None else terms:
                if end - start >= least or not term.whole:
                    yield from _places((term,), lanes.sounds_of, spoken, start, end, spoken[start:end])

    def _audible(self, number: int) -> list[Term]:
        """The terms of all anchors of one sound that may be found by it."""
        anchors = self._by_sound[self._sounds[number]]
        audible = (one for one in anchors if len(one) >= _LEAST_HEARD and not _LATIN_OR_DIGIT.search(one))
        terms = dict.fromkeys(term for one in audible for term in self._written[one] if term.rule.homophone)
        self._heard[number] = list(terms)
        return self._heard[number]


def _automaton(words: list[str]) -> AhoCorasick | None:
    return AhoCorasick(words, store_patterns=False) if words else None


def _places(terms: Iterable[Term], spell: Spelling, text: str, start: int, end: int, anchor: str) -> Iterator[Place]:
    for term in terms:
        if term.whole:
            yield Place(term, start, end, start, anchor)
        elif span := _whole(term, spell, text, start, end):
            yield Place(term, *span, start, anchor)


def _whole(term: Term, spell: Spelling, text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of a pattern around its anchor, which was found."""
    expression, reach = term.expression(spell)
    at = max(0, start - reach)
    while found := expression.search(text, at, end + reach):
        if found.start() > start:
            return None
        if found.end() >= end:
            return found.span()
        at = found.start() + 1
    return None


def _anchors(pattern: str, words: Words) -> tuple[list[str], bool]:
    word = words.get(pattern)  # a literal of a pattern has no mark of one, so what stands there is a whole word
    if word is not None or is_plain(pattern):
        return ([word] if word else []), True
    return parse(pattern).anchors(words.__getitem__)


def exceptions_of(allows: Iterable[Allow], words: Words) -> tuple[Exceptions, ...]:
    """The exceptions that look around a hit, ready for use."""
    compiled = []
    for allow in allows:
        if allow.before or allow.after or allow.later or allow.inside:
            after = [words[word] for word in allow.after]
            compiled.append(
                Exceptions(
                    _any_of(words[word] for word in allow.before),
                    allow.within,
                    _any_of(words[word] for word in allow.unless),
                    _any_of(after),
                    allow.after_within,
                    max(map(len, after), default=0) + allow.after_within,
                    _any_of(words[word] for word in allow.later),
                    _any_of(words[word] for word in allow.inside),
                )
            )
    return tuple(compiled)


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for all of these words, the longest first; None where there are none."""
    found = sorted(filter(None, words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, found))) if found else None
