"""The working calendar ([ours]): which days are worked, and when the nth working day after another one ends (§3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

#: Longest stretch without a working day that is searched before the calendar is called broken.
_HORIZON_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekdays with their exceptions. Dates are local ones: the zone of the instants that are asked about.

    `weekdays` counts Monday as 0; `off` are holidays, `on` make-up days, which win over both.
    """

    weekdays: frozenset[int] = frozenset(range(5))
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    close: time = time(18, 0)

    def is_working(self, day: date) -> bool:
        """Return whether a day is worked."""
        return day in self.on or (day.weekday() in self.weekdays and day not in self.off)

    def close_of(self, start: datetime, working_days: int) -> datetime:
        """Return the close of business of the nth working day after the start day, in the zone of `start`.

        The start day never counts, whatever the hour. ValueError for less than one day, for an instant without a
        zone, and where a year passes without a working day.
        """
        if working_days < 1:
            raise ValueError(f"working days: {working_days}")
        if start.tzinfo is None:
            raise ValueError("no zone")
        day, left = start.date(), working_days
        for _ in range(_HORIZON_DAYS * working_days):
            day += timedelta(days=1)
            left -= self.is_working(day)
            if left == 0:
                return datetime.combine(day, self.close, start.tzinfo)
        raise ValueError("the calendar has no working days")


def parse_calendars(documents: Iterable[Mapping[str, Any]]) -> Calendar:
    """Join parsed calendar files (`content/calendar/*.toml`), one a year, into one calendar.

    Each has `weekdays` (1 = Monday), `close` ("18:00"), `off` and `on` (dates, or {from, to} for a stretch). Weekdays
    and close of the last file hold. KeyError or ValueError where a file is malformed.
    """
    calendar = Calendar()
    for document in documents:
        calendar = Calendar(
            weekdays=frozenset(int(day) - 1 for day in document["weekdays"]),
            off=calendar.off | _days(document["off"]),
            on=calendar.on | _days(document["on"]),
            close=time.fromisoformat(document["close"]),
        )
    return calendar


def _days(entries: Iterable[Any]) -> frozenset[date]:
    found: set[date] = set()
    for entry in entries:
        first, last = (entry["from"], entry["to"]) if isinstance(entry, Mapping) else (entry, entry)
        if not isinstance(first, date) or not isinstance(last, date) or last < first:
            raise ValueError(f"calendar days: {entry}")
        found.update(first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return frozenset(found)
