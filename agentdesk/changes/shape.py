"""Shape rules that hold at desk and centre alike: a change that breaks one is refused, whatever it says."""

from __future__ import annotations

import re
from typing import Any

from agentdesk.changes.model import Change, instant
from agentdesk.changes.registry import Group, Kind, Registry

MAX_ELEMENTS = 40
MAX_CHANGE_BYTES = 256 * 1024
MAX_DEPTH = 16
"""Lists and objects inside one another: what is read and copied by recursion must not be able to end it."""

_YEARS = range(1900, 9000)
"""Beyond them no duration can be added to an instant."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def shape_problem(change: Change, registry: Registry) -> str | None:
    """Return why a change is misshapen, as a short code, or None. Unknown entities and groups pass: they stay raw."""
    if len(change.raw) > MAX_CHANGE_BYTES:
        return "too_large"
    if not all(_UUID.fullmatch(value) for value in (change.id, change.txn, change.entity_id, change.root)):
        return "id"
    if not change.patch:
        return "empty"
    if too_deep(change.patch):
        return "depth"
    lanes = 0
    for name, value in change.patch.items():
        group = registry.group(change.entity, name)
        if group is None:
            continue
        lanes += group.kind is Kind.LANE
        if problem := _group_problem(group, value):
            return f"{name}:{problem}"
    return "lanes" if lanes > 1 else None


def _group_problem(group: Group, value: Any) -> str | None:
    if group.kind is Kind.TEXT:
        return None if isinstance(value, str) and len(value) <= group.max_text else "text"
    if not isinstance(value, dict):
        return "value"
    if group.kind is Kind.SET:
        fits = len(value) <= MAX_ELEMENTS and all(type(there) is bool for there in value.values())
        return None if fits else "set"
    if group.kind is Kind.LANE and not all(isinstance(value.get(key), str) for key in ("t", "to")):
        return "transition"
    timed = group.kind in (Kind.EVENT, Kind.LANE) or ("at" in group.fields and "at" in value)
    if timed and not _has_time(value):
        return "at"
    return None if _texts_fit(value, group.max_text) else "text"


def _has_time(value: dict[str, Any]) -> bool:
    try:
        return instant(value["at"]).year in _YEARS
    except (KeyError, TypeError, ValueError):
        return False


def too_deep(value: Any) -> bool:
    """Whether lists and objects lie deeper inside one another than `MAX_DEPTH`; itself without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for outer in level
            if isinstance(outer, dict | list)
            for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return any(isinstance(item, dict | list) for item in level)


def _texts_fit(value: Any, limit: int) -> bool:
    """True unless a string anywhere inside is longer than the limit."""
    if isinstance(value, str):
        return len(value) <= limit
    if isinstance(value, dict):
        return all(_texts_fit(item, limit) for item in value.values())
    if isinstance(value, list):
        return all(_texts_fit(item, limit) for item in value)
    return True
