"""Python clears up for good at a rest: not while keys come, never where nothing is due, and not never."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.app import clearing
from agentdesk.app.clearing import DUE, REST_S, ClearingUp


class Collector:
    """Stands in for Python's: counts how often it was called."""

    def __init__(self, younger: int) -> None:
        self.younger = younger
        self.collected = 0

    def get_count(self) -> tuple[int, int, int]:
        return 0, 0, self.younger

    def collect(self) -> None:
        self.collected += 1
        self.younger = 0


@pytest.fixture
def thresholds() -> Iterator[tuple[int, int, int]]:
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


@given(steps=st.lists(st.tuples(st.booleans(), st.floats(0, 5), st.integers(0, 4)), max_size=60))
def test_it_is_cleared_up_at_rests_alone_and_at_every_one_at_which_it_is_due(
    steps: list[tuple[bool, float, int]],
) -> None:
    now, last = 0.0, 0.0
    collector = Collector(0)
    clearing_up = ClearingUp(lambda: now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clearing, "gc", collector)
        for key, passed, made in steps:
            now += passed
            collector.younger += made
            if key:
                clearing_up.pressed()
                last = now
            wanted = now - last >= REST_S and collector.younger >= DUE
            before = collector.collected
            assert clearing_up.look() is wanted
            assert collector.collected - before == wanted


def test_python_clears_up_by_itself_only_where_no_rest_ever_comes(thresholds: tuple[int, int, int]) -> None:
    clearing.wait_for_rest()
    assert gc.get_threshold() == (*thresholds[:2], clearing.ANYWAY)
    assert clearing.ANYWAY > 10 * DUE  # minutes of typing without a rest


def test_what_is_due_at_a_rest_is_really_collected(thresholds: tuple[int, int, int]) -> None:
    """With Python's own collector: full collections are left to the rest, and come there."""
    gc.set_threshold(10, 1, 100_000)
    now = 0.0
    clearing_up = ClearingUp(lambda: now)
    gc.collect()
    full = gc.get_stats()[2]["collections"]
    kept = [[number] for number in range(5_000)]
    assert gc.get_stats()[2]["collections"] == full and not clearing_up.look()
    now = REST_S
    assert clearing_up.look() and gc.get_stats()[2]["collections"] == full + 1
    assert len(kept) == 5_000
