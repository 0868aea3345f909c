"""What somebody types for a blank of a certain format, read as a person means it; None where it is none.

Folded first, so that full-width digits and both scripts are read alike. Pure: today is handed in.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from agentdesk.text.fold import folded

LONGEST = 40
"""Characters of a value with a format; what is longer is none."""

_DAYS = {"今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "大后天": 3}
_DATE = re.compile(r"(?:(\d{4})\s?[-/.年]\s?)?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?[日号]?")
_TIME = re.compile(
    r"(上午|早上|凌晨|中午|下午|傍晚|晚上|am|pm)?\s?(\d{1,2})(?::(\d{2})|[点时](?:(\d{1,2})分?|(半))?)?\s?(am|pm)?"
)
_COMPACT = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
_LATE = ("下午", "傍晚", "晚上", "pm")
_OF_NIGHT = (0, 1, 2, 3, 4, 12)
"""Hours with 晚上 that are no evening: of which day they are cannot be told, and noon they are not."""
_AFTER_NOON = (1, 2, 3)
"""Hours with 中午 that are past twelve."""
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,4})?")
_MONEY = re.compile(
    r"(?:人民币|新台币|nt\$|rmb|cny|twd|usd|[¥$])?\s?(\d{1,9})(?:\.(\d{1,2}))?\s?(?:元|块|块钱|圆|yuan|rmb|cny|twd)?"
)
_AGO = timedelta(days=180)


def read_date(text: str, today: date) -> date | None:
    """A day: 2026-11-27, 11-27, 11月27日, today, tomorrow, 后天; one without a year is the one that comes."""
    told = _told(text)
    if told in _DAYS:
        return today + timedelta(days=_DAYS[told])
    found = _DATE.fullmatch(told)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    meant = _date(year or today.year, month, day)
    if not year and meant is not None and meant < today - _AGO:
        return _date(today.year + 1, month, day)
    return meant


def read_time(text: str) -> time | None:
    """A time of day: 14:30, 1430, 14点, 下午3点半, 3 pm."""
    told = _told(text)
    compact = _COMPACT.fullmatch(told)
    if compact is not None:
        return time(int(compact[1]), int(compact[2]))
    found = _TIME.fullmatch(told)
    if found is None:
        return None
    hour, part = int(found[2]), found[1] or found[6] or ""
    minute = 30 if found[5] else int(found[3] or found[4] or 0)
    if part == "晚上" and hour in _OF_NIGHT:
        return None
    if (part in _LATE and hour < 12) or (part == "中午" and hour in _AFTER_NOON):
        hour += 12
    elif part in ("am", "凌晨") and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_moment(text: str, now: datetime) -> datetime | None:
    """A day with a time, in this order; a time alone is that of today, or of tomorrow once it is past."""
    told = _told(text)
    alone = read_time(told)
    if alone is not None:
        meant = datetime.combine(now.date(), alone, now.tzinfo)
        return meant if meant >= now.replace(second=0, microsecond=0) else meant + timedelta(days=1)
    for cut in range(1, len(told)):
        day, at = read_date(told[:cut].rstrip(" ,"), now.date()), read_time(told[cut:].lstrip(" ,"))
        if day is not None and at is not None and (told[cut - 1] + told[cut]).isdigit() is False:
            return datetime.combine(day, at, now.tzinfo)
    return None


def read_number(text: str) -> str | None:
    """A number without a sign, written plainly: 1,200 is 1200."""
    told = _told(text).replace(",", "")
    return told if _NUMBER.fullmatch(told) else None


def read_money(text: str) -> int | None:
    """An amount in minor units (law 10 of the design): 50, 50元, ¥1,200.50."""
    found = _MONEY.fullmatch(_told(text).replace(",", ""))
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found is not None else None


def _told(text: str) -> str:
    return folded(text).strip() if len(text) <= LONGEST else ""


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # no such day
        return None
