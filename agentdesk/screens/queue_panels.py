"""Panels over the queue: its views, quick find, and what is done with the marked requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from agentdesk.desk import finding, queue_views
from agentdesk.desk.queue_views import View
from agentdesk.present import labels
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, line
from agentdesk.screens import view_words
from agentdesk.screens.asking import DeskPanel
from agentdesk.screens.private import field_guard
from agentdesk.widgets.choice import ChoiceRow, Option
from agentdesk.widgets.fields import LineField
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.store.queries import QueueRow

TAG_CHOICES = ("add", "remove", "copy")
_TAGS_SHOWN = 12


class ViewsPanel(DeskPanel["View | None"]):
    """The views with their counts; a digit or Enter shows one. Dismissed with it, or None."""

    SCOPE = "views"
    AUTO_FOCUS = ""

    def __init__(self, counted: Sequence[tuple[View, int]]) -> None:
        super().__init__()
        self._views = {view.name: view for view, _ in counted}
        self._items = [_view_item(view, count) for view, count in counted]

    def compose(self) -> ComposeResult:
        """The list, and how one makes another view."""
        with Vertical(classes="box"):
            self._picker = Picker(title="views.title", search="", preview_rows=0)
            yield self._picker
            yield Static(line((t("views.hint"), DIM)), classes="gap")

    def on_mount(self) -> None:
        """Stand on the first one."""
        self._picker.show(self._items)
        self._picker.take_focus()

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.dismiss(self._views[event.item.id])

    @on(Picker.Escaped)
    def _left(self) -> None:
        self.dismiss(None)

    def action_show(self) -> None:
        """Show the marked view."""
        self._picker.pick()

    def action_forget(self) -> None:
        """Drop the marked view, if it is one's own."""
        item = self._picker.item
        if item is None or not self._views[item.id].saved:
            self.unavailable("why.view_built_in")
            return
        self._items = [one for one in self._items if one.id != item.id]
        self.ask("forget", lambda desk: queue_views.forget(desk, item.id), self._forgotten, hold=True)

    def _forgotten(self, _: None) -> None:
        self._picker.show(self._items)
        self.say(t("views.forgotten"), "information")


def _view_item(view: View, count: int) -> PickItem:
    return PickItem(view.name, view_words.name(view), aside=str(count))


class FindPanel(DeskPanel["str | None"]):
    """One field over everything one may know of a request. Dismissed with the id of the one picked, or None."""

    SCOPE = "find"
    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        """Field and results."""
        with Vertical(classes="box find-box"):
            self._picker = Picker(title="find.title", search="find.search", preview_rows=1, guard=field_guard)
            yield self._picker

    def on_mount(self) -> None:
        """Take the words at once; index in the background what waits for it."""
        self._picker.focus_search()
        self._picker.say(t("find.hint"))
        self.ask("index", finding.index_some, self._indexed)

    def _indexed(self, left: int) -> None:
        if left:
            self._picker.say(t("find.indexing", count=left))
            self.ask("index", finding.index_some, self._indexed)
        else:
            self._look(self._picker.words)

    @on(Picker.SearchChanged)
    def _search(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._look(event.words)

    def _look(self, words: str) -> None:
        self.ask("find", lambda desk: finding.find(desk, words), lambda rows: self._show(words, rows), lists=True)

    def _show(self, words: str, rows: Sequence[QueueRow]) -> None:
        self._picker.show([_found(row) for row in rows], words=words)
        said = t("find.hint") if not words.strip() else t("find.none") if not rows else t("find.count", count=len(rows))
        self._picker.say(said)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.dismiss(event.item.id)

    @on(Picker.Escaped)
    def _left(self) -> None:
        self.dismiss(None)

    def action_open(self) -> None:
        """Open the marked request."""
        if self._picker.item is None:
            self.unavailable("why.none_found")
        else:
            self._picker.pick()


def _found(row: QueueRow) -> PickItem:
    kind = labels.request_type(row.request_type, row.sub_type)
    head = f"{row.short_number}  {row.customer}  {kind}  {row.priority or ''}"
    return PickItem(row.id, head, (row.title,), labels.label("state", row.state))


class MarkedPanel(DeskPanel["tuple[str, str] | None"]):
    """What to do with the marked requests. Dismissed with (add, remove or copy; the tag), or None."""

    SCOPE = "tag"
    AUTO_FOCUS = ""

    def __init__(self, count: int, known: Sequence[str]) -> None:
        super().__init__()
        self._count = count
        self._known = known

    def compose(self) -> ComposeResult:
        """The choice, the tag, the tags in use."""
        with Vertical(classes="box"):
            yield Static(line((t("marked.title", count=self._count), STRONG)), classes="box-title")
            self._choice = ChoiceRow([Option(code, f"marked.{code}") for code in TAG_CHOICES], "add")
            yield self._choice
            self._tag = LineField(placeholder=t("marked.tag"), limit=20, guard=field_guard, classes="gap")
            yield self._tag
            known = t("list.comma").join(self._known[:_TAGS_SHOWN])
            yield Static(line((t("marked.known") + " ", DIM), known or t("marked.known.none")), classes="gap")
            yield Static(line((t("marked.hint"), DIM)))

    def on_mount(self) -> None:
        """Adding a tag is what is mostly wanted: the field has the focus."""
        self._tag.focus()

    @on(ChoiceRow.ChoiceMade)
    def _chosen(self, event: ChoiceRow.ChoiceMade) -> None:
        event.stop()
        if event.code == "copy":
            self.action_do()
        else:
            self._tag.focus()

    @on(LineField.Submitted)
    def _submitted(self, event: LineField.Submitted) -> None:
        event.stop()
        self.action_do()

    def action_do(self) -> None:
        """Do it; a tag must be there unless the numbers are copied."""
        choice, word = self._choice.value or "add", self._tag.text.strip()
        if choice != "copy" and not word:
            self.unavailable("why.no_tag")
            self._tag.focus()
        else:
            self.dismiss((choice, word))

    def go_back(self) -> None:
        """Do nothing."""
        self.dismiss(None)
