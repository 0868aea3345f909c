"""Likeness: whether a Chinese sentence sounds like a forbidden wording that no list holds (never more than a hint), or
whether what is around a forbidden word sounds so right that it is hardly meant as its rule fears.

A linear model over characters, two and three neighbours, and pairs that stand near each other, made by
`scripts/likeness.py` from the tests inside the lexicon, from good text and from invented sentences. It was proven by
leaving hands and rules out (docs/lint.md), and is for Chinese alone: for English there are too few sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import inf
from typing import NamedTuple

from agentdesk.text.fold import fold

LEAST = 6
"""Chinese characters below which a sentence is not judged."""
MOST = 200
"""Parts of a sentence beyond which it is not judged: nobody learned from such, and it would take its time."""
FAR = 4
"""How many parts further the second of a pair may stand."""
SCALE = 1_000
"""Weights are whole numbers of so many parts of one."""
SURE = SCALE // 2
"""What being sure of the category adds at most: a sentence that sounds a little like everything is like nothing."""
CATEGORIES = (
    "evasion",
    "cold",
    "perfunctory",
    "blame",
    "anger",
    "excuse",
    "overpromise",
    "finance_yield",
    "absolute_claim",
    "unbacked_date",
    "unauthorised_compensation",
    "privacy",
)
"""What a sentence may sound like; a weight for one of them is marked by its letter, a for the first."""

_PART = re.compile(r"[a-z']{1,60}|\d{1,60}|[^\sa-z\d]")
_HAN = re.compile("[\u3400-\u9fff]")
_END = re.compile(r"[\W_]+$")
_BREAK = re.compile("[，,：:]+")
_WEIGHT = re.compile(r"([a-l])(-?\d+)")


class Like(NamedTuple):
    """The words of a sentence that weighed most, and what they sound like; offsets in the sentence, end exclusive."""

    start: int
    end: int
    category: str


class Model:
    """What was learned: a weight for each feature, and what it says of the categories, read where it is asked."""

    def __init__(self, weights: Mapping[str, tuple[int, str]], threshold: int, fine: int | None = None) -> None:
        """`threshold`: the score from which a sentence sounds forbidden; `fine`: up to which it sounds right."""
        self._weights = {name: weight for name, (weight, _) in weights.items()}
        self._said = {name: said for name, (_, said) in weights.items() if said}
        self._threshold = threshold
        self._fine = fine

    @classmethod
    def read(cls, lines: Iterable[str]) -> Model:
        """A model as it is kept: the two scores (and of what it was made), then a line for each feature, its weight and
        those of the categories."""
        rows = iter(lines)
        threshold, fine = map(int, next(rows).split()[:2])
        cells = (line.rstrip("\n").split("\t") for line in rows)
        return cls({feature: (int(weight), said) for feature, weight, said in cells}, threshold, fine)

    def judge(self, sentence: str) -> Like | None:
        """What a sentence sounds like; None where it sounds like nothing forbidden, or cannot be judged."""
        whole = fold(sentence)
        parts = _parts(whole.text)
        if not parts:
            return None
        score, names = self.score(parts)
        if score + SURE < self._threshold:
            return None
        category, margin = self.category(names)
        if score + min(SURE, margin // 2) < self._threshold:
            return None
        first, last = _heaviest(self._shares(parts))
        spans = [found.span() for found in _PART.finditer(whole.text, 0, _end(whole.text))]
        return Like(*whole.span(spans[first][0], spans[last][1]), category)

    def is_fine(self, sentence: str, start: int, end: int) -> bool:
        """Whether what stands around these words sounds right, so that they are hardly meant as their rule fears."""
        return self._fine is not None and self.wrongness(sentence, start, end) <= self._fine

    def wrongness(self, sentence: str, start: int, end: int) -> float:
        """How much the words with what is around them sound like anything forbidden; no limit where that is too short.

        Twice: with the clause behind them, and with those on either side. Further ones tell nothing of them: a string
        of good clauses would make any words sound right.
        """
        begins = [0, *(found.end() for found in _BREAK.finditer(sentence))]
        first, behind = bisect_right(begins, start) - 1, bisect_left(begins, end)
        stop = begins[behind + 1] if behind + 1 < len(begins) else len(sentence)
        pieces = {sentence[begins[place] : stop] for place in (first, max(0, first - 1))}
        read = [_parts(fold(piece).text) for piece in pieces]
        return max(self.score(parts)[0] for parts in read) if all(read) else inf

    def score(self, parts: Sequence[str]) -> tuple[int, list[str]]:
        """How much a sentence sounds like anything forbidden, and its features."""
        names = features(parts)
        total = sum(map(self._weights.__getitem__, self._weights.keys() & names))
        return int(total / len(names) ** 0.5) + self._weights[""], names

    def category(self, names: Sequence[str]) -> tuple[str, int]:
        """The category that features sound like most, and by how much more than like the next."""
        totals = dict.fromkeys("abcdefghijkl", 0)
        for name in names:
            for letter, weight in _WEIGHT.findall(self._said.get(name, "")):
                totals[letter] += int(weight)
        scaled = {letter: total / len(names) ** 0.5 for letter, total in totals.items()}
        for letter, weight in _WEIGHT.findall(self._said.get("", "")):
            scaled[letter] += int(weight)
        best, second = sorted(scaled, key=lambda letter: (-scaled[letter], letter))[:2]
        return CATEGORIES[ord(best) - ord("a")], int(scaled[best] - scaled[second])

    def _shares(self, parts: Sequence[str]) -> list[float]:
        """What each part brought to the score; the parts of a pair or of three neighbours share its weight."""
        shares = [0.0] * len(parts)
        for name, places in _placed(parts):
            for place in places:
                if 0 <= place < len(parts):
                    shares[place] += self._weights.get(name, 0) / len(places)
        return shares


@cache
def shipped() -> Model:
    """The model that ships, read at first use: some 80 ms and 24 MB."""
    with files("agentdesk").joinpath("text", "likeness.txt").open(encoding="utf-8") as lines:
        return Model.read(lines)


def parts(sentence: str) -> list[str]:
    """The parts of a sentence as a model reads them, without the signs at its end; none where it is not judged."""
    return _parts(fold(sentence).text)


def _parts(folded: str) -> list[str]:
    if len(folded) > MOST * 4 or len(_HAN.findall(folded)) < LEAST:
        return []
    found = _PART.findall(folded, 0, _end(folded))
    return [_read(part) for part in found] if len(found) <= MOST else []


def _end(folded: str) -> int:
    end = _END.search(folded)
    return end.start() if end else len(folded)


def features(parts: Sequence[str]) -> list[str]:
    """The features of these parts, each once: a part alone, neighbours ("a b", "a b c"), and a pair apart ("a  b")."""
    whole = ["^", *parts, "$"]
    names = [*whole, *map(" ".join, zip(whole, whole[1:], strict=False))]
    names += map(" ".join, zip(whole, whole[1:], whole[2:], strict=False))
    for far in range(2, FAR + 1):
        names += map("  ".join, zip(whole, whole[far:], strict=False))
    return list(dict.fromkeys(names))


def _read(part: str) -> str:
    """A part as it counts: any number is a number, and politeness alone makes nothing good."""
    return "0" if part.isdigit() else "你" if part == "您" else part


def _placed(parts: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each feature and the places of its parts."""
    whole = ["^", *parts, "$"]
    for at, part in enumerate(whole):
        yield part, (at - 1,)
        if at + 2 < len(whole):
            yield " ".join(whole[at : at + 3]), (at - 1, at, at + 1)
        for far, other in enumerate(whole[at + 1 : at + 1 + FAR]):
            yield f"{part}{'  ' if far else ' '}{other}", (at - 1, at + far)


def _heaviest(shares: Sequence[float]) -> tuple[int, int]:
    """The first and last of the neighbours that brought most together."""
    best, span, total, first = float("-inf"), (0, 0), 0.0, 0
    for at, share in enumerate(shares):
        if total <= 0:
            total, first = 0.0, at
        total += share
        if total > best:
            best, span = total, (first, at)
    return span
