"""The plan: told (T5), declined (T6), agreed (T7), work accepted by its owner (T8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from agentdesk.changes import stamp_time
from agentdesk.desk import forms, moving, reading, saying
from agentdesk.desk.context import Desk
from agentdesk.desk.local import drop_draft_in
from agentdesk.desk.permission import require
from agentdesk.desk.reply import DRAFT
from agentdesk.desk.views import Citation, Moved, PlanStep
from agentdesk.domain.article_steps import Step, parse, written
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import AGREED_HOW, VERIFIED_HOW

AREA = "plan_resolution"
_ABOUT = timedelta(minutes=1)
"""A finish is typed to the minute, and some seconds earlier than the steps are read."""


def tell(
    desk: Desk,
    request_id: str,
    *,
    steps: Sequence[PlanStep],
    finish: datetime,
    verified_how: str,
    message: str = "",
    interim: str = "",
    owner: str = "",
    phrases: Sequence[str] = (),
    articles: Sequence[Citation] = (),
    confirmed: bool = False,
) -> Moved:
    """T5: a plan version, the fact that it was told, that facts were verified, and for urgent the interim measure.

    `message` and `interim` are outgoing texts (linted, written to the timeline); empty `message`: told by voice.
    `interim` may be empty where one was told before. `owner` empty: me. Raises Refusal: flow.guard (missing),
    flow.illegal, lint.blocked, lint.confirm, plan.finish_past, plan.verified (how), role.denied.
    """
    require(desk.me.roles, AREA, "C")
    if finish <= desk.now():
        raise Refusal("plan.finish_past")
    if verified_how and verified_how not in VERIFIED_HOW:
        raise Refusal("plan.verified", how=verified_how)
    whole = reading.load(desk, request_id)
    first = saying.gate(desk, whole, interim, confirmed=confirmed) if interim.strip() else None
    second = saying.gate(desk, whole, message, confirmed=confirmed) if message.strip() else None
    with desk.journal.transaction() as txn:
        if first is not None:
            saying.say(desk, txn, whole, first, told=("interim",))
        if verified_how:
            verified = {"how": verified_how, "at": txn.now()}
            txn.write("entry", txn.new_id(), root=request_id, patch={"verified": verified})
        responsible = owner or txn.me.person_id
        version = {
            "steps": [_step(step, responsible) for step in steps],
            "owner": responsible,
            "finish": stamp_time(finish),
            "at": txn.now(),
        }
        plan_id = txn.write("plan", txn.new_id(), root=request_id, patch={"version": version})
        if second is not None:
            saying.say(desk, txn, whole, second, told=("plan",), promised_at=finish, phrases=phrases, articles=articles)
        else:
            saying.tell(txn, whole, txn.new_id(), ("plan",), finish)
        moving.move(txn, request_id, "T5", {"plan_id": plan_id})
        drop_draft_in(txn, DRAFT + request_id)
        return moving.moved(txn, whole, ["T5"])


def steps_of(desk: Desk, typed: Iterable[str], finish: datetime) -> list[PlanStep]:
    """Read steps as a person types them: who does it and within what time may stand at the end (`@王五 +2h`).

    Who is nobody known here stays in the words. What would take longer than the plan is due with it, and says in its
    words how long was meant (`late_steps` tells of it before).
    """
    known = {name: one.id for one in desk.people.values() for name in (one.name, one.work_no) if name}
    return [_typed(parse(text), known, desk.now(), finish) for text in typed if text.strip()]


def _typed(step: Step, known: Mapping[str, str], now: datetime, finish: datetime) -> PlanStep:
    late = _late(step, now, finish)
    due = finish if step.within is None or late else min(finish, now + step.within)
    owner = known.get(step.actor, "")
    said = Step(step.text, "" if owner else step.actor, step.within if late else None)
    return PlanStep(written(said), owner, due)


def late_steps(typed: Iterable[str], now: datetime, finish: datetime) -> list[int]:
    """The numbers of the steps, as they are typed, that would take longer than the plan."""
    steps = (parse(text) for text in typed if text.strip())
    return [number for number, step in enumerate(steps, 1) if _late(step, now, finish)]


def _late(step: Step, now: datetime, finish: datetime) -> bool:
    return step.within is not None and now + step.within > finish + _ABOUT


def _step(step: PlanStep, owner: str) -> dict[str, str]:
    return {
        "text": forms.kept(step.text),
        "owner": step.owner or owner,
        "due": stamp_time(step.due) if step.due else "",
    }


def decline(desk: Desk, request_id: str, why: str) -> Moved:
    """T6: the customer declines the plan; `why` is kept. Raises Refusal: flow.later, flow.guard, flow.illegal."""
    require(desk.me.roles, AREA, "C")
    whole = reading.load(desk, request_id)
    with desk.journal.transaction() as txn:
        value = {"plan": whole.lane.get("plan_id") or "", "how": "", "why": forms.kept(why), "at": txn.now()}
        txn.write("entry", txn.new_id(), root=request_id, patch={"declined": value})
        moving.move(txn, request_id, "T6", {"why": value["why"]})
        return moving.moved(txn, whole, ["T6"])


def agree(desk: Desk, request_id: str, how: str = "oral", *, owner: str = "", accept: bool = True) -> Moved:
    """T7: the customer agrees (`how`: oral, written); with `accept` and where I am the owner also T8, in one txn."""
    require(desk.me.roles, AREA, "C")
    if how not in AGREED_HOW:
        raise Refusal("plan.how", how=how, known=", ".join(AGREED_HOW))
    whole = reading.load(desk, request_id)
    with desk.journal.transaction() as txn:
        value = {"plan": whole.lane.get("plan_id") or "", "how": how, "why": "", "at": txn.now()}
        txn.write("entry", txn.new_id(), root=request_id, patch={"agreed": value})
        plan = whole.event("plan", "version", str(whole.lane.get("plan_id") or ""))
        responsible = owner or (plan.value["owner"] if plan else "") or txn.me.person_id
        moving.move(txn, request_id, "T7", {"owner": responsible})
        made = ["T7"]
        if accept and responsible == txn.me.person_id:
            moving.move(txn, request_id, "T8")
            made.append("T8")
        return moving.moved(txn, whole, made)


def accept(desk: Desk, request_id: str) -> Moved:
    """T8: the owner takes the work. Raises Refusal: flow.guard (not the owner), flow.illegal."""
    require(desk.me.roles, AREA, "E")
    whole = reading.load(desk, request_id)
    with desk.journal.transaction() as txn:
        moving.move(txn, request_id, "T8")
        return moving.moved(txn, whole, ["T8"])
