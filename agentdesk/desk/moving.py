"""Moving the flow lane: one way for all use cases, with refusals that a form can show, and what is due next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentdesk.desk.reading import Whole
from agentdesk.desk.views import Moved, NextStep
from agentdesk.domain.flow import AGENTS, automatic
from agentdesk.domain.flow_guards import closing_missing, recording_missing
from agentdesk.domain.refusal import Refusal

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.domain.facts import RequestFacts
    from agentdesk.store.transaction import Transaction

_OWN_CODES = frozenset(("flow.later", "flow.unknown", "flow.role"))


def move(txn: Transaction, request_id: str, t: str, value: Mapping[str, Any] | None = None) -> str:
    """Make a transition of the flow lane; returns its change id.

    Raises Refusal: flow.later (transition), flow.illegal (transition, state: the lane stands elsewhere), flow.role
    (transition), flow.guard (transition, missing: codes of what the guard lacks).
    """
    try:
        return txn.transition("request", request_id, "flow", t, value)
    except Refusal as refusal:
        if refusal.code in _OWN_CODES or not refusal.code.startswith("flow."):
            raise
        state, missing = refusal.args.get("state", ""), refusal.args.get("missing", [])
        if refusal.code in ("flow.state", "flow.target"):
            raise Refusal("flow.illegal", transition=t, state=state) from refusal
        raise Refusal("flow.guard", transition=t, state=state, missing=missing) from refusal


def record_again(txn: Transaction, request_id: str) -> list[str]:
    """Make T2 where the record of a draft has become complete and the person may record; then what follows."""
    facts = txn.facts(request_id)
    if facts.state != "DRAFT" or recording_missing(facts) or not AGENTS & set(txn.me.roles):
        return move_on(txn, request_id)
    move(txn, request_id, "T2")
    return ["T2", *move_on(txn, request_id)]


def move_on(txn: Transaction, request_id: str) -> list[str]:
    """Make the transitions that follow by themselves (T4, T17) as far as the facts fulfil them."""
    made: list[str] = []
    while following := automatic(txn.facts(request_id)):
        made += [move(txn, request_id, t) and t for t in following]
    return made


def moved(txn: Transaction, whole: Whole, transitions: list[str]) -> Moved:
    """Say where the lane stands at the end of a transaction."""
    facts = txn.facts(whole.id)
    return Moved(whole.id, whole.number, facts.state or "", tuple(transitions), next_step(facts, txn.me.person_id))


def standing(desk: Desk, whole: Whole) -> Moved:
    """Say where the lane stands, nothing having moved."""
    facts = whole.facts
    return Moved(whole.id, whole.number, facts.state or "", (), next_step(facts, desk.me.person_id))


def next_step(facts: RequestFacts, me: str) -> NextStep:
    """What is due next for a request in its present state."""
    mine = facts.owner in (None, me)
    state = facts.state or ""
    if state == "RESOLVED":
        return NextStep("follow_up.verdict", "T13", ("verdict",), mine)
    if state == "CONFIRMED":
        return _before_closing(facts, mine)
    use_case, transition = _DUE.get(state, ("none", ""))
    if state == "RECORDED" and facts.category != "simple":
        return NextStep("plan.tell", "T4", (), mine)
    missing: tuple[str, ...] = ()
    if state == "DRAFT":  # also one that was complete until the site asked for more
        missing = tuple(recording_missing(facts))
    if state == "ANALYSING" and facts.category == "urgent" and not facts.told("interim"):
        missing = ("interim",)
    return NextStep(use_case, transition, missing, mine)


_DUE = {
    "DRAFT": ("capture", "T2"),
    "RECORDED": ("resolve", "T3"),
    "ANALYSING": ("plan.tell", "T5"),
    "PLAN_PENDING": ("plan.agree", "T7"),
    "ASSIGNED": ("plan.accept", "T8"),
    "IN_PROGRESS": ("resolve", "T12"),
    "WAITING": ("later", "T11"),
    "REMEDIATION": ("later", "T15"),
}


def _before_closing(facts: RequestFacts, mine: bool) -> NextStep:
    missing = tuple(closing_missing(facts))
    for code in ("survey", "callback"):
        if code in missing:
            return NextStep(f"follow_up.{code}", "T17", missing, mine)
    return NextStep("follow_up.close", "T17", missing, mine)
