"""What lint found: findings, and which of several that overlap stays (standard §5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from agentdesk.text import privacy
from agentdesk.text.lexicon import SEVERITIES, Rule

RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_UNSURE = frozenset(("sounds", "likeness"))
"""Lanes that may take one wording for another: never more than a hint."""


class Finding(NamedTuple):
    """One thing to change. `text` of a private number is its mask, never the number; `replacement` has no variables
    (`template` may); `why` is the reason in the lexicon's language; `kind` is phrase, request, order_no, unfilled or a
    number; `lane` is how it was seen: text, apart (separated), repeats, sounds, expression, pair, likeness; or eased: a
    hint, since what is around it sounds right. `missing` names the parts that the text lacks; with `adds` the
    replacement goes behind the text, as nothing in it is wrong."""

    start: int
    end: int
    rule: str
    category: str
    severity: str
    kind: str
    text: str
    replacement: str
    why: str
    template: str
    lane: str = "text"
    missing: tuple[str, ...] = ()
    adds: bool = False


class Draft(NamedTuple):
    """What may become a finding. In their order the one that stays of those that overlap comes first: the gravest,
    then the longest, then the first."""

    grave: int
    size: int
    start: int
    name: str
    number: int
    end: int
    rule: Rule
    kind: str
    lane: str
    told: Finding | None


class Drafts:
    """Everything found in a text. Only what stays is told, since most of a text full of hits is not."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []

    def add(self, rule: Rule, start: int, end: int, kind: str, lane: str = "text", told: Finding | None = None) -> None:
        """One more; `told`: what is to be said of it, where that is more than its rule says."""
        grave = -rank_of(rule, lane)
        self._drafts.append(Draft(grave, start - end, start, rule.id, len(self._drafts), end, rule, kind, lane, told))

    def merged(self, text: str) -> list[Finding]:
        """The findings that stay, by place; none of them overlap."""
        taken = bytearray(len(text) + 1)
        kept: list[Draft] = []
        for draft in sorted(self._drafts):
            start, end = draft.start, draft.end
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                kept.append(draft)
        kept.sort(key=attrgetter("start"))
        return [one.told or finding(one.rule, one.start, one.end, one.kind, text, one.lane) for one in kept]


class Findings(list[Finding]):
    """All findings of a text in order of place, and how many of its characters every rule has judged.

    Behind those only what is graver than the rest was looked for (`text.bounds`).
    """

    def __init__(self, found: Iterable[Finding], judged: int) -> None:
        super().__init__(found)
        self.judged = judged


def rank_of(rule: Rule, lane: str) -> int:
    """How grave a hit of a rule is; what may be another word is never more than a hint."""
    return RANK["hint" if lane in _UNSURE else rule.severity]


def finding(rule: Rule, start: int, end: int, kind: str, text: str, lane: str = "text") -> Finding:
    """What a rule says of this place of a text; a private number is shown by its mask."""
    severity = "hint" if lane in _UNSURE else rule.severity
    shown = text[start:end] if kind in ("phrase", "unfilled") else privacy.shown(text[start:end], kind)
    return Finding(
        start, end, rule.id, rule.category, severity, kind, shown, rule.replacement, rule.why, rule.template, lane
    )
