"""What the site said to its customers lately: material for new rules, and for what a rule would have found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from agentdesk.changes import instant
from agentdesk.desk.context import Desk

DAYS = 30
"""How far back a new rule is tried (issue of the lexicon's life: the last 30 days)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that was sent: its text, and the channel that it went by."""

    body: str
    channel: str


def messages(desk: Desk, days: int = DAYS) -> Iterator[Sent]:
    """The messages sent within so many days, in no order; one at a time, as there may be very many."""
    from agentdesk.store import entities

    first = desk.now() - timedelta(days=days)
    with desk.store.read() as conn:
        for state in entities.each(conn, "entry"):
            for event in state.events("message_sent"):
                if instant(str(event.value["at"])) >= first:
                    yield Sent(str(event.value.get("body") or ""), str(event.value.get("channel") or ""))


def since(desk: Desk, days: int = DAYS) -> Iterator[str]:
    """The texts alone."""
    return (sent.body for sent in messages(desk, days))
