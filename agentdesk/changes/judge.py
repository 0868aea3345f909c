"""Judging a transition: the centre does it once, in log order; desks never judge again (SYNC 2.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agentdesk.changes.model import EntityState, instant
from agentdesk.changes.registry import Attempt, Lane, Transition


@dataclass(frozen=True, slots=True)
class Ruling:
    """`applied`, `proposal` or `refused`, with the codes of what was missing."""

    verdict: str
    codes: tuple[str, ...] = ()


def judge(
    lane: Lane,
    state: EntityState | None,
    group: str,
    value: Mapping[str, Any],
    base: Sequence[str],
    facts: Any,
    *,
    actor: str,
    roles: frozenset[str],
    member: bool = True,
    entity_id: str,
    received: datetime | None = None,
) -> Ruling:
    """Rule on one transition against the lane as it stands and the facts written so far.

    `base` is the id of the transition that the author saw (never a state name: a state left and re-entered looks
    the same and is not). Stale but rebasable transitions pass if owner and episode are as the author saw them.
    """
    attempt = Attempt(value["t"], value, actor, roles, instant(value["at"]), entity_id, received)
    present = state.lane(group) if state else None
    codes = list(illegal(lane, present, attempt, facts))
    transition = lane.transitions.get(attempt.t)
    if transition is not None and not _fresh(transition, present, base):
        codes.append("stale")
    if not member:
        codes.append("member")
    if not codes:
        return Ruling("applied")
    return Ruling("proposal" if lane.on_illegal == "proposal" else "refused", tuple(codes))


def illegal(lane: Lane, present: Mapping[str, Any] | None, attempt: Attempt, facts: Any) -> Sequence[str]:
    """Return why the transition cannot leave the present state, by code; nothing if it can. Used at desk and centre."""
    transition = lane.transitions.get(attempt.t)
    if transition is None:
        return ("unknown",)
    if (present["state"] if present else None) not in transition.sources:
        return ("state",)
    if transition.targets and attempt.value.get("to") not in transition.targets:
        return ("target",)
    if not transition.targets and present and attempt.value.get("to") != present["state"]:
        return ("target",)
    if transition.by and not (transition.by & attempt.roles):
        return ("role",)
    return tuple(transition.guard(facts, attempt)) if transition.guard else ()


def _fresh(transition: Transition, present: Mapping[str, Any] | None, base: Sequence[str]) -> bool:
    head = [present["head"]] if present else []
    if list(base) == head:
        return True
    if not transition.rebasable or present is None or len(base) != 1:
        return False
    seen = next((step for step in present["trail"] if step["id"] == base[0]), None)
    return seen is not None and seen["owner"] == present["owner"] and seen["episode"] == present["episode"]
