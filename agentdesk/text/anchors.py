"""Where the patterns of the rules stand in a lane: automata find their anchors, then it is looked at what is around.

Made for ten thousand rules, and for texts in which every word is an anchor: what cannot be there is told by one
character before an expression is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple, TypeAlias

from ahocorasick_rs import AhoCorasick

from agentdesk.text import lanes
from agentdesk.text.ahead import Ahead, Needed
from agentdesk.text.bounds import Bound
from agentdesk.text.compiled import Form, Term, Words, as_written
from agentdesk.text.findings import RANK
from agentdesk.text.lanes import Lane
from agentdesk.text.lexicon import Rule
from agentdesk.text.patterns import Sought, Spelling, is_plain, parse

_LATIN_OR_DIGIT = re.compile("[a-z0-9]")
_LEAST_HEARD = 2
"""Characters of a term that may be found by its sound."""


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


class Group:
    """The terms of one anchor in a lane, and how far around it they reach."""

    __slots__ = ("_anchor", "_forms", "_needed", "_needs", "grave", "reach", "terms", "whole")

    def __init__(self, anchor: str, terms: Iterable[Term], spell: Spelling) -> None:
        self.terms = tuple(dict.fromkeys(terms))
        self._anchor = anchor
        self._forms = [(term, None if term.whole else term.made.form(spell)) for term in self.terms]
        self.grave = max((RANK[term.rule.severity] for term in self.terms), default=-1)
        self.reach = max((form.reach for _, form in self._forms if form), default=0)
        self.whole = not any(form for _, form in self._forms)
        """Whether the anchor is all that these terms find."""
        needed = [form.needed(anchor)[:1] if form else () for _, form in self._forms]
        self._needed = Sought(chain.from_iterable(chain.from_iterable(needed))) if needed and all(needed) else None
        self._needs: list[Needed] | None = None

    def may_hold(self, marks: bytearray, start: int, end: int) -> bool:
        """Whether what these terms find around their anchor may hold a letter that is marked."""
        return marks.find(1, max(0, min(start, end - self.reach)), max(end, start + self.reach)) >= 0

    def stands(self, text: str, start: int, end: int) -> Stands:
        """The terms that stand around their anchor, which was found."""
        if self._needed and self._needed.find(text, max(0, end - self.reach), start + self.reach) < 0:
            return []
        return self._found(self._forms, text, start, end)

    def stands_next(self, ahead: Ahead, text: str, start: int, end: int) -> Stands:
        """The same for anchors that follow one another closely; `ahead`: what is known of the text so far."""
        return self._found([self._forms[number] for number in ahead.possible(start, end)], text, start, end)

    def ahead(self, lane: Lane) -> Ahead:
        """What its terms need, to be looked for in a lane."""
        if self._needs is None:
            self._needs = [
                Needed(form.needed(self._anchor) if form else (), form.reach if form else 0) for _, form in self._forms
            ]
        return Ahead(lane, self._needs)

    @staticmethod
    def _found(forms: Iterable[tuple[Term, Form | None]], text: str, start: int, end: int) -> Stands:
        found = []
        for term, form in forms:
            if form is None:
                found.append((term, 0, end - start))
            elif span := form.around(text, start, end):
                found.append((term, span[0] - start, span[1] - start))
        return found


class Seen:
    """How often an anchor was met in a lane, and what stands around it, by the letters there.

    A sentence without end repeats itself. What is looked for there is looked up first, since mostly it is nothing.
    """

    __slots__ = ("_ahead", "_reach", "_windows", "clear", "grave", "group", "lane", "sole", "times")

    def __init__(self, group: Group, lane: Lane, sole: str = "") -> None:
        """`sole`: how an anchor is written that need not be looked at."""
        self.group, self.lane, self.sole, self.times = group, lane, sole, 0
        self.grave, self._reach = group.grave, 0
        self._windows: dict[str, Stands] = {}
        self._ahead: Ahead | None = None
        self.clear = 0
        """No term stands around an anchor that begins before."""

    def places(self, start: int, end: int) -> Iterable[Place]:
        """The terms that stand around their anchor, which was found."""
        self.times += 1
        if self.times == SELDOM:
            self._ahead = self.group.ahead(self.lane)
            self._reach = self._ahead.reach
        text = self.lane.text
        if self._ahead is None or start < self._reach:
            stands = self.group.stands(text, start, end)
        else:
            window = text[start - self._reach : end + self._reach]
            if (known := self._windows.get(window)) is None:
                known = self._windows[window] = self.group.stands_next(self._ahead, text, start, end)
                self.clear = self._ahead.clear
            stands = known
        if not stands:
            return ()
        anchor = text[start:end]
        return [Place(term, start + before, start + behind, start, anchor) for term, before, behind in stands]


_NOTHING = Group("", (), as_written)


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
        self._heard: dict[int, dict[int, Group]] = {}
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

    def near(self, spoken: Lane) -> Near:
        """What sounds like an anchor in a lane of sounds."""
        return _matches(self._automaton, spoken.text)

    def written(self, near: Near, lane: Lane, bound: Bound, marks: bytearray | None = None) -> Iterator[Place]:
        """The terms that stand in the lane of letters as they are written; `near` is of the same lane as it sounds.

        `marks`: a byte a letter; only what may reach one that is not 0 is looked for.
        """
        known: dict[str, Seen] = {}
        text = lane.text
        for _, start, end in near:
            anchor = text[start:end]
            if (seen := known.get(anchor)) is None:
                seen = known[anchor] = Seen(self._group(anchor), lane)
            if (
                start >= seen.clear
                and seen.grave > bound.floor
                and (marks is None or seen.group.may_hold(marks, start, end))
            ):
                yield from seen.places(start, end)

    def _group(self, anchor: str) -> Group:
        """The terms of an anchor as it is written; none where it only sounds like one."""
        if anchor not in self._written:
            return _NOTHING
        if (group := self._groups.get(anchor)) is None:
            group = self._groups[anchor] = Group(anchor, self._written[anchor], as_written)
        return group

    def flat(self, lane: Lane) -> Iterator[Place]:
        """The terms that are others once repeats are taken out, in a lane without repeats."""
        known: dict[int, Seen] = {}
        near = _matches(self._flat_automaton, lane.text)
        for number, start, end in near:
            if (seen := known.get(number)) is None:
                if (group := self._flat_groups.get(number)) is None:
                    anchor = self._flat_anchors[number]
                    group = self._flat_groups[number] = Group(anchor, self._flat[anchor], lanes.collapse)
                seen = known[number] = Seen(group, lane)
            if start >= seen.clear:
                yield from seen.places(start, end)

    def heard(self, near: Near, spoken: Lane, least: int, written: str = "") -> Iterator[Place]:
        """The terms that may be found by their sound, in a lane of sounds; no word under `least` syllables.

        `written`: the lane of letters, if the two are of one length: what stands there as it is written is left out
        where nothing around it could make it another word.
        """
        known: dict[int, Seen] = {}
        groups = self._heard.setdefault(least, {})
        for number, start, end in near:
            if (seen := known.get(number)) is None:
                if (group := groups.get(number)) is None:
                    terms = (term for term in self._audible(number) if end - start >= least or not term.whole)
                    group = groups[number] = Group(self._sounds[number], terms, lanes.sounds_of)
                seen = known[number] = Seen(group, spoken, self._sole(number) if group.whole and written else "")
            if start >= seen.clear and seen.grave >= 0 and not (seen.sole and seen.sole == written[start:end]):
                yield from seen.places(start, end)

    def _sole(self, number: int) -> str:
        """The one anchor of a sound; "" where there are several."""
        anchors = self._by_sound[self._sounds[number]]
        return anchors[0] if len(anchors) == 1 else ""

    def _audible(self, number: int) -> Iterator[Term]:
        """The terms of all anchors of one sound that may be found by it."""
        anchors = self._by_sound[self._sounds[number]]
        audible = (one for one in anchors if len(one) >= _LEAST_HEARD and not _LATIN_OR_DIGIT.search(one))
        return (term for one in audible for term in self._written[one] if term.rule.homophone)


def _matches(automaton: AhoCorasick | None, text: str) -> Near:
    return automaton.find_matches_as_indexes(text, overlapping=True) if automaton else []


def _automaton(words: list[str]) -> AhoCorasick | None:
    return AhoCorasick(words, store_patterns=False) if words else None


def _anchors(pattern: str, words: Words) -> tuple[list[str], bool]:
    word = words.get(pattern)  # a literal of a pattern has no mark of one, so what stands there is a whole word
    if word is not None or is_plain(pattern):
        return ([word] if word else []), True
    return parse(pattern).anchors(words.__getitem__)
