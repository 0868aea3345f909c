"""Capture: from the first word of a customer to a recorded request (T1, T2 and, where due, T4 in one transaction)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from agentdesk.changes import stamp_time
from agentdesk.desk import customers, forms, numbers, reading
from agentdesk.desk.capture_views import AnswerClock, CustomerCard
from agentdesk.desk.context import Desk
from agentdesk.desk.local import connection, drop_draft_in
from agentdesk.desk.permission import require
from agentdesk.desk.views import (
    CustomerMatch,
    FieldProblem,
    IntakeCheck,
    IntakeDraft,
    PrivateNotice,
    Proposed,
    Reason,
    Recorded,
    RequestBrief,
)
from agentdesk.domain import clocks, triage
from agentdesk.domain import intake as form
from agentdesk.domain.contact import contact_kind
from agentdesk.domain.facts import exempt_by_record
from agentdesk.domain.intake import Intake
from agentdesk.domain.refusal import Refusal
from agentdesk.store import queries
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import hold_out, looks_like_private, redact

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

DRAFT = "intake:"
HELPER = "helper."
"""How the answers of the 5W2H helper are named in a draft, before the prompt's code."""


# -- the form before it is recorded -----------------------------------------------------------------------------------


def begin(desk: Desk, channel: str = "") -> IntakeDraft:
    """A new form: the contact begins now, the answer clock runs. Nothing is stored. Preset channel: the last used."""
    values = {"channel": channel or queries.last_channel(desk.store.raw())}
    return IntakeDraft(desk.new_id(), desk.now(), desk.mono(), values)


def drafts(desk: Desk) -> list[IntakeDraft]:
    """The stored drafts of forms, newest first (after a kill: the form typed last)."""
    return [_stored(desk, kept.key.removeprefix(DRAFT), kept.value) for kept in desk.drafts.list(DRAFT)]


def next_draft(desk: Desk, after: str = "") -> IntakeDraft | None:
    """The stored form that was begun next after that one, round the end; None where there is no other."""
    others = sorted((one for one in drafts(desk) if one.id != after), key=lambda one: one.id)
    return next((one for one in others if one.id > after), others[0] if others else None)


def count_drafts(desk: Desk) -> int:
    """How many forms are begun and not recorded."""
    return queries.draft_count(desk.store.raw(), DRAFT)


def save_draft(desk: Desk, draft: IntakeDraft, values: Mapping[str, Any], caret: tuple[str, int] | None = None) -> None:
    """Store what is typed so far, private numbers held out (MODEL §6). `caret` = (field, offset) of the cursor."""
    desk.drafts.save(
        DRAFT + draft.id,
        {
            "values": {code: _storable(code, value, caret, draft.checked) for code, value in values.items()},
            "opened_at": stamp_time(draft.opened_at),
            "waited_ms": waited_ms(desk, draft),
            "answered": draft.answered_ms is not None,
            "checked": list(draft.checked),
            "parked": draft.parked,
            "at": caret[0] if caret else draft.at,
            "saved_at": stamp_time(desk.now()),
        },
    )
    if draft.answered_ms is None:
        desk.opened_mono[draft.id] = draft.opened_mono


def drop_draft(desk: Desk, draft: IntakeDraft) -> None:
    """Throw a form away."""
    desk.drafts.drop(DRAFT + draft.id)
    desk.opened_mono.pop(draft.id, None)


def answered(desk: Desk, draft: IntakeDraft) -> IntakeDraft:
    """The customer was greeted: the answer clock of the draft stops."""
    return replace(draft, answered_ms=waited_ms(desk, draft))


def answer_clock(desk: Desk, channel: str) -> AnswerClock | None:
    """The clock of a first answer on this channel (§2.6); None where none runs."""
    found = clocks.answer_clock(channel, desk.settings)
    return AnswerClock(*found) if found else None


def waited_ms(desk: Desk, draft: IntakeDraft) -> int:
    """How long the customer waits or waited for an answer, measured on the monotonic clock."""
    if draft.answered_ms is not None:
        return draft.answered_ms
    return max(0, round((desk.mono() - draft.opened_mono) * 1000))


