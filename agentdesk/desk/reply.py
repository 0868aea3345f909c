"""Replying: the composer's text through the lint gate into the timeline, and the steps of the contact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from agentdesk.desk.context import Desk
from agentdesk.desk.views import Citation, Sent

if TYPE_CHECKING:
    from agentdesk.text.lint import Finding

MAX_CHARACTERS = 5_000


def findings(desk: Desk, request_id: str, text: str) -> list[Finding]:
    """All findings of an outgoing text in the context of the request (its own contact and order are not foreign)."""
    raise NotImplementedError


def send(desk: Desk, request_id: str, body: str, *, told: Sequence[str] = (), promised_at: datetime | None = None,
         phrases: Sequence[str] = (), articles: Sequence[Citation] = (), confirmed: bool = False) -> Sent:
    """Write a message that goes to the customer; its first one answers the contact (`contact.answered`).

    `told`: what it tells (interim, plan, direction, progress, definite, decision, delay). Steps K1–K7 of the phrases
    used are ticked. Raises Refusal: lint.blocked (findings), lint.confirm (findings) unless `confirmed`,
    text.too_long (length, limit), text.empty, role.denied.
    """
    raise NotImplementedError


def note(desk: Desk, request_id: str, text: str) -> str:
    """An internal note; private numbers are replaced. Returns the entry's id."""
    raise NotImplementedError


def receive(desk: Desk, request_id: str, text: str) -> str:
    """What the customer wrote or said; private numbers are replaced. Returns the entry's id."""
    raise NotImplementedError


def tick(desk: Desk, request_id: str, step: str) -> None:
    """Tick one of K1–K7 by hand. A step already ticked stays as it is."""
    raise NotImplementedError


def save_draft(desk: Desk, request_id: str, text: str, caret: int | None = None) -> None:
    """Store what stands in the composer, private numbers held out (MODEL §6); empty text drops the draft."""
    raise NotImplementedError


def load_draft(desk: Desk, request_id: str) -> str:
    """What stood in the composer, "" where nothing was stored."""
    raise NotImplementedError
