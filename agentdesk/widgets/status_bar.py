"""The top line: who works here, and whether what was done has reached the centre.

Use: `StatusBar().show(Status("张敏", "8021", "客服一组", sync="synced", sync_at="14:32", p1=1))`.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.widget import Widget

from agentdesk.present.i18n import t
from agentdesk.present.labels import label
from agentdesk.present.safe import DIM, ERROR, WARNING, Piece, cut, line


class Status(NamedTuple):
    """What the top line tells."""

    name: str = ""
    work_no: str = ""
    team: str = ""
    sync: str = "alone"
    """Code of `sync.…`: alone (never joined), synced, syncing, offline, stopped, refused."""
    sync_at: str = ""
    """Finished time of the last exchange, such as `14:32`."""
    waiting: int = 0
    """Changes that the centre has not got yet."""
    parked: int = 0
    """Changes that the centre refused."""
    p1: int = 0
    breached: int = 0
    demo: bool = False
    """Whether everything here is invented: then the line says so, on every screen."""
    drafts: int = 0
    """Captures that were begun and are not recorded."""
    releases: int = 0
    """Blocked texts that wait for this person's decision."""
    notices: int = 0
    """Changes of policies that this person has not acknowledged."""


class StatusBar(Widget):
    """One line; what does not fit is cut from the person's side, never from the counts."""

    DEFAULT_CSS = "StatusBar { height: 1; dock: top; padding: 0 1; background: $panel; color: $foreground; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        """Make an empty line."""
        super().__init__(id=id)
        self.status = Status()

    def show(self, status: Status) -> None:
        """Show other facts."""
        if status != self.status:
            self.status = status
            self.refresh()

    def render(self) -> Content:
        """Draw person at the left and counts at the right."""
        right = line(*self._counts())
        head = line((t("app.name"), "bold $text-primary"), *self._mark())
        if self.status.demo and head.cell_length + right.cell_length >= self.content_size.width:
            head = line(*self._mark()[1:])  # the counts and the mark are worth more than the name
        room = self.content_size.width - right.cell_length - 2 - head.cell_length
        left = Content.assemble(head, "  " + cut(self._person(), max(0, room - 2)))
        gap = max(1, self.content_size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def _mark(self) -> list[Piece]:
        return ["  ", (f" {t('demo.mark')} ", "reverse bold")] if self.status.demo else []

    def _person(self) -> str:
        status = self.status
        return "  ".join(part for part in (f"{status.name} {status.work_no}".strip(), status.team) if part)

    def _counts(self) -> list[Piece]:
        status = self.status
        state = f"{label('sync', status.sync)} {status.sync_at}".strip()
        pieces: list[Piece] = [(state, ERROR if status.sync in ("stopped", "refused") else DIM)]
        pieces += ["  ", (t("status.waiting", count=status.waiting), "bold" if status.waiting else DIM)]
        if status.parked:
            pieces += ["  ", (t("status.parked", count=status.parked), ERROR)]
        if status.notices:
            pieces += ["  ", (t("status.notices", count=status.notices), ERROR)]
        if status.releases:
            pieces += ["  ", (t("status.releases", count=status.releases), WARNING)]
        if status.drafts:
            pieces += ["  ", (t("status.drafts", count=status.drafts), "$text-primary")]
        pieces += ["  ", (t("status.p1", count=status.p1), WARNING if status.p1 else DIM)]
        pieces += ["  ", (t("status.breached", count=status.breached), ERROR if status.breached else DIM)]
        return pieces
