"""The twelve scenarios are played on one person's desk with a clock that only the scenario moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from agentdesk.desk import setup
from agentdesk.desk.context import Desk, open_desk


class Clock:
    """T0 is a Wednesday morning; `go` lets time pass, on the wall and on the monotonic clock alike."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 28, 10, 30, tzinfo=timezone(timedelta(hours=8)))
        self.seconds = 0.0

    def go(self, **time: float) -> None:
        passed = timedelta(**time)
        self.at += passed
        self.seconds += passed.total_seconds()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    made = open_desk(tmp_path / "desk", now=lambda: clock.at, mono=lambda: clock.seconds)
    setup.first_run(made, "赵敏", "3107", "客服一组")
    yield made
    made.close()
