"""Spans and instants as written: hours are never mistaken for minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from agentdesk.present.i18n import use
from agentdesk.present.timefmt import clock, countdown, date, span, stamp, when

NOON = datetime(2026, 1, 28, 4, 0, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))


@pytest.fixture(autouse=True)
def chinese() -> None:
    use("zh_CN")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0秒"),
        (41, "41秒"),
        (89, "89秒"),
        (90, "00:01"),
        (2460, "00:41"),
        (79800, "22:10"),
        (359_999, "99:59"),
        (400_000, "4天"),
    ],
)
def test_spans(seconds: int, said: str) -> None:
    assert span(seconds) == said


def test_countdowns_name_their_side() -> None:
    assert countdown(NOON + timedelta(minutes=41), NOON) == "剩 00:41"
    assert countdown(NOON - timedelta(minutes=12), NOON) == "超 00:12"
    assert countdown(NOON, NOON) == "剩 0秒"
    assert countdown(None, NOON) == ""
    assert countdown(int(NOON.timestamp() * 1000) + 41_000, int(NOON.timestamp() * 1000)) == "剩 41秒"


def test_instants_are_shown_in_the_readers_zone() -> None:
    assert (
        clock(NOON, BEIJING) == "12:00"
        and stamp(NOON, BEIJING) == "01-28 12:00"
        and date(NOON, BEIJING) == "2026-01-28 12:00"
    )
    assert clock(None) == stamp(None) == date(None) == ""


def test_today_needs_no_date() -> None:
    assert when(NOON, NOON + timedelta(hours=3), BEIJING) == "12:00"
    assert when(NOON, NOON + timedelta(hours=13), BEIJING) == "01-28 12:00"
