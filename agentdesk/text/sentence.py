"""Matching of sentences against compiled rules: lanes with maps back, automata, and each rule's exceptions.

Any number of sentences are matched in one go, as most of the time goes into beginning; each is judged as if alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from agentdesk.text import lanes
from agentdesk.text.anchors import SELDOM, Anchors, Near, Place
from agentdesk.text.bounds import Bound
from agentdesk.text.compiled import Exceptions, Term, Words, as_written, exceptions_of
from agentdesk.text.excuses import CLAUSE_MARK, excused
from agentdesk.text.expressions import Expression, Index
from agentdesk.text.findings import RANK
from agentdesk.text.fold import Folded, fold
from agentdesk.text.lanes import Lane
from agentdesk.text.lexicon import Pair, Rule
from agentdesk.text.patterns import Spelling
from agentdesk.text.requests import requests

_CLAUSE = frozenset("，,：:—…")
_QUOTED = re.compile(r'(?:“[^“”]{2,60}|「[^「」]{2,60}|"[^"]{2,60})$')
_CLOSES = frozenset('”」"')
_SENTENCE_MARKS = "。!?;\n"
"""What ends a sentence of a folded text that is being typed."""
_BEFORE_QUOTE, _LINE = 64, 500
"""Letters in which what a quotation mark closes must begin, and in which earlier ones are counted."""
_LATIN = re.compile("[a-z]")
_LEAST_DISGUISED = 3
"""Syllables of a word that may be disguised by its sound alone; see `_disguised`."""
_SPELLED_OUT = 6
"""Latin letters of two syllables that are read as pinyin alone."""


class Hit(NamedTuple):
    """A rule's hit in a text: original offsets in it, the kind of finding, and the lane that showed it."""

    start: int
    end: int
    rule: Rule
    kind: str
    lane: str = "text"

    def moved(self, by: int) -> Hit:
        """The same at another place."""
        return Hit(self.start + by, self.end + by, self.rule, self.kind, self.lane)