def _storable(code: str, value: Any, caret: tuple[str, int] | None, checked: tuple[str, ...]) -> Any:
    """What of one field a draft may keep: an asked number that nobody confirmed is held out whole."""
    if isinstance(value, list | tuple):
        return [_storable(code, item, None, checked) for item in value]
    if not isinstance(value, str):
        return value
    if code.startswith(HELPER):
        return _held(value, (code, len(value)))  # where the caret stands in a prompt is not told: at its end
    typing = caret is not None and caret[0] == code
    if code in forms.ASKED and code not in checked:
        return "" if looks_like_private(value) else _held(value, caret if typing else None)
    return value if code in forms.ASKED else _held(value, caret if typing else None)


def _held(value: str, caret: tuple[str, int] | None) -> str:
    return hold_out(value, caret[1]) if caret else redact(value)[0]


def _stored(desk: Desk, draft_id: str, value: Mapping[str, Any]) -> IntakeDraft:
    """A draft as it was. What it waited meanwhile is measured within one process, else told by the wall times."""
    opened_at = datetime.fromisoformat(value["opened_at"])
    away = (desk.now() - datetime.fromisoformat(value["saved_at"])).total_seconds()
    before = value["waited_ms"] / 1000
    answered_ms = value["waited_ms"] if value["answered"] else None
    began = desk.opened_mono.get(draft_id, desk.mono() - before - max(0.0, away))
    parked = bool(value.get("parked"))
    checked, at = tuple(value["checked"]), str(value.get("at") or "")
    return IntakeDraft(draft_id, opened_at, began, value["values"], answered_ms, checked, parked, at)


# -- live state -------------------------------------------------------------------------------------------------------


def check(desk: Desk, values: Mapping[str, Any], checked: tuple[str, ...] = ()) -> IntakeCheck:
    """The live state of a form: completeness, gaps, problems, asks, proposal. A few indexed reads; ask in a worker."""
    return _check(desk, forms.to_intake(values)[0], checked)


def _check(desk: Desk, intake: Intake, checked: tuple[str, ...]) -> IntakeCheck:
    repeats, proposal = customers.repeats_and_proposal(desk, intake)
    chosen = _chosen(intake, proposal)
    problems = [FieldProblem(problem.field, problem.code) for problem in form.problems(chosen, desk.settings)]
    if triage.override_problem(proposal.priority, chosen.priority, chosen.priority_why, desk.settings):
        problems.append(FieldProblem("priority", "priority_why"))
    filled, needed = form.completeness(chosen, settings=desk.settings)
    return IntakeCheck(
        filled=filled,
        required=needed,
        required_fields=tuple(form.required(chosen)),
        missing=tuple(form.missing(chosen)),
        problems=tuple(problems),
        asks=forms.asks(chosen, checked),
        proposed=_proposed(proposal),
        category=chosen.category,
        priority=chosen.priority,
        repeat_count=repeats,
        needs_callback=not exempt_by_record(chosen, desk.settings),
        unpaired=(chosen.priority == "P1") != (chosen.category == "urgent"),
    )


def next_gap(desk: Desk, values: Mapping[str, Any], after: str = "") -> str:
    """The field of the next gap in form order after field `after`, from the top again; "" when complete."""
    intake = forms.to_intake(values)[0]
    proposal = customers.propose(desk, intake)
    return form.next_gap(_chosen(intake, proposal), after, settings=desk.settings) or ""


def _chosen(intake: Intake, proposal: triage.Proposal) -> Intake:
    """The record with category and priority as chosen, else as proposed; P1 and urgent propose each other (§2.4)."""
    priority = intake.priority or ("P1" if intake.category == "urgent" else proposal.priority)
    category = intake.category or triage.paired_category(priority, proposal.category, _is_complex(proposal))
    also_complex = intake.also_complex or (category == "urgent" and _is_complex(proposal))
    return replace(intake, priority=priority, category=category, also_complex=also_complex)


def _is_complex(proposal: triage.Proposal) -> bool:
    return proposal.also_complex or proposal.category == "complex"


def _proposed(proposal: triage.Proposal) -> Proposed:
    return Proposed(
        priority=proposal.priority,
        rule=proposal.rule,
        reasons=tuple(Reason(reason.rule, reason.code, reason.matched) for reason in proposal.reasons),
        modifiers=proposal.modifiers,
        category=proposal.category,
        also_complex=proposal.also_complex,
        category_reason=proposal.category_reason,
        category_words=proposal.category_words,
    )


def find_customer(desk: Desk, text: str, limit: int = 8) -> list[CustomerMatch]:
    """Customers whose number, contact or name matches what is typed, best first. Private numbers find nothing."""
    return customers.find(desk, text, limit)


