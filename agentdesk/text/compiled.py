"""Rules made ready for matching: their words as they stand in each lane, automata over them, exceptions compiled.

Made for ten thousand rules: what only a hit needs is compiled at the first hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from ahocorasick_rs import AhoCorasick

from agentdesk.text import lanes
from agentdesk.text.fold import folded
from agentdesk.text.lanes import letters_of
from agentdesk.text.lexicon import Allow, Rule
from agentdesk.text.patterns import Pattern, Spelling, is_plain, parse

_LATIN_OR_DIGIT = re.compile("[a-z0-9]")
_LEAST_HEARD = 2
"""Characters of a term that may be found by its sound."""
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
        self._covers: dict[tuple[Spelling, str], list[tuple[str, int]]] = {}

    @cached_property
    def allows(self) -> tuple[Exceptions, ...]:
        """The exceptions that look around a hit and count for this pattern."""
        return exceptions_of(self._counting, self._words)

    @cached_property
    def sight(self) -> tuple[int, int]:
        """How many letters before and behind a hit may tell whether it counts."""
        around = max((len(self._words[word]) for allow in self._counting for word in allow.around), default=0)
        before = max((allow.within + LEAD for allow in self.allows), default=0)
        behind = max((max(allow.after_reach, LATER if allow.later else 0) for allow in self.allows), default=0)
        return max(around, before) + 3, max(around, behind) + 3

    def covers(self, spell: Spelling, anchor: str) -> list[tuple[str, int]]:
        """Longer words that make a hit inside them harmless, and how far into them this anchor stands."""
        if (known := self._covers.get((spell, anchor))) is None:
            words = [self._words[word] for allow in self._counting for word in allow.around]
            known = [(word, at) for word in words for at in _places_of(anchor, spell(word))]
            self._covers[spell, anchor] = known
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
    """A pattern as it stands in a lane: its expression, and how far that reaches from an anchor."""

    __slots__ = ("expression", "reach")

    def __init__(self, parsed: Pattern, words: Words, spell: Spelling) -> None:
        self.expression = parsed.expression(lambda word: spell(words[word]))
        self.reach = parsed.reach

    def around(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """The span of the pattern around its anchor, which was found."""
        search, at, last = self.expression.search, max(0, start - self.reach), end + self.reach
        while found := search(text, at, last):
            span = found.span()
            if span[0] > start:
                return None
            if span[1] >= end:
                return span
            at = span[0] + 1
        return None


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

SELDOM = 64
"""Times that something is looked at before its surroundings are remembered, which takes half as long as a look."""

Stands: TypeAlias = "list[tuple[Term, int, int]]"
"""Terms and where they begin and end, seen from where their anchor begins."""


class Seen:
    """How often an anchor was met in a lane, and what stands around it, by the letters there."""

    __slots__ = ("times", "windows")

    def __init__(self) -> None:
        self.times = 0
        self.windows: dict[str, Stands] = {}


Known: TypeAlias = "dict[Group, Seen]"
"""What was seen in a lane: a sentence without end repeats itself."""


class Group:
    """The terms of one anchor in a lane, and how far around it they reach."""

    __slots__ = ("_forms", "_reach", "terms")

    def __init__(self, terms: Iterable[Term], spell: Spelling) -> None:
        self.terms = tuple(dict.fromkeys(terms))
        self._forms = [(term, None if term.whole else term.made.form(spell)) for term in self.terms]
        self._reach = max((form.reach for _, form in self._forms if form), default=0)

    def places(self, text: str, start: int, end: int, known: Known) -> Iterable[Place]:
        """The terms that stand around their anchor, which was found."""
        if (seen := known.get(self)) is None:
            seen = known[self] = Seen()
        seen.times += 1
        if seen.times < SELDOM or start < self._reach:
            stands = self._stands(text, start, end)
        else:
            window = text[start - self._reach : end + self._reach]
            if window not in seen.windows:
                seen.windows[window] = self._stands(text, start, end)
            stands = seen.windows[window]
        if not stands:
            return ()
        anchor = text[start:end]
        return [Place(term, start + before, start + behind, start, anchor) for term, before, behind in stands]

    def _stands(self, text: str, start: int, end: int) -> Stands:
        found = []
        for term, form in self._forms:
            if form is None:
                found.append((term, 0, end - start))
            elif span := form.around(text, start, end):
                found.append((term, span[0] - start, span[1] - start))
        return found


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
        self._groups: dict[str, Group] = {}
        self._flat_groups: dict[int, Group] = {}
        self._heard: dict[tuple[int, int], Group] = {}
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
        known: Known = {}
        for _, start, end in near:
            anchor = text[start:end]
            if (group := self._groups.get(anchor)) is None:
                if anchor not in self._written:
                    continue
                group = self._groups[anchor] = Group(self._written[anchor], as_written)
            yield from group.places(text, start, end, known)

    def flat(self, text: str) -> Iterator[Place]:
        """The terms that are others once repeats are taken out, in a lane without repeats."""
        known: Known = {}
        near = self._flat_automaton.find_matches_as_indexes(text, overlapping=True) if self._flat_automaton else ()
        for number, start, end in near:
            if (group := self._flat_groups.get(number)) is None:
                terms = self._flat[self._flat_anchors[number]]
                group = self._flat_groups[number] = Group(terms, lanes.collapse)
            yield from group.places(text, start, end, known)

    def heard(self, near: Near, spoken: str, least: int) -> Iterator[Place]:
        """The terms that may be found by their sound, in a lane of sounds; no word under `least` syllables."""
        known: Known = {}
        for number, start, end in near:
            if (group := self._heard.get((number, least))) is None:
                terms = (term for term in self._audible(number) if end - start >= least or not term.whole)
                group = self._heard[number, least] = Group(terms, lanes.sounds_of)
            if group.terms:
                yield from group.places(spoken, start, end, known)

    def _audible(self, number: int) -> Iterator[Term]:
        """The terms of all anchors of one sound that may be found by it."""
        anchors = self._by_sound[self._sounds[number]]
        audible = (one for one in anchors if len(one) >= _LEAST_HEARD and not _LATIN_OR_DIGIT.search(one))
        return (term for one in audible for term in self._written[one] if term.rule.homophone)


def _automaton(words: list[str]) -> AhoCorasick | None:
    return AhoCorasick(words, store_patterns=False) if words else None


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
