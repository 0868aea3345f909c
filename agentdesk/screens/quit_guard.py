"""Leaving: at once, or after a question when something was typed and not sent, or waits for the centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentdesk.present.i18n import t
from agentdesk.screens.asking import Asking

if TYPE_CHECKING:
    from textual.app import App

    from agentdesk.desk.context import Desk


@dataclass(frozen=True)
class Unfinished:
    """What would be left behind: forms and replies not sent, changes the centre has not answered."""

    forms: int
    replies: int
    waiting: int

    @property
    def told(self) -> list[str]:
        """One sentence for each kind that there is."""
        counts = ((self.forms, "quit.forms"), (self.replies, "quit.replies"), (self.waiting, "quit.waiting"))
        return [t(key, count=count) for count, key in counts if count]


def unfinished(desk: Desk) -> Unfinished:
    """Count what is unfinished; reads the store, so it runs in a worker thread."""
    drafts = [draft.key for draft in desk.drafts.list()]
    identity = desk.identity
    return Unfinished(
        forms=sum(key.startswith("intake:") for key in drafts),
        replies=sum(key.startswith(("composer:", "form:")) for key in drafts),
        waiting=desk.journal.waiting() if identity is not None and identity.joined else 0,
    )


def ask_and_quit(app: App[Any], living: list[Any]) -> None:
    """Store what is being typed, count what is unfinished, and leave at once or after a question."""
    from agentdesk.widgets.confirm import Confirm  # only when somebody leaves

    screen = app.screen
    if isinstance(screen, Confirm):
        return
    if not isinstance(screen, Asking):
        app.exit(0)
        return
    for one in living:
        store = getattr(one, "store_draft", None)
        if store is not None:
            store()

    def told(left: Unfinished) -> None:
        if left.told:
            details = [*left.told, t("quit.kept")]
            app.push_screen(
                Confirm(t("quit.ask"), details, yes="quit.yes", no="quit.no"), lambda yes: app.exit(0) if yes else None
            )
        else:
            app.exit(0)

    screen.ask("quit", unfinished, told, hold=True)
