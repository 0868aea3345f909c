"""How the exchange with the centre stands: what waits, what was refused and why, which scope has stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import indexing
from agentdesk.desk.indexing import Progress
from agentdesk.present import labels, timefmt
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import DIM, ERROR, GOOD, STRONG, WARNING, cut, fit, line, lines
from agentdesk.screens.frame import FramedScreen
from agentdesk.widgets.countdown import Ticker

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.sync.faces import SyncStatus
    from agentdesk.sync.loop import SyncLoop

LABEL_CELLS = 14
SKEW_MS = 60_000
"""A difference of the clocks that a person would notice in the times of facts."""


@dataclass(frozen=True)
class Exchange:
    """What the page shows: how it stands, and the refused cards (what, reason code, number of the request)."""

    status: SyncStatus
    parked: tuple[tuple[str, str, str], ...]
    offset_ms: int = 0
    """What the centre's clock is ahead of this machine's."""
    indexed: Progress = Progress()


def read(desk: Desk, loop: SyncLoop | None) -> Exchange:
    """Read how the exchange stands; runs in a worker thread."""
    from agentdesk.store.exchange import Exchange as Stored
    from agentdesk.sync.faces import SyncStatus

    status = loop.status() if loop is not None else SyncStatus()
    cards: list[Any] = Stored(desk.journal).parked()
    parked = tuple((card.entity, card.code, card.root) for card in cards)
    return Exchange(status, parked, desk.journal.clock.offset_ms, indexing.progress(desk))


class SyncScreen(FramedScreen):
    """The page behind the status line."""

    SCOPE = "sync"
    AUTO_FOCUS = "#sync-page"

    def body(self) -> ComposeResult:
        """One page of text."""
        with VerticalScroll(id="sync-page", can_focus=True):
            yield Static("", id="sync-text", markup=False)

    def on_mount(self) -> None:
        """Read at once and with every tick that finds the page seen."""
        self._ticker = Ticker(self, lambda: 0, seconds=2.0)
        self._ticker.each(lambda _: self._read())

    def _read(self) -> None:
        loop = self.session.sync
        self.ask("sync", lambda desk: read(desk, loop), self._show)

    def _show(self, exchange: Exchange) -> None:
        self.query_one("#sync-text", Static).update(page(exchange, self.session.now(), self.size.width - 4))

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """Something was written or answered."""
        self._read()

    def action_sync_now(self) -> None:
        """Exchange now."""
        loop = self.session.sync
        if loop is None or not self.session.status.sync or self.session.status.sync == "alone":
            self.unavailable("why.not_joined")
        else:
            loop.kick()
            self.say(t("sync.kicked"))

    def go_back(self) -> None:
        """Close."""
        self.dismiss()


def _problem(code: str) -> str:
    return t(f"sync.problem.{code}") if known(f"sync.problem.{code}") else t("sync.problem.other", code=code)


def _clock(offset_ms: int) -> tuple[str, str]:
    """Whether the two clocks agree; a difference is told and never corrected (SYNC 2.15)."""
    if abs(offset_ms) < SKEW_MS:
        return t("sync.clock.ok"), DIM
    return t("sync.clock.off", span=timefmt.span(round(abs(offset_ms) / 60_000) * 60)), WARNING


def page(exchange: Exchange, now: Any, cells: int) -> Content:
    """Lay the page out."""
    status = exchange.status

    def row(key: str, value: str, style: str = "") -> Content:
        return line((fit(t(key), LABEL_CELLS) + " ", DIM), (value, style))

    rows = [line((t("sync.title"), STRONG)), Content("")]
    if status.joined:
        rows.append(row("sync.joined", t("word.yes"), GOOD))
        rows.append(row("sync.centre", cut(status.url, cells - LABEL_CELLS - 1)))
        reached = (
            (t("sync.busy"), "") if status.busy else (t("word.yes"), GOOD) if status.online else (t("word.no"), WARNING)
        )
        rows.append(row("sync.reached", *reached))
        rows.append(row("sync.last", timefmt.when(status.last_at, now) if status.last_at else t("sync.never")))
        rows.append(row("sync.waiting", str(status.waiting), STRONG if status.waiting else DIM))
        rows.append(row("sync.clock", *_clock(exchange.offset_ms)))
    else:
        rows.append(row("sync.centre", t("sync.alone.why")))
    if exchange.indexed.left:
        made = exchange.indexed
        rows.append(row("sync.index", t("sync.index.progress", done=made.done, total=made.total)))
    if status.problem:
        rows.append(row("sync.trouble", _problem(status.problem), WARNING))
    for scope, code in status.stopped:
        rows.append(row("sync.stopped_scope", f"{scope}  {_problem(code)}", ERROR))
    rows += [Content(""), line((t("sync.parked", count=len(exchange.parked)), f"{DIM} bold"))]
    if not exchange.parked:
        rows.append(line((t("sync.parked.none"), DIM)))
    for entity, code, root in exchange.parked:
        why = t(f"refused.{code}") if known(f"refused.{code}") else code
        rows.append(line((labels.label("entity", entity) or entity, STRONG), "  ", why, ("  " + root[:8], DIM)))
    return lines(*rows)
