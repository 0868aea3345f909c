"""The rows of the table of keys for the way through the queue's view and for taking back: see `keys`."""

from __future__ import annotations

from agentdesk.present.action import Action

WORKSPACE_ACTIONS: tuple[Action, ...] = (
    Action(
        "workspace-following",
        ("ctrl+down",),
        "workspace",
        "following",
        label="key.following",
        help="key.following.why",
        priority=True,
    ),
    Action(
        "workspace-previous",
        ("ctrl+up",),
        "workspace",
        "previous",
        label="key.previous",
        help="key.previous.why",
        priority=True,
    ),
    Action("workspace-undo", ("shift+f8",), "workspace", "undo", label="key.undo", help="key.undo.why"),
)
