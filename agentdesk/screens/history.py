"""The history of a request: who changed what, when, from what to what; what a colleague overtook can be restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from agentdesk.desk import editing, history
from agentdesk.present import timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, block, line, lines
from agentdesk.screens import drawn
from agentdesk.screens.drawn_history import sentence
from agentdesk.screens.frame import FramedScreen
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import HistoryItem, Moved, RequestView


class HistoryScreen(FramedScreen):
    """One line a change, the newest first, the marked one whole below; dismissed with a restoring or None."""

    SCOPE = "history"
    AUTO_FOCUS = ""

    def __init__(self, view: RequestView) -> None:
        super().__init__()
        self.request = view
        self._items: list[HistoryItem] = []
        self._picker = Picker(search="", preview_rows=0)

    def body(self) -> ComposeResult:
        """Head, title, the changes, the marked one whole."""
        yield Static(drawn.request_head(self.request, self.session.now(), self.app.size.width - 2), id="ws-head")
        yield Static(line((t("history.title"), STRONG)), classes="form-title", markup=False)
        yield self._picker
        with VerticalScroll(id="history-whole", can_focus=False):
            yield Static("", id="history-text", markup=False)

    def on_mount(self) -> None:
        """Read the changes; keys wait until they are there."""
        request_id = self.request.id
        self.ask("history", lambda desk: history.items(desk, request_id), self._read, hold=True)

    def _read(self, items: list[HistoryItem]) -> None:
        now = self.session.now()
        self._items = list(reversed(items))
        self._picker.show(
            [
                PickItem(one.id, f"{timefmt.when(one.at, now):<11}  {one.actor.name}  {_first_line(one)}")
                for one in self._items
            ]
        )
        self.focus_when_shown(self._picker.take_focus)

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        item = self._item()
        if item is None:
            return
        who = f"{item.actor.name} {item.actor.work_no}".strip()
        head = line((f"{timefmt.date(item.at)}  {who}", DIM))
        self.query_one("#history-text", Static).update(lines(head, block(sentence(item))))
        self.grey({} if item.lost else {"history-restore": t("why.not_lost")})

    def _item(self) -> HistoryItem | None:
        marked = self._picker.at
        return self._items[marked] if 0 <= marked < len(self._items) else None

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_restore(self) -> None:
        """Write the marked value again, which somebody else's had overtaken."""
        item = self._item()
        if item is None or self.greyed("history-restore"):
            return
        request_id, group, value = self.request.id, item.group, item.new

        def work(desk: Desk) -> Moved:
            return editing.restore(desk, request_id, group, value)

        self.ask("restore", work, self._restored, hold=True)

    def _restored(self, moved: Moved) -> None:
        """Back to the request, which shows what stands now."""
        self.dismiss(moved)


def _first_line(item: HistoryItem) -> str:
    return sentence(item).split("\n")[0]
