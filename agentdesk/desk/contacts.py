"""The contact: what the customer says, the end of a call or chat with the steps that were missed, and the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentdesk.changes import instant
from agentdesk.desk import forms, phases, reading, saying
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.desk.reading import Whole
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import CHANNELS, REQUIRED_STEPS

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction


def ended(whole: Whole) -> bool:
    """Whether the latest contact was ended (or there is none): what the customer says next begins another one."""
    return not whole.contact_id or any(one.entity_id == whole.contact_id for one in whole.events("contact", "ended"))


def missed_steps(whole: Whole) -> tuple[str, ...]:
    """The required steps K1–K7 of the latest contact that nobody ticked (§3.1)."""
    ticked = {
        event.value["step"] for event in whole.events("contact", "step_ticked") if event.entity_id == whole.contact_id
    }
    return tuple(step for step in REQUIRED_STEPS if step not in ticked)


def curt(desk: Desk, request_id: str) -> tuple[str, ...]:
    """The steps of the latest contact that were written without a polite word (§5.2)."""
    return phases.curt(desk, reading.load(desk, request_id))


def end(desk: Desk, request_id: str, *, confirmed: bool = False) -> tuple[str, ...]:
    """End the contact, with its length in ms; returns the missed steps.

    Raises Refusal contact.missed (steps; curt: those without a polite word) unless `confirmed`, contact.ended where
    none is open, role.denied.
    """
    require(desk.me.roles, "intake_record", "C")
    whole = reading.load(desk, request_id)
    if ended(whole):
        raise Refusal("contact.ended")
    missed = missed_steps(whole)
    if missed and not confirmed:
        raise Refusal("contact.missed", steps=missed, curt=phases.curt(desk, whole))
    with desk.journal.transaction() as txn:
        length = saying.waited_so_far(desk, whole, whole.contact_id, instant(txn.now()))
        value = {"handling_ms": length, "at": txn.now()}
        txn.write("contact", whole.contact_id, root=request_id, patch={"ended": value})
    return missed


def hear(desk: Desk, request_id: str, text: str, channel: str = "") -> str:
    """What the customer wrote or said, by `channel` (empty: that of the request). Returns the entry's id.

    A new contact begins where the last one was ended: its answer clock and its steps start anew. Private numbers are
    replaced. Raises Refusal text.empty, text.too_long, channel.unknown, role.denied.
    """
    require(desk.me.roles, "intake_record", "C")
    cleaned = forms.kept(text)
    if not cleaned:
        raise Refusal("text.empty")
    whole = reading.load(desk, request_id)
    by = channel or str(whole.value("channel"))
    if by not in CHANNELS:
        raise Refusal("channel.unknown", channel=by)
    began = ""
    with desk.journal.transaction() as txn:
        if ended(whole):
            began = _open(txn, request_id, by)
        entry_id = txn.new_id()
        value: dict[str, Any] = {"text": cleaned, "channel": by, "at": txn.now()}
        txn.write("entry", entry_id, root=request_id, patch={"message_in": value})
    if began:
        desk.opened_mono[began] = desk.mono()
    return entry_id


def _open(txn: Transaction, request_id: str, channel: str) -> str:
    contact_id = txn.new_id()
    opened = {"channel": channel, "direction": "in", "at": txn.now()}
    txn.write("contact", contact_id, root=request_id, patch={"opened": opened})
    return contact_id
