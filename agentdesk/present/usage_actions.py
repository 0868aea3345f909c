"""The rows of the table of keys for the figures about the knowledge base."""

from __future__ import annotations

from agentdesk.present.action import Action


def _row(id_: str, key: str, action: str, footer: int = 0, *more: str) -> Action:
    keys = (key, *more) if key else ()
    words = f"key.usage.{action}"
    return Action(id_, keys, "usage", action, label=words, help=f"{words}.why", footer=footer, priority=bool(key))


USAGE_ACTIONS: tuple[Action, ...] = (
    _row("usage-do", "f8", "do", 3, "ctrl+s"),
    _row("usage-part", "ctrl+l", "part", 6),
    _row("usage-period", "ctrl+t", "period", 7),
    _row("usage-decline", "ctrl+r", "decline", 8),
    _row("usage-synonym", "ctrl+g", "synonym"),
    _row("usage-csv", "", "csv"),
    _row("usage-xlsx", "", "xlsx"),
)
"""What is done with the figures."""
