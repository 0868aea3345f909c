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
from agentdesk.text.patterns import Word, is_plain, words_of

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


class Words(dict[str, str]):
    """Every word of the rules as it stands in a lane; patterns are folded in one go, as each call costs more."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        found: set[str] = set()
        for rule in rules:
            for pattern in rule.patterns:
                if is_plain(pattern):
                    found.add(pattern)
                else:
                    found.update(part for word in words_of(pattern) for part in word.parts)
        lines = [word for word in found if word and "\n" not in word]
        folds = folded("\n".join(lines)).split("\n") if lines else []
        super().__init__(zip(lines, map(letters_of, folds), strict=True))

    def __missing__(self, word: str) -> str:
        self[word] = letters_of(folded(word))
        return self[word]


class Term:
    """A word of a rule as it stands in a lane.

    `slotted`: the whole word where it has slots (`text` is then its longest part), at most `reach` letters away on
    either side.
    """

    __slots__ = ("_allows", "_around", "_around_heard", "_pattern", "_words", "reach", "rule", "slotted", "text")

    def __init__(self, text: str, rule: Rule, pattern: str, words: Words, slotted: Word | None = None) -> None:
        self.text, self.rule = text, rule
        self._pattern, self._words = pattern, words
        self.slotted: re.Pattern[str] | None = None
        self.reach = 0
        if slotted is not None:
            self.slotted, self.reach = _expression(slotted, words)
        self._allows: tuple[Exceptions, ...] | None = None
        self._around: tuple[tuple[str, int], ...] | None = None
        self._around_heard: tuple[tuple[str, int], ...] | None = None

    @property
    def allows(self) -> tuple[Exceptions, ...]:
        """The exceptions that look around a hit and count for this term."""
        if self._allows is None:
            self._allows = exceptions_of(self._counting(), self._words)
        return self._allows

    @property
    def around(self) -> tuple[tuple[str, int], ...]:
        """Longer words that cover the term, and every place in them where it stands."""
        if self._around is None:
            self._around = tuple((word, at) for word in self._longer() for at in _places(word, self.text))
        return self._around

    @property
    def around_heard(self) -> tuple[tuple[str, int], ...]:
        """Longer words in which something sounds like the term, and where."""
        if self._around_heard is None:
            sound = lanes.sounds_of(self.text)
            self._around_heard = tuple(
                (word, at) for word in self._longer() for at in _places(lanes.sounds_of(word), sound)
            )
        return self._around_heard

    def _counting(self) -> list[Allow]:
        return [allow for allow in self.rule.allow if not allow.terms or self._pattern in allow.terms]

    def _longer(self) -> list[str]:
        return [self._words[word] for allow in self._counting() for word in allow.around]


class Table:
    """The terms of one lane and the automaton that finds them."""

    def __init__(self, terms: dict[str, list[Term]]) -> None:
        self._terms = list(terms.values())
        self._words = AhoCorasick(list(terms), store_patterns=False) if terms else None

    def found(self, text: str) -> Iterator[tuple[Term, int, int]]:
        """Every term that stands in a text, and where."""
        if self._words is None:
            return
        for index, start, end in self._words.find_matches_as_indexes(text, overlapping=True):
            for term in self._terms[index]:
                if term.slotted is None:
                    yield term, start, end
                elif span := _whole_slotted(term, text, start, end):
                    yield term, *span


def tables(rules: Iterable[Rule], words: Words) -> tuple[Table, Table, Table]:
    """The words of all rules as letters, those that are others once repeats are taken out, and as they sound."""
    plain: dict[str, list[Term]] = {}
    flat: dict[str, list[Term]] = {}
    heard: list[Term] = []
    for rule in rules:
        for pattern in dict.fromkeys(rule.patterns):
            for term in _terms(rule, pattern, words):
                text = term.text
                plain.setdefault(text, []).append(term)
                if term.slotted is not None:
                    continue
                if rule.repeats and (bare := lanes.collapse(text)) != text:
                    flat.setdefault(bare, []).append(term)
                if rule.homophone and len(text) >= _LEAST_HEARD and not _LATIN_OR_DIGIT.search(text):
                    heard.append(term)
    sounds: dict[str, list[Term]] = {}
    spelled = lanes.sounds_of("\n".join(term.text for term in heard)).split("\n")
    for sound, term in zip(spelled, heard, strict=bool(heard)):
        sounds.setdefault(sound, []).append(term)
    return Table(plain), Table(flat), Table(sounds)


def _terms(rule: Rule, pattern: str, words: Words) -> list[Term]:
    if is_plain(pattern):
        return [Term(words[pattern], rule, pattern, words)] if words[pattern] else []
    found = []
    for word in words_of(pattern):
        text = max((words[part] for part in word.parts), key=len)
        if text:
            found.append(Term(text, rule, pattern, words, word if word.slots else None))
    return found


def exceptions_of(allows: Iterable[Allow], words: Words) -> tuple[Exceptions, ...]:
    compiled = []
    for allow in allows:
        if allow.before or allow.after:
            unless = sorted((re.escape(words[word]) for word in allow.unless if words[word]), key=len, reverse=True)
            compiled.append(
                Exceptions(
                    tuple(words[word] for word in allow.before),
                    allow.within,
                    re.compile("|".join(unless)) if unless else None,
                    tuple(words[word] for word in allow.after),
                    allow.after_within,
                )
            )
    return tuple(compiled)


def _places(word: str, text: str) -> Iterator[int]:
    at = word.find(text)
    while at >= 0:
        yield at
        at = word.find(text, at + 1)


def _expression(word: Word, words: Words) -> tuple[re.Pattern[str], int]:
    """A word with slots as an expression, and how far it reaches."""
    parts = [words[part] for part in word.parts]
    text = re.escape(parts[0])
    for (least, most), part in zip(word.slots, parts[1:], strict=True):
        text += f".{{{least},{most}}}?{re.escape(part)}"
    return re.compile(text), sum(map(len, parts)) + sum(most for _, most in word.slots)


def _whole_slotted(term: Term, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a word with slots stands around its longest part, which was found."""
    assert term.slotted is not None
    at = max(0, start - term.reach)
    while found := term.slotted.search(text, at, end + term.reach):
        if found.start() > start:
            return None
        if found.end() >= end:
            return found.span()
        at = found.start() + 1
    return None
