"""How much is judged of a text that nobody wrote: longer than a field holds, and full of what is forbidden.

From `MANY` hits on only what is graver than all of them is looked for. So the gravest finding of a text is always
told, a text that must not be sent is never let through, and what was left out is found once the told ones are gone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agentdesk.text.clean import LIMIT
from agentdesk.text.findings import RANK, rank_of
from agentdesk.text.lexicon import Rule

if TYPE_CHECKING:
    from agentdesk.text.sentence import Hit

LONG = LIMIT
"""Characters that a text may have to be judged to its end, whatever it holds: those of a field."""
MANY = 1_000
"""Hits of a longer text beyond which it is looked for graver ones alone."""


class Bound:
    """What of one text is still worth looking for."""

    def __init__(self, text: str, counts: Callable[[Hit], bool]) -> None:
        """`counts`: whether a hit counts here; others neither bound what is looked for nor are they told."""
        self._counts = counts
        self._left = MANY if len(text) > LONG else None
        self._worst = -1
        self.floor = -1
        """The rank of a severity that is looked for no longer; -1: all are."""
        self.judged = len(text)
        """Characters that were judged by every rule."""

    @property
    def closed(self) -> bool:
        """Whether nothing graver could be found."""
        return self.floor >= max(RANK.values())

    def wants(self, rule: Rule) -> bool:
        """Whether hits of this rule are looked for."""
        return RANK[rule.severity] > self.floor

    def met(self, hit: Hit) -> bool:
        """A hit more; whether it counts. What only asks for words is no finding yet."""
        if not self._counts(hit):
            return False
        if not hit.rule.needs:
            self.found(hit.rule, hit.start, hit.lane)
        return True

    def found(self, rule: Rule, start: int, lane: str = "text") -> None:
        """A finding more."""
        if self._left is None:
            return
        self._left -= 1
        self._worst = max(self._worst, rank_of(rule, lane))
        if self._left <= 0 and self._worst > self.floor:
            self.floor = self._worst
            self.judged = min(self.judged, start)
