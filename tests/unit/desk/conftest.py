"""A desk on a real store, with a clock that only moves when a test moves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from agentdesk.desk import capture, setup
from agentdesk.desk.context import Desk, open_desk

ROW_A: dict[str, Any] = {
    "channel": "phone",
    "customer_name": "张*",
    "contact": "13800005678",
    "customer_no": "C-5678",
    "request_type": "complaint",
    "sub_type": "after_sales",
    "product_service": "洗衣机",
    "order_no": "O-20240428-31",
    "occurred_at": "2024-04-28",
    "attribution": "product_quality",
    "description": "购买的洗衣机用了三天就漏水，联系售后一直没人答复",
    "anomaly": "机身底部漏水",
    "expected_outcome": "尽快上门维修",
    "emotion": "anxious",
}
ROW_B: dict[str, Any] = {
    "channel": "online",
    "customer_name": "王*",
    "contact": "13900000002",
    "unregistered": True,
    "request_type": "consult",
    "sub_type": "product",
    "product_service": "空调",
    "description": "想了解空调的能效等级和安装费用",
    "emotion": "calm",
}


class Clock:
    """Wall and monotonic time of a test, in step unless one is moved alone."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 28, 10, 30, tzinfo=timezone(timedelta(hours=8)))
        self.seconds = 1_000.0

    def now(self) -> datetime:
        return self.at

    def mono(self) -> float:
        return self.seconds

    def go(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "desk"


@pytest.fixture
def opened(home: Path, clock: Clock) -> Iterator[Callable[[], Desk]]:
    """Opens the desk of this test; what it opened is closed at the end."""
    desks: list[Desk] = []

    def make(**more: Any) -> Desk:
        desks.append(open_desk(home, now=clock.now, mono=clock.mono, **more))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(opened: Callable[[], Desk]) -> Desk:
    made = opened()
    setup.first_run(made, "张敏", "8021", "客服一组")
    return made


@pytest.fixture
def row_a() -> dict[str, Any]:
    return dict(ROW_A)


@pytest.fixture
def row_b() -> dict[str, Any]:
    return dict(ROW_B)


@pytest.fixture
def request_a(desk: Desk, row_a: dict[str, Any]) -> str:
    return capture.record(desk, row_a).request_id


@pytest.fixture
def request_b(desk: Desk, row_b: dict[str, Any]) -> str:
    return capture.record(desk, row_b).request_id
