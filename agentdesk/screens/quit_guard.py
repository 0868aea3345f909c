"""Leaving: at once, or after a question when something was typed and not sent, or waits for the centre."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textual.worker import WorkerError

from agentdesk.present.i18n import t
from agentdesk.screens.asking import Asking

if TYPE_CHECKING:
    from textual.app import App

    from agentdesk.desk.context import Desk

log = logging.getLogger(__name__)

HOPS = 3
"""Messages that follow from one key: of the field, of its form, of the screen."""
PATIENCE_S = 1.0
"""Seconds that all of it may take."""


@dataclass(frozen=True)
class Unfinished:
    """What would be left behind: forms and replies not sent, changes the centre has not answered."""

    forms: int
    replies: int
    waiting: int
    unsaved: int = 0
    """Screens whose typing could not be stored: it goes with the desk."""

    @property
    def told(self) -> list[str]:
        """One sentence for each kind that there is, with whether it is kept."""
        counts = ((self.forms, "quit.forms"), (self.replies, "quit.replies"), (self.waiting, "quit.waiting"))
        found = [t(key, count=count) for count, key in counts if count]
        if self.unsaved:
            return [t("quit.unsaved", count=self.unsaved), *found]
        return [*found, t("quit.kept")] if found else []


def unfinished(desk: Desk) -> Unfinished:
    """Count what is unfinished; reads the store, so it runs in a worker thread."""
    try:
        return _counted(desk)
    except Exception as error:  # a store that cannot be read any more must not keep anybody from leaving
        log.error("quit", exc_info=error)
        return Unfinished(0, 0, 0)


def _counted(desk: Desk) -> Unfinished:
    drafts = [draft.key for draft in desk.drafts.list()]
    identity = desk.identity
    return Unfinished(
        forms=sum(key.startswith("intake:") for key in drafts),
        replies=sum(key.startswith(("composer:", "form:")) for key in drafts),
        waiting=desk.journal.waiting() if identity is not None and identity.joined else 0,
    )


async def delivered(app: App[Any]) -> None:
    """Wait until the screen has heard what was typed into the field that has the focus.

    A field is painted before that: one message goes from part to part, and each may send another.
    """
    parts = app.focused.ancestors_with_self if app.focused is not None else []
    with contextlib.suppress(TimeoutError):  # a part that hangs must not keep the desk from ending
        async with asyncio.timeout(PATIENCE_S):
            for part in parts * HOPS:
                heard = asyncio.Event()
                if part.call_later(heard.set):
                    await heard.wait()


async def stored(app: App[Any]) -> None:
    """Wait until what screens gave to be stored is on the disk, or could not be stored: leaving takes workers along."""
    typed = [worker for worker in app.workers if worker.group == "typed" and not worker.is_finished]
    if typed:
        with contextlib.suppress(WorkerError):  # a draft that found no room has told so by itself
            await app.workers.wait_for_complete(typed)


def ask_and_quit(app: App[Any], living: list[Any], store: Callable[[], None]) -> None:
    """Store what is being typed, count what is unfinished, and leave at once or after a question."""
    from agentdesk.widgets.confirm import Confirm  # only when somebody leaves

    screen = app.screen
    if isinstance(screen, Confirm):
        return
    if not isinstance(screen, Asking):
        app.exit(0)
        return

    async def leave() -> None:
        store()  # again: more was typed while it was counted
        await stored(app)
        app.exit(0)

    def answered(yes: bool | None) -> None:
        if yes:
            app.run_worker(leave(), group="quitting", exclusive=True)

    def told(left: Unfinished) -> None:
        left = replace(left, unsaved=sum(bool(getattr(one, "unsaved", False)) for one in living))
        if details := left.told:
            app.push_screen(Confirm(t("quit.ask"), details, yes="quit.yes", no="quit.no"), answered)
        else:
            answered(True)

    async def ask() -> None:
        await stored(app)
        screen.ask("quit", unfinished, told, hold=True)

    store()
    app.run_worker(ask(), group="quitting", exclusive=True)
