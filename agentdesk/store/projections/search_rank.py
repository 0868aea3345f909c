"""The second ranking of a search, and why a hit stands where it does: the bonuses of the standard §6.5."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DAY: Final = 86_400
FRESH_HALF: Final = 180 * DAY
"""After so long the bonus for a fresh article is half of what it was."""
MANY_USES: Final = 100
"""Uses that earn the whole bonus for use; it grows with their logarithm."""

TITLE, IN_FORCE, NOT_IN_FORCE, SOLVED, USE, FRESH = "title", "in_force", "not_in_force", "solved", "use", "fresh"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each bonus may add at most, in percent: of the best hit's score, for a policy of its own."""

    title: int = 100
    in_force: int = 15
    solved: int = 5
    use: int = 5
    fresh: int = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an item bears on its place: its folded title and names, times, whether a policy, use and success."""

    folded: str
    starts: int = 0
    ends: int = 0
    at: int = 0
    policy: bool = False
    uses: int = 0
    solved: float = 0.5


@dataclass(frozen=True, slots=True)
class Bonus:
    """One bonus and what it adds, as a share of the best score."""

    code: str
    share: float


def bonuses(
    one: Standing, own: float, wanted: str, others: Sequence[str], weights: Weights, now: int
) -> tuple[Bonus, ...]:
    """Return what is added to an item's own score (a share of the best one's); `now` 0 judges no times."""
    found = [
        Bonus(TITLE, weights.title / 100 * title_share(one.folded, wanted, others)),
        _force(one, own * weights.in_force / 100, now),
        Bonus(SOLVED, weights.solved / 100 * 2 * (one.solved - 0.5)),
        Bonus(USE, weights.use / 100 * min(1.0, math.log1p(one.uses) / math.log1p(MANY_USES))),
        Bonus(FRESH, weights.fresh / 100 * 0.5 ** (max(0, now - one.at) / FRESH_HALF) if now and one.at else 0.0),
    ]
    return tuple(bonus for bonus in found if bonus.share)


def title_share(folded: str, wanted: str, others: Sequence[str]) -> float:
    """Return 1 + share of the title that the query covers, half of it for a keyword, a quarter for a synonym."""
    title, _, names = folded.partition("\n")
    if not wanted:
        return 0.0
    if wanted in title:
        return 1 + len(wanted) / len(title)
    if wanted in names:
        return 0.5
    return 0.25 if any(word in title for word in others) else 0.0


def _force(one: Standing, share: float, now: int) -> Bonus:
    """A policy in force comes first; whatever is not yet or no longer in force goes back as far."""
    if not now:
        return Bonus(IN_FORCE, 0.0)
    if one.starts > now or 0 < one.ends <= now:
        return Bonus(NOT_IN_FORCE, -share)
    return Bonus(IN_FORCE, share if one.policy else 0.0)
