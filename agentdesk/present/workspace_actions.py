"""The rows of the table of keys for the workspace beside the reply: contact, timeline, way through the queue."""

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
    Action(
        "workspace-steps", ("ctrl+t",), "workspace", "steps", label="key.steps", help="key.steps.why", priority=True
    ),
    Action("workspace-note", ("ctrl+o",), "workspace", "note", label="key.note", help="key.note.why", priority=True),
    Action(
        "workspace-timeline",
        ("ctrl+g",),
        "workspace",
        "timeline",
        label="key.timeline",
        help="key.timeline.why",
        priority=True,
    ),
    Action("workspace-end", ("shift+f7",), "workspace", "end", label="key.end", help="key.end.why", priority=True),
    Action(
        "workspace-reveal",
        ("insert",),
        "workspace",
        "reveal",
        label="key.reveal",
        help="key.reveal.why",
        priority=True,
    ),
    Action(
        "workspace-copy-contact",
        (),
        "workspace",
        "copy_contact",
        label="key.copy_contact",
        help="key.copy_contact.why",
    ),
    Action(
        "workspace-alike", ("ctrl+f7",), "workspace", "alike", label="key.alike", help="key.alike.why", priority=True
    ),
    Action("workspace-why", (), "workspace", "why", label="key.why", help="key.why.here.why"),
    Action("workspace-missed", (), "workspace", "missed", label="key.missed", help="key.missed.here.why"),
    Action(
        "alike-take", ("f8", "ctrl+s"), "alike", "take", label="key.alike.take", help="key.alike.take.why", footer=3
    ),
    Action("alike-cite", ("ctrl+t",), "alike", "cite", label="key.alike.cite", help="key.alike.cite.why", footer=6),
    Action("alike-open", ("ctrl+o",), "alike", "open", label="key.open", help="key.alike.open.why", footer=7),
    Action("workspace-macro", ("shift+f5",), "workspace", "macro", label="key.macro", help="key.macro.why"),
    Action(
        "macro-drop", ("f8", "ctrl+s"), "macro", "drop", label="key.macro.drop", help="key.macro.drop.why", footer=3
    ),
    Action("steps-tick", ("f8", "ctrl+s"), "steps", "tick", label="key.tick", help="key.tick.why", footer=3),
    Action("note-write", ("f8", "ctrl+s"), "note", "write", label="key.write", help="key.write.why", footer=3),
    Action(
        "workspace-ask-release",
        (),
        "workspace",
        "ask_release",
        label="key.ask_release",
        help="key.ask_release.why",
    ),
    Action("release-ask-do", ("f8", "ctrl+s"), "release-ask", "ask", label="key.ask", help="key.ask.why", footer=3),
    Action(
        "release-decide-do",
        ("f8", "ctrl+s"),
        "release-decide",
        "decide",
        label="key.release_decide",
        help="key.release_decide.why",
        footer=3,
    ),
    Action(
        "releases-open",
        ("f8", "ctrl+s"),
        "releases",
        "open",
        label="key.release_decide",
        help="key.releases.why",
        footer=3,
    ),
    Action("workspace-undo", ("shift+f8",), "workspace", "undo", label="key.undo", help="key.undo.why"),
    Action("workspace-redact", (), "workspace", "redact", label="key.redact", help="key.redact.why"),
    Action("redact-do", ("f8", "ctrl+s"), "redact", "redact", label="key.redact", help="key.redact.do.why", footer=3),
)