class _Hits(dict[tuple[int, int, int, str], Hit]):
    """Hits, each once. A rule is told by its identity: comparing its words takes longer than finding them."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        super().__init__()
        self.add(hits)

    def add(self, hits: Iterable[Hit]) -> None:
        for hit in hits:
            self.setdefault((hit.start, hit.end, id(hit.rule), hit.lane), hit)


class Matcher:
    """Rules compiled for `match`. Exceptions are folded like the text, so one spelling of them is enough."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._searches: list[tuple[Expression, Rule, tuple[Exceptions, ...], tuple[str, ...]]] = []
        self._pairs: list[tuple[Expression, Expression, Pair, Rule, tuple[Exceptions, ...]]] = []
        rules = list(rules)
        words = Words(rules)
        for rule in rules:
            if not rule.regex and rule.pair is None:
                continue
            general = [allow for allow in rule.allow if not allow.terms]
            around = tuple(words[word] for allow in general for word in allow.around)
            for expression in rule.regex:
                self._searches.append((Expression(expression), rule, exceptions_of(general, words), around))
            if rule.pair:
                verb, noun = Expression(rule.pair.verb), Expression(rule.pair.noun)
                self._pairs.append((verb, noun, _as_in_lane(rule.pair, words), rule, exceptions_of(general, words)))
        self._anchors = Anchors(rules, words)
        self._index = Index([expression for expression, _, _, _ in self._searches])
        self._verbs = Index([verb for verb, _, _, _, _ in self._pairs])

    def match(self, text: str, bound: Bound | None = None) -> Iterable[Hit]:
        """All hits that no exception excuses, each within one sentence; may overlap.

        `bound`: which hits count, and what is still worth looking for in a long text.
        """
        bound = bound or Bound("", lambda _: True)
        whole = fold(text)
        lane = lanes.letters(whole.text)
        spoken = lanes.spoken(lane)
        near = self._anchors.near(spoken)
        hits = _Hits(self._terms(whole, lane, self._anchors.written(near, lane, bound), "", bound))
        if not bound.closed and (flat := lanes.collapsed(lane)) is not None:
            hits.add(self._repeated(whole, flat, bound))
        hits.add(self._heard(whole, lane, spoken, near, bound))
        hits.add(self._expressions(whole, lane, bound))
        for number in self._verbs.possible(lane.characters):
            verb, noun, pair, rule, allows = self._pairs[number]
            if noun.may_stand(lane):
                found = requests(whole, lane, verb, noun, pair, allows)
                told = (_hit(whole, lane, *span, rule, "request", "pair") for span in found)
                hits.add(_while_wanted(told, rule, bound))
        return hits.values()

    def _terms(self, whole: Folded, lane: Lane, places: Iterable[Place], name: str, bound: Bound) -> Iterator[Hit]:
        judge = _Judge(whole, lane, as_written)
        for place in places:
            start, end = place.start, place.end
            if bound.wants(place.term.rule) and judge.counts(place, start, end, place.anchor):
                apart = lane.ends[end - 1] - lane.at[start] != end - start
                hit = _hit(whole, lane, start, end, place.term.rule, "phrase", name or ("apart" if apart else "text"))
                if bound.met(hit):
                    yield hit

    def _repeated(self, whole: Folded, flat: Lane, bound: Bound) -> Iterator[Hit]:
        """What is there only once the repeats within it are taken out; the rest was judged as it is written."""
        runs = [index for index, (start, end) in enumerate(zip(flat.at, flat.ends, strict=True)) if end - start > 1]
        if " " in whole.text:
            runs = [run for run in runs if not _two_words(whole.text[flat.at[run] : flat.ends[run]])]
        marks = bytearray(len(flat.text))
        for run in runs:
            marks[run] = 1
        near = self._anchors.near(lanes.spoken(flat))
        places = chain(self._anchors.written(near, flat, bound, marks), self._anchors.flat(flat))

        def counts(place: Place) -> bool:
            run = bisect_left(runs, place.start)
            return place.term.rule.repeats and run < len(runs) and runs[run] < place.end

        return self._terms(whole, flat, filter(counts, places), "repeats", bound)

    def _heard(self, whole: Folded, lane: Lane, spoken: Lane, near: Near, bound: Bound) -> Iterator[Hit]:
        """What sounds like a term and is written otherwise; judged in the lane of letters. It is a hint at most."""
        if bound.floor >= RANK["hint"]:
            return
        heard = lanes.sounds(spoken)
        plain = heard is spoken
        if not plain:
            near = self._anchors.near(heard)
        judge = _Judge(whole, lane, lanes.sounds_of)
        written, least = (lane.text, _LEAST_DISGUISED) if plain else ("", 0)
        for place in self._anchors.heard(near, heard, least, written):
            start, end, anchor = place.start, place.end, place.anchor
            if not plain:
                start = bisect_left(lane.at, heard.at[start])
                end = bisect_left(lane.ends, heard.ends[end - 1]) + 1
                anchor = bisect_left(lane.at, heard.at[anchor])
            if judge.counts(place, start, end, anchor):
                hit = _hit(whole, lane, start, end, place.term.rule, "phrase", "sounds")
                if bound.met(hit):
                    yield hit
                if bound.floor >= RANK["hint"]:
                    return

    def _expressions(self, whole: Folded, lane: Lane, bound: Bound) -> Iterator[Hit]:
        for number in self._index.possible(lane.characters):
            expression, rule, allows, around = self._searches[number]
            if bound.wants(rule) and expression.may_stand(lane):
                yield from _while_wanted(self._spans(whole, lane, expression, rule, allows, around), rule, bound)

    def _spans(
        self,
        whole: Folded,
        lane: Lane,
        expression: Expression,
        rule: Rule,
        allows: tuple[Exceptions, ...],
        around: tuple[str, ...],
    ) -> Iterator[Hit]:
        for start, end in expression.spans(lane.text):
            covered = any(
                _stands(whole.text, lane, word, at)
                for word in around
                for at in range(max(0, end - len(word)), start + 1)
            )
            if start < end and not covered and _gaps_allowed(whole.text, lane, start, end, rule.gaps):
                if not excused(whole.text, lane, start, end, allows):
                    yield _hit(whole, lane, start, end, rule, "phrase", "expression")


def _as_in_lane(pair: Pair, words: Words) -> Pair:
    """A pair with its words as they stand in the lane of letters."""
    between, instead = (tuple(filter(None, map(words.__getitem__, some))) for some in (pair.between, pair.instead))
    return replace(pair, between=between, instead=instead)


def _while_wanted(hits: Iterable[Hit], rule: Rule, bound: Bound) -> Iterator[Hit]:
    """Hits of one rule, as long as they are worth looking for."""
    for hit in hits:
        if bound.met(hit):
            yield hit
        if not bound.wants(rule):
            return


def _two_words(run: str) -> bool:
    """Whether a repeated letter ends one Latin word and begins the next: "is shown" repeats nothing."""
    return " " in run and _LATIN.match(run) is not None


class _Met:
    """How often a term was judged in a lane, and what came of it in what surroundings."""

    __slots__ = ("known", "sight", "times")

    def __init__(self, term: Term) -> None:
        self.times, self.sight = 0, term.made.sight
        self.known: dict[tuple[object, ...], bool] = {}


class _Judge:
    """Whether what is found in a lane counts. What may lie further off is judged once in the same surroundings.

    A sentence without end would be slow otherwise: a judgement takes ten times as long as a look at what is known.
    """

    def __init__(self, whole: Folded, lane: Lane, spell: Spelling) -> None:
        self._whole, self._lane, self._spell = whole, lane, spell
        self._met: dict[Term, _Met] = {}

    def counts(self, place: Place, start: int, end: int, anchor: int) -> bool:
        """Whether letters are what was found, and nothing around them excuses it."""
        whole, lane, spell, term = self._whole, self._lane, self._spell, place.term
        if spell is lanes.sounds_of and not _disguised(lane, start, end, place.end - place.start, term):
            return False
        if _covered(whole, lane, place, anchor, spell):
            return False
        if (met := self._met.get(term)) is None:
            met = self._met[term] = _Met(term)
        met.times += 1
        # What a quotation mark closes may lie further back than is remembered.
        if met.times < SELDOM or not _CLOSES.isdisjoint(whole.text[lane.at[start] : lane.at[end - 1]]):
            return _counts(whole, lane, term, start, end)
        back, ahead = met.sight
        first, last = start - back if start > back else 0, end + ahead
        letters = lane.text[first:last]
        text = whole.text[lane.at[first] : lane.ends[first + len(letters) - 1]]
        key = start - first, end - first, letters, text
        if (known := met.known.get(key)) is None:
            known = met.known[key] = _counts(whole, lane, term, start, end)
        return known


