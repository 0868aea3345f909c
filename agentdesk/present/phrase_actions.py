"""The rows of the table of keys for phrases: beside a reply, on their own screen, in the editor of a personal one."""

from __future__ import annotations

from agentdesk.present.action import Action

PHRASE_ACTIONS: tuple[Action, ...] = (
    Action(
        "workspace-favourite",
        ("shift+f4",),
        "workspace",
        "favourite",
        label="key.favourite",
        help="key.favourite.why",
    ),
    Action(
        "workspace-variant",
        ("shift+f5",),
        "workspace",
        "variant",
        label="key.variant",
        help="key.variant.why",
    ),
    Action(
        "workspace-keep-phrase",
        (),
        "workspace",
        "keep_phrase",
        label="key.keep_phrase",
        help="key.keep_phrase.why",
    ),
    Action(
        "workspace-phrase-language",
        (),
        "workspace",
        "phrase_language",
        label="key.phrase_language",
        help="key.phrase_language.why",
    ),
)
"""What is done with a phrase in the workspace."""

PHRASE_SCREEN_ACTIONS: tuple[Action, ...] = (
    Action(
        "phrases-use", ("f8", "ctrl+s"), "phrases", "use", label="key.use", help="key.use.why", footer=3, priority=True
    ),
    Action(
        "phrases-favourite",
        ("shift+f4",),
        "phrases",
        "favourite",
        label="key.favourite",
        help="key.favourite.why",
        footer=6,
    ),
    Action("phrases-variant", ("shift+f5",), "phrases", "variant", label="key.variant", help="key.variant.why"),
    Action(
        "phrases-personal",
        ("ctrl+o",),
        "phrases",
        "personal",
        label="key.personal",
        help="key.personal.why",
        footer=7,
        priority=True,
    ),
    Action(
        "personal-save",
        ("f8", "ctrl+s"),
        "personal",
        "save",
        label="key.save",
        help="key.personal.save.why",
        footer=3,
        priority=True,
    ),
    Action(
        "personal-delete",
        ("shift+f8",),
        "personal",
        "delete",
        label="key.delete",
        help="key.personal.delete.why",
        footer=6,
    ),
)
"""The screen of all phrases, and the editor of a personal one."""
