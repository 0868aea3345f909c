"""One request as the workspace shows it."""

from __future__ import annotations

from agentdesk.desk.context import Desk
from agentdesk.desk.views import RequestView


def view(desk: Desk, request_id: str) -> RequestView:
    """Record, steps, clocks, reasons, timeline and what is due next. Raises Refusal request.unknown."""
    raise NotImplementedError


def find(desk: Desk, number_or_id: str) -> str:
    """The id of a request by id, full number or unambiguous short number. Raises Refusal request.unknown."""
    raise NotImplementedError
