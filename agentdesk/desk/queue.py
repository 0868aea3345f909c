"""The queue page: rows by next due, and the figures of the status line. Reads over the raw connection only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentdesk.desk.context import Desk

if TYPE_CHECKING:
    from agentdesk.store.queries import QueueRow


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A slice of the queue: rows from `offset`, how many there are in all, open P1, and breached."""

    rows: Sequence[QueueRow]
    offset: int
    total: int
    p1: int
    overdue: int


def page(desk: Desk, offset: int = 0, limit: int = 200, *, open_only: bool = True, mine: bool = False) -> QueuePage:
    """The rows `offset … offset + limit` in queue order: breached, next due, priority (§3.4 rule 5)."""
    raise NotImplementedError


def after(desk: Desk, request_id: str) -> str | None:
    """The request to focus once `request_id` is done: the first open one of the queue, None when it is empty."""
    raise NotImplementedError
