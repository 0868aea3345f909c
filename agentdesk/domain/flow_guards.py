"""The guards of the request lane: what each transition must find in the facts (MODEL §3).

Every guard takes the facts folded up to and including the earlier changes of its own txn, and the attempt, and returns
codes of what is missing or wrong: field codes of the record for T2, else the words listed in each docstring.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from agentdesk.changes import Attempt
from agentdesk.domain import vocabulary as words
from agentdesk.domain.facts import RequestFacts, Step
from agentdesk.domain.intake import gaps
from agentdesk.domain.roles import authority_minor
from agentdesk.domain.triage import override_problem

#: The post under which the centre writes automatic transitions, where facts of two desks together fulfil them.
CENTRE: Final = "centre"


def _said(value: Any) -> bool:
    """Whether a text field says anything."""
    return bool(str(value or "").strip())


def _codes(**needs: bool) -> list[str]:
    """Return the names of the needs that are not met, in the order given."""
    return [code for code, met in needs.items() if not met]


def _is_owner(facts: RequestFacts, attempt: Attempt) -> bool:
    return bool(attempt.actor) and attempt.actor == facts.owner


def _owner_or_supervisor(facts: RequestFacts, attempt: Attempt) -> bool:
    return _is_owner(facts, attempt) or bool(attempt.roles & {"supervisor", "manager"})


def t1(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Captured: `channel`."""
    return _codes(channel=facts.intake.channel in words.CHANNELS)


