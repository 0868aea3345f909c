"""The rows of the table of keys for phrases: beside a reply, on their own screen, in the editor of a personal one."""

from __future__ import annotations

from agentdesk.present.action import Action


def _row(id_: str, key: str, scope: str, action: str, words: str, footer: int = 0, *more: str) -> Action:
    return Action(
        id_, (key, *more), scope, action, label=f"key.{words}", help=f"key.{words}.why", footer=footer, priority=True
    )


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
        (),
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
    Action("phrases-variant", (), "phrases", "variant", label="key.variant", help="key.variant.why"),
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
    Action("phrases-review", ("ctrl+l",), "phrases", "review", label="key.review", help="key.review.why", footer=8),
    _row("review-approve", "f8", "review", "approve", "approve", 3, "ctrl+s"),
    _row("review-new", "ctrl+n", "review", "new", "review.new", 6),
    _row("review-write", "ctrl+o", "review", "write", "review.write", 7),
    _row("review-return", "ctrl+r", "review", "return", "review.return", 8),
    _row("review-retire", "shift+f8", "review", "retire", "review.retire"),
    _row("review-versions", "ctrl+t", "review", "versions", "review.versions"),
    _row("review-filter", "ctrl+l", "review", "filter", "review.filter"),
    _row("reason-give", "f8", "reason", "give", "reason", 3, "ctrl+s"),
    _row("versions-put-back", "f8", "versions", "put_back", "put_back", 3, "ctrl+s"),
    _row("sitephrase-save", "f8", "sitephrase", "save", "site_phrase.save", 3, "ctrl+s"),
)
"""The screen of all phrases, the editor of a personal one, those of the site with their review."""
