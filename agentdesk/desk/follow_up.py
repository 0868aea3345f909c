"""Following up: verdict (T13, T14), survey, call-backs, closing (T17)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agentdesk.desk import customers, forms, moving, reading
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.desk.reading import Whole
from agentdesk.desk.views import CallbackForm, DueCallback, Moved, RequestBrief
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import SURVEY_DIMENSIONS, VERDICT_VIA, VERDICTS
from agentdesk.store import queries
from agentdesk.store.queries import FollowUp

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

AREA = "callback_survey"


def due(desk: Desk, limit: int = 200) -> list[DueCallback]:
    """The follow-up list: resolved and confirmed requests that wait for something, least due first."""
    rows = queries.follow_ups(desk.store.raw(), limit)
    briefs = {brief.id: brief for brief in customers.briefs(desk, [row.id for row in rows])}
    return [_due(desk, briefs[row.id], row) for row in rows if row.id in briefs]


def _due(desk: Desk, brief: RequestBrief, row: FollowUp) -> DueCallback:
    now = round(desk.now().timestamp() * 1000)
    late, warn = row.late_at, row.warn_at
    state = "" if late is None else "breached" if late < now else "warning" if (warn or 0) < now else "running"
    facts = reading.load(desk, row.id).facts
    missing = moving.next_step(facts, desk.me.person_id).missing
    needs = tuple(code for code in missing if code in ("verdict", "callback", "survey"))
    attempts = len(facts.reached) + len(facts.unreached)
    return DueCallback(brief, _instant(row.amber_at), _instant(late), attempts, state, needs)


def _instant(millis: int | None) -> datetime | None:
    return None if millis is None else datetime.fromtimestamp(millis / 1000, UTC)


def verdict(
    desk: Desk, request_id: str, verdict: str, *, reason: str = "", via: str = "contact", survey: str = ""
) -> Moved:
    """The customer's verdict: satisfied or basically → T13 (with the survey where said, and T17 where all is there);
    dissatisfied → T14, needs a reason. Raises Refusal: flow.guard, flow.illegal, flow.later, verdict.unknown."""
    require(desk.me.roles, AREA, "C")
    whole = reading.load(desk, request_id)
    with desk.journal.transaction() as txn:
        made = give_verdict(txn, whole, verdict, reason, via)
        exempt_if_due(txn, whole)
        if survey:
            write_survey(txn, whole, survey)
        made += moving.move_on(txn, request_id)
        return moving.moved(txn, whole, made)


def give_verdict(txn: Transaction, whole: Whole, verdict: str, reason: str, via: str) -> list[str]:
    """Write the verdict and make its transition inside the caller's transaction; returns the transitions made."""
    if verdict not in VERDICTS or via not in VERDICT_VIA:
        raise Refusal("verdict.unknown", verdict=verdict, via=via)
    given = {"verdict": verdict, "dissatisfaction_reason": forms.kept(reason), "via": via, "at": txn.now()}
    txn.write("verdict", txn.new_id(), root=whole.id, patch={"given": given})
    transition = {"dissatisfied": "T14", "no_answer": "T18"}.get(verdict, "T13")
    moving.move(txn, whole.id, transition)
    return [transition]


def exempt_if_due(txn: Transaction, whole: Whole) -> None:
    """Write the exemption from the call-back beside the verdict, where the rule of §4.9 gives one."""
    facts = txn.facts(whole.id)
    if facts.state == "CONFIRMED" and facts.exempt and not facts.callback_done:
        exempted = {"why": "simple_confirmed", "at": txn.now()}
        txn.write("callback", txn.new_id(), root=whole.id, patch={"exempted": exempted})


def write_survey(txn: Transaction, whole: Whole, answer: str) -> None:
    """Write that the survey was sent or declined. Raises Refusal survey.unknown for another answer."""
    if answer not in ("sent", "declined"):
        raise Refusal("survey.unknown", answer=answer)
    txn.write("survey", txn.new_id(), root=whole.id, patch={answer: {"at": txn.now()}})


def survey(desk: Desk, request_id: str, *, sent: bool) -> Moved:
    """The survey was sent or declined; T17 follows where all is there. Raises Refusal survey.early before a verdict."""
    require(desk.me.roles, AREA, "C")
    whole = reading.load(desk, request_id)
    if not whole.facts.content:
        raise Refusal("survey.early")
    with desk.journal.transaction() as txn:
        write_survey(txn, whole, "sent" if sent else "declined")
        return moving.moved(txn, whole, moving.move_on(txn, request_id))


def callback(desk: Desk, request_id: str, form: CallbackForm) -> Moved:
    """One call-back attempt, with the verdict where one was heard (T13); T17 follows where all is there.

    Raises Refusal callback.early before the request is resolved, and what `verdict` raises.
    """
    require(desk.me.roles, AREA, "C")
    whole = reading.load(desk, request_id)
    if whole.state not in ("RESOLVED", "CONFIRMED"):
        raise Refusal("callback.early", state=whole.state)
    with desk.journal.transaction() as txn:
        txn.write("callback", txn.new_id(), root=request_id, patch={"attempt": _attempt(txn, form)})
        made: list[str] = []
        if form.reached and form.verdict and whole.state == "RESOLVED":
            made += give_verdict(txn, whole, form.verdict, form.dissatisfaction_reason, "callback")
        made += moving.move_on(txn, request_id)
        return moving.moved(txn, whole, made)


def _attempt(txn: Transaction, form: CallbackForm) -> dict[str, Any]:
    if form.verdict and form.verdict not in VERDICTS:
        raise Refusal("verdict.unknown", verdict=form.verdict, via="callback")
    for dimension, score in form.scores.items():
        if dimension not in SURVEY_DIMENSIONS or type(score) is not int or not 1 <= score <= 5:
            raise Refusal("survey.score", dimension=dimension, score=score)
    return {
        "reached": form.reached,
        "verdict": form.verdict if form.reached else "",
        "scores": dict(form.scores),
        "comment": forms.kept(form.comment),
        "new_needs": forms.kept(form.new_needs),
        "at": txn.now(),
    }


def close(desk: Desk, request_id: str) -> Moved:
    """T17. Raises Refusal flow.guard (missing: survey, callback, message, solution, verdict), flow.illegal."""
    require(desk.me.roles, AREA, "C")
    whole = reading.load(desk, request_id)
    with desk.journal.transaction() as txn:
        moving.move(txn, request_id, "T17")
        return moving.moved(txn, whole, ["T17"])
