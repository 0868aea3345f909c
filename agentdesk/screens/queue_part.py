"""The part of the queue that chooses what it shows: views, filter, quick find, and marks on rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from textual.content import Content
from textual.message_pump import MessagePump
from textual.widgets import Static

from agentdesk.present import keys
from agentdesk.present import rows as lay_out
from agentdesk.present.i18n import t
from agentdesk.present.safe import ACCENT, DIM, STRONG, cut, line, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentdesk.desk.context import Desk
    from agentdesk.desk.queue_views import View
    from agentdesk.desk.tagging import Tagged
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.store.queries import QueueRow
    from agentdesk.widgets.virtual_list import VirtualList


class QueuePart(MessagePump):
    """Mixed into the queue's screen."""

    _rows: VirtualList[QueueRow]
    reload: Callable[..., None]

    def start_views(self) -> None:
        """Begin with everything that is open."""
        from agentdesk.desk.queue_views import FIRST

        self.shown: View = FIRST
        self.total = 0
        self.marked: dict[str, None] = {}
        """Ids of the marked requests, in the order in which they were marked; not all need be on this page."""
        self._owner = ""

    @property
    def _frame(self) -> FramedScreen:
        return cast("FramedScreen", self)

    # -- the heading --------------------------------------------------------------------------------------------------

    def show_heading(self) -> None:
        """The columns, at their right end how much is open; a view, a filter or marks have a line of their own."""
        from agentdesk.desk.queue_views import FIRST

        cells = max(20, self._frame.size.width - 3)
        own_line = bool(self.marked) or self.shown != FIRST
        count = " " + t("queue.count", count=self.total)
        shown = self._frame.query_one("#queue-view", Static)
        shown.display = own_line
        if own_line:
            marked = "  " + t("queue.marked", count=len(self.marked)) if self.marked else ""
            leave = "  " + keys.spoken(t("queue.leave"))
            name = cut(self._shown_name(), cells - width(marked) - width(count) - width(leave))
            shown.update(line((name, STRONG), (count, DIM), (marked, ACCENT), (leave, DIM)))
        left = lay_out.queue_heading(cells)
        room = cells - left.cell_length - width(count) - 2
        right = line((cut(self._shown_name(), room), DIM), (count, DIM)) if room > 4 and not own_line else Content("")
        gap = " " * max(0, cells - left.cell_length - right.cell_length)
        self._frame.query_one("#queue-head", Static).update(Content.assemble(left, gap, right))

    def _shown_name(self) -> str:
        from agentdesk.screens import view_words

        return view_words.name(self.shown, self._owner)

    # -- views and filter ---------------------------------------------------------------------------------------------

    def action_views(self) -> None:
        """List the views with their counts."""
        from agentdesk.desk import queue_views

        self._frame.ask("views", queue_views.counted, self._list_views, hold=True)

    def _list_views(self, counted: Sequence[tuple[View, int]]) -> None:
        from agentdesk.screens.queue_panels import ViewsPanel

        self._frame.app.push_screen(ViewsPanel(counted), self.show_view)

    def action_filter(self) -> None:
        """Open the form of the filter."""
        from agentdesk.screens.queue_filter import FilterScreen

        self._frame.app.push_screen(FilterScreen(self.shown, self._owner), self.show_view)

    def show_view(self, view: View | None) -> None:
        """Show another view from its top; None leaves the present one."""
        if view is None:
            return
        from agentdesk.desk import queue_views

        self.shown = view
        self._frame.session.queue_filter = view.filter
        owner = view.filter.owner
        self._owner = ""

        def named(name: str) -> None:
            self._owner = name
            self.show_heading()

        if owner:
            self._frame.ask("owner", lambda desk: queue_views.owner_name(desk, owner), named)
        self.reload("")

    def leave_view(self) -> bool:
        """Go back to everything open; False where that is shown already."""
        from agentdesk.desk.queue_views import FIRST

        if self.shown == FIRST:
            return False
        self.show_view(FIRST)
        return True

    # -- finding ------------------------------------------------------------------------------------------------------

    def action_find(self) -> None:
        """Look for a request by anything one knows of it."""
        from agentdesk.screens.queue_panels import FindPanel

        def found(request_id: str | None) -> None:
            if request_id is not None:
                self._frame.desk_app.open_request(request_id)

        self._frame.app.push_screen(FindPanel(), found)

    # -- marks --------------------------------------------------------------------------------------------------------

    def action_mark(self) -> None:
        """Mark the request of the cursor, or take its mark away, and go on to the next."""
        row = self._rows.row
        if row is None:
            self._frame.unavailable("why.no_request")
            return
        if row.id in self.marked:
            del self.marked[row.id]
        else:
            self.marked[row.id] = None
        self._rows.redraw()
        self._rows.cursor += 1
        self.show_heading()

    def leave_marks(self) -> bool:
        """Take all marks away; False where there are none."""
        if not self.marked:
            return False
        self.marked.clear()
        self._rows.redraw()
        self.show_heading()
        return True

    def action_tag(self) -> None:
        """Tag the marked requests, or copy their numbers; the one of the cursor where none is marked."""
        row = self._rows.row
        ids = list(self.marked) or ([row.id] if row is not None else [])
        if not ids:
            self._frame.unavailable("why.no_request")
            return
        from agentdesk.desk import queue_views
        from agentdesk.screens.queue_panels import MarkedPanel

        def opened(known: Sequence[str]) -> None:
            self._frame.app.push_screen(MarkedPanel(len(ids), known), lambda done: self._with_marked(ids, done))

        self._frame.ask("tags", queue_views.tags, opened, hold=True)

    def _with_marked(self, ids: list[str], done: tuple[str, str] | None) -> None:
        if done is None:
            return
        from agentdesk.desk import queue, tagging

        choice, word = done
        if choice == "copy":
            self._frame.ask("numbers", lambda desk: queue.numbers(desk, ids), self._copied)
            return

        def work(desk: Desk) -> Tagged:
            return tagging.tag(desk, ids, word, there=choice == "add")

        self._frame.ask("tag", work, self._tagged, hold=True)

    def _copied(self, numbers: Sequence[str]) -> None:
        cast(Any, self._frame.app).copy_to_clipboard("\n".join(numbers))
        self._frame.say(t("marked.copied", count=len(numbers)), "done")

    def _tagged(self, done: Tagged) -> None:
        from agentdesk.screens.refusals import sentence

        said = t("marked.tagged", count=done.changed)
        if done.same:
            said += t("marked.same", count=done.same)
        if done.refused:
            listed = t("list.comma").join(f"{number}: {sentence(refusal)}" for number, refusal in done.refused)
            said += t("marked.refused", count=len(done.refused), why=listed)
        self._frame.say(said, "warning" if done.refused else "done")
