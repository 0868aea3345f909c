"""The timeline of a request: everything that happened, oldest first, as typed items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from agentdesk.changes import Event, instant
from agentdesk.changes.fold import PENDING_EFF
from agentdesk.desk import lint_counts, releases
from agentdesk.desk.context import Desk
from agentdesk.desk.reading import Whole
from agentdesk.desk.views import TimelineItem

_GROUPS = {
    "request": ("created",),
    "contact": ("opened", "answered", "ended"),
    "entry": (
        "note",
        "message_in",
        "message_sent",
        "told",
        "verified",
        "agreed",
        "declined",
        "return_asked",
        "return_decided",
        "handed_technical",
        "supervisor_spoke",
        "extended",
        "corrects",
    ),
    "plan": ("version",),
    "resolution": ("version",),
    "verdict": ("given",),
    "callback": ("attempt", "exempted", "planned"),
    "survey": ("sent", "declined", "answered"),
    "redact": ("redact",),
}
_KINDS = {
    ("plan", "version"): "plan",
    ("resolution", "version"): "resolution",
    ("verdict", "given"): "verdict",
    ("callback", "attempt"): "callback",
    ("callback", "exempted"): "exempted",
    ("callback", "planned"): "callback_planned",
    ("survey", "sent"): "survey",
    ("survey", "declined"): "survey",
    ("survey", "answered"): "survey",
}
"""What an item is called where the group's own name would say too little."""


def kind_of(entity: str, group: str) -> str:
    """What an event of this group is called in the timeline and in the history."""
    return _KINDS.get((entity, group), group)


def items(desk: Desk, whole: Whole) -> tuple[TimelineItem, ...]:
    """All events and transitions in the order of happening; what happened at one instant stays in order of writing."""
    taken_back = {event.value.get("entry") for event in whole.events("entry", "corrects")}
    found = [
        replace(item, data={**item.data, "taken_back": True}) if item.entity_id in taken_back else item
        for item in (*_events(desk, whole), *_transitions(desk, whole), *_releases(desk, whole))
    ]
    return tuple(sorted(found, key=_order))


def _order(item: TimelineItem) -> tuple[datetime, str]:
    return item.at, item.id


def _events(desk: Desk, whole: Whole) -> Iterator[TimelineItem]:
    for entity, groups in _GROUPS.items():
        for state in whole.of(entity):
            for group in groups:
                for event in state.events(group):
                    pending = state.stamps[group][event.id][0] == PENDING_EFF and state.scope != "home"
                    item = _item(desk, entity, event, pending)
                    yield _with_counts(item, whole) if group == "ended" else item


def _item(desk: Desk, entity: str, event: Event, pending: bool) -> TimelineItem:
    data = dict(event.value)
    if entity == "survey":
        data["answer"] = event.group
    kind = kind_of(entity, event.group)
    return TimelineItem(event.id, kind, event.at, desk.person(event.actor), data, event.entity_id, pending)


def _with_counts(item: TimelineItem, whole: Whole) -> TimelineItem:
    """The end of a contact tells its lint counters (standard §5.6)."""
    counted = lint_counts.of_contact(whole, item.entity_id)
    return replace(item, data={**item.data, "lint": counted}) if any(counted.values()) else item


def _transitions(desk: Desk, whole: Whole) -> Iterator[TimelineItem]:
    for step in whole.lane.get("trail", ()):
        data = {"t": step["t"], "state": step["state"], "owner": step.get("owner") or ""}
        actor = desk.person(step.get("actor") or "")
        yield TimelineItem(step["id"], "transition", instant(step["at"]), actor, data, whole.id)


def _releases(desk: Desk, whole: Whole) -> Iterator[TimelineItem]:
    for one in releases.of(whole):
        said = {"text": f"{', '.join(one.rules)}  {one.why}"}
        yield TimelineItem(one.id, "release_asked", one.at, desk.person(one.asked_by), said, one.id)
        if one.decided_at is not None:
            actor, said = desk.person(one.decided_by), {"text": one.decision}
            yield TimelineItem(one.id, f"release_{one.state}", one.decided_at, actor, said, one.id)
