"""Matching of sentences against compiled rules: lanes with maps back, automata, and each rule's exceptions.

Any number of sentences are matched in one go, as most of the time goes into beginning; each is judged as if alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from agentdesk.text import lanes
from agentdesk.text.anchors import SELDOM, Anchors, Near, Place
from agentdesk.text.bounds import Bound
from agentdesk.text.compiled import LATER, LEAD, Exceptions, Term, Words, as_written, exceptions_of
from agentdesk.text.expressions import Expression, Index, Span
from agentdesk.text.findings import RANK
from agentdesk.text.fold import Folded, fold
from agentdesk.text.lanes import Lane
from agentdesk.text.lexicon import Pair, Rule
from agentdesk.text.patterns import Spelling

_CLAUSE = frozenset("，,：:—…")
_CLAUSE_MARK = re.compile(rf"[，,:：—…|。!?;\n]|{lanes.FULL_STOP}")
_QUOTED = re.compile(r'(?:“[^“”]{2,60}|「[^「」]{2,60}|"[^"]{2,60})$')
_CLOSES = frozenset('”」"')
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
                self._pairs.append((verb, noun, rule.pair, rule, exceptions_of(general, words)))
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
        for number in self._verbs.possible(lane.letters):
            verb, noun, pair, rule, allows = self._pairs[number]
            if noun.may_stand(lane):
                hits.add(_while_wanted(_pair_hits(whole, lane, verb, noun, pair, rule, allows), rule, bound))
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
        for number in self._index.possible(lane.letters):
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
                if not _excused(whole.text, lane, start, end, start, allows):
                    yield _hit(whole, lane, start, end, rule, "phrase", "expression")


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
        if met.times < SELDOM:
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
        and not _excused(whole.text, lane, start, end, start, term.made.allows)
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
    return last - first == size - 1 or not _CLAUSE_MARK.search(text, first, last)


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
    """Whether a quotation that begins before a hit ends within it."""
    opened = _QUOTED.search(text, max(0, end - _BEFORE_QUOTE), end)
    if opened is None or opened.start() >= start:
        return False
    return text.count('"', max(0, opened.start() - _LINE), opened.start()) % 2 == 0


def _excused(text: str, lane: Lane, start: int, end: int, anchor: int, allows: tuple[Exceptions, ...]) -> bool:
    """Whether a word before the anchor or behind the hit, in the same clause, or later on makes the hit harmless."""
    return _led_in(text, lane, anchor, allows) or _made_good(text, lane, start, end, allows)


def _led_in(text: str, lane: Lane, anchor: int, allows: tuple[Exceptions, ...]) -> bool:
    """The same of the words before the anchor."""
    return any(allow.before is not None and _said_before(text, lane, anchor, allow, allow.before) for allow in allows)


def _made_good(text: str, lane: Lane, start: int, end: int, allows: tuple[Exceptions, ...]) -> bool:
    """The same of the words behind the hit or within it."""
    for allow in allows:
        if allow.after is not None and _said_behind(text, lane, end, allow, allow.after):
            return True
        if allow.inside is not None and allow.inside.search(lane.text, start, end):
            return True
        if allow.later is not None and allow.later.search(lane.text, end, _sentence_end(lane, end)):
            return True
    return False


def _sentence_end(lane: Lane, end: int) -> int:
    """Where the sentence of a hit that ends here is over, as far as anybody writes one."""
    border = lane.text.find(lanes.BORDER, end, end + LATER)
    return end + LATER if border < 0 else border


def _said_before(text: str, lane: Lane, anchor: int, allow: Exceptions, before: re.Pattern[str]) -> bool:
    """`before` within the window; words of `unless` are looked for in what leads up to it too, and taken out."""
    if not before.search(lane.text, max(0, anchor - allow.within), anchor):
        return False
    first = _clause_start(text, lane, anchor, anchor - allow.within - LEAD)
    begin = max(first, anchor - allow.within)
    if allow.unless is None:
        return before.search(lane.text, begin, anchor) is not None
    # The hit itself may complete such a word: 是不|是你弄坏的 is a reproach, not a denial.
    window = allow.unless.sub(lambda found: "\0" * len(found.group()), lane.text[first : anchor + 2])
    return before.search(window, begin - first, anchor - first) is not None


def _said_behind(text: str, lane: Lane, end: int, allow: Exceptions, after: re.Pattern[str]) -> bool:
    """`after` within its reach behind the hit."""
    found = after.search(lane.text, end, end + allow.after_reach)
    if found is None or found.start() > end + allow.after_within:
        return False
    found = after.search(lane.text, end, _clause_end(text, lane, end - 1, end + allow.after_reach))
    return found is not None and found.start() <= end + allow.after_within


def _clause_start(text: str, lane: Lane, anchor: int, least: int) -> int:
    """Where the clause of a letter begins in the lane; not before `least`."""
    first, at = max(0, least), lane.at
    if not _CLAUSE_MARK.search(text, at[first], at[anchor] + 1):
        return first
    for index in range(anchor, first, -1):
        if lane.text[index - 1] == lanes.BORDER:
            return index
        if at[index] - at[index - 1] > 1 and _CLAUSE_MARK.search(text, at[index - 1] + 1, at[index] + 1):
            return index
    return first


def _clause_end(text: str, lane: Lane, last: int, reach: int) -> int:
    stop = min(reach, len(lane.at))
    found = _CLAUSE_MARK.search(text, lane.at[last] + 1, lane.at[stop - 1] + 1 if stop else 0)
    return min(stop, bisect_right(lane.at, found.start())) if found else stop


def _pair_hits(
    whole: Folded,
    lane: Lane,
    verb: Expression,
    noun: Expression,
    pair: Pair,
    rule: Rule,
    allows: tuple[Exceptions, ...],
) -> Iterator[Hit]:
    """A request next to its object, in either order; across a comma only if almost nothing lies between."""
    verbs = list(verb.spans(lane.text))
    nouns = list(noun.spans_beside(verbs, lane.text))
    starts = [span[0] for span in nouns]
    for v_start, v_end in verbs:
        near = bisect_right(starts, v_start)
        close = nouns[max(0, near - 3) : near + 3]
        close = [span for span in close if _requested(whole.text, lane, (v_start, v_end), span, pair)]
        if not close or _led_in(whole.text, lane, v_start, allows):
            continue
        for n_start, n_end in sorted(close, key=lambda span: abs(span[0] - v_start)):
            start, end = min(v_start, n_start), max(v_end, n_end)
            if not _made_good(whole.text, lane, start, end, allows):
                yield _hit(whole, lane, start, end, rule, "request", "pair")
                break


def _requested(text: str, lane: Lane, verb: Span, noun: Span, pair: Pair) -> bool:
    """Whether a verb and a noun stand close enough to belong together."""
    forth = verb[1] <= noun[0]
    first, last = (verb[1], noun[0]) if forth else (noun[1], verb[0])
    if not 0 <= last - first <= pair.within:
        return False
    between = lane.text[first:last]
    if lanes.BORDER in between or (forth and any(word in between for word in pair.between)):
        return False
    return len(between) <= 4 or not re.search("[，,—…|]", text[lane.at[first - 1] + 1 : lane.at[last]])
