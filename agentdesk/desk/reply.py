"""Replying: the composer's text through the lint gate into the timeline, and the steps of the contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from agentdesk.desk import contacts, forms, macros, reading, saying
from agentdesk.desk.context import Desk
from agentdesk.desk.local import drop_draft_in
from agentdesk.desk.macros import Planned
from agentdesk.desk.permission import require
from agentdesk.desk.views import Citation
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import ENDED_STATES, STEPS
from agentdesk.text.privacy import hold_out, redact

if TYPE_CHECKING:
    from agentdesk.text.lint import Finding

DRAFT = "composer:"


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that was written to the timeline; `text` is what goes to the chat window."""

    entry_id: str
    text: str
    ticked: tuple[str, ...]
    waited_ms: int | None
    confirmed: int  # warnings that were confirmed and counted
    transitions: tuple[str, ...] = ()  # steps of the flow that a macro made


def findings(desk: Desk, request_id: str, text: str) -> list[Finding]:
    """All findings of an outgoing text in the context of the request (its own contact and order are not foreign)."""
    return list(saying.findings(desk, reading.load(desk, request_id), text))


def send(
    desk: Desk,
    request_id: str,
    body: str,
    *,
    told: Sequence[str] = (),
    promised_at: datetime | None = None,
    phrases: Sequence[str] = (),
    articles: Sequence[Citation] = (),
    replaced: Sequence[str] = (),
    actions: Sequence[Planned] = (),
    confirmed: bool = False,
) -> Sent:
    """Write a message that goes to the customer; its first one answers the contact (`contact.answered`).

    `told`: what it tells (interim, plan, direction, progress, definite, decision, delay). `phrases` are the versions
    of the phrases used: their steps K1–K7 are ticked; `replaced` are the rules whose findings gave way to approved
    wordings. `actions` of a macro happen with the message or not at all. Raises Refusal: lint.blocked (findings,
    release), lint.confirm (findings) unless `confirmed`, text.too_long (length, limit), text.empty, reply.ended
    (state), role.denied, and what `macros.apply` raises.
    """
    require(desk.me.roles, "intake_record", "C")
    whole = reading.load(desk, request_id)
    if whole.state in ENDED_STATES:
        raise Refusal("reply.ended", state=whole.state)
    passed = saying.gate(desk, whole, body, confirmed=confirmed)
    with desk.journal.transaction() as txn:
        said = saying.say(
            desk,
            txn,
            whole,
            passed,
            told=told,
            promised_at=promised_at,
            phrases=phrases,
            articles=articles,
            replaced=replaced,
        )
        made = macros.apply(desk, txn, whole, actions, said.entry_id)
        drop_draft_in(txn, DRAFT + request_id)
    return Sent(said.entry_id, passed.text, said.ticked, said.waited_ms, len(passed.warnings), tuple(made))


def note(desk: Desk, request_id: str, text: str) -> str:
    """An internal note; private numbers are replaced. Returns the entry's id."""
    require(desk.me.roles, "intake_record", "C")
    cleaned = forms.kept(text)
    if not cleaned:
        raise Refusal("text.empty")
    reading.load(desk, request_id)
    with desk.journal.transaction() as txn:
        entry_id = txn.new_id()
        txn.write("entry", entry_id, root=request_id, patch={"note": {"text": cleaned, "at": txn.now()}})
    return entry_id


def receive(desk: Desk, request_id: str, text: str) -> str:
    """What the customer wrote or said, on the request's channel: see `contacts.hear`. Returns the entry's id."""
    return contacts.hear(desk, request_id, text)


def tick(desk: Desk, request_id: str, step: str) -> None:
    """Tick one of K1–K7 by hand. A step already ticked stays as it is. Raises Refusal step.unknown."""
    if step not in STEPS:
        raise Refusal("step.unknown", step=step)
    whole = reading.load(desk, request_id)
    with desk.journal.transaction() as txn:
        saying.tick(txn, whole, step, "hand")


def save_draft(
    desk: Desk,
    request_id: str,
    text: str,
    caret: int | None = None,
    actions: Sequence[Planned] = (),
    articles: Sequence[Citation] = (),
) -> None:
    """Store what stands in the composer and what it cites, private numbers held out; empty text drops the draft."""
    if not text:
        desk.drafts.drop(DRAFT + request_id)
        return
    kept = redact(text)[0] if caret is None else hold_out(text, caret)
    cites = [{"id": cited.id, "version": cited.version, "title": cited.title} for cited in articles]
    desk.drafts.save(DRAFT + request_id, {"text": kept, "actions": macros.as_data(actions), "articles": cites})


def load_draft(desk: Desk, request_id: str) -> str:
    """What stood in the composer, "" where nothing was stored."""
    kept = desk.drafts.load(DRAFT + request_id)
    return str(kept["text"]) if kept else ""


def load_actions(desk: Desk, request_id: str) -> tuple[Planned, ...]:
    """What a macro had planned beside that text."""
    kept = desk.drafts.load(DRAFT + request_id)
    return macros.of_draft(kept.get("actions")) if kept else ()


def load_citations(desk: Desk, request_id: str) -> list[Citation]:
    """What that text cites."""
    kept = desk.drafts.load(DRAFT + request_id)
    return [Citation(**cited) for cited in (kept or {}).get("articles") or ()]
