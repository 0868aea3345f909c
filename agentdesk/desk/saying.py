"""Outgoing text: the gate that every message passes, and the facts that one message leaves.

Reply, plan and resolution all say something to a customer; they share this, so that no text goes out unlinted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from agentdesk.changes import instant, stamp_time
from agentdesk.desk import customers, library, phases, releases, superseded
from agentdesk.desk.context import Desk
from agentdesk.desk.forms import MAX_CHARACTERS, TEXTS
from agentdesk.desk.reading import Whole
from agentdesk.desk.views import Citation
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import TOLD_KINDS
from agentdesk.text.clean import clean
from agentdesk.text.foreign import OpenRequest
from agentdesk.text.lint import Context, Finding
from agentdesk.text.repeats import said_often

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

_WARN = "warn"
_BLOCK = "block"
_COMMAS = re.compile("[,，、;；]")


@dataclass(frozen=True, slots=True)
class Passed:
    """A text that passed the gate: cleaned, with its findings (warnings were confirmed, hints need nothing).

    `release` is the id of the grant that let its blocks pass, "" where there were none.
    """

    text: str
    findings: tuple[Finding, ...]
    release: str = ""

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that somebody confirmed; they are counted."""
        return tuple(finding for finding in self.findings if finding.severity == _WARN)

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """The findings that a supervisor released."""
        return tuple(finding for finding in self.findings if finding.severity == _BLOCK)


def gate(desk: Desk, whole: Whole, text: str, *, confirmed: bool) -> Passed:
    """Let an outgoing text pass or refuse it.

    Raises Refusal: text.empty, text.too_long (length, limit), lint.blocked (findings, release: how it stands with a
    release, see `releases.standing`), lint.confirm (findings).
    """
    cleaned = outgoing(text)
    found = tuple(findings(desk, whole, cleaned))
    stopping = tuple(finding for finding in found if finding.severity == _BLOCK)
    grant = releases.granted(whole, cleaned, stopping) if stopping else None
    if stopping and grant is None:
        stands = releases.standing(whole, cleaned, stopping)
        raise Refusal("lint.blocked", findings=stopping, rules=rules_of(stopping), release=stands)
    passed = Passed(cleaned, found, grant.id if grant else "")
    if passed.warnings and not confirmed:
        raise Refusal("lint.confirm", findings=passed.warnings, rules=rules_of(passed.warnings))
    return passed


def outgoing(text: str) -> str:
    """An outgoing text as it is judged and stored. Raises Refusal text.empty, text.too_long (length, limit)."""
    cleaned = clean(text, MAX_CHARACTERS + 1).strip()
    if not cleaned:
        raise Refusal("text.empty")
    if len(cleaned) > MAX_CHARACTERS:
        raise Refusal("text.too_long", length=len(text), limit=MAX_CHARACTERS)
    return cleaned


def blocked(desk: Desk, whole: Whole, text: str) -> tuple[Finding, ...]:
    """The findings for which a text of this request may not be sent."""
    return tuple(one for one in findings(desk, whole, text) if one.severity == _BLOCK)


def findings(desk: Desk, whole: Whole, text: str) -> list[Finding]:
    """All findings of a text that would go to this request's customer."""
    return desk.linter.check(text, context(desk, whole))


def context(desk: Desk, whole: Whole) -> Context:
    """Where a text of this request goes: the customer's own contacts and numbers are not another person's.

    Their own are those of all their requests, the service's own phones, and what they said themselves or had recorded.
    What they feel, and what the open contact has said so far, tell what is missing.
    """
    reporter, order = whole.request.register("reporter"), whole.request.register("order")
    contact, customer_no = str(reporter.get("contact") or ""), str(reporter.get("customer_no") or "")
    others = customers.numbers_of(desk, contact, customer_no)
    heard = [str(event.value.get("text") or "") for event in whole.events("entry", "message_in")]
    own = OpenRequest(
        contacts=frozenset(filter(None, (contact, *others.contacts))),
        orders=frozenset(filter(None, (str(order.get("order_no") or ""), whole.number, customer_no, *others.numbers))),
        services=frozenset(_COMMAS.split(desk.settings.get("privacy.service_numbers"))),
        said="\n".join((*heard, *(whole.request.text(group) for group in TEXTS))),
    )
    said = phases.said(desk, whole)
    return Context(
        open_request=own,
        channel=whole.value("channel"),
        industry=desk.settings.get("lint.industry"),
        emotion=whole.facts.intake.emotion,
        due=desk.linter.due(said[phases.next_step(whole)]),
        likeness=desk.settings.get("lint.likeness"),
        often=said_often(str(one.value.get("body") or "") for one in phases.messages(whole)),
    )


def rules_of(found: Sequence[Finding]) -> str:
    """The ids of the rules of some findings, each once."""
    return ", ".join(dict.fromkeys(finding.rule for finding in found))


@dataclass(frozen=True, slots=True)
class Said:
    """What a message left: its entry, the steps it ticked, how long the customer waited (None: not the first)."""

    entry_id: str
    ticked: tuple[str, ...]
    waited_ms: int | None


