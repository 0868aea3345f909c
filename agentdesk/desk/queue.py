"""The queue page: rows of a view in their order, and the figures of the status line. Reads over the raw connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agentdesk.desk.context import Desk
from agentdesk.store import queries, queue_views
from agentdesk.store.queries import QueueRow
from agentdesk.store.queue_views import QueueFilter

ME = "me"
"""Stands for whoever sits here where a view names an owner, so that a saved view follows the person."""
OPEN = QueueFilter()
ALL = QueueFilter("all")


class QueuePage(NamedTuple):
    """A slice of the queue: rows from `offset`, how many the view has in all, open P1, and breached."""

    rows: Sequence[QueueRow]
    offset: int
    total: int
    p1: int
    overdue: int
    parked: frozenset[str] = frozenset()


def page(desk: Desk, offset: int = 0, limit: int = 200, view: QueueFilter = OPEN) -> QueuePage:
    """The rows `offset … offset + limit` of a view in queue order: breached, next due, priority (§3.4 rule 5)."""
    conn, now_ms, wanted = desk.store.raw(), _now_ms(desk), resolved(desk, view)
    rows = queue_views.page(conn, wanted, now_ms, offset, limit) if limit else []
    figures = queue_views.figures(conn, now_ms)
    total = queue_views.count(conn, wanted, now_ms)
    parked = frozenset(queries.parked_roots(conn, [row.id for row in rows])) if rows else frozenset()
    return QueuePage(rows, offset, total, figures.p1, figures.overdue, parked)


def count(desk: Desk, view: QueueFilter) -> int:
    """How many requests a view shows."""
    return queue_views.count(desk.store.raw(), resolved(desk, view), _now_ms(desk))


def after(desk: Desk, request_id: str, view: QueueFilter = OPEN) -> str | None:
    """The request to focus once `request_id` is done: the first other one of the view, None when it is empty."""
    rows = queue_views.page(desk.store.raw(), resolved(desk, view), _now_ms(desk), 0, 2)
    return next((row.id for row in rows if row.id != request_id), None)


def neighbour(desk: Desk, request_id: str, view: QueueFilter = OPEN, *, forward: bool = True) -> QueueRow | None:
    """The request after (before) this one in a view, also where this one has left the view; None at the end."""
    wanted = resolved(desk, view)
    return queue_views.neighbour(desk.store.raw(), wanted, _now_ms(desk), request_id, forward=forward)


def numbers(desk: Desk, request_ids: Sequence[str]) -> list[str]:
    """The full numbers of requests, in the order of the queue."""
    return queue_views.numbers(desk.store.raw(), request_ids)


def resolved(desk: Desk, view: QueueFilter) -> QueueFilter:
    """The view with the person who sits here in the place of `ME`."""
    return view._replace(owner=desk.me.person_id) if view.owner == ME else view


def _now_ms(desk: Desk) -> int:
    return round(desk.now().timestamp() * 1000)
