"""Taking back the last thing that a person did on a request from this desk, where the model allows it (MODEL §1, §2).

Nothing is deleted: fields and tags get their former value by a new change, a note an entry that corrects it. What has
reached a customer or moved the request stays: for those there are a further message and the steps of the flow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from agentdesk.changes import Change, Kind
from agentdesk.desk import editing, moving, reading
from agentdesk.desk.context import Desk
from agentdesk.desk.reading import Whole
from agentdesk.domain.records import REGISTRY
from agentdesk.domain.refusal import Refusal
from agentdesk.store import queries
from agentdesk.store.queries import LoggedChange

Place: TypeAlias = "tuple[str, str, str, str]"
"""What one writing is about: entity, its id, group, and the element where the group is a set."""

_NOTES = {("entry", "note"), ("entry", "checklist")}
"""A note, and the tick of a list that it tells of: taken back together."""
_WHY_NOT = {"message_sent": "undo.sent", "verified": "undo.told", "told": "undo.told"}
"""Entries that have reached the customer, and the refusal that says so; verdicts and all others have one by kind."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the names of the groups, `note` for a note."""

    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    logged: LoggedChange
    change: Change

    def places(self) -> list[tuple[Place, Any]]:
        """What it wrote, sets element by element."""
        found: list[tuple[Place, Any]] = []
        for group, value in self.change.patch.items():
            at = (self.change.entity, self.change.entity_id, group)
            if _kind(self.change.entity, group) is Kind.SET:
                found += [((*at, element), there) for element, there in value.items()]
            else:
                found.append(((*at, ""), value))
        return found


def undo(desk: Desk, request_id: str) -> Undone:
    """Take back the last thing that I did here.

    Raises Refusal: undo.nothing, undo.already, undo.sent, undo.told, undo.verdict, undo.moved, undo.recorded (other
    events), undo.overtaken (who: a colleague wrote the same afterwards), edit.ended (state), role.denied.
    """
    whole = reading.load(desk, request_id)
    steps = [_Step(one, Change.parse(one.payload)) for one in queries.history(desk.store.raw(), request_id)]
    applied = [one for one in steps if one.logged.refused is None and one.logged.verdict in (None, "applied")]
    mine = [one for one in applied if one.logged.own and one.logged.actor == desk.me.person_id]
    if not mine:
        raise Refusal("undo.nothing")
    last = [one for one in mine if one.change.txn == mine[-1].change.txn]
    groups = {(one.change.entity, group) for one in last for group in one.change.patch}
    if ("entry", "note") in groups and groups <= _NOTES:
        return _take_back_note(desk, whole, last[-1])
    _refuse_events(groups)
    return _write_back(desk, whole, applied, last)


def _kind(entity: str, group: str) -> Kind:
    known = REGISTRY.group(entity, group)
    return known.kind if known is not None else Kind.EVENT


def _refuse_events(groups: set[tuple[str, str]]) -> None:
    """Say why what was done last stays, if it is no mere value."""
    names = {group for _, group in groups}
    if "corrects" in names:
        raise Refusal("undo.already")
    for name, code in _WHY_NOT.items():
        if name in names:
            raise Refusal(code)
    if ("verdict", "given") in groups:
        raise Refusal("undo.verdict")
    kinds = {_kind(entity, group) for entity, group in groups}
    if Kind.LANE in kinds:
        raise Refusal("undo.moved")
    if Kind.EVENT in kinds:
        raise Refusal("undo.recorded")


def _take_back_note(desk: Desk, whole: Whole, step: _Step) -> Undone:
    entry = step.change.entity_id
    if any(event.value.get("entry") == entry for event in whole.events("entry", "corrects")):
        raise Refusal("undo.already")
    with desk.journal.transaction() as txn:
        correction = {"entry": entry, "why": "taken_back", "at": txn.now()}
        txn.write("entry", txn.new_id(), root=whole.id, patch={"corrects": correction})
    return Undone(("note",))


def _write_back(desk: Desk, whole: Whole, applied: Sequence[_Step], last: Sequence[_Step]) -> Undone:
    """Write what stood in each place before; several changes of one transaction go back together."""
    first, ids = applied.index(last[0]), {one.logged.id for one in last}
    before: dict[Place, Any] = {}
    for step in applied[:first]:
        before.update(step.places())
    touched = {place: value for step in last for place, value in step.places()}
    for step in applied[first:]:
        if step.logged.id not in ids and any(place in touched for place, _ in step.places()):
            raise Refusal("undo.overtaken", who=desk.person(step.logged.actor).name)
    patches: dict[tuple[str, str], dict[str, Any]] = {}
    for place, value in touched.items():
        entity, entity_id, group, element = place
        editing.require(desk, whole, "priority_override" if group == "priority" else "intake_record")
        patch = patches.setdefault((entity, entity_id), {})
        if _kind(entity, group) is Kind.SET:
            patch.setdefault(group, {})[element] = bool(before.get(place, False))
        else:
            patch[group] = before.get(place, _blank(value))
    with desk.journal.transaction() as txn:
        for (entity, entity_id), patch in patches.items():
            txn.write(
                entity, entity_id, root=whole.id, patch={name: _now(old, txn.now()) for name, old in patch.items()}
            )
        moving.move_on(txn, whole.id)
    return Undone(tuple(sorted({place[2] for place in touched})))


def _blank(value: Any) -> Any:
    """An empty value of the same shape: the place was not filled before."""
    if isinstance(value, Mapping):
        return {name: _blank(one) for name, one in value.items()}
    if isinstance(value, bool):
        return False
    return "" if isinstance(value, str) else None


def _now(value: Any, at: str) -> Any:
    """A register that tells when it was said is said now."""
    return {**value, "at": at} if isinstance(value, Mapping) and "at" in value else value
