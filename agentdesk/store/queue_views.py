"""The queue through a filter: pages, counts and neighbours, each over an index that is already in the queue's order.

Every criterion is one value, so one index gives both the rows and their order; what is left is looked at row by row.
Which index it is stands here and not with SQLite, which without statistics would sort 100,000 rows to show 100.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from agentdesk.store.queries import QUEUE_COLUMNS, QueueRow, queue_row

Which: TypeAlias = Literal["open", "closed", "all"]
SOON_MS = 600_000
"""A request is due soon when its next clock ends within ten minutes."""

_DUE = "coalesce(q.next_due_at, 9223372036854775807)"
_EQUAL = ("owner", "state", "channel", "request_type", "priority")
"""Columns with an index of their own, those that leave least first."""


class QueueFilter(NamedTuple):
    """What a view of the queue shows; "" leaves a criterion out. `due`: soon or breached. `owner`: a person's id."""

    which: Which = "open"
    owner: str = ""
    due: str = ""
    state: str = ""
    request_type: str = ""
    priority: str = ""
    channel: str = ""
    tag: str = ""

    @property
    def criteria(self) -> dict[str, str]:
        """What is asked for beside open or closed, by name."""
        return {name: str(value) for name, value in zip(self._fields, self, strict=True) if name != "which" and value}


class QueueFigures(NamedTuple):
    """Counts over the open requests: all, P1, and past their next due."""

    open: int
    p1: int
    overdue: int


class _Reading(NamedTuple):
    """A FROM and WHERE with its values, and the columns in which the queue's order lies ready."""

    source: str
    where: tuple[str, ...]
    values: tuple[object, ...]
    due: str
    at: str

    def sql(self, chosen: str, tail: str = "", *more: str) -> str:
        wanted = " AND ".join((*self.where, *more))
        return f"SELECT {chosen} FROM {self.source} {'WHERE ' + wanted if wanted else ''} {tail}"

    def order(self, forward: bool = True) -> str:
        down = "" if forward else " DESC"
        first = "DESC" if forward else "ASC"
        at = self.at
        return f"ORDER BY {at}.is_open {first}, {self.due}{down}, {at}.priority{down}, {at}.number{down}"


def page(conn: sqlite3.Connection, wanted: QueueFilter, now_ms: int, offset: int, limit: int) -> list[QueueRow]:
    """Return a slice of what the filter shows: breached first, then by next due, then by priority (§3.4 rule 5)."""
    reading = _reading(wanted, now_ms)
    rows = conn.execute(
        reading.sql(_columns(), f"{reading.order()} LIMIT ? OFFSET ?"), (*reading.values, limit, offset)
    )
    return [queue_row(row) for row in rows]


def count(conn: sqlite3.Connection, wanted: QueueFilter, now_ms: int) -> int:
    """Return how many requests the filter shows; where it asks for nothing more than open or closed, without reading
    them."""
    if not wanted.criteria:
        parts = {"open": "is_open = 1", "closed": "is_open = 0", "all": "1"}
        row = conn.execute(f"SELECT coalesce(sum(n), 0) FROM queue_tally WHERE {parts[wanted.which]}").fetchone()
    else:
        reading = _reading(wanted, now_ms)
        row = conn.execute(reading.sql("count(*)"), reading.values).fetchone()
    return int(row[0])


def figures(conn: sqlite3.Connection, now_ms: int) -> QueueFigures:
    """Return the figures of the status line; only what is past its due is counted, the rest is kept by triggers."""
    row = conn.execute("SELECT n, p1 FROM queue_tally WHERE is_open = 1").fetchone()
    return QueueFigures(row[0], row[1], count(conn, QueueFilter(due="breached"), now_ms))