def typed_fields(text: str) -> dict[str, str]:
    """The field of the record that a text typed into the look-up belongs to, when it found nobody."""
    typed = clean_line(text, 100)
    kind = contact_kind(typed)
    if kind and kind != "account":
        return {"contact": typed}
    if any(char.isdecimal() for char in typed):
        return {"customer_no": typed} if typed.isascii() and not typed.isdecimal() else {}
    return {"customer_name": typed[:40]} if typed and not typed.isascii() else {}


def same_matter(desk: Desk, values: Mapping[str, Any]) -> list[RequestBrief]:
    """The open requests of this customer on the same topic: asked about before a second one is recorded (§2.1 #22).

    What the form already names as related is no duplicate any more.
    """
    intake = forms.to_intake(values)[0]
    same = customers.same_topic(desk, intake)
    linked = {*intake.related_request}
    found = customers.briefs(desk, same)
    return [brief for brief in found if brief.open and not linked & {brief.id, brief.number, brief.short_number}]


def customer_card(desk: Desk, values: Mapping[str, Any]) -> CustomerCard:
    """The card of the customer in the form."""
    intake = forms.to_intake(values)[0]
    return customers.card(desk, intake.contact, intake.customer_no)


def open_requests(desk: Desk, values: Mapping[str, Any]) -> list[RequestBrief]:
    """The open requests of the customer in the form: the duplicate warning."""
    intake = forms.to_intake(values)[0]
    roots = customers.requests_of(desk, intake.contact, intake.customer_no)
    return [brief for brief in customers.briefs(desk, roots) if brief.open]


# -- recording --------------------------------------------------------------------------------------------------------


