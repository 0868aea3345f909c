"""The queue: who waits, least due first, and why the selected one stands where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import queue
from agentdesk.desk.queue import QueuePage
from agentdesk.present import rows as lay_out
from agentdesk.present import timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, cut, line
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.queue_part import QueuePart
from agentdesk.widgets.countdown import Ticker
from agentdesk.widgets.fitted import Fitted
from agentdesk.widgets.virtual_list import PAGE, VirtualList

if TYPE_CHECKING:
    from textual import events
    from textual.timer import Timer

    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import RequestView
    from agentdesk.store.queries import QueueRow

EXPLAIN_AFTER = 0.06
"""Seconds the cursor rests on a row before its explanation is asked for."""


FIND_CHARACTERS = frozenset("/／、")
"""What the key `/` types, with and without an input method."""


class QueueScreen(QueuePart, FramedScreen):
    """Shows the first page as read before the first paint; everything else comes from workers."""

    SCOPE = "queue"
    AUTO_FOCUS = "#queue"

    def __init__(self) -> None:
        super().__init__()
        self._go_to: str | None = None
        self._stale = False
        self._ticked: tuple[str, ...] = ()
        self._explained = ""
        self._why: RequestView | None = None
        self._pause: Timer | None = None
        self.start_views()

    def body(self) -> ComposeResult:
        """The list, and below it why the selected request stands where it stands."""
        self._rows: VirtualList[QueueRow] = VirtualList(
            self._draw,
            key=lambda row: row.id,
            marked=lambda row: row.id in self.marked,
            empty="queue.empty",
            id="queue",
        )
        yield Static("", id="queue-view")
        yield Static("", id="queue-head")
        yield self._rows
        yield Fitted(id="queue-why")

    def on_mount(self) -> None:
        """Show what was read before the first paint; tick once a second."""
        first = self.session.first_page
        if first is not None:
            self.total = first.total
            self._rows.open(first.total)
            self._rows.put_page(0, first.rows, self._rows.generation)
        self._ticker = Ticker(self, self._now_ms)
        self._ticker.each(self._tick)
        self._grey()

    def on_resize(self) -> None:
        """Lay the heading out again: its columns are those of the rows."""
        self.show_heading()

    def on_key(self, event: events.Key) -> None:
        """`/` looks for a request, as in many programs."""
        if event.character and event.character in FIND_CHARACTERS:
            event.stop()
            self.action_find()

    def _now_ms(self) -> int:
        return int(self.session.now().timestamp() * 1000)

    def _draw(self, row: QueueRow, cells: int) -> Content:
        return lay_out.queue_line(row, cells, self._now_ms())

    def _tick(self, now_ms: int) -> None:
        """Repaint only when a countdown in sight reads differently: most stand still for a minute."""
        top = int(self._rows.scroll_offset.y)
        seen = [self._rows.row_at(index) for index in range(top, top + self._rows.size.height)]
        words = tuple(timefmt.countdown(row.next_due_at, now_ms) for row in seen if row is not None)
        if words != self._ticked:
            self._ticked = words
            self._rows.redraw()
            if self._why is not None:
                self._show_why(self._why)  # its clock runs too

    # -- rows ---------------------------------------------------------------------------------------------------------

    def desk_ready(self) -> None:
        """The desk answers now: bring the page and the explanation up to date."""
        self.reload()
        self._explain()

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """Something was written: show it, at once or when this screen is seen again."""
        if self.is_current:
            self.reload()
        else:
            self._stale = True

    def reload(self, go_to: str | None = None) -> None:
        """Read the queue again; the cursor stays with its request, or goes to `go_to`."""
        self._stale = False
        if go_to is not None:
            self._go_to = go_to
        wanted = self.shown.filter
        self.ask("total", lambda desk: queue.page(desk, 0, PAGE, wanted), self._reloaded)

    def show_next(self, done: str) -> None:
        """Read the queue again after a request was closed, and put the cursor on the one that is due next."""
        self._explained = ""
        self._stale = False
        if done:
            wanted = self.shown.filter
            self.ask(
                "next", lambda desk: queue.after(desk, done, wanted), lambda found: self.reload(found or ""), hold=True
            )
        else:
            self.reload()

    def _reloaded(self, page: QueuePage) -> None:
        self.total = page.total
        self.show_heading()
        self._rows.reload(page.total)
        self._rows.put_page(0, page.rows, self._rows.generation)
        if self._go_to is not None:
            ids = [row.id for row in page.rows]
            self._rows.cursor = ids.index(self._go_to) if self._go_to in ids else 0
            self._go_to = None
        self._ticked = ()
        self._grey()

    @on(VirtualList.PageWanted)
    def _fetch(self, event: VirtualList.PageWanted) -> None:
        event.stop()
        if self._rows.row_at(event.offset) is not None and event.offset == 0:
            return  # the first page is put where the total is read
        offset, limit, generation, wanted = event.offset, event.limit, event.generation, self.shown.filter
        self.ask(
            f"page-{offset}",
            lambda desk: queue.page(desk, offset, limit, wanted),
            lambda page: self._rows.put_page(offset, page.rows, generation),
        )

    # -- why ----------------------------------------------------------------------------------------------------------

    @on(VirtualList.Highlighted)
    def _highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self._grey()
        if self._pause is not None:
            self._pause.stop()  # only the row on which the cursor rests is explained
        self._pause = self.set_timer(EXPLAIN_AFTER, self._explain)

    def _explain(self) -> None:
        row = self._rows.row
        if row is None:
            self._explained = ""
            self._why = None
            self.query_one("#queue-why", Fitted).show(lambda cells: line((cut(t("queue.hint"), cells), DIM)))
        elif self.session.is_ready and row.id != self._explained:
            request_id = row.id
            self._explained = request_id
            self.ask("why", lambda desk: _view(desk, request_id), self._show_why)

    def _show_why(self, view: RequestView) -> None:
        from agentdesk.screens import drawn  # nothing is explained before the desk is loaded

        self._why = view
        now = self.session.now()
        self.query_one("#queue-why", Fitted).show(lambda cells: drawn.why(view, now, cells))

    # -- actions ------------------------------------------------------------------------------------------------------

    def _grey(self) -> None:
        if self._rows.row is None:
            none = t("why.no_request")
            self.grey({"queue-open": none, "queue-resolve": none, "queue-follow": none})
        else:
            self.grey({})

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Open the selected request."""
        self._open("")

    def action_resolve(self) -> None:
        """Open the selected request and its resolve form."""
        self._open("resolve")

    def action_follow(self) -> None:
        """Open the selected request and its follow-up form."""
        self._open("follow")

    def _open(self, then: str) -> None:
        row = self._rows.row
        if row is None:
            self.unavailable("why.no_request")
        else:
            self.desk_app.open_request(row.id, then)

    # -- being seen ---------------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Come back: show what was written meanwhile."""
        if hasattr(self, "_ticker"):
            self._ticker.resume()
        if self._stale or self._go_to is not None:
            self._explained = ""
            self.reload()

    def on_screen_suspend(self) -> None:
        """Nobody sees the countdowns now."""
        self._ticker.pause()

    def go_back(self) -> None:
        """Take the marks away, then the view; the queue is where back leads, there is nothing behind it."""
        self._rows.focus()
        self.leave_marks() or self.leave_view()


def _view(desk: Desk, request_id: str) -> RequestView:
    from agentdesk.desk import revealing, workspace  # in the worker: it draws in the journal

    return revealing.masked(workspace.view(desk, request_id))
