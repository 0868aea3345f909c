"""The history of a request: who changed what, when, from what to what. Read from the changes (law 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
    logged_changes = queries.history(desk.store.raw(), request_id)
    lost = _overtaken(logged_changes)
    for logged in logged_changes:
        change = Change.parse(logged.payload)
        for group, new in change.patch.items():
            item = _item(desk, logged, change, group, new, before, REGISTRY)
            made.append(replace(item, lost=(logged.id, group) in lost))
    return sorted(made, key=lambda item: (item.at, item.id))


def _overtaken(logged_changes: Sequence[LoggedChange]) -> set[tuple[str, str]]:
    """(change, group) of register values that came to the centre later than the one that stands, but were made earlier.

    Their authors could not know of one another: the one that lost is offered to be restored.
    """
    placed: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for one in logged_changes:
        if one.seq is None or one.eff is None or one.refused is not None:
            continue
        change = Change.parse(one.payload)
        for group in change.patch:
            known = REGISTRY.group(change.entity, group)
            if known is not None and known.kind is Kind.REGISTER:
                placed.setdefault((change.entity_id, group), []).append((one.seq, one.eff, one.id))
    return {
        (change_id, group)
        for (_, group), found in placed.items()
        for seq, eff, change_id in found
        if any(other < seq and (other_eff, other) > (eff, seq) for other, other_eff, _ in found)
    }


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
