"""What a team searched, counted by day: log facts that nobody pulls become `stat` rows that all desks do (MODEL §2).

Each run counts the rows that came since the one before, so that the rows of a day add up however late a desk sent
them. A day that is not over waits. What is counted says up to which row: a desk adds what it alone knows beyond it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from agentdesk.central.accounts import UP_ONLY
from agentdesk.central.admin import write_own
from agentdesk.central.ledger import ScopeLog
from agentdesk.changes import Change, derived_id, instant, stamp_time
from agentdesk.changes.hlc import hlc_millis
from agentdesk.domain import usage
from agentdesk.domain.usage import SEARCHES, Search

_COUNTED = "counted:"
"""Key in `meta`, followed by a team's scope: the last row of its searches that was counted."""
_AT_ONCE = 20_000
"""Rows that one run counts at most; the next one goes on."""


def due(conn: sqlite3.Connection, scope: str, now_ms: int) -> bool:
    """Whether rows of a day that is over wait to be counted for a team."""
    first = next(_rows(conn, scope, 1), None)
    return first is not None and not _open(_day(*first[1:]), _today(now_ms))


def count(log: ScopeLog) -> None:
    """Count what came since, by day, into the team's log; runs under its lock."""
    today, upto = _today(log.now_ms), 0
    by_day: dict[str, list[Search]] = {}
    for seq, change, eff in _rows(log.conn, log.scope, _AT_ONCE):
        day = _day(change, eff)
        if _open(day, today):
            break
        upto = seq
        by_day.setdefault(day, []).extend(_searches(change))
    if not upto:
        return
    at = stamp_time(datetime.fromtimestamp(log.now_ms / 1000, UTC))
    for day, searches in by_day.items():
        for part in usage.packed(usage.tally(searches)):
            value = {"day": day, "key": SEARCHES, "value": {**part, "upto": upto}, "at": at}
            write_own(log, "stat", derived_id("stat", log.scope, SEARCHES, day), {"stat": value})
    log.conn.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_COUNTED + log.scope, str(upto)))


def _rows(conn: sqlite3.Connection, scope: str, limit: int) -> Iterator[tuple[int, Change, int]]:
    found = conn.execute("SELECT value FROM meta WHERE key=?", (_COUNTED + scope,)).fetchone()
    after = int(found[0]) if found else 0
    for seq, payload, eff in conn.execute(
        "SELECT seq, payload, eff FROM log WHERE scope=? AND seq>? ORDER BY seq LIMIT ?",
        (UP_ONLY + scope, after, limit),
    ):
        yield seq, Change.parse(bytes(payload)), eff


def _searches(change: Change) -> Iterator[Search]:
    value: Any = change.patch.get("searched")
    inserted: Any = change.patch.get("inserted")
    if isinstance(value, dict):
        yield usage.search_of(value, inserted if isinstance(inserted, dict) else {})


def _day(change: Change, eff: int) -> str:
    """The day on which it happened, where it happened; never later than the centre took it, whatever its clock said."""
    taken = datetime.fromtimestamp(hlc_millis(eff) / 1000, UTC)
    times = (str(value["at"]) for value in change.patch.values() if isinstance(value, dict) and "at" in value)
    try:
        at = instant(next(times, ""))
        return min(at, taken.astimezone(at.tzinfo)).date().isoformat()
    except (ValueError, OverflowError):
        return taken.date().isoformat()


def _today(now_ms: int) -> date:
    return datetime.fromtimestamp(now_ms / 1000, UTC).date()


def _open(day: str, today: date) -> bool:
    """Whether a day may still go on somewhere."""
    return day >= today.isoformat()
