"""Matching of one sentence against compiled rules: lanes with maps back, automata, and each rule's exceptions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agentdesk.text import lanes
from agentdesk.text.compiled import Exceptions, Place, Table, Term, Words, exceptions_of, tables
from agentdesk.text.fold import Folded, fold
from agentdesk.text.lanes import Lane
from agentdesk.text.lexicon import Pair, Rule
from agentdesk.text.patterns import Spelling

_CLAUSE = frozenset("，,：:—…")
_CLAUSE_MARK = re.compile("[，,:：—…|]")
_LATIN = re.compile("[a-z]")
_SPELLED_OUT = 6
"""Latin letters of two syllables that are read as pinyin alone."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's hit in a sentence: original offsets in it, the kind of finding, and the lane that showed it."""

    start: int
    end: int
    rule: Rule
    kind: str
    lane: str = "text"


class Matcher:
    """Rules compiled for `match`. Exceptions are folded like the text, so one spelling of them is enough."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._searches: list[tuple[re.Pattern[str], Rule, tuple[Exceptions, ...], tuple[str, ...]]] = []
        self._pairs: list[tuple[re.Pattern[str], re.Pattern[str], Pair, Rule, tuple[Exceptions, ...]]] = []
        rules = list(rules)
        words = Words(rules)
        for rule in rules:
            if not rule.regex and rule.pair is None:
                continue
            general = [allow for allow in rule.allow if not allow.terms]
            around = tuple(words[word] for allow in general for word in allow.around)
            for expression in rule.regex:
                self._searches.append((re.compile(expression), rule, exceptions_of(general, words), around))
            if rule.pair:
                verb, noun = re.compile(rule.pair.verb), re.compile(rule.pair.noun)
                self._pairs.append((verb, noun, rule.pair, rule, exceptions_of(general, words)))
        self._plain, self._flat, self._sounds = tables(rules, words)

    def match(self, sentence: str) -> tuple[Hit, ...]:
        """All hits that no exception excuses; may overlap."""
        whole = fold(sentence)
        lane = lanes.letters(whole.text)
        hits = dict.fromkeys(self._terms(whole, lane, self._plain, ""))
        if (flat := lanes.collapsed(lane)) is not None:
            for table in (self._plain, self._flat):
                hits.update((hit, None) for hit in self._terms(whole, flat, table, "repeats") if hit.rule.repeats)
        hits.update(dict.fromkeys(self._heard(whole, lane)))
        hits.update(dict.fromkeys(self._expressions(whole, lane)))
        for verb, noun, pair, rule, allows in self._pairs:
            hits.update(dict.fromkeys(_pair_hits(whole, lane, verb, noun, pair, rule, allows)))
        return tuple(hits)

    def _terms(self, whole: Folded, lane: Lane, table: Table, name: str) -> Iterator[Hit]:
        for place in table.found(lane.text):
            start, end = place.start, place.end
            if _counts(whole, lane, place.term, start, end) and not _covered(whole, lane, place, place.anchor, str):
                apart = lane.ends[end - 1] - lane.at[start] != end - start
                yield _hit(whole, lane, start, end, place.term.rule, "phrase", name or ("apart" if apart else "text"))

    def _heard(self, whole: Folded, lane: Lane) -> Iterator[Hit]:
        """What sounds like a term and is written otherwise; judged in the lane of letters."""
        heard = lanes.sounds(lane)
        for place in self._sounds.found(heard.text):
            start = bisect_left(lane.at, heard.at[place.start])
            end = bisect_left(lane.ends, heard.ends[place.end - 1]) + 1
            anchor = bisect_left(lane.at, heard.at[place.anchor])
            if (
                _disguised(lane, start, end, place.end - place.start, place.term)
                and _counts(whole, lane, place.term, start, end)
                and not _covered(whole, lane, place, anchor, lanes.sounds_of)
            ):
                yield _hit(whole, lane, start, end, place.term.rule, "phrase", "sounds")

    def _expressions(self, whole: Folded, lane: Lane) -> Iterator[Hit]:
        for expression, rule, allows, around in self._searches:
            for found in expression.finditer(lane.text):
                start, end = found.span()
                covered = any(
                    _stands(whole.text, lane, word, at)
                    for word in around
                    for at in range(max(0, end - len(word)), start + 1)
                )
                if start < end and not covered and _gaps_allowed(whole.text, lane, start, end, rule.gaps):
                    if not _excused(whole.text, lane, start, end, start, allows):
                        yield _hit(whole, lane, start, end, rule, "phrase", "expression")


def _counts(whole: Folded, lane: Lane, term: Term, start: int, end: int) -> bool:
    """Whether what was found is the term indeed, and nothing before or behind it excuses it."""
    return (
        _whole_words(lane, start, end)
        and _gaps_allowed(whole.text, lane, start, end, term.rule.gaps)
        and not _excused(whole.text, lane, start, end, start, term.allows)
    )


def _covered(whole: Folded, lane: Lane, place: Place, anchor: int, spell: Spelling) -> bool:
    """Whether a longer word stands over the anchor, which makes it another word."""
    for word in place.term.longer():
        spelled = spell(word)
        at = spelled.find(place.anchor_text)
        while at >= 0:
            if _stands(whole.text, lane, word, anchor - at):
                return True
            at = spelled.find(place.anchor_text, at + 1)
    return False


def _disguised(lane: Lane, start: int, end: int, syllables: int, term: Term) -> bool:
    """Whether letters that sound like a term are a disguise of it rather than another word.

    Two syllables say too little (包本来 is no 保本): one must be in pinyin, or both in one word of pinyin
    (baoben). Of three two must be as in the term (不指导 is no 不知道), of more than that half.
    """
    written = lane.text[start:end]
    if term.is_written(written):
        return False
    same = term.shares(written)
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
    """Whether a longer word stands here as one word, not over the border of two clauses."""
    if start < 0 or not lane.text.startswith(word, start):
        return False
    first, last = lane.at[start], lane.at[start + len(word) - 1]
    return last - first == len(word) - 1 or not _CLAUSE_MARK.search(text, first, last)


def _glued(lane: Lane, index: int) -> bool:
    """Whether this character and the next are Latin letters or digits without anything between."""
    pair = lane.text[index : index + 2]
    return pair.isascii() and lane.at[index + 1] == lane.at[index] + 1


def _gaps_allowed(text: str, lane: Lane, start: int, end: int, gaps: int) -> bool:
    """Whether what stands between the characters of a hit is little enough, and not the border of two clauses."""
    at = lane.at
    if at[end - 1] - at[start] == end - 1 - start:
        return True
    split = 0
    commas = 0
    for index in range(start, end - 1):
        between = text[at[index] + 1 : at[index + 1]]
        foreign = sum(not char.isalnum() for char in between)
        if not foreign:
            continue
        if foreign > gaps:
            return False
        split += 1
        if not _CLAUSE.isdisjoint(between):
            commas += 1
    # 要不，知道了 is two clauses, 不，知，道 is one word taken apart.
    return not (commas == split == 1 and end - start <= 3)


def _excused(text: str, lane: Lane, start: int, end: int, anchor: int, allows: tuple[Exceptions, ...]) -> bool:
    """Whether a word before the anchor or behind the hit, in the same clause, or later on makes the hit harmless."""
    for allow in allows:
        if any(lane.text.find(word, end) >= 0 for word in allow.later):
            return True
        if any(lane.text.find(word, start, end) >= 0 for word in allow.inside):
            return True
        if allow.before and _said_before(text, lane, anchor, end, allow):
            return True
        if allow.after:
            reach = max(map(len, allow.after)) + allow.after_within
            clause = lane.text[end : _clause_end(text, lane, end - 1, end + reach)]
            if any(0 <= clause.find(word) <= allow.after_within for word in allow.after):
                return True
    return False


def _said_before(text: str, lane: Lane, anchor: int, end: int, allow: Exceptions) -> bool:
    """`before` within the window; words of `unless` are looked for in what leads up to it too, and taken out."""
    first = max(_clause_start(text, lane, anchor), anchor - allow.within - 8)
    window = lane.text[first:anchor]
    if allow.unless is not None:
        # The hit itself may complete such a word: 是不|是你弄坏的 is a reproach, not a denial.
        lead = len(window)
        window = allow.unless.sub(lambda found: "\0" * len(found.group()), lane.text[first : anchor + 2])[:lead]
    window = window[-allow.within :]
    return any(word in window for word in allow.before)


def _clause_start(text: str, lane: Lane, anchor: int) -> int:
    mark = -1
    here = lane.at[anchor]
    for found in _CLAUSE_MARK.finditer(text, max(0, here - 120), here):
        mark = found.start()
    return bisect_right(lane.at, mark) if mark >= 0 else 0


def _clause_end(text: str, lane: Lane, last: int, reach: int) -> int:
    stop = min(reach, len(lane.at))
    found = _CLAUSE_MARK.search(text, lane.at[last] + 1, lane.at[stop - 1] + 1 if stop else 0)
    return min(stop, bisect_right(lane.at, found.start())) if found else stop


def _pair_hits(
    whole: Folded,
    lane: Lane,
    verb: re.Pattern[str],
    noun: re.Pattern[str],
    pair: Pair,
    rule: Rule,
    allows: tuple[Exceptions, ...],
) -> Iterator[Hit]:
    """A request next to its object, in either order; across a comma only if almost nothing lies between."""
    nouns = [found.span() for found in noun.finditer(lane.text)]
    if not nouns:
        return
    verbs = [found.span() for found in verb.finditer(lane.text)]
    starts = [span[0] for span in nouns]
    for v_start, v_end in verbs:
        near = bisect_right(starts, v_start)
        close = nouns[max(0, near - 3) : near + 3]
        for n_start, n_end in sorted(close, key=lambda span: abs(span[0] - v_start)):
            first, last = (v_end, n_start) if v_end <= n_start else (n_end, v_start)
            if not 0 <= last - first <= pair.within:
                continue
            between = lane.text[first:last]
            if v_end <= n_start and any(word in between for word in pair.between):
                continue
            if len(between) > 4 and re.search("[，,—…|]", whole.text[lane.at[first - 1] + 1 : lane.at[last]]):
                continue
            start, end = min(v_start, n_start), max(v_end, n_end)
            if not _excused(whole.text, lane, start, end, v_start, allows):
                yield _hit(whole, lane, start, end, rule, "request", "pair")
                break
