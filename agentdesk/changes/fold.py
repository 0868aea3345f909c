"""Folding: how changes become the state of an entity, one merge kind at a time (MODEL §1, SYNC 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentdesk.changes.model import Change, EntityState, Row
from agentdesk.changes.registry import Group, Kind, Registry

PENDING_EFF = 1 << 62
"""Merge time of work that the centre has not ordered: own pending changes lie on top, in the order of their ctr."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who wrote a change and where it stands in the merge order."""

    eff: int
    seq: int
    actor: str
    applied: bool = True


def fold_row(state: EntityState | None, row: Row, scope: str, registry: Registry) -> EntityState:
    """Fold one confirmed row into `state`, in place; makes the state where there is none."""
    stamp = Stamp(row.eff, row.seq, row.actor, row.verdict == "applied")
    return fold(state, row.change, stamp, scope, registry)


def fold_pending(
    state: EntityState | None, change: Change, ctr: int, actor: str, scope: str, registry: Registry
) -> EntityState:
    """Fold one pending change on top of `state`, in place.

    A transition moves its lane only if it was written on the lane's present head, else it is shown as waiting;
    a refusable lane stays where it is until the centre has spoken, except in `home`, where nobody else judges.
    """
    applied = True
    for name in change.patch:
        group = registry.group(change.entity, name)
        if group is None or group.lane is None:
            continue
        lane = state.lane(name) if state else None
        fresh = list(change.base.get(name, ())) == ([lane["head"]] if lane else [])
        applied = fresh and (group.lane.on_illegal == "proposal" or scope == "home")
    return fold(state, change, Stamp(PENDING_EFF, ctr, actor, applied), scope, registry)


def fold(state: EntityState | None, change: Change, stamp: Stamp, scope: str, registry: Registry) -> EntityState:
    """Fold a change with its stamp; groups that the registry does not know are left to the log."""
    if state is None:
        state = EntityState(change.entity, change.entity_id, change.root, scope, stamp.actor, change.rules_v)
    for name, value in change.patch.items():
        group = registry.group(change.entity, name)
        if group is not None:
            _FOLDS[group.kind](state, name, group, value, change, stamp)
    return state


def _fold_event(state: EntityState, name: str, group: Group, value: Any, change: Change, stamp: Stamp) -> None:
    state.values.setdefault(name, {})[change.id] = value
    state.stamps.setdefault(name, {})[change.id] = [stamp.eff, stamp.seq, stamp.actor]


def _fold_register(state: EntityState, name: str, group: Group, value: Any, change: Change, stamp: Stamp) -> None:
    if group.kept:
        state.kept.setdefault(name, {})[change.id] = {"eff": stamp.eff, "seq": stamp.seq, "value": value}
    present = state.stamps.get(name)
    if present is None or (present[0], present[1]) < (stamp.eff, stamp.seq):
        state.values[name] = value
        state.stamps[name] = [stamp.eff, stamp.seq, change.id, stamp.actor]


def _fold_set(state: EntityState, name: str, group: Group, value: Any, change: Change, stamp: Stamp) -> None:
    values, stamps = state.values.setdefault(name, {}), state.stamps.setdefault(name, {})
    for element, there in value.items():
        present = stamps.get(element)
        if present is None or (present[0], present[1]) < (stamp.eff, stamp.seq):
            values[element] = there
            stamps[element] = [stamp.eff, stamp.seq, change.id, stamp.actor]


def _fold_text(state: EntityState, name: str, group: Group, value: Any, change: Change, stamp: Stamp) -> None:
    siblings, stamps = state.values.setdefault(name, {}), state.stamps.setdefault(name, {})
    for replaced in change.base.get(name, ()):
        siblings.pop(replaced, None)
        stamps.pop(replaced, None)
    siblings[change.id] = value
    stamps[change.id] = [stamp.eff, stamp.seq, stamp.actor]


def _fold_lane(state: EntityState, name: str, group: Group, value: Any, change: Change, stamp: Stamp) -> None:
    if stamp.applied:
        state.values[name] = _moved(state.values.get(name), group, value, change, stamp)


def _moved(
    lane: Mapping[str, Any] | None, group: Group, value: Mapping[str, Any], change: Change, stamp: Stamp
) -> dict[str, Any]:
    """Return the lane after a transition; the target stands in the patch, so older tables fold alike."""
    before: dict[str, Any] = dict(lane) if lane else {"trail": []}
    known = group.lane.transitions.get(value["t"]) if group.lane else None
    after = {**before, **{key: item for key, item in value.items() if key not in ("t", "to", "at")}}
    after["state"] = value["to"]
    after["head"] = change.id
    after["owner"] = value.get("owner") or before.get("owner")
    after["episode"] = change.id if known and known.starts_episode else before.get("episode")
    step = {
        "id": change.id,
        "t": value["t"],
        "state": after["state"],
        "owner": after["owner"],
        "episode": after["episode"],
        "at": value["at"],
        "actor": stamp.actor,
    }
    if "wait" in value:
        step["wait"] = value["wait"]  # clocks read which wait it was
    if "current" in value:
        step["current"] = value["current"]  # which version it was that was put in force
    if "recalled" in value:
        step |= {
            "recalled": value["recalled"],
            "why": value.get("why"),
        }  # which announced version was taken back, and why
    after["trail"] = [*before["trail"], step]
    return after


_FOLDS = {
    Kind.EVENT: _fold_event,
    Kind.REGISTER: _fold_register,
    Kind.SET: _fold_set,
    Kind.TEXT: _fold_text,
    Kind.LANE: _fold_lane,
}
