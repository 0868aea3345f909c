"""The life of a request as one table: T1…T21 with source, target, guard, who, and how they merge (MODEL §3).

A guard is a pure function of `RequestFacts` and the attempt; it returns the codes of what is missing, nothing when the
step is legal. The desk asks it before a commit, the centre when it judges. T21 moves the escalation lane, not the flow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from agentdesk.changes import Attempt, Lane, Transition
from agentdesk.changes.registry import Guard
from agentdesk.domain import flow_guards as guards
from agentdesk.domain.facts import RequestFacts

STAGE_OF: Final = {
    "DRAFT": "ST1",
    "RECORDED": "ST1",
    "ANALYSING": "ST2",
    "PLAN_PENDING": "ST2",
    "ASSIGNED": "ST3",
    "IN_PROGRESS": "ST3",
    "WAITING": "ST3",
    "RESOLVED": "ST4",
    "CONFIRMED": "ST4",
    "REMEDIATION": "ST4",
    "CLOSED": "ST4",
}

#: "rep" in the tables of the standard: whoever serves customers.
AGENTS: Final = frozenset(("rep", "specialist", "super_agent", "supervisor"))
#: "owner": whoever may be made one; that it is *the* owner is for the guard to say.
OWNERS: Final = AGENTS | {"tech", "manager"}
SUPERVISORS: Final = frozenset(("supervisor", "manager"))


def _row(
    name: str,
    sources: Iterable[str | None],
    *targets: str,
    by: frozenset[str],
    guard: Guard,
    rebasable: bool = False,
    starts_episode: bool = False,
    available: bool = True,
) -> Transition:
    return Transition(
        name, frozenset(sources), targets, by, guard, rebasable, starts_episode=starts_episode, available=available
    )


def _without(*states: str) -> frozenset[str]:
    return frozenset((*STAGE_OF, "CANCELLED", "MOVED")) - set(states)


_BEFORE_RESOLVED = ("RECORDED", "ANALYSING", "PLAN_PENDING", "ASSIGNED", "IN_PROGRESS", "WAITING")

TRANSITIONS: Final = (
    _row("T1", [None], "DRAFT", by=AGENTS, guard=guards.t1),
    _row("T2", ["DRAFT"], "RECORDED", by=AGENTS, guard=guards.t2, starts_episode=True),
    _row("T3", ["RECORDED"], "RESOLVED", by=AGENTS, guard=guards.t3),
    _row("T4", ["RECORDED"], "ANALYSING", by=AGENTS | {guards.CENTRE}, guard=guards.t4),
    _row("T5", ["ANALYSING"], "PLAN_PENDING", by=AGENTS, guard=guards.t5),
    _row("T6", ["PLAN_PENDING"], "ANALYSING", by=AGENTS, guard=guards.t6, available=False),
    _row("T7", ["PLAN_PENDING"], "ASSIGNED", by=AGENTS, guard=guards.t7),
    _row("T8", ["ASSIGNED"], "IN_PROGRESS", by=OWNERS, guard=guards.t8, rebasable=True),
    _row("T9", _BEFORE_RESOLVED, "ASSIGNED", "MOVED", by=OWNERS, guard=guards.t9, rebasable=True, available=False),
    _row("T10", ["IN_PROGRESS"], "WAITING", by=OWNERS, guard=guards.t10, available=False),
    _row("T11", ["WAITING"], "IN_PROGRESS", by=OWNERS | {guards.CENTRE}, guard=guards.t11, available=False),
    _row("T12", ["IN_PROGRESS"], "RESOLVED", by=OWNERS, guard=guards.t12, rebasable=True),
    _row("T13", ["RESOLVED"], "CONFIRMED", by=AGENTS, guard=guards.t13),
    _row("T14", ["RESOLVED"], "REMEDIATION", by=AGENTS, guard=guards.t14, available=False),
    _row(
        "T15",
        ["REMEDIATION"],
        "ANALYSING",
        "ASSIGNED",
        by=SUPERVISORS,
        guard=guards.t15,
        starts_episode=True,
        available=False,
    ),
    _row("T16", ["REMEDIATION"], "CLOSED", by=SUPERVISORS, guard=guards.t16, available=False),
    _row("T17", ["CONFIRMED"], "CLOSED", by=AGENTS | {guards.CENTRE}, guard=guards.t17),
    _row("T18", ["RESOLVED"], "CLOSED", by=AGENTS, guard=guards.t18, available=False),
    _row("T19", ["CLOSED"], "ANALYSING", by=AGENTS, guard=guards.t19, starts_episode=True, available=False),
    _row("T20", _without("CLOSED", "CANCELLED", "MOVED"), "CANCELLED", by=OWNERS, guard=guards.t20, available=False),
    _row("T21", [None, "none", "answered"], "open", by=OWNERS, guard=guards.t21, rebasable=True, available=False),
)
"""The table. `available=False`: the row is law at the centre already, the form that performs it comes later."""

_ESCALATION = (
    TRANSITIONS[-1],
    _row("accept", ["open"], "accepted", by=SUPERVISORS, guard=guards.escalation_accepted, available=False),
    _row("answer", ["accepted"], "answered", by=SUPERVISORS, guard=guards.escalation_answered, available=False),
)

REQUEST_LANE: Final = Lane({row.name: row for row in TRANSITIONS if row.name != "T21"})
"""The flow of a request: what is illegal becomes a proposal, since the work behind it has been done."""

ESCALATION_LANE: Final = Lane({row.name: row for row in _ESCALATION})
"""The escalation beside the flow: (none) → open → accepted → answered, and open again from there."""


def stage(state: str | None) -> str:
    """Return the stage ST1…ST4 of a state; "" where none applies (before T1, cancelled, moved)."""
    return STAGE_OF.get(state or "", "")


def automatic(facts: RequestFacts) -> tuple[str, ...]:
    """Return the automatic transition that the facts fulfil now, at most one: T4 or T17, else nothing.

    The desk writes it in the txn that fulfils it: T4 after T2 or a change of the category, T17 after the survey or
    call-back that opens its gate. Ask again after writing it.
    """
    if facts.state == "RECORDED" and facts.category in ("complex", "urgent"):
        return ("T4",)
    if facts.state == "CONFIRMED" and not guards.closing_missing(facts):
        return ("T17",)
    return ()


def missing(facts: RequestFacts, attempt: Attempt) -> tuple[str, ...]:
    """Return what the guard of a transition misses, whatever the state: for a form that shows what is still needed.

    KeyError where no such transition exists.
    """
    row = REQUEST_LANE.transitions.get(attempt.t) or ESCALATION_LANE.transitions[attempt.t]
    return tuple(row.guard(facts, attempt)) if row.guard else ()
