"""What is typed for a blank with a format is read as a person means it, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text import values

NOW = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("明天", date(2026, 11, 28)),
        ("tomorrow", date(2026, 11, 28)),
        ("後天", date(2026, 11, 29)),
        ("11-28", date(2026, 11, 28)),
        ("１１月２８日", date(2026, 11, 28)),
        ("11月28號", date(2026, 11, 28)),
        ("2027/1/3", date(2027, 1, 3)),
        ("1-5", date(2027, 1, 5)),
        ("11-20", date(2026, 11, 20)),
        ("2-30", None),
        ("尽快", None),
        ("", None),
    ],
)
def test_dates(typed: str, meant: date | None) -> None:
    assert values.read_date(typed, NOW.date()) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:30", time(14, 30)),
        ("14：30", time(14, 30)),
        ("1430", time(14, 30)),
        ("下午3点半", time(15, 30)),
        ("3 pm", time(15)),
        ("中午12点", time(12)),
        ("12am", time(0)),
        ("9", time(9)),
        ("25:00", None),
        ("2点75分", None),
        ("晚些时候", None),
        ("中午1点半", time(13, 30)),
        ("中午12点", time(12)),
        ("晚上8点", time(20)),
        ("晚上11:30", time(23, 30)),
        ("晚上12点", None),  # midnight, and of which day nobody knows; noon it is not
        ("晚上1点", None),
    ],
)
def test_times(typed: str, meant: time | None) -> None:
    assert values.read_time(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("明天 14:30", datetime(2026, 11, 28, 14, 30, tzinfo=UTC)),
        ("11月28日下午3点", datetime(2026, 11, 28, 15, 0, tzinfo=UTC)),
        ("2026-12-01 9:00", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("15:00", datetime(2026, 11, 27, 15, 0, tzinfo=UTC)),
        ("13:00", datetime(2026, 11, 28, 13, 0, tzinfo=UTC)),
        ("明天", None),
        ("11-281430", None),
    ],
)
def test_moments(typed: str, meant: datetime | None) -> None:
    assert values.read_moment(typed, NOW) == meant


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("50", 5_000), ("50元", 5_000), ("￥1,200.5", 120_050), ("NT$ 30", 3_000), ("1.234", None), ("-5", None)],
)
def test_money_is_minor_units(typed: str, minor: int | None) -> None:
    assert values.read_money(typed) == minor


@pytest.mark.parametrize(("typed", "number"), [("15", "15"), ("１，２００", "1200"), ("2.5", "2.5"), ("十五", None)])
def test_numbers(typed: str, number: str | None) -> None:
    assert values.read_number(typed) == number


@given(st.text(alphabet="0123456789-:/.年月日号点时分半上下午明今后天 apm元¥", max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    values.read_date(typed, NOW.date())
    values.read_time(typed)
    values.read_moment(typed, NOW)
    values.read_number(typed)
    values.read_money(typed)
