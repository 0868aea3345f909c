"""The history of a request: who changed what, when, from what to what. Read from the changes (law 2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from agentdesk.changes import Change, Kind, Registry, instant
from agentdesk.changes.hlc import hlc_millis
from agentdesk.desk.context import Desk
from agentdesk.desk.views import HistoryItem
from agentdesk.domain.records import REGISTRY
from agentdesk.store import queries
from agentdesk.store.queries import LoggedChange


def items(desk: Desk, request_id: str) -> list[HistoryItem]:
    """All changes under the request in the order of happening, registers with the value they replaced.

    `lost`: a register value that a later writing overtook in the merge order although it was made after it.
    """
    before: dict[tuple[str, str], Any] = {}
    made: list[HistoryItem] = []
    for logged in queries.history(desk.store.raw(), request_id):
        change = Change.parse(logged.payload)
        for group, new in change.patch.items():
            made.append(_item(desk, logged, change, group, new, before, REGISTRY))
    return sorted(made, key=lambda item: (item.at, item.id))


def _item(
    desk: Desk,
    logged: LoggedChange,
    change: Change,
    group: str,
    new: Any,
    before: dict[tuple[str, str], Any],
    registry: Registry,
) -> HistoryItem:
    known = registry.group(change.entity, group)
    key = (change.entity_id, group)
    old = before.get(key) if known is not None and known.kind is not Kind.EVENT else None
    applied = logged.refused is None and logged.verdict in (None, "applied")
    if known is not None and known.kind is not Kind.EVENT and applied:
        before[key] = new
    return HistoryItem(
        id=logged.id,
        at=_at(change, new),
        actor=desk.person(logged.actor),
        entity=change.entity,
        entity_id=change.entity_id,
        group=group,
        new=new,
        old=old,
        verdict="refused" if logged.refused else logged.verdict or ("pending" if desk.me.joined else "applied"),
    )


def _at(change: Change, value: Any) -> datetime:
    if isinstance(value, dict) and value.get("at"):
        return instant(value["at"])
    return datetime.fromtimestamp(hlc_millis(change.hlc) / 1000, UTC)
