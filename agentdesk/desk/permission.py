"""The permission table (§8) as use cases ask it."""

from __future__ import annotations

from collections.abc import Iterable

from agentdesk.domain import roles
from agentdesk.domain.refusal import Refusal


def require(mine: Iterable[str], area: str, right: str) -> None:
    """Go on if one of my roles has the right in the area; raises Refusal role.denied (area, right) if none has."""
    if not roles.may(mine, area, right):
        raise Refusal("role.denied", area=area, right=right)
