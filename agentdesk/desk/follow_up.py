"""Following up: verdict (T13, T14), survey, call-backs, closing (T17)."""

from __future__ import annotations

from agentdesk.desk.context import Desk
from agentdesk.desk.views import CallbackForm, DueCallback, Moved


def due(desk: Desk, limit: int = 200) -> list[DueCallback]:
    """The follow-up list: resolved and confirmed requests that wait for something, least due first."""
    raise NotImplementedError


def verdict(desk: Desk, request_id: str, verdict: str, *, reason: str = "", via: str = "contact",
            survey: str = "") -> Moved:
    """The customer's verdict: satisfied or basically → T13 (with the survey where said, and T17 where all is there);
    dissatisfied → T14, needs a reason. Raises Refusal: flow.guard, flow.illegal, flow.later, verdict.unknown."""
    raise NotImplementedError


def survey(desk: Desk, request_id: str, *, sent: bool) -> Moved:
    """The survey was sent or declined; T17 follows where all is there."""
    raise NotImplementedError


def callback(desk: Desk, request_id: str, form: CallbackForm) -> Moved:
    """One call-back attempt, with the verdict where one was heard (T13); T17 follows where all is there."""
    raise NotImplementedError


def close(desk: Desk, request_id: str) -> Moved:
    """T17. Raises Refusal flow.guard (missing: survey, callback, message, solution, verdict), flow.illegal."""
    raise NotImplementedError
