"""Rules made ready for matching: their words as they stand in each lane, automata over them, exceptions compiled.

Made for ten thousand rules: what only a hit needs is compiled at the first hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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

    before: tuple[str, ...]
    within: int
    unless: re.Pattern[str] | None
    after: tuple[str, ...]
    after_within: int
    later: tuple[str, ...]
    inside: tuple[str, ...]


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

    __slots__ = ("_allows", "_expressions", "_pattern", "_words", "rule", "whole")

    def __init__(self, rule: Rule, pattern: str, words: Words, whole: bool) -> None:
        """`whole`: the anchors are all that the pattern finds."""
        self.rule, self.whole = rule, whole
        self._pattern, self._words = pattern, words
        self._allows: tuple[Exceptions, ...] | None = None
        self._expressions: dict[Spelling, tuple[re.Pattern[str], int]] = {}

    @property
    def allows(self) -> tuple[Exceptions, ...]:
        """The exceptions that look around a hit and count for this pattern."""
        if self._allows is None:
            self._allows = exceptions_of(self._counting(), self._words)
        return self._allows

    def longer(self) -> list[str]:
        """Words that make a hit inside them harmless."""
        return [self._words[word] for allow in self._counting() for word in allow.around]

    def expression(self, spell: Spelling) -> tuple[re.Pattern[str], int]:
        """The pattern over a lane, and how many letters it reaches from an anchor at most."""
        if spell not in self._expressions:
            parsed, words = parse(self._pattern), self._words
            self._expressions[spell] = (parsed.expression(lambda word: spell(words[word])), parsed.reach)
        return self._expressions[spell]

    def is_written(self, text: str) -> bool:
        """Whether the letters are the pattern as it stands."""
        return self.expression(as_written)[0].fullmatch(text) is not None

    def shares(self, text: str) -> int:
        """How many of these characters stand in the pattern."""
        parts = parse(self._pattern).parts
        meant = {char for part in parts for word in part if isinstance(word, str) for char in self._words[word]}
        return sum(char in meant for char in text)

    def _counting(self) -> list[Allow]:
        return [allow for allow in self.rule.allow if not allow.terms or self._pattern in allow.terms]


def as_written(word: str) -> str:
    """How a literal stands in the lane of letters."""
    return word


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term stands in a lane: the whole of it, and where its anchor begins."""

    term: Term
    start: int
    end: int
    anchor: int
    anchor_text: str


class Table:
    """The anchors of one lane and the automaton that finds them."""

    def __init__(self, terms: dict[str, list[Term]], spell: Spelling) -> None:
        self._anchors = list(terms)
        self._terms = list(terms.values())
        self._spell = spell
        self._automaton = AhoCorasick(self._anchors, store_patterns=False) if terms else None

    def found(self, text: str) -> Iterator[Place]:
        """Every term that stands in a text, and where."""
        if self._automaton is None:
            return
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for term in self._terms[index]:
                if term.whole:
                    yield Place(term, start, end, start, self._anchors[index])
                elif span := _whole(term, self._spell, text, start, end):
                    yield Place(term, *span, start, self._anchors[index])


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


def tables(rules: Iterable[Rule], words: Words) -> tuple[Table, Table, Table]:
    """The patterns of all rules as letters, those that are others once repeats are taken out, and as they sound."""
    plain: dict[str, list[Term]] = {}
    flat: dict[str, list[Term]] = {}
    heard: list[tuple[str, Term]] = []
    for rule in rules:
        for pattern in dict.fromkeys(rule.patterns):
            anchors, whole = _anchors(pattern, words)
            if not anchors:
                continue
            term = Term(rule, pattern, words, whole)
            for anchor in anchors:
                plain.setdefault(anchor, []).append(term)
                if rule.repeats and (bare := lanes.collapse(anchor)) != anchor:
                    flat.setdefault(bare, []).append(term)
                if rule.homophone and len(anchor) >= _LEAST_HEARD and not _LATIN_OR_DIGIT.search(anchor):
                    heard.append((anchor, term))
    sounds: dict[str, list[Term]] = {}
    spelled = lanes.sounds_of("\n".join(anchor for anchor, _ in heard)).split("\n")
    for sound, (_, term) in zip(spelled, heard, strict=bool(heard)):
        if term not in (there := sounds.setdefault(sound, [])):
            there.append(term)
    return Table(plain, as_written), Table(flat, lanes.collapse), Table(sounds, lanes.sounds_of)


def _anchors(pattern: str, words: Words) -> tuple[list[str], bool]:
    if is_plain(pattern):
        return ([words[pattern]] if words[pattern] else []), True
    return parse(pattern).anchors(words.__getitem__)


def exceptions_of(allows: Iterable[Allow], words: Words) -> tuple[Exceptions, ...]:
    """The exceptions that look around a hit, ready for use."""
    compiled = []
    for allow in allows:
        if allow.before or allow.after or allow.later or allow.inside:
            unless = sorted((re.escape(words[word]) for word in allow.unless if words[word]), key=len, reverse=True)
            compiled.append(
                Exceptions(
                    tuple(words[word] for word in allow.before),
                    allow.within,
                    re.compile("|".join(unless)) if unless else None,
                    tuple(words[word] for word in allow.after),
                    allow.after_within,
                    tuple(words[word] for word in allow.later),
                    tuple(words[word] for word in allow.inside),
                )
            )
    return tuple(compiled)
