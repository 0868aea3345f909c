"""Plain records beside the form of a capture: the customer's card, the clock of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agentdesk.desk.views import RequestBrief


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """Who a customer is by what his requests say: the latest name, tier and segment, and all requests, newest first."""

    customer_name: str
    contact: str
    customer_no: str
    tier: str
    segment: str
    last_at: datetime | None
    requests: tuple[RequestBrief, ...]

    @property
    def open_requests(self) -> tuple[RequestBrief, ...]:
        """The requests still open."""
        return tuple(one for one in self.requests if one.open)


@dataclass(frozen=True, slots=True)
class AnswerClock:
    """The clock of a first answer on one channel: its code and target in seconds."""

    code: str
    target: int
