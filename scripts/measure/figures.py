"""Figures: what one row of the table holds, how a tail is read off, how two things are measured side by side."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: samples a row, and how full the stores are."""

    starts: int
    requests: int
    many: int
    shelf: int
    articles: int
    rules: int
    keys: int
    searched: int
    titles: int
    edits: int
    captures: int
    shift: int
    rounds: int
    openings: int
    settle_s: float
    """How long the memory must stand still, in seconds."""


FULL = Sizes(
    starts=15, requests=10_000, many=100_000, shelf=1_000, articles=10_000, rules=10_000, keys=250,
    searched=100_000, titles=60, edits=600, captures=200, shift=10_000, rounds=3, openings=30, settle_s=2.0,
)  # fmt: skip
QUICK = Sizes(
    starts=5, requests=2_000, many=20_000, shelf=200, articles=1_000, rules=10_000, keys=60,
    searched=10_000, titles=20, edits=200, captures=40, shift=1_000, rounds=1, openings=8, settle_s=1.0,
)  # fmt: skip
TINY = Sizes(
    starts=1, requests=30, many=60, shelf=5, articles=20, rules=50, keys=4,
    searched=200, titles=2, edits=5, captures=3, shift=60, rounds=1, openings=2, settle_s=0.1,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One row: samples of ours and of the control, the figure that the budget is about, and the budget.

    `unit` is that of all samples; `tail` the percentile shown. `measured` and `budget` are in the unit that
    `budget_text` names; a budget of None is not judged here, and `notes` say why.
    """

    row: str
    what: str
    unit: str
    samples: Sequence[float]
    control: str
    control_samples: Sequence[float]
    measured: float
    budget: float | None
    budget_text: str
    tail: int = 99
    notes: tuple[str, ...] = field(default=())

    @property
    def ratio(self) -> float:
        """Median of ours over the median of the control; NaN without a control."""
        if not self.control_samples:
            return float("nan")
        return statistics.median(self.samples) / (statistics.median(self.control_samples) or float("nan"))

    @property
    def verdict(self) -> str:
        """`ok`, `MISS`, or `-` where the budget is judged elsewhere."""
        if self.budget is None:
            return "-"
        return "ok" if self.measured <= self.budget else "MISS"


def percentile(samples: Sequence[float], percent: int) -> float:
    """Return a percentile of the samples, between the two nearest ones; NaN of none."""
    if len(samples) < 2:
        return samples[0] if samples else float("nan")
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


def timed_ms(call: Callable[[], object]) -> float:
    """Run a call once and return its wall time in milliseconds."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def side_by_side(
    rounds: int, ours: Callable[[int], object], control: Callable[[int], object]
) -> tuple[list[float], list[float]]:
    """Time both in turn, A B A B, so that what else the machine does falls on both; each gets the round's number."""
    first, second = [], []
    gc.collect()
    for number in range(rounds):
        first.append(timed_ms(lambda: ours(number)))  # noqa: B023 - called before the number moves on
        second.append(timed_ms(lambda: control(number)))  # noqa: B023
    return first, second
