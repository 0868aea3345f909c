"""The way of what a site writes for everybody, be it a lint rule or a phrase (standard §6.1): one lane, the same gates.

A version that is written counts for nobody until somebody who may approve, and who did not write it, puts it in force.
A change of what is in force leaves the lane where it stands; it is returned by putting in force once more what is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState
from agentdesk.desk import forms
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

RETURNED, ASIDE = "returned", "aside"
"""What a step of the lane may name beside the version in force: one that was returned, one that was replaced."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A kind of thing that is reviewed: its entity, its area of rights, and how its refusals begin."""

    entity: str
    area: str
    codes: str


def may_write(desk: Desk, kind: Reviewed) -> None:
    """Raises Refusal role.denied for who may neither create nor approve."""
    if not may(desk.me.roles, kind.area, "C"):
        require(desk.me.roles, kind.area, "A")


def write(txn: Transaction, kind: Reviewed, entity_id: str, groups: Mapping[str, Any]) -> None:
    """Write a version with what goes with it; what is new, returned or retired enters the lane as a draft.

    An own step that still waits for the centre shows no effect, so a lane without a state is not enough to tell.
    """
    state = txn.state(kind.entity, entity_id)
    lane = state.lane("status") if state else None
    txn.write(kind.entity, entity_id, root=entity_id, patch=groups)
    if state is None or (lane is not None and lane["state"] in (RETURNED, "retired")):
        txn.transition(kind.entity, entity_id, "status", "draft")


def put_in_force(
    desk: Desk, kind: Reviewed, entity_id: str, name: str, version_id: str, author: str, aside: str
) -> None:
    """Make a version count. `aside`: the latest one where it waits for nobody, so that it does not seem to wait now.

    Raises Refusal role.denied, <codes>.own (who wrote it may not), <codes>.state.
    """
    require(desk.me.roles, kind.area, "A")
    # A person alone at a desk that never joined has nobody to ask.
    if author == desk.me.person_id and desk.me.joined:
        raise Refusal(f"{kind.codes}.own", {_named(kind): name})
    step(desk, kind, entity_id, name, "publish", {"current": version_id, ASIDE: aside, RETURNED: ""})


def send_back(desk: Desk, kind: Reviewed, entity_id: str, name: str, why: str, proposed: str, in_force: str) -> None:
    """Return what waits to its author, with the reason. Raises Refusal role.denied, <codes>.state."""
    require(desk.me.roles, kind.area, "A")
    why = forms.kept(why)
    if in_force and proposed:
        step(desk, kind, entity_id, name, "publish", {"current": in_force, RETURNED: proposed, "why": why})
    else:
        step(desk, kind, entity_id, name, "return", {"why": why})


def retire(desk: Desk, kind: Reviewed, entity_id: str, name: str, why: str) -> None:
    """Take out of force. Raises Refusal role.denied, <codes>.state."""
    require(desk.me.roles, kind.area, "A")
    step(desk, kind, entity_id, name, "retire", {"why": forms.kept(why)})


def step(desk: Desk, kind: Reviewed, entity_id: str, name: str, t: str, value: Mapping[str, Any]) -> None:
    """Make one step of the lane. Raises Refusal <codes>.state where it stands elsewhere."""
    try:
        with desk.journal.transaction() as txn:
            txn.transition(kind.entity, entity_id, "status", t, value)
    except Refusal as refusal:
        if refusal.code != "flow.state":
            raise
        raise Refusal(f"{kind.codes}.state", {_named(kind): name}) from refusal


def _named(kind: Reviewed) -> str:
    return "rule" if kind.codes == "rule" else "phrase"


def state_of(state: EntityState) -> str:
    """Where the lane stands; what waits for the centre's word is a draft."""
    lane = state.lane("status")
    return str(lane["state"]) if lane else "draft"


def set_aside(state: EntityState) -> frozenset[str]:
    """The versions that wait for nobody, though one of them may be the latest."""
    lane = state.lane("status") or {}
    return frozenset(str(lane.get(name)) for name in (RETURNED, ASIDE) if lane.get(name))


def returned_of(state: EntityState) -> tuple[str, str]:
    """The version of what is in force that was returned, and the latest reason that somebody gave."""
    lane = state.lane("status") or {}
    return str(lane.get(RETURNED) or ""), str(lane.get("why") or "")