def t2(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Recorded: see `recording_missing`."""
    return recording_missing(facts)


def recording_missing(facts: RequestFacts) -> list[str]:
    """The codes of fields that are missing or invalid (§2.3), `priority_why` for an unexplained override."""
    intake = facts.intake
    found = gaps(intake, settings=facts.settings)
    proposed = str(facts.register("priority").get("proposed") or intake.priority)
    why = override_problem(proposed, intake.priority, intake.priority_why, facts.settings)
    return [*found, why] if why else found


def t3(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Answered at once: `simple`, `resolution`, `solution_text`, `source` (an article cited or own knowledge)."""
    version = facts.resolution(attempt.value.get("resolution_id"))
    value: Mapping[str, Any] = version.value if version else {}
    return _codes(
        simple=facts.category == "simple",
        resolution=version is not None,
        solution_text=_said(value.get("solution_text")),
        source=bool(value.get("kb_refs")) or bool(value.get("own_knowledge")),
    )


def t4(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """To analysis: `complex_or_urgent`."""
    return _codes(complex_or_urgent=facts.category in ("complex", "urgent"))


def t5(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Plan told: `plan`, `steps`, `plan_owner`, `finish`, `verified`, and for urgent `interim`."""
    version = facts.plan(attempt.value.get("plan_id"))
    value: Mapping[str, Any] = version.value if version else {}
    steps = value.get("steps") or ()
    return _codes(
        plan=version is not None,
        steps=bool(steps) and all(_said(step.get("text")) for step in steps),
        plan_owner=_said(value.get("owner")),
        finish=_said(value.get("finish")),
        verified=bool(facts.events("entry", "verified")),
        interim=facts.category != "urgent" or bool(facts.told("interim")),
    )


def t6(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Plan declined: `declined` (of the lane's plan version), `why`."""
    declined = facts.answers("declined", facts.flow.get("plan_id"))
    return _codes(declined=bool(declined), why=bool(declined) and _said(declined[-1].value.get("why")))


def t7(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Plan agreed: `agreed` (to the lane's plan version, oral or written), `owner`."""
    agreed = facts.answers("agreed", facts.flow.get("plan_id"))
    return _codes(
        agreed=any(_said(event.value.get("how")) for event in agreed),
        owner=_said(attempt.value.get("owner") or facts.owner),
    )


def t8(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Work accepted: `owner` must be the author."""
    return _codes(owner=_is_owner(facts, attempt))


def t9(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Handed on: `actor`, `why`, `receiver`, `state`, `summary`, `third_transfer`, `complaint_line`.

    Inside the team only from ASSIGNED and IN_PROGRESS; to another team from any state before RESOLVED. On the
    complaint line the attempt names the new owner's post in `owner_role`.
    """
    moved = attempt.value.get("to") == "MOVED"
    receiver = attempt.value.get("to_team" if moved else "owner")
    allowed = facts.transfer_count < facts.settings.get("flow.free_transfers")
    senior = attempt.value.get("owner_role") in ("specialist", "super_agent", "supervisor")
    return _codes(
        actor=_owner_or_supervisor(facts, attempt),
        why=_said(attempt.value.get("why")),
        receiver=_said(receiver),
        state=moved or facts.state in ("ASSIGNED", "IN_PROGRESS"),
        summary=_summary(facts, "transfer"),
        third_transfer=allowed
        or bool(attempt.roles & {"supervisor", "manager"})
        or bool(facts.granted("third_transfer")),
        complaint_line=moved or senior or not facts.register("complaint_line").get("on"),
    )


def _summary(facts: RequestFacts, purpose: str) -> bool:
    return any(event.value.get("for") == purpose for event in facts.events("entry", "summary"))


def t10(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Waiting: `owner`, `wait_kind`, `until`, `told` (the customer, since the work began)."""
    wait = attempt.value.get("wait") or {}
    began = facts.trail[-1].at if facts.trail else attempt.at
    return _codes(
        owner=_is_owner(facts, attempt),
        wait_kind=wait.get("kind") in words.WAIT_KINDS,
        until=_said(wait.get("until")),
        told=any(event.at >= began for event in facts.told()),
    )


def t11(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """The answer came: `actor`, `answer` (what the present wait waits for, since it began)."""
    waits = facts.steps("T10")
    wait = facts.flow.get("wait") or {}
    answered = bool(waits) and _answered(facts, str(wait.get("kind", "")), waits[-1])
    return _codes(actor=_is_owner(facts, attempt) or CENTRE in attempt.roles, answer=answered)


def _answered(facts: RequestFacts, kind: str, wait: Step) -> bool:
    sources = {
        "customer": ("entry", "message_in"),
        "co_handler": ("assist", "answered"),
        "third_party": ("entry", "note"),
    }
    return kind in sources and any(event.at >= wait.at for event in facts.events(*sources[kind]))


def t12(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Work done: `owner`, `resolution`, `outcome`, `cause_class` (unless simple), `actions`, `solution_text`,
    `compensation` (within the author's authority or granted)."""
    version = facts.resolution(attempt.value.get("resolution_id"))
    value: Mapping[str, Any] = version.value if version else {}
    return _codes(
        owner=_is_owner(facts, attempt),
        resolution=version is not None,
        outcome=value.get("outcome") in words.OUTCOMES,
        cause_class=facts.category == "simple" or value.get("cause_class") in words.CAUSE_CLASSES,
        actions=bool(value.get("actions")),
        solution_text=_said(value.get("solution_text")),
        compensation=_compensation_granted(facts, value.get("compensation"), attempt),
    )


def _compensation_granted(facts: RequestFacts, compensation: Any, attempt: Attempt) -> bool:
    """Whether nothing is promised that nobody had the authority for; an amount that cannot be read is not granted."""
    if not compensation:
        return True
    amount = compensation.get("amount_minor") if isinstance(compensation, Mapping) else None
    if type(amount) is not int or amount < 0:
        return False
    limit = authority_minor(attempt.roles, facts.settings)
    if limit is None or amount <= limit:
        return True
    return any(
        event.value.get("amount_minor", 0) >= amount
        for approval in facts.granted("compensation")
        for event in approval.events("asked")
    )


def t13(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Confirmed: `verdict` (satisfied or basically, given since the resolution)."""
    verdict = facts.fresh_verdict
    return _codes(verdict=verdict is not None and verdict.value.get("verdict") in words.CONTENT_VERDICTS)


def t14(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Dissatisfied: `verdict`, `dissatisfaction_reason`."""
    verdict = facts.fresh_verdict
    value: Mapping[str, Any] = verdict.value if verdict else {}
    return _codes(
        verdict=value.get("verdict") == "dissatisfied",
        dissatisfaction_reason=_said(value.get("dissatisfaction_reason")),
    )


def t15(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Remedy agreed: `supervisor_spoke`, `cause_class`, `agreed`; all since the customer was dissatisfied."""
    since = [step.at for step in facts.steps("T14")]
    spoke = [event for event in facts.events("entry", "supervisor_spoke") if event.value.get("for") == "dissatisfied"]
    agreed = facts.events("entry", "agreed")
    return _codes(
        supervisor_spoke=bool(since) and any(event.at >= since[-1] for event in spoke),
        cause_class=attempt.value.get("cause_class") in words.CAUSE_CLASSES,
        agreed=bool(since) and any(event.at >= since[-1] for event in agreed),
    )


def t16(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Closed after all: `retro_pick`, `accepted` (by the customer, or a granted approval "unresolvable")."""
    since = [step.at for step in facts.steps("T14")]
    agreed = bool(since) and any(event.at >= since[-1] for event in facts.events("entry", "agreed"))
    return _codes(
        retro_pick=bool(facts.register("retro_pick").get("on")),
        accepted=agreed or bool(facts.granted("unresolvable")),
    )


def closing_missing(facts: RequestFacts) -> list[str]:
    """Return what the loop lacks for T17: `survey`, `callback`, `message`, `solution`, `verdict`."""
    return [*_codes(survey=facts.survey_done, callback=facts.callback_done), *facts.archive_missing]


def t17(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Closed: see `closing_missing`."""
    return closing_missing(facts)


def t18(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Unreachable: `attempts`, `days` (different ones), `verdict` no_answer."""
    days = {event.at.astimezone(attempt.at.tzinfo).date() for event in facts.unreached}
    verdict = facts.fresh_verdict
    return _codes(
        attempts=len(facts.unreached) >= facts.settings.get("flow.unreachable_attempts"),
        days=len(days) >= facts.settings.get("flow.unreachable_days"),
        verdict=verdict is not None and verdict.value.get("verdict") == "no_answer",
    )


def t19(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Come back: `return_window` (since CLOSED), `contact` (a new one). That it is the same matter the agent says."""
    closed = [step.at for step in facts.trail if step.state == "CLOSED"]
    window = timedelta(seconds=facts.settings.seconds("flow.return_window"))
    return _codes(
        return_window=bool(closed) and attempt.at - closed[-1] <= window,
        contact=bool(closed) and any(event.at >= closed[-1] for event in facts.events("contact", "opened")),
    )


def t20(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Cancelled: `actor`, `why`, and for a merged one `merged_into`."""
    why = attempt.value.get("why")
    return _codes(
        actor=_owner_or_supervisor(facts, attempt),
        why=why in words.CANCEL_REASONS,
        merged_into=why != "merged" or _said(attempt.value.get("merged_into")),
    )


def t21(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Escalated: `reason`, `open` (flow neither closed nor cancelled nor moved), `summary`."""
    return _codes(
        reason=attempt.value.get("reason") in words.ESCALATION_REASONS,
        open=facts.state is not None and facts.state not in words.ENDED_STATES,
        summary=_summary(facts, "escalation"),
    )


def escalation_accepted(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """A supervisor takes the escalation: nothing more is needed."""
    return []


def escalation_answered(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Answered: `supervisor_spoke` for the escalation."""
    spoke = facts.events("entry", "supervisor_spoke")
    return _codes(supervisor_spoke=any(event.value.get("for") == "escalation" for event in spoke))
