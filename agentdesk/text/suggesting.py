"""Wordings near the forbidden ones, mined from texts that were sent: proposals for a person, never findings.

A wording is near a term where half of their pairs of neighbouring characters are the same. Nothing is blocked on
likeness alone: what a supervisor accepts becomes a pattern with tests of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from agentdesk.text.fold import folded
from agentdesk.text.lexicon import Rule
from agentdesk.text.lint import Linter
from agentdesk.text.patterns import is_plain

LEAST = 0.5
"""Likeness (Dice, of pairs of characters) from which a wording is worth a look."""
SHORTEST = 4
"""Characters of a term that has neighbours: shorter ones have too many."""
MAX_LONGER = 3
"""Characters by which a wording may be longer than the term it is near to."""
KEPT = 200

_CLAUSE = re.compile(r"[^，。！？；：、,.!?;:\s“”「」（）()…—]{3,60}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A wording that no rule finds, the term and rule that it is near to, how near, how often, where it was seen."""

    wording: str
    term: str
    rule: str
    likeness: float
    count: int
    example: str


def suggest(texts: Iterable[str], rules: Iterable[Rule]) -> list[Suggestion]:
    """The wordings of these texts that are near a term and are not found, the most frequent and nearest first."""
    rules = list(rules)
    near = _Neighbours(rules)
    linter = Linter(rule for rule in rules if not rule.detect)
    counts: Counter[tuple[str, str, str]] = Counter()
    seen: dict[tuple[str, str, str], tuple[float, str]] = {}
    for text in texts:
        taken = [(one.start, one.end) for one in linter.check(text)]
        for clause in _CLAUSE.finditer(text):
            if any(start < clause.end() and clause.start() < end for start, end in taken):
                continue
            if (found := near.nearest(clause.group())) is not None:
                wording, term, rule, likeness = found
                counts[wording, term, rule] += 1
                seen.setdefault((wording, term, rule), (likeness, text))
    suggestions = [Suggestion(*key, seen[key][0], count, seen[key][1]) for key, count in counts.items()]
    return sorted(suggestions, key=lambda one: (-one.count, -one.likeness, one.wording))[:KEPT]


class _Neighbours:
    """The terms of all rules by their pairs of characters."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._terms: list[tuple[str, str, frozenset[str]]] = []
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        for rule in rules:
            for pattern in rule.patterns:
                term = folded(pattern)
                if is_plain(pattern) and len(term) >= SHORTEST and not term.isascii():
                    for pair in (pairs := _pairs(term)):
                        self._by_pair[pair].append(len(self._terms))
                    self._terms.append((pattern, rule.id, pairs))

    def nearest(self, clause: str) -> tuple[str, str, str, float] | None:
        """(wording, term, rule, likeness) of the part of a clause nearest to any term; None where none is near."""
        text = folded(clause)
        if len(text) != len(clause):
            return None
        shared = Counter(number for pair in _pairs(text) for number in self._by_pair.get(pair, ()))
        best: tuple[int, float, int, str, int] | None = None
        for number, count in shared.items():
            term, _, pairs = self._terms[number]
            if 2 * count / (len(pairs) + count) < LEAST:
                continue
            if folded(term) in text:  # which the rule excuses here
                continue
            for size in range(len(term), len(term) + MAX_LONGER + 1):
                for at in range(len(text) - size + 1):
                    part = text[at : at + size]
                    likeness = _likeness(_pairs(part), pairs)
                    # What begins and ends as the term does is a whole wording, not a piece cut out of one.
                    whole = (part[0] == term[0]) + (part[-1] == term[-1])
                    if LEAST <= likeness < 1 and (best is None or (whole, likeness, -size) > best[:3]):
                        best = (whole, likeness, -size, clause[at : at + size], number)
        if best is None:
            return None
        term, rule, _ = self._terms[best[4]]
        return best[3], term, rule, best[1]


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
