"""Matching of one sentence against compiled rules: lanes with maps back, automata, and each rule's exceptions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from agentdesk.text.fold import Folded, fold, folded
from agentdesk.text.lexicon import Allow, Pair, Rule

_CLAUSE = frozenset("，,：:—…")
_CLAUSE_MARK = re.compile("[，,:：—…|]")
# Reduplications that are words: collapsing them would make another word (TEXT §5: 他妈妈的).
_DOUBLES = frozenset("妈爸爷奶哥姐弟妹叔舅婶宝看说听问想试等谢常刚慢好天人年多渐偏仅稍")
_RUN = re.compile(r"([^\W\d_])\1+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's hit in a sentence: original offsets in it, and the kind of finding."""

    start: int
    end: int
    rule: Rule
    kind: str


@dataclass(frozen=True, slots=True)
class _Lane:
    """Letters and digits of a folded sentence; `at[i]` is the place in the folded text of character i."""

    text: str
    at: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a rule as it stands in a lane, and the exceptions that count for it."""

    text: str
    rule: Rule
    allows: tuple[_Allow, ...]
    around: tuple[tuple[str, int], ...]  # longer words that cover it, and where in them it stands


@dataclass(frozen=True, slots=True)
class _Allow:
    """The exceptions of `Allow` that look around a hit, folded."""

    before: tuple[str, ...]
    within: int
    unless: re.Pattern[str] | None
    after: tuple[str, ...]
    after_within: int


class Matcher:
    """Rules compiled for `match`. Exceptions are folded like the text, so one spelling of them is enough."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._plain: list[list[_Term]] = []
        self._flat: list[list[_Term]] = []
        self._searches: list[tuple[re.Pattern[str], Rule, tuple[_Allow, ...], tuple[str, ...]]] = []
        self._pairs: list[tuple[re.Pattern[str], re.Pattern[str], Pair, Rule, tuple[_Allow, ...]]] = []
        plain: dict[str, list[_Term]] = {}
        flat: dict[str, list[_Term]] = {}
        rules = list(rules)
        words = _Words(rules)
        for rule in rules:
            for pattern in dict.fromkeys(rule.patterns):
                allows = [allow for allow in rule.allow if not allow.terms or pattern in allow.terms]
                text = words[pattern]
                if text:
                    _add(plain, text, rule, allows, words)
                    if rule.repeats:
                        _add(flat, _collapse(text), rule, allows, words)
            general = [allow for allow in rule.allow if not allow.terms]
            around = tuple(words[word] for allow in general for word in allow.around)
            for expression in rule.regex:
                self._searches.append((re.compile(expression), rule, _compiled(general, words), around))
            if rule.pair:
                verb, noun = re.compile(rule.pair.verb), re.compile(rule.pair.noun)
                self._pairs.append((verb, noun, rule.pair, rule, _compiled(general, words)))
        self._plain, self._flat = list(plain.values()), list(flat.values())
        self._plain_words = AhoCorasick(list(plain)) if plain else None
        self._flat_words = AhoCorasick(list(flat)) if flat else None

    def match(self, sentence: str) -> tuple[Hit, ...]:
        """All hits that no exception excuses; may overlap."""
        whole = fold(sentence)
        if whole.text.isalnum():
            lane = _Lane(whole.text, range(len(whole.text)))
        else:
            at = [index for index, char in enumerate(whole.text) if char.isalnum()]
            lane = _Lane("".join([whole.text[index] for index in at]), at)
        hits = dict.fromkeys(self._terms(whole, lane, self._plain_words, self._plain))
        if self._flat_words is not None and _RUN.search(lane.text):
            hits.update(dict.fromkeys(self._terms(whole, _collapsed(lane), self._flat_words, self._flat)))
        hits.update(dict.fromkeys(self._expressions(whole, lane)))
        for verb, noun, pair, rule, allows in self._pairs:
            hits.update(dict.fromkeys(_pair_hits(whole, lane, verb, noun, pair, rule, allows)))
        return tuple(hits)

    def _terms(self, whole: Folded, lane: _Lane, words: AhoCorasick | None, table: list[list[_Term]]) -> Iterator[Hit]:
        if words is None:
            return
        for index, start, end in words.find_matches_as_indexes(lane.text, overlapping=True):
            for term in table[index]:
                if (
                    _whole_words(lane, start, end)
                    and _gaps_allowed(whole.text, lane, start, end, term.rule.gaps)
                    and not any(_stands(whole.text, lane, word, start - lead) for word, lead in term.around)
                    and not _excused(whole.text, lane, start, end, start, term.allows)
                ):
                    yield _hit(whole, lane, start, end, term.rule, "phrase")

    def _expressions(self, whole: Folded, lane: _Lane) -> Iterator[Hit]:
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
                        yield _hit(whole, lane, start, end, rule, "phrase")