def _counts(whole: Folded, lane: Lane, term: Term, start: int, end: int) -> bool:
    """Whether what was found is the term indeed, and nothing before or behind it excuses it."""
    return (
        _whole_words(lane, start, end)
        and _gaps_allowed(whole.text, lane, start, end, term.rule.gaps)
        and not excused(whole.text, lane, start, end, term.made.allows)
    )


def _covered(whole: Folded, lane: Lane, place: Place, anchor: int, spell: Spelling) -> bool:
    """Whether a longer word stands over the anchor, which makes it another word."""
    for at, size, words in place.term.made.covers(spell, place.anchor_text):
        start = anchor - at
        if start >= 0 and lane.text[start : start + size] in words and _one_word(whole.text, lane, start, size):
            return True
    return False


def _disguised(lane: Lane, start: int, end: int, syllables: int, term: Term) -> bool:
    """Whether letters that sound like a term are a disguise of it rather than another word.

    Two syllables say too little (包本来 is no 保本): one must be in pinyin, or both in one word of pinyin
    (baoben). Of three two must be as in the term (不指导 is no 不知道), of more than that half.
    """
    written = lane.text[start:end]
    if term.made.is_written(written):
        return False
    same = term.made.shares(written)
    if _LATIN.search(written):
        one_word = len(written) >= _SPELLED_OUT and lane.at[end - 1] - lane.at[start] == end - 1 - start
        return syllables > 2 or same > 0 or one_word
    return same * 2 >= syllables if syllables > 3 else syllables == 3 and same > 1


def _hit(whole: Folded, lane: Lane, start: int, end: int, rule: Rule, kind: str, name: str = "text") -> Hit:
    first, last = whole.span(lane.at[start], lane.ends[end - 1])
    return Hit(first, last, rule, kind, name)


def _whole_words(lane: Lane, start: int, end: int) -> bool:
    """A term that begins or ends with a Latin letter or digit does not count inside a longer Latin word or number."""
    return not ((start and _glued(lane, start - 1)) or (end < len(lane.text) and _glued(lane, end - 1)))


def _stands(text: str, lane: Lane, word: str, start: int) -> bool:
    """Whether a longer word stands here as one word."""
    return start >= 0 and lane.text.startswith(word, start) and _one_word(text, lane, start, len(word))


def _one_word(text: str, lane: Lane, start: int, size: int) -> bool:
    """Whether so many letters are not over the border of two clauses."""
    first, last = lane.at[start], lane.at[start + size - 1]
    return last - first == size - 1 or not CLAUSE_MARK.search(text, first, last)


def _glued(lane: Lane, index: int) -> bool:
    """Whether this character and the next are Latin letters or digits without anything between."""
    pair = lane.text[index : index + 2]
    return pair.isascii() and pair.isalnum() and lane.at[index + 1] == lane.at[index] + 1


def _gaps_allowed(text: str, lane: Lane, start: int, end: int, gaps: int) -> bool:
    """Whether what stands between the characters of a hit is little enough, and not the border of two clauses."""
    at = lane.at
    if at[end - 1] - at[start] == end - 1 - start:
        return True
    split = 0
    commas = 0
    closed = False
    for index in range(start, end - 1):
        if at[index + 1] - at[index] == 1:
            continue
        between = text[at[index] + 1 : at[index + 1]]
        foreign = sum(not char.isalnum() for char in between)
        if not foreign:
            continue
        if foreign > gaps:
            return False
        split += 1
        if not _CLAUSE.isdisjoint(between):
            commas += 1
        if not _CLOSES.isdisjoint(between):
            closed = _quoted(text, at[start], at[index] + 1)
    # 要不，知道了 is two clauses, 不，知，道 is one word taken apart; 说“没人管”我 leaves a quotation.
    return not (split == 1 and (closed or (commas == 1 and end - start <= 3)))


def _quoted(text: str, start: int, end: int) -> bool:
    """Whether a quotation that begins before a hit, in its sentence, ends within it."""
    first = 1 + max(text.rfind(mark, max(0, start - _LINE), start) for mark in _SENTENCE_MARKS)
    opened = _QUOTED.search(text, max(first, end - _BEFORE_QUOTE), end)
    if opened is None or opened.start() >= start:
        return False
    return text.count('"', max(first, opened.start() - _LINE), opened.start()) % 2 == 0