def record(
    desk: Desk, values: Mapping[str, Any], *, draft: IntakeDraft | None = None, checked: tuple[str, ...] = ()
) -> Recorded:
    """Record the form: request, contact and all facts, T1 + T2 (+ T4 for complex and urgent), in one transaction.

    Category and priority left out are the proposed ones; a differing priority needs `priority_why` (≥ 5 characters).
    ID and card numbers in texts are replaced (`notices`); in order_no and customer_no they must be in `checked`.
    Raises Refusal: capture.incomplete (missing), capture.invalid (field, problem), capture.priority_why,
    capture.ask (field), role.denied.
    """
    confirmed = tuple(dict.fromkeys((*checked, *(draft.checked if draft else ()))))
    return record_prepared(desk, prepare(desk, values, confirmed), draft)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A form that was found fit to be recorded, with what the rules proposed for it."""

    intake: Intake
    proposal: triage.Proposal
    notices: tuple[PrivateNotice, ...]
    checked: tuple[str, ...]


def prepare(desk: Desk, values: Mapping[str, Any], checked: tuple[str, ...] = ()) -> Prepared:
    """Refuse what `record` would refuse, writing nothing: an import prepares all rows before it records the first.

    What is proposed is fixed here: a row recorded meanwhile must not make the next one a repeated, incomplete one.
    """
    require(desk.me.roles, "intake_record", "C")
    intake, notices = forms.to_intake(values)
    intake = replace(intake, related_request=related(desk, intake.related_request))
    proposal = customers.propose(desk, intake)
    chosen = _chosen(intake, proposal)
    _refuse_incomplete(desk, chosen, proposal, checked)
    return Prepared(chosen, proposal, tuple(notices), checked)


def related(desk: Desk, named: Iterable[str]) -> tuple[str, ...]:
    """The ids of requests that a form names by number. Raises Refusal request.unknown, request.ambiguous (number)."""
    return tuple(dict.fromkeys(reading.find(desk, one) for one in named))


def record_prepared(desk: Desk, prepared: Prepared, draft: IntakeDraft | None = None) -> Recorded:
    """Record a form that was prepared."""
    with desk.journal.transaction() as txn:
        return record_in(desk, txn, prepared, draft)


def record_in(desk: Desk, txn: Transaction, prepared: Prepared, draft: IntakeDraft | None = None) -> Recorded:
    """Record a form that was prepared, in a transaction that is open."""
    chosen = prepared.intake
    began = draft or begin(desk, chosen.channel)
    request_id, contact_id = desk.new_id(), desk.new_id()
    txn.is_fresh("request", request_id)
    txn.is_fresh("contact", contact_id)
    number = numbers.next_number(connection(txn), desk.paths.data, txn.me.letters, txn.at)
    txn.write("request", request_id, root=request_id, patch=_first(txn, number, chosen))
    opened = {"channel": chosen.channel, "direction": "in", "at": stamp_time(min(began.opened_at, txn.at))}
    txn.write("contact", contact_id, root=request_id, patch={"opened": opened})
    if began.answered_ms is not None:
        answer = {"waited_ms": began.answered_ms, "at": _answered_at(began)}
        txn.write("contact", contact_id, root=request_id, patch={"answered": answer})
    txn.transition("request", request_id, "flow", "T1", {"owner": txn.me.person_id})
    txn.write("request", request_id, root=request_id, patch=_record(txn, prepared))
    txn.transition("request", request_id, "flow", "T2")
    if chosen.category != "simple":
        txn.transition("request", request_id, "flow", "T4")
    drop_draft_in(txn, DRAFT + began.id)
    state = (txn.state("request", request_id).lane("flow") or {})["state"]  # type: ignore[union-attr]
    desk.opened_mono.pop(began.id, None)
    desk.opened_mono[contact_id] = began.opened_mono
    return Recorded(request_id, number, contact_id, state, chosen.category, chosen.priority, prepared.notices)


def examine(
    desk: Desk, values: Mapping[str, Any], checked: tuple[str, ...] = (), apart: frozenset[str] = frozenset()
) -> tuple[Prepared, tuple[FieldProblem, ...]]:
    """Prepare a form and name everything that keeps it from being recorded, rather than refuse the first of it.

    `apart`: requests that are no earlier ones (rows of the same file). The role is not asked about.
    """
    intake, notices = forms.to_intake(values)
    found: list[FieldProblem] = []
    try:
        intake = replace(intake, related_request=related(desk, intake.related_request))
    except Refusal:
        found.append(FieldProblem("related_request", "not_a_value"))
    proposal = customers.propose(desk, intake, apart=apart)
    chosen = _chosen(intake, proposal)
    found += [FieldProblem(code, "missing") for code in form.missing(chosen)]
    found += [FieldProblem(one.field, one.code) for one in form.problems(chosen, desk.settings)]
    found += [FieldProblem(code, "looks_private") for code in forms.asks(chosen, checked)]
    wrong = {one.field for one in found}
    if "priority" not in wrong and triage.override_problem(
        proposal.priority, chosen.priority, chosen.priority_why, desk.settings
    ):
        found.append(FieldProblem("priority", "priority_why"))
    return Prepared(chosen, proposal, tuple(notices), checked), tuple(found)


def _refuse_incomplete(desk: Desk, intake: Intake, proposal: triage.Proposal, checked: tuple[str, ...]) -> None:
    if missing := form.missing(intake):
        raise Refusal("capture.incomplete", missing=missing)
    for problem in form.problems(intake, desk.settings):
        raise Refusal("capture.invalid", field=problem.field, problem=problem.code)
    for code in forms.asks(intake, checked):
        raise Refusal("capture.ask", field=code)
    if triage.override_problem(proposal.priority, intake.priority, intake.priority_why, desk.settings):
        least = desk.settings.get("intake.override_why_min")
        raise Refusal("capture.priority_why", proposed=proposal.priority, chosen=intake.priority, least=least)


def _answered_at(draft: IntakeDraft) -> str:
    return stamp_time(draft.opened_at + timedelta(milliseconds=draft.answered_ms or 0))


def _first(txn: Transaction, number: str, intake: Intake) -> dict[str, Any]:
    """What T1 needs: the request exists, and through which channel it came."""
    created = {"number": number, "recorder": txn.me.person_id, "recorded_at": txn.now(), "at": txn.now()}
    return {"created": created, "channel": {"channel": intake.channel}}


def _record(txn: Transaction, prepared: Prepared) -> dict[str, Any]:
    """All further groups of the record, with category and priority and why they are what they are."""
    intake, proposal = prepared.intake, prepared.proposal
    patch = forms.groups(intake, prepared.checked)
    del patch["channel"]
    patch["category"] = {"category": intake.category, "also_complex": intake.also_complex, "at": txn.now()}
    patch["priority"] = {
        "priority": intake.priority,
        "proposed": proposal.priority,
        "rule": proposal.rule,
        "modifiers": list(proposal.modifiers),
        "why": intake.priority_why,
        "at": txn.now(),
    }
    return patch
