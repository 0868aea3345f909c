"""The history of a request: who changed what, when, from what to what. Read from the changes (law 2)."""

from __future__ import annotations

from agentdesk.desk.context import Desk
from agentdesk.desk.views import HistoryItem


def items(desk: Desk, request_id: str) -> list[HistoryItem]:
    """All changes under the request in the order of happening, registers with the value they replaced."""
    raise NotImplementedError
