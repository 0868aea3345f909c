"""The queue and the clocks: one line a request with its least due, and the clock rows behind it (MODEL §8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from agentdesk.changes import EntityState, instant
from agentdesk.domain.calendar import Calendar
from agentdesk.domain.clocks import Clock, clocks
from agentdesk.domain.facts import RequestFacts
from agentdesk.domain.masking import mask_name
from agentdesk.domain.settings import Settings
from agentdesk.store import tables
from agentdesk.text.clean import clean_line

TITLE_LENGTH = 120
ENDED = frozenset(("CLOSED", "CANCELLED", "MOVED"))


def clear(conn: Connection) -> None:
    """Throw all lines and clocks away."""
    conn.execute(delete(tables.queue_row))
    conn.execute(delete(tables.clock_row))


def refresh(conn: Connection, facts: Mapping[str, RequestFacts], settings: Settings, calendar: Calendar) -> None:
    """Write the lines and clocks of these roots; a root without a request loses its own."""
    lines: list[dict[str, Any]] = []
    clock_rows: list[dict[str, Any]] = []
    gone: list[str] = []
    waiting = _waiting_roots(conn, list(facts))
    for root, of_root in facts.items():
        request = of_root.request
        if request is None or request.lane("flow") is None:
            gone.append(root)
            continue
        running = clocks(of_root, settings, calendar)
        clock_rows += [_clock_row(root, clock) for clock in running]
        lines.append(_line(root, request, running, waiting))
    _replace_clocks(conn, list(facts), clock_rows)
    if lines:
        conn.execute(_UPSERT, lines)
    if gone:
        wanted = tables.queue_row.c.root.in_(bindparam("roots", expanding=True))
        conn.execute(delete(tables.queue_row).where(wanted), {"roots": gone})


def _replace_clocks(conn: Connection, roots: list[str], rows: list[dict[str, Any]]) -> None:
    wanted = tables.clock_row.c.root.in_(bindparam("roots", expanding=True))
    conn.execute(delete(tables.clock_row).where(wanted), {"roots": roots})
    if rows:
        conn.execute(insert(tables.clock_row), rows)


def _line(root: str, request: EntityState, running: list[Clock], waiting: set[str]) -> dict[str, Any]:
    lane = request.lane("flow") or {}
    created = next(iter(request.events("created")), None)
    number = str(created.value["number"]) if created else ""
    due = min((clock for clock in running if _counts(clock)), key=lambda clock: clock.due_at, default=None)
    kind = request.register("type")
    return {
        "root": root,
        "number": number,
        "short_number": short_number(number),
        "customer": mask_name(clean_line(str(request.register("reporter").get("customer_name") or ""))),
        "title": title(request),
        "request_type": kind.get("request_type"),
        "sub_type": kind.get("sub_type"),
        "category": request.register("category").get("category"),
        "priority": request.register("priority").get("priority"),
        "emotion": request.register("emotion").get("emotion"),
        "state": lane.get("state", ""),
        "owner": lane.get("owner"),
        "tier": request.register("tier").get("tier"),
        "next_clock": due.code if due else None,
        "next_due_at": millis(due.due_at) if due else None,
        "warn_at": millis(due.warn_at) if due else None,
        "is_open": int(lane.get("state") not in ENDED),
        "pending": int(root in waiting),
        "conflict": int(any(len(request.values.get(group, {})) > 1 for group in ("description", "anomaly"))),
        "updated_at": millis(instant(lane["trail"][-1]["at"])),
    }


def _counts(clock: Clock) -> bool:
    """Whether the clock runs: not stopped, not cancelled, not paused."""
    return clock.stopped_at is None and not clock.cancelled and clock.paused_at is None


def _waiting_roots(conn: Connection, roots: list[str]) -> set[str]:
    """The roots under which own work waits to be sent; `home` is never sent."""
    change = tables.change
    statement = (
        select(change.c.root)
        .distinct()
        .where(change.c.root.in_(bindparam("roots", expanding=True)))
        .where(change.c.own == 1, change.c.seq.is_(None), change.c.refused.is_(None), change.c.scope != "home")
    )
    return set(conn.execute(statement, {"roots": roots}).scalars())


def title(request: EntityState) -> str:
    """Return one line that says what the request is about."""
    parts = (str(request.register("product_service").get("product_service") or ""), request.text("description"))
    return clean_line(" ".join(part for part in parts if part))[:TITLE_LENGTH]


def short_number(number: str) -> str:
    """Shorten `AD-K7-20260128-0007` to `AD-0128-0007` for lists."""
    parts = number.split("-")
    return f"{parts[0]}-{parts[2][4:]}-{parts[3]}" if len(parts) == 4 else number


def millis(at: datetime) -> int:
    """Return an instant as epoch milliseconds."""
    return int(at.timestamp() * 1000)


def _clock_row(root: str, clock: Clock) -> dict[str, Any]:
    return {
        "root": root,
        "clock": clock.code,
        "subject": clock.subject,
        "episode": clock.episode,
        "started_at": millis(clock.started_at),
        "due_at": millis(clock.due_at),
        "original_due_at": millis(clock.original_due_at),
        "warn_at": millis(clock.warn_at),
        "paused_at": millis(clock.paused_at) if clock.paused_at else None,
        "stopped_at": millis(clock.stopped_at) if clock.stopped_at else None,
        "cancelled": int(clock.cancelled),
    }


_INSERT = upsert(tables.queue_row)
_UPSERT = _INSERT.on_conflict_do_update(
    index_elements=["root"],
    set_={column.name: _INSERT.excluded[column.name] for column in tables.queue_row.columns if column.name != "root"},
)
