"""`doctor`: whether this desk is well."""

from __future__ import annotations

from agentdesk.desk.context import Desk
from agentdesk.desk.views import DoctorLine


def examine(desk: Desk) -> list[DoctorLine]:
    """Versions, terminal, integrity of the store, state of the sync, clock."""
    raise NotImplementedError


def digest(desk: Desk) -> str:
    """The digest for comparing copies (MODEL §8)."""
    raise NotImplementedError
