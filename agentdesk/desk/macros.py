"""Macros at work: what a phrase would do is planned when it is taken, shown, and applied with the message or not.

Planning fixes the instants, so that what was shown is what happens. Applying writes into the transaction of the
message: one refusal, and neither the message nor any action is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agentdesk.changes import instant, stamp_time
from agentdesk.desk import editing, follow_up, moving
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.desk.reading import Whole
from agentdesk.domain.clocks import Clock, clocks
from agentdesk.domain.macros import Action, MacroError, of_data
from agentdesk.domain.refusal import Refusal
from agentdesk.text.privacy import looks_like_private

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Planned:
    """An action as it will be applied: `due` where it has a time."""

    action: Action
    due: datetime | None = None


def of_version(value: Mapping[str, Any]) -> tuple[Action, ...]:
    """The actions of a phrase's version. Raises Refusal macro.newer for those that this program does not know."""
    try:
        return of_data(value.get("actions"))
    except MacroError as error:
        raise Refusal("macro.newer") from error


def planned(desk: Desk, actions: Iterable[Action], already: Sequence[Planned] = ()) -> tuple[Planned, ...]:
    """What the actions mean now, beside those planned already: the same tag once, one call-back, the latest time."""
    now = desk.now()
    found = {_key(one.action): one for one in already}
    for action in actions:
        found[_key(action)] = Planned(action, action.due(now) if action.after else None)
    return tuple(found.values())


def _key(action: Action) -> tuple[str, str]:
    return action.do, action.what if action.do in ("tag", "extend") else ""


def apply(desk: Desk, txn: Transaction, whole: Whole, found: Sequence[Planned], entry_id: str) -> list[str]:
    """Write the actions beside the message `entry_id`; returns the transitions made.

    Raises Refusal: macro.past (due), macro.clock (clock), macro.late (clock), macro.sooner (clock), macro.private,
    macro.step (step), flow.…, role.denied, edit.ended.
    """
    made: list[str] = []
    order = list(_DO)
    for one in sorted(found, key=lambda one: order.index(one.action.do)):
        made += _DO[one.action.do](desk, txn, whole, one, entry_id)
    return made


def _tag(desk: Desk, txn: Transaction, whole: Whole, one: Planned, entry_id: str) -> list[str]:
    editing.require(desk, whole, "intake_record")
    if looks_like_private(one.action.what):
        raise Refusal("macro.private")
    if one.action.what not in whole.request.elements("tags"):
        txn.write("request", whole.id, root=whole.id, patch={"tags": {one.action.what: True}})
    return []


def _callback(desk: Desk, txn: Transaction, whole: Whole, one: Planned, entry_id: str) -> list[str]:
    """A call-back that was promised is owed: the request is not exempt from it any more (standard §4.9)."""
    require(desk.me.roles, follow_up.AREA, "C")
    due = _future(txn, one)
    planned_at = {"due_at": stamp_time(due), "at": txn.now()}
    txn.write("callback", txn.new_id(), root=whole.id, patch={"planned": planned_at})
    if whole.value("needs_callback", "value") is not True:
        txn.write("request", whole.id, root=whole.id, patch={"needs_callback": {"value": True, "why": ""}})
    return []


def _extend(desk: Desk, txn: Transaction, whole: Whole, one: Planned, entry_id: str) -> list[str]:
    """A new promised time of a running clock, told by this message before the old one is over (MODEL §4)."""
    editing.require(desk, whole, "plan_resolution")
    code, due, now = one.action.what, _future(txn, one), instant(txn.now())
    running = [clock for clock in _running(desk, txn, whole) if clock.code == code]
    if not running:
        raise Refusal("macro.clock", clock=code)
    for clock in running:
        if now >= clock.due_at:
            raise Refusal("macro.late", clock=code)
        if due <= clock.due_at:
            raise Refusal("macro.sooner", clock=code)
        extended = {
            "clock": code,
            "episode": clock.episode,
            "promised_at": stamp_time(due),
            "reason": one.action.why,
            "told": entry_id,
            "at": txn.now(),
        }
        txn.write("entry", txn.new_id(), root=whole.id, patch={"extended": extended})
    return []


def _running(desk: Desk, txn: Transaction, whole: Whole) -> list[Clock]:
    found = clocks(txn.facts(whole.id), desk.settings, desk.calendar)
    return [clock for clock in found if clock.stopped_at is None and clock.paused_at is None]


def _step(desk: Desk, txn: Transaction, whole: Whole, one: Planned, entry_id: str) -> list[str]:
    area, right = ("plan_resolution", "E") if one.action.what == "T8" else (follow_up.AREA, "C")
    require(desk.me.roles, area, right)
    if txn.facts(whole.id).state == "CLOSED" and one.action.what == "T17":
        return []  # the survey, sent by this very macro, closed it already
    moving.move(txn, whole.id, one.action.what)
    return [one.action.what]


def _survey(desk: Desk, txn: Transaction, whole: Whole, one: Planned, entry_id: str) -> list[str]:
    require(desk.me.roles, follow_up.AREA, "C")
    if not txn.facts(whole.id).content:
        raise Refusal("survey.early")
    follow_up.write_survey(txn, whole, one.action.what)
    return moving.move_on(txn, whole.id)


def _future(txn: Transaction, one: Planned) -> datetime:
    if one.due is None or one.due <= instant(txn.now()):
        raise Refusal("macro.past", due=one.due)
    return one.due


_DO: Mapping[str, Callable[[Desk, Transaction, Whole, Planned, str], list[str]]] = {
    "tag": _tag,
    "callback": _callback,
    "extend": _extend,
    "survey": _survey,
    "step": _step,
}
"""How each is written, in the order of writing: the step last, since what comes before may open its gate."""


def as_data(found: Sequence[Planned]) -> list[dict[str, str]]:
    """For the draft of a reply: what was planned stands there again after a restart."""
    return [{**one.action.as_data(), "due": stamp_time(one.due) if one.due else ""} for one in found]


def of_draft(found: Any) -> tuple[Planned, ...]:
    """Read back what `as_data` wrote."""
    kept = []
    for one in found or ():
        fields = {name: value for name, value in one.items() if name != "due"}
        kept.append(Planned(Action(**fields), instant(one["due"]) if one["due"] else None))
    return tuple(kept)
