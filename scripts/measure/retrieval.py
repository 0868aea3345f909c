"""How well each engine answers each kind of query, and whether ours is worse than the best of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from measure.engines import DEPTH, ENGINES
from measure.helpdesk import KINDS, Article, Asked

SURE = 0.05
"""A difference that chance makes more often than this says nothing."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The place of the first right answer of each query of one kind; 0 where it is not among the first ten."""

    engine: str
    kind: str
    places: tuple[int, ...]

    def recall(self, depth: int) -> float:
        """The share of queries with a right answer among the first `depth`."""
        return sum(0 < place <= depth for place in self.places) / len(self.places)

    @property
    def mrr(self) -> float:
        """The mean of one over the place."""
        return sum(1 / place for place in self.places if place) / len(self.places)


def scored(base: Sequence[Article], queries: Sequence[Asked]) -> list[Scored]:
    """Put every query to every engine."""
    results: list[Scored] = []
    for make in ENGINES:
        engine = make(base)
        places = [(one.kind, _place(engine.find(one.words), one.right)) for one in queries]
        for kind in KINDS:
            of_kind = tuple(place for asked, place in places if asked == kind)
            if of_kind:
                results.append(Scored(make.name, kind, of_kind))
    return results


def _place(found: Sequence[str], right: frozenset[str]) -> int:
    return next((at for at, one in enumerate(found[:DEPTH], 1) if one in right), 0)


def worse(results: Sequence[Scored]) -> list[str]:
    """The kinds in which some other engine is better than ours by more than chance (sign test over the queries)."""
    said: list[str] = []
    ours = {one.kind: one for one in results if one.engine == ENGINES[0].name}
    for other in results:
        mine = ours[other.kind]
        if other is mine:
            continue
        for what, depth in (("place", DEPTH), ("R@10", 0)):
            lost, won = _compared(mine.places, other.places, depth)
            if lost > won and chance_of(lost, won) < SURE:
                said.append(f"{other.kind}: {what} worse than {other.engine} in {lost} queries, better in {won}")
    return said


def _compared(mine: Sequence[int], others: Sequence[int], depth: int) -> tuple[int, int]:
    """Queries that we lose and win: by place down to `depth`, or (0) by being there at all."""
    pairs = [(bool(a), bool(b)) if not depth else (-(a or 99), -(b or 99)) for a, b in zip(mine, others, strict=True)]
    return sum(a < b for a, b in pairs), sum(a > b for a, b in pairs)


def chance_of(lost: int, won: int) -> float:
    """How often a fair coin would come down on one side at least so often."""
    total = lost + won
    return float(sum(comb(total, at) for at in range(lost, total + 1)) / 2**total)


def table(results: Sequence[Scored]) -> str:
    """The figures as Markdown: R@1 / R@10 / MRR of each engine, a row a kind."""
    names = [make.name for make in ENGINES]
    by = {(one.kind, one.engine): one for one in results}
    lines = ["| kind | n | " + " | ".join(names) + " |", "|---|---|" + "---|" * len(names)]
    for kind in KINDS:
        of_kind = [by[kind, name] for name in names if (kind, name) in by]
        if of_kind:
            cells = (f"{one.recall(1):.1%} / {one.recall(10):.1%} / {one.mrr:.3f}" for one in of_kind)
            lines.append(f"| {kind} | {len(of_kind[0].places)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
