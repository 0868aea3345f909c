"""The queue page: rows by next due, and the figures of the status line. Reads over the raw connection only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentdesk.desk.context import Desk
from agentdesk.store import queries
from agentdesk.store.queries import QueueRow


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A slice of the queue: rows from `offset`, how many there are in all, open P1, and breached."""

    rows: Sequence[QueueRow]
    offset: int
    total: int
    p1: int
    overdue: int
    parked: frozenset[str] = frozenset()


def page(desk: Desk, offset: int = 0, limit: int = 200, *, open_only: bool = True, mine: bool = False) -> QueuePage:
    """The rows `offset … offset + limit` in queue order: breached, next due, priority (§3.4 rule 5)."""
    conn = desk.store.raw()
    owner = desk.me.person_id if mine else ""
    rows = queries.queue_page(conn, offset, limit, open_only=open_only, owner=owner)
    figures = queries.queue_figures(conn, round(desk.now().timestamp() * 1000))
    plain = open_only and not mine
    total = figures.open if plain else queries.queue_count(conn, open_only=open_only, owner=owner)
    parked = frozenset(queries.parked_roots(conn, [row.id for row in rows])) if rows else frozenset()
    return QueuePage(rows, offset, total, figures.p1, figures.overdue, parked)


def after(desk: Desk, request_id: str) -> str | None:
    """The request to focus once `request_id` is done: the first other one of the queue, None when it is empty."""
    rows = queries.queue_page(desk.store.raw(), 0, 2)
    return next((row.id for row in rows if row.id != request_id), None)


def place(desk: Desk, request_id: str, *, open_only: bool = True, mine: bool = False) -> int | None:
    """The place of a request in the queue, from 0; None where the page does not show it."""
    owner = desk.me.person_id if mine else ""
    return queries.queue_place(desk.store.raw(), request_id, open_only=open_only, owner=owner)