def say(
    desk: Desk,
    txn: Transaction,
    whole: Whole,
    passed: Passed,
    *,
    told: Sequence[str] = (),
    promised_at: datetime | None = None,
    phrases: Sequence[str] = (),
    articles: Sequence[Citation] = (),
    replaced: Sequence[str] = (),
) -> Said:
    """Write the facts of one message inside the caller's transaction: message, told kinds, answer, steps, log facts.

    `replaced`: the rules whose findings gave way to approved wordings while it was written. Raises Refusal
    policy.superseded where it rests on a version of a policy that is no longer in force.
    """
    superseded.check(desk, articles, passed.text, phrases)
    entry_id = txn.new_id()
    message = {
        "body": passed.text,
        "channel": whole.value("channel"),
        "phrases": list(phrases),
        "articles": [{"id": cited.id, "version": cited.version} for cited in articles],
        "findings": [{"rule": one.rule, "severity": one.severity} for one in passed.findings],
        "confirmed": bool(passed.warnings),
        "at": txn.now(),
    }
    patch: dict[str, Any] = {"message_sent": message}
    if passed.release:
        rules = [one.rule for one in passed.blocks]
        patch["released"] = {"approval": passed.release, "rules": rules, "at": txn.now()}
    if replaced:
        patch["replaced"] = {"rules": list(replaced), "at": txn.now()}
    txn.write("entry", entry_id, root=whole.id, patch=patch)
    tell(txn, whole, entry_id, told, promised_at)
    waited = _answer(desk, txn, whole)
    ticked = _tick(desk, txn, whole, phrases)
    _log(txn, whole, passed, phrases, articles)
    return Said(entry_id, ticked, waited)


def tell(
    txn: Transaction, whole: Whole, entry_id: str, kinds: Sequence[str], promised_at: datetime | None = None
) -> None:
    """Write what the customer was told: interim, plan, direction, progress, definite, decision, delay."""
    for kind in kinds:
        if kind not in TOLD_KINDS:
            raise Refusal("told.unknown", what=kind)
        value = {"what": kind, "promised_at": stamp_time(promised_at) if promised_at else "", "at": txn.now()}
        txn.write("entry", entry_id, root=whole.id, patch={"told": value})


def waited_so_far(desk: Desk, whole: Whole, contact_id: str, at: datetime) -> int:
    """How long the contact has waited: monotonic where this process saw it begin, else by the wall clock."""
    if contact_id in desk.opened_mono:
        return max(0, round((desk.mono() - desk.opened_mono[contact_id]) * 1000))
    opened = [event.at for event in whole.events("contact", "opened") if event.entity_id == contact_id]
    return max(0, (at - opened[0]) // timedelta(milliseconds=1)) if opened else 0


def _answer(desk: Desk, txn: Transaction, whole: Whole) -> int | None:
    """The first message to a customer who came to us answers the contact."""
    contact_id = whole.contact_id
    contact = txn.state("contact", contact_id) if contact_id else None
    if contact is None or contact.values.get("answered"):
        return None
    waited = waited_so_far(desk, whole, contact_id, instant(txn.now()))
    answered = {"waited_ms": waited, "at": txn.now()}
    txn.write("contact", contact_id, root=whole.id, patch={"answered": answered})
    return waited


def _tick(desk: Desk, txn: Transaction, whole: Whole, phrases: Sequence[str]) -> tuple[str, ...]:
    by_version = library.steps(desk)
    wanted = dict.fromkeys(step for version in phrases if (step := by_version.get(version)))
    return tuple(step for step in wanted if tick(txn, whole, step, "phrase"))


def tick(txn: Transaction, whole: Whole, step: str, by: str) -> bool:
    """Tick a step of the open contact; False where it was ticked before or no contact is open."""
    contact = txn.state("contact", whole.contact_id) if whole.contact_id else None
    if contact is None or any(event.value["step"] == step for event in contact.events("step_ticked")):
        return False
    value = {"step": step, "by": by, "at": txn.now()}
    txn.write("contact", whole.contact_id, root=whole.id, patch={"step_ticked": value})
    return True


def _log(txn: Transaction, whole: Whole, passed: Passed, phrases: Sequence[str], articles: Sequence[Citation]) -> None:
    """The log facts of a message: confirmed warnings, phrases and articles used."""
    for finding in passed.warnings:
        counted = {"rule": finding.rule, "severity": finding.severity, "confirmed": True, "request": whole.id}
        log(txn, "lint_counted", counted)
    for version in phrases:
        log(txn, "phrase_used", {"phrase": version, "request": whole.id})
    for cited in articles:
        log(txn, "article_used", {"article": cited.id, "request": whole.id, "helpful": None})


def log(txn: Transaction, group: str, value: Mapping[str, Any], **more: Mapping[str, Any]) -> str:
    """Write one log fact, an entity of its own, with what further groups say of it; returns its id."""
    fact = txn.new_id()
    patch = {name: {**said, "at": txn.now()} for name, said in {group: value, **more}.items()}
    txn.write("log_fact", fact, root=fact, patch=patch)
    return fact
