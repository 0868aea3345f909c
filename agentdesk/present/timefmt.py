"""How instants and spans are written.

Instants are aware datetimes or milliseconds since the epoch (UTC); `zone` is where the reader sits, the machine's zone
when left out. Spans are written so that hours and minutes can never be read as minutes and seconds: below a minute and
a half the unit stands there (`剩 41秒`), up to four days it is `HH:MM`, above it days.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from agentdesk.present.i18n import t

SECONDS_BELOW = 90
DAYS_FROM = 100 * 3600


def moment(value: datetime | int | float, zone: tzinfo | None = None) -> datetime:
    """Return an instant in the reader's zone; numbers are milliseconds since the epoch."""
    if isinstance(value, (int, float)):
        value = datetime.fromtimestamp(value / 1000, UTC)
    return value.astimezone(zone)


def clock(value: datetime | int | float | None, zone: tzinfo | None = None) -> str:
    """Write the time of day, `14:32`; nothing for None."""
    return "" if value is None else f"{moment(value, zone):%H:%M}"


def stamp(value: datetime | int | float | None, zone: tzinfo | None = None) -> str:
    """Write day and time, `01-28 14:32`; nothing for None."""
    return "" if value is None else f"{moment(value, zone):%m-%d %H:%M}"


def date(value: datetime | int | float | None, zone: tzinfo | None = None) -> str:
    """Write a whole date with its time, `2026-01-28 14:32`; nothing for None."""
    return "" if value is None else f"{moment(value, zone):%Y-%m-%d %H:%M}"


def when(value: datetime | int | float, now: datetime | int | float, zone: tzinfo | None = None) -> str:
    """Write the time of day for today and day with time for any other day."""
    here, there = moment(now, zone), moment(value, zone)
    return clock(there, zone) if here.date() == there.date() else stamp(there, zone)


def span(seconds: float) -> str:
    """Write a length of time: `41秒`, `00:41` (hours and minutes), `5天`."""
    whole = int(abs(seconds))
    if whole < SECONDS_BELOW:
        return t("time.seconds", count=whole)
    if whole >= DAYS_FROM:
        return t("time.days", count=whole // 86400)
    return f"{whole // 3600:02d}:{whole % 3600 // 60:02d}"


def countdown(due: datetime | int | float | None, now: datetime | int | float) -> str:
    """Write what is left before a due instant or how far it is over: `剩 00:41`, `超 00:12`; nothing for None."""
    if due is None:
        return ""
    left = (moment(due) - moment(now)).total_seconds()
    return t("time.left", span=span(left)) if left >= 0 else t("time.over", span=span(left))