def neighbour(
    conn: sqlite3.Connection, wanted: QueueFilter, now_ms: int, root: str, *, forward: bool = True
) -> QueueRow | None:
    """Return the request of the view that stands after (before) this one, which need not be in the view itself."""
    row = conn.execute(
        f"SELECT q.is_open, {_DUE}, coalesce(q.priority, ''), q.number FROM queue_row q WHERE q.root = ?", (root,)
    ).fetchone()
    if row is None:
        return None
    is_open, due, priority, number = row
    reading, than, or_than = _reading(wanted, now_ms), ">" if forward else "<", ">=" if forward else "<="
    at = reading.at
    beyond = (
        f"{reading.due} {or_than} ?",
        f"({reading.due} {than} ? OR (coalesce({at}.priority, ''), {at}.number) {than} (?, ?))",
        f"{at}.is_open = ?",
    )
    tail = f"{reading.order(forward)} LIMIT 1"
    values = (*reading.values, due, due, priority, number, is_open)
    found = conn.execute(reading.sql(_columns(), tail, *beyond), values).fetchone()
    if found is None and wanted.which == "all" and bool(is_open) is forward:  # on from the open ones to the closed
        rest = (*reading.values, 0 if forward else 1)
        found = conn.execute(reading.sql(_columns(), tail, f"{at}.is_open = ?"), rest).fetchone()
    return queue_row(found) if found else None


def tags(conn: sqlite3.Connection, limit: int = 200) -> list[str]:
    """Return the tags in use, each once, found by jumping from tag to tag in the index."""
    rows = conn.execute(
        "WITH RECURSIVE each(tag) AS (SELECT min(tag) FROM queue_tag UNION ALL"
        " SELECT (SELECT min(t.tag) FROM queue_tag t WHERE t.tag > each.tag) FROM each WHERE each.tag IS NOT NULL)"
        " SELECT tag FROM each WHERE tag IS NOT NULL LIMIT ?",
        (limit,),
    )
    return [tag for (tag,) in rows]


def plan(conn: sqlite3.Connection, wanted: QueueFilter, now_ms: int, counting: bool = False) -> str:
    """Return how SQLite would read a page (or the count) of a view: for tests, which must not trust the clock."""
    reading = _reading(wanted, now_ms)
    statement = reading.sql("count(*)") if counting else reading.sql(_columns(), f"{reading.order()} LIMIT 100")
    return "\n".join(row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}", reading.values))


def _columns() -> str:
    return ", ".join(f"q.{name.strip()}" for name in QUEUE_COLUMNS.split(","))


def _reading(wanted: QueueFilter, now_ms: int) -> _Reading:
    """Choose the index that leaves least, and write the rest as conditions."""
    equal = [name for name in _EQUAL if getattr(wanted, name)]
    if wanted.tag:
        source, due, at = "queue_tag x CROSS JOIN queue_row q ON q.root = x.root", "x.due", "x"
    else:
        first = f"by_{equal[0]}" if equal else "order"
        source, due, at = f"queue_row q INDEXED BY queue_{first}", _DUE, "q"
    # `+`: a priority known to be constant makes SQLite 3.40 sort what lies in order already.
    signed = [f"+q.{name}" if name == "priority" and (wanted.tag or len(equal) > 1) else f"q.{name}" for name in equal]
    where = [*(["x.tag = ?"] if wanted.tag else []), *(f"{name} = ?" for name in signed)]
    values: list[object] = [*([wanted.tag] if wanted.tag else []), *(getattr(wanted, name) for name in equal)]
    if wanted.which != "all" or wanted.due:
        where.append(f"{at}.is_open = {int(wanted.which != 'closed')}")
    if wanted.due == "breached":
        where.append(f"{due} < ?")
        values.append(now_ms)
    elif wanted.due == "soon":
        where.append(f"{due} BETWEEN ? AND ?")
        values += [now_ms, now_ms + SOON_MS]
    return _Reading(source, tuple(where), tuple(values), due, at)


def numbers(conn: sqlite3.Connection, roots: Sequence[str]) -> list[str]:
    """Return the numbers of these requests in the order of the queue."""
    marks = ",".join("?" * len(roots))
    rows = conn.execute(
        f"SELECT q.number FROM queue_row q WHERE q.root IN ({marks}) ORDER BY q.is_open DESC, {_DUE}, q.priority,"
        " q.number",
        tuple(roots),
    )
    return [number for (number,) in rows]
