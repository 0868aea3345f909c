"""The bench measures what it says: each row's code runs on tiny stores, and a missed budget fails the check.

No time is asserted here: whether a budget holds is what `scripts/bench.py --check` says, on a quiet machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.house.sources import ROOT

ROWS = {
    "start": ["first-paint", "queue-rows"],
    "memory": ["memory", "memory-large"],
    "keys": ["key-queue", "key-composer", "key-composer-x", "key-search"],
    "flow": ["flow-search-80", "flow-reply-80"],
    "open": ["open-queue", "open-article"],
    "view": ["view", "view-tag", "view-soon", "view-count", "neighbour"],
    "find": ["find", "look-up", "card", "history"],
    "search": ["search"],
    "lint": ["lint-key", "lint-request", "lint-whole", "lint-load", "lint-hard"],
    "save": ["save"],
    "shift": ["shift"],
    "centre": ["centre"],
}
ON_A_TERMINAL = ("start", "memory", "keys", "flow")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with its own modules beside it."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import bench as module  # type: ignore[import-not-found, unused-ignore]

    return module


@pytest.fixture
def homes(bench: ModuleType) -> Iterator[Any]:
    """Tiny stores."""
    from measure.figures import TINY  # type: ignore[import-not-found, unused-ignore]
    from measure.stores import Homes  # type: ignore[import-not-found, unused-ignore]

    with Homes(TINY, lambda _: None) as made:
        yield made


def _measured(bench: ModuleType, homes: Any, topic: str) -> None:
    from measure.figures import TINY

    results = bench.topics()[topic](TINY, homes)
    assert [one.row for one in results] == ROWS[topic]
    for one in results:
        assert one.samples and all(sample > 0 for sample in one.samples)
        assert one.control_samples and one.ratio > 0
    shown = bench.table(results)
    assert all(row in shown for row in ROWS[topic])


def test_every_topic_is_known_here(bench: ModuleType) -> None:
    assert list(bench.topics()) == list(ROWS)


@pytest.mark.parametrize("topic", [topic for topic in ROWS if topic not in ON_A_TERMINAL])
def test_a_row_is_measured(bench: ModuleType, homes: Any, topic: str) -> None:
    _measured(bench, homes, topic)


@pytest.mark.serial
@pytest.mark.skipif(sys.platform != "linux", reason="a pseudo-terminal and /proc")
@pytest.mark.parametrize("topic", ON_A_TERMINAL)
def test_a_row_is_measured_on_a_terminal(bench: ModuleType, homes: Any, topic: str) -> None:
    _measured(bench, homes, topic)


def test_copied_rows_are_many_and_open(bench: ModuleType, homes: Any) -> None:
    from measure.figures import TINY
    from measure.stores import numbers, store_of

    listed = list(numbers(store_of(homes.copy("great"))))
    assert len(listed) == len(set(listed)) == TINY.many


def test_the_search_finds_what_it_measures(bench: ModuleType, tmp_path: Path) -> None:
    import sqlite3

    from measure.corpus import corpus  # type: ignore[import-not-found, unused-ignore]
    from measure.searching import build, share_found  # type: ignore[import-not-found, unused-ignore]

    items = list(corpus(300))
    conn = sqlite3.connect(tmp_path / "search.db", isolation_level=None)
    build(conn, items)
    assert share_found(conn, items) == 1.0
    conn.close()


@pytest.mark.parametrize(
    ("measured", "options", "code"),
    [(1.0, ["--check"], 0), (3.0, ["--check"], 1), (3.0, ["--check", "--report-only"], 0), (3.0, [], 0)],
)
def test_a_miss_fails_the_check(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: Any, measured: float, options: list[str], code: int
) -> None:
    from measure.figures import Result

    made = Result("made", "a row", "ms", [1.0, 3.0], "nothing", [1.0], measured, 2.0, "<= 2 ms")
    monkeypatch.setattr(bench, "topics", lambda: {"made": lambda sizes, homes: [made]})
    assert bench.main([*options, "made"]) == code
    assert ("MISS" in capsys.readouterr().out) is (measured > 2)
