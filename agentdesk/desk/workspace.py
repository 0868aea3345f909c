"""One request as the workspace shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agentdesk.desk import customers, knowledge, moving, reading, timeline
from agentdesk.desk.context import Desk
from agentdesk.desk.reading import Whole
from agentdesk.desk.views import (
    ClockView,
    FieldView,
    PlanStep,
    PlanView,
    Reason,
    RequestView,
    StepView,
)
from agentdesk.domain import clocks
from agentdesk.domain import intake as form
from agentdesk.domain.flow import stage
from agentdesk.domain.intake import FIELDS
from agentdesk.domain.triage import Proposal
from agentdesk.domain.vocabulary import REQUIRED_STEPS, STEPS

_TEXTS = ("description", "anomaly", "expected_outcome")


def view(desk: Desk, request_id: str) -> RequestView:
    """Record, steps, clocks, reasons, timeline and what is due next. Raises Refusal request.unknown."""
    whole = reading.load(desk, request_id)
    facts, intake = whole.facts, whole.facts.intake
    priority = whole.request.register("priority")
    proposal = customers.propose(desk, intake, before=request_id)
    filled, required = form.completeness(intake, settings=desk.settings)
    others = [root for root in customers.requests_of(desk, intake.contact, intake.customer_no) if root != request_id]
    return RequestView(
        id=request_id,
        number=whole.number,
        short_number=_short(desk, request_id),
        title=_title(whole),
        state=whole.state,
        stage=stage(whole.state),
        owner=desk.person(facts.owner or ""),
        mine=facts.owner == desk.me.person_id,
        request_type=intake.request_type,
        sub_type=intake.sub_type,
        channel=intake.channel,
        emotion=intake.emotion,
        category=intake.category,
        also_complex=intake.also_complex,
        priority=intake.priority,
        proposed_priority=str(priority.get("proposed") or ""),
        priority_why=intake.priority_why,
        reasons=_reasons(proposal, str(priority.get("rule") or "")),
        modifiers=tuple(priority.get("modifiers") or ()),
        record=_record(desk, whole),
        filled=filled,
        required=required,
        missing=tuple(form.gaps(intake, settings=desk.settings)),
        steps=_steps(whole),
        clocks=_clocks(desk, whole),
        timeline=timeline.items(desk, whole),
        plan=_plan(desk, whole),
        resolution=_resolution(whole),
        verdict=str(facts.verdict.value["verdict"]) if facts.verdict else "",
        next=moving.next_step(facts, desk.me.person_id),
        contact_id=whole.contact_id,
        customer_requests=tuple(customers.briefs(desk, others)),
        cited=tuple(knowledge.citations(desk, whole)),
        search_text=knowledge.search_text(whole),
        pending=whole.pending,
        conflict=any(len(whole.request.texts(group)) > 1 for group in _TEXTS),
        parked=reading.parked(desk, request_id),
    )


def find(desk: Desk, number_or_id: str) -> str:
    """The id of a request by id, full number or unambiguous short number.

    Raises Refusal request.unknown, request.ambiguous.
    """
    return reading.find(desk, number_or_id)


def _short(desk: Desk, request_id: str) -> str:
    return next((brief.short_number for brief in customers.briefs(desk, [request_id])), "")


def _title(whole: Whole) -> str:
    from agentdesk.store.projections.queue import title

    return title(whole.request)


def _reasons(proposal: Proposal, stored: str) -> tuple[Reason, ...]:
    """The rules that match, the stored one first; it stays even where today's words would not find it again."""
    found = [Reason(reason.rule, reason.code, reason.matched) for reason in proposal.reasons]
    if stored and stored not in {reason.rule for reason in found}:
        found.insert(0, Reason(stored, ""))
    return tuple(sorted(found, key=lambda reason: reason.rule != stored))


def _record(desk: Desk, whole: Whole) -> tuple[FieldView, ...]:
    intake = whole.facts.intake
    linked = customers.briefs(desk, intake.related_request)
    intake = replace(intake, related_request=tuple(brief.number for brief in linked))
    required = set(form.required(intake))
    fields = []
    for field in FIELDS:
        value: Any = getattr(intake, field.code, None)
        siblings = tuple(whole.request.texts(field.code)) if field.code in _TEXTS else ()
        if value or field.code in required:
            fields.append(FieldView(field.code, value or "", field.code in required, siblings))
        if field.instead and getattr(intake, field.instead):
            fields.append(FieldView(field.instead, True))
    if intake.unknown_why:
        fields.append(FieldView("unknown_why", intake.unknown_why))
    return tuple(fields)


def _steps(whole: Whole) -> tuple[StepView, ...]:
    ticked = {
        event.value["step"]: event
        for event in reversed(whole.events("contact", "step_ticked"))
        if event.entity_id == whole.contact_id
    }
    steps = []
    for step in STEPS:
        event = ticked.get(step)
        by, at = (event.value.get("by") or "", event.at) if event else ("", None)
        steps.append(StepView(step, step in REQUIRED_STEPS, event is not None, by, at))
    return tuple(steps)


def _clocks(desk: Desk, whole: Whole) -> tuple[ClockView, ...]:
    """The clocks, those that run first, least due first."""
    now = desk.now()
    found = [
        ClockView(
            clock.code,
            clock.subject,
            clock.episode,
            clocks.state(clock, now),
            clock.started_at,
            clock.due_at,
            clock.original_due_at,
            clock.warn_at,
            clock.paused_at,
            clock.stopped_at,
        )
        for clock in clocks.clocks(whole.facts, desk.settings, desk.calendar)
    ]
    return tuple(sorted(found, key=lambda clock: (not clock.running, clock.due_at, clock.code)))


def _plan(desk: Desk, whole: Whole) -> PlanView | None:
    version = whole.facts.plan()
    if version is None:
        return None
    versions = [event.id for event in whole.events("plan", "version")]
    answers = {
        answer
        for answer in ("agreed", "declined")
        for event in whole.events("entry", answer)
        if event.value.get("plan") == version.id
    }
    steps = tuple(
        PlanStep(step["text"], step.get("owner") or "", reading.when(step.get("due")))
        for step in version.value.get("steps") or ()
    )
    return PlanView(
        id=version.id,
        entity_id=version.entity_id,
        version=versions.index(version.id) + 1,
        steps=steps,
        owner=desk.person(str(version.value.get("owner") or "")),
        finish=reading.when(version.value.get("finish")),
        answer="agreed" if "agreed" in answers else "declined" if answers else "",
    )


def _resolution(whole: Whole) -> Mapping[str, Any] | None:
    version = whole.facts.resolution()
    return dict(version.value) if version else None
