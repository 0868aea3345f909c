"""Capture: from the first word of a customer to a recorded request (T1, T2 and, where due, T4 in one transaction)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentdesk.desk.context import Desk
from agentdesk.desk.views import CustomerMatch, IntakeCheck, IntakeDraft, Recorded, RequestBrief


def begin(desk: Desk, channel: str = "") -> IntakeDraft:
    """A new form: the contact begins now, the answer clock runs. Nothing is stored. Preset channel: the last used."""
    raise NotImplementedError


def drafts(desk: Desk) -> list[IntakeDraft]:
    """The stored drafts of forms, newest first (after a kill: the form typed last)."""
    raise NotImplementedError


def save_draft(desk: Desk, draft: IntakeDraft, values: Mapping[str, Any], caret: tuple[str, int] | None = None) -> None:
    """Store what is typed so far, private numbers held out (MODEL §6). `caret` = (field, offset) of the cursor."""
    raise NotImplementedError


def drop_draft(desk: Desk, draft: IntakeDraft) -> None:
    """Throw a form away."""
    raise NotImplementedError


def answered(desk: Desk, draft: IntakeDraft) -> IntakeDraft:
    """The customer was greeted: the answer clock of the draft stops."""
    raise NotImplementedError


def waited_ms(desk: Desk, draft: IntakeDraft) -> int:
    """How long the customer waits or waited for an answer, measured on the monotonic clock."""
    raise NotImplementedError


def check(desk: Desk, values: Mapping[str, Any], checked: tuple[str, ...] = ()) -> IntakeCheck:
    """The live state of a form: completeness, gaps, problems, asks, proposal. Fast (no store); safe at each key."""
    raise NotImplementedError


def next_gap(desk: Desk, values: Mapping[str, Any], after: str = "") -> str:
    """The field of the next gap in form order after field `after`, from the top again; "" when complete."""
    raise NotImplementedError


def find_customer(desk: Desk, text: str, limit: int = 8) -> list[CustomerMatch]:
    """Customers whose number, contact or name matches what is typed, best first. Private numbers find nothing."""
    raise NotImplementedError


def open_requests(desk: Desk, values: Mapping[str, Any]) -> list[RequestBrief]:
    """The open requests of the customer in the form: the duplicate warning."""
    raise NotImplementedError


def record(desk: Desk, values: Mapping[str, Any], *, draft: IntakeDraft | None = None,
           checked: tuple[str, ...] = ()) -> Recorded:
    """Record the form: request, contact and all facts, T1 + T2 (+ T4 for complex and urgent), in one transaction.

    Category and priority left out are the proposed ones; a differing priority needs `priority_why` (≥ 5 characters).
    ID and card numbers in texts are replaced (`notices`); in order_no and customer_no they must be in `checked`.
    Raises Refusal: capture.incomplete (missing), capture.invalid (field, problem), capture.priority_why,
    capture.ask (field), role.denied.
    """
    raise NotImplementedError
