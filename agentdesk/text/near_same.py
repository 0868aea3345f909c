"""Texts that are almost the same: most of their clauses, by length, are in both. Linear in what is added and asked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Final

from agentdesk.text.fold import folded

SHARE: Final = 0.75
"""Share of the longer text that must be in both."""
SHORTEST: Final = 30
"""Letters below which a text says too little to be compared: "see below"."""
COMMON: Final = 20
"""A clause that stands in more texts than this is of a form letter and tells nothing."""

_CLAUSE = re.compile(r"[^。！？!?；;，,、：:\n]+")
_NOT_LETTERS = re.compile(r"[\W_]+")


class NearSame:
    """Texts by name, to be asked which of them another text almost is."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._sizes: list[tuple[str, int]] = []
        self._places: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, name: str, text: str) -> None:
        """Keep a text."""
        self._add(name, _clauses(text))

    def find_or_add(self, name: str, text: str) -> str:
        """The name of the text that this one almost is, of several the one that shares most; "" keeps it as new."""
        asked = _clauses(text)
        size = sum(asked.values())
        shared: Counter[int] = Counter()
        for clause, weight in asked.items():
            for place in self._places.get(clause, ()):
                shared[place] += weight
        place, most = max(shared.items(), key=lambda one: one[1], default=(0, 0))
        if size >= SHORTEST and most and most >= SHARE * max(size, self._sizes[place][1]):
            return self._sizes[place][0]
        self._add(name, asked)
        return ""

    def _add(self, name: str, clauses: dict[int, int]) -> None:
        self._sizes.append((name, sum(clauses.values())))
        for clause in clauses:
            if len(places := self._places[clause]) < COMMON:
                places.append(len(self._sizes) - 1)


def _clauses(text: str) -> dict[int, int]:
    """The clauses as numbers, each with its letters."""
    letters = (_NOT_LETTERS.sub("", clause) for clause in _CLAUSE.findall(folded(text)))
    return {hash(clause): len(clause) for clause in letters if clause}
