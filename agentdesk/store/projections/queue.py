"""The queue and the clocks: one line a request with its least due, and the clock rows behind it (MODEL §8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from agentdesk.changes import EntityState, instant
from agentdesk.domain.calendar import Calendar
from agentdesk.domain.clocks import Clock, clocks
from agentdesk.domain.contact import backwards
from agentdesk.domain.facts import RequestFacts
from agentdesk.domain.masking import list_title, mask_name
from agentdesk.domain.settings import Settings
from agentdesk.store import tables
from agentdesk.text.clean import clean_line

TEXTS = ("description", "anomaly", "expected_outcome")
"""The texts of a record that two desks may have written at once."""
NEVER = 9223372036854775807
"""What stands for the due of a request on which no clock runs: it comes last."""
ENDED = frozenset(("CLOSED", "CANCELLED", "MOVED"))
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a fact of another version, or of a hostile hand, may raise: it must not stop a pull (SYNC 3, invariant 11)."""


def clear(conn: Connection) -> None:
    """Throw all lines and clocks away."""
    conn.execute(delete(tables.queue_row))
    conn.execute(delete(tables.queue_tag))
    conn.execute(delete(tables.clock_row))


def refresh(conn: Connection, facts: Mapping[str, RequestFacts], settings: Settings, calendar: Calendar) -> None:
    """Write the lines and clocks of these roots; a root without a request loses its own."""
    lines: list[dict[str, Any]] = []
    clock_rows: list[dict[str, Any]] = []
    gone: list[str] = []
    waiting = _waiting_roots(conn, list(facts))
    proposed = _proposed_roots(conn, facts)
    for root, of_root in facts.items():
        request = of_root.request
        if request is None or request.lane("flow") is None:
            gone.append(root)
            continue
        running = _readable_clocks(of_root, settings, calendar)
        clock_rows += [_clock_row(root, clock) for clock in running or ()]
        lines.append(_line(root, request, running, waiting, proposed))
    _replace_clocks(conn, list(facts), clock_rows)
    _replace_tags(conn, list(facts), lines)
    if lines:
        conn.execute(_UPSERT, lines)
    if gone:
        conn.execute(_DROP_LINES, {"roots": gone})


def _readable_clocks(facts: RequestFacts, settings: Settings, calendar: Calendar) -> list[Clock] | None:
    """Return the clocks; None where a fact cannot be read: the line then asks a person to look."""
    try:
        return clocks(facts, settings, calendar)
    except UNREADABLE:
        return None


def _replace_clocks(conn: Connection, roots: list[str], rows: list[dict[str, Any]]) -> None:
    conn.execute(_DROP_CLOCKS, {"roots": roots})
    if rows:
        conn.execute(_INSERT_CLOCKS, rows)


def _replace_tags(conn: Connection, roots: list[str], lines: list[dict[str, Any]]) -> None:
    conn.execute(_DROP_TAGS, {"roots": roots})
    rows = [_tag_row(line, tag) for line in lines for tag in line["tags"].split("\n") if tag]
    if rows:
        conn.execute(_INSERT_TAGS, rows)


def _tag_row(line: Mapping[str, Any], tag: str) -> dict[str, Any]:
    due = NEVER if line["next_due_at"] is None else line["next_due_at"]
    copied = {name: line[name] for name in ("root", "is_open", "priority", "number")}
    return {"tag": tag, "due": due, **copied}


