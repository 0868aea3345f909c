"""The rows of the table of keys for an article opened whole: its steps, its links, its checklist."""

from __future__ import annotations

from agentdesk.present.action import Action


def _row(
    id_: str, keys: tuple[str, ...], action: str, footer: int = 0, scope: str = "reader", words: str = ""
) -> Action:
    name = words or f"reader.{action}"
    return Action(
        id_, keys, scope, action, label=f"key.{name}", help=f"key.{name}.why", footer=footer, priority=bool(keys)
    )


READER_ACTIONS: tuple[Action, ...] = (
    _row("reader-take", ("f8", "ctrl+s"), "take", 3),
    _row("reader-next", ("ctrl+n",), "next", 6),
    _row("reader-previous", ("ctrl+t",), "previous"),
    _row("reader-copy", ("ctrl+o",), "copy", 7),
    _row("reader-tick", ("ctrl+g",), "tick", 8),
    _row("reader-link", ("ctrl+l",), "link"),
    _row("reader-follow", ("enter",), "follow"),
    _row("reader-page", ("shift+f5",), "page"),
    _row("reader-apply", ("ctrl+r",), "apply"),
    _row("reader-restart", (), "restart"),
    _row("workspace-template", (), "apply_template", scope="workspace", words="casetemplates"),
    _row("casetemplates-apply", ("f8", "ctrl+s"), "apply", 3, scope="casetemplates", words="reader.apply"),
    _row("knowledge-read", ("f3", "ctrl+f6"), "read", scope="knowledge", words="article.read"),
    _row("workspace-read", ("ctrl+f6",), "read", scope="workspace", words="article.read"),
)
"""What is done with an article that is read."""
