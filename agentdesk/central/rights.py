"""Who may write what, as the centre asks it at each push: the same table as at the desk (standard §8, SYNC 2.17)."""

from __future__ import annotations

from typing import Any

from agentdesk.changes import Registry
from agentdesk.domain import roles


def may_write(mine: frozenset[str], entity: str, group: str, value: Any, registry: Registry) -> bool:
    """Return whether somebody with these roles may write `value` into a group.

    What only the centre writes is nobody's. An entity that this registry does not know passes: a newer desk wrote it,
    it is kept as it came and never folded, and losing it would lose work (SYNC 2.18).
    """
    known = registry.group(entity, group)
    if known is not None and known.central_only:
        return False
    if entity not in registry.entities:
        return True
    step = value.get("t", "") if known is not None and known.lane is not None and isinstance(value, dict) else ""
    return roles.may_write(mine, entity, group, step if isinstance(step, str) else "")