class _Words(dict[str, str]):
    """Every word of the rules as it stands in a lane; folded in one go, since each call of the folder costs more."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        words: set[str] = set()
        for rule in rules:
            words.update(rule.patterns)
            for allow in rule.allow:
                words.update(allow.around, allow.before, allow.unless, allow.after)
        lines = [word for word in words if word and "\n" not in word]
        folds = folded("\n".join(lines)).split("\n") if lines else []
        super().__init__(zip(lines, map(_letters, folds), strict=True))

    def __missing__(self, word: str) -> str:
        self[word] = _letters(folded(word))
        return self[word]


def _add(table: dict[str, list[_Term]], text: str, rule: Rule, allows: list[Allow], words: _Words) -> None:
    around = []
    for allow in allows:
        for word in allow.around:
            longer = words[word]
            at = longer.find(text)
            while at >= 0:
                around.append((longer, at))
                at = longer.find(text, at + 1)
    table.setdefault(text, []).append(_Term(text, rule, _compiled(allows, words), tuple(around)))


def _compiled(allows: Iterable[Allow], words: _Words) -> tuple[_Allow, ...]:
    compiled = []
    for allow in allows:
        if allow.before or allow.after:
            unless = sorted((re.escape(words[word]) for word in allow.unless if words[word]), key=len, reverse=True)
            compiled.append(
                _Allow(
                    tuple(words[word] for word in allow.before),
                    allow.within,
                    re.compile("|".join(unless)) if unless else None,
                    tuple(words[word] for word in allow.after),
                    allow.after_within,
                )
            )
    return tuple(compiled)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _collapse(text: str) -> str:
    return _RUN.sub(lambda found: found.group() if _kept(found) else found.group(1), text)


def _kept(found: re.Match[str]) -> bool:
    return len(found.group()) == 2 and found.group(1) in _DOUBLES


def _collapsed(lane: _Lane) -> _Lane:
    parts: list[str] = []
    at: list[int] = []
    done = 0
    for found in _RUN.finditer(lane.text):
        if not _kept(found):
            parts.append(lane.text[done : found.start() + 1])
            at += lane.at[done : found.start() + 1]
            done = found.end()
    parts.append(lane.text[done:])
    at += lane.at[done:]
    return _Lane("".join(parts), at)


def _hit(whole: Folded, lane: _Lane, start: int, end: int, rule: Rule, kind: str) -> Hit:
    first, last = whole.span(lane.at[start], lane.at[end - 1] + 1)
    return Hit(first, last, rule, kind)


def _whole_words(lane: _Lane, start: int, end: int) -> bool:
    """A term that begins or ends with a Latin letter or digit does not count inside a longer Latin word or number."""
    return not ((start and _glued(lane, start - 1)) or (end < len(lane.text) and _glued(lane, end - 1)))


def _stands(text: str, lane: _Lane, word: str, start: int) -> bool:
    """Whether a longer word stands here as one word, not over the border of two clauses."""
    if start < 0 or not lane.text.startswith(word, start):
        return False
    first, last = lane.at[start], lane.at[start + len(word) - 1]
    return last - first == len(word) - 1 or not _CLAUSE_MARK.search(text, first, last)


def _glued(lane: _Lane, index: int) -> bool:
    """Whether this character and the next are Latin letters or digits without anything between."""
    pair = lane.text[index : index + 2]
    return pair.isascii() and lane.at[index + 1] == lane.at[index] + 1


def _gaps_allowed(text: str, lane: _Lane, start: int, end: int, gaps: int) -> bool:
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


def _excused(text: str, lane: _Lane, start: int, end: int, anchor: int, allows: tuple[_Allow, ...]) -> bool:
    """Whether a word before the anchor or behind the hit, in the same clause, makes the hit harmless."""
    for allow in allows:
        if allow.before and _said_before(text, lane, anchor, end, allow):
            return True
        if allow.after:
            reach = max(map(len, allow.after)) + allow.after_within
            clause = lane.text[end : _clause_end(text, lane, end - 1, end + reach)]
            if any(0 <= clause.find(word) <= allow.after_within for word in allow.after):
                return True
    return False


def _said_before(text: str, lane: _Lane, anchor: int, end: int, allow: _Allow) -> bool:
    """`before` within the window; words of `unless` are looked for in what leads up to it too, and taken out."""
    first = max(_clause_start(text, lane, anchor), anchor - allow.within - 8)
    window = lane.text[first:anchor]
    if allow.unless is not None:
        # The hit itself may complete such a word: 是不|是你弄坏的 is a reproach, not a denial.
        lead = len(window)
        window = allow.unless.sub(lambda found: "\0" * len(found.group()), lane.text[first : anchor + 2])[:lead]
    window = window[-allow.within :]
    return any(word in window for word in allow.before)


def _clause_start(text: str, lane: _Lane, anchor: int) -> int:
    mark = -1
    here = lane.at[anchor]
    for found in _CLAUSE_MARK.finditer(text, max(0, here - 120), here):
        mark = found.start()
    return bisect_right(lane.at, mark) if mark >= 0 else 0


def _clause_end(text: str, lane: _Lane, last: int, reach: int) -> int:
    stop = min(reach, len(lane.at))
    found = _CLAUSE_MARK.search(text, lane.at[last] + 1, lane.at[stop - 1] + 1 if stop else 0)
    return min(stop, bisect_right(lane.at, found.start())) if found else stop


def _pair_hits(
    whole: Folded,
    lane: _Lane,
    verb: re.Pattern[str],
    noun: re.Pattern[str],
    pair: Pair,
    rule: Rule,
    allows: tuple[_Allow, ...],
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
                yield _hit(whole, lane, start, end, rule, "request")
                break