def _line(
    root: str, request: EntityState, running: list[Clock] | None, waiting: set[str], proposed: set[str]
) -> dict[str, Any]:
    lane = request.lane("flow") or {}
    created = next(iter(request.events("created")), None)
    number = str(created.value.get("number") or "") if created else ""
    due = min((clock for clock in running or () if _counts(clock)), key=lambda clock: clock.due_at, default=None)
    kind = request.register("type")
    siblings = any(len(request.values.get(group, {})) > 1 for group in TEXTS)
    return {
        "root": root,
        "number": number,
        "short_number": short_number(number),
        "customer": mask_name(clean_line(str(request.register("reporter").get("customer_name") or ""))),
        "title": title(request),
        "request_type": _word(kind.get("request_type")),
        "sub_type": _word(kind.get("sub_type")),
        "category": _word(request.register("category").get("category")),
        "priority": _word(request.register("priority").get("priority")),
        "emotion": _word(request.register("emotion").get("emotion")),
        "state": lane.get("state", ""),
        "owner": _word(lane.get("owner")),
        "tier": _word(request.register("tier").get("tier")),
        "next_clock": due.code if due else None,
        "next_due_at": millis(due.due_at) if due else None,
        "warn_at": millis(due.warn_at) if due else None,
        "is_open": int(lane.get("state") not in ENDED),
        "pending": int(root in waiting),
        "conflict": int(siblings or running is None or root in proposed),
        "updated_at": millis(instant(lane["trail"][-1]["at"])),
        "channel": _word(request.register("channel").get("channel")),
        "tags": "\n".join(tag for tag in request.elements("tags") if tag and "\n" not in tag),
        "number_tail": backwards(number),
    }


def _word(value: Any) -> str | None:
    """A code as a column can hold it; what is no text is nothing."""
    return value if isinstance(value, str) else None


def _counts(clock: Clock) -> bool:
    """Whether the clock runs: not stopped, not cancelled, not paused."""
    return clock.stopped_at is None and not clock.cancelled and clock.paused_at is None


def _waiting_roots(conn: Connection, roots: list[str]) -> set[str]:
    """The roots under which own work waits to be sent; `home` is never sent."""
    return set(conn.execute(_WAITING, {"roots": roots}).scalars())


def _proposed_roots(conn: Connection, facts: Mapping[str, RequestFacts]) -> set[str]:
    """The roots with a transition that the centre took as a proposal and that nobody has settled (MODEL §8)."""
    return {
        row.root
        for row in conn.execute(_PROPOSED, {"roots": list(facts)})
        if not any(row.id in _ids(event.value) for event in facts[row.root].events("entry", "proposal_settled"))
    }


def _ids(value: Mapping[str, Any]) -> list[Any]:
    ids = value.get("ids")
    return ids if isinstance(ids, list) else []


def title(request: EntityState) -> str:
    """Return one line that says what the request is about; contacts in it are masked, as in every list."""
    parts = (str(request.register("product_service").get("product_service") or ""), request.text("description"))
    own = str(request.register("reporter").get("contact") or "")
    return list_title(clean_line(" ".join(part for part in parts if part)), own)


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


# Written once: making a statement anew costs more than running it.
_ROOTS: BindParameter[str] = bindparam("roots", expanding=True)
_CHANGE = tables.change.c
_WAITING = (
    select(_CHANGE.root)
    .distinct()
    .where(_CHANGE.root.in_(_ROOTS))
    .where(_CHANGE.own == 1, _CHANGE.seq.is_(None), _CHANGE.refused.is_(None), _CHANGE.scope != "home")
)
_PROPOSED = select(_CHANGE.root, _CHANGE.id).where(_CHANGE.root.in_(_ROOTS), _CHANGE.verdict == "proposal")
_DROP_LINES = delete(tables.queue_row).where(tables.queue_row.c.root.in_(_ROOTS))
_DROP_CLOCKS = delete(tables.clock_row).where(tables.clock_row.c.root.in_(_ROOTS))
_INSERT_CLOCKS = insert(tables.clock_row)
_DROP_TAGS = delete(tables.queue_tag).where(tables.queue_tag.c.root.in_(_ROOTS))
_INSERT_TAGS = insert(tables.queue_tag)
_INSERT = upsert(tables.queue_row)
_UPSERT = _INSERT.on_conflict_do_update(
    index_elements=["root"],
    set_={column.name: _INSERT.excluded[column.name] for column in tables.queue_row.columns if column.name != "root"},
)
