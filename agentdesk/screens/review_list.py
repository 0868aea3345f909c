"""What the lists of the site's phrases and articles share: what waits stands first, one state can be shown, decisions.

A subclass says how its rows are read and drawn, and what approving, returning and retiring one means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from agentdesk.desk.review import Reviewed, Standing
from agentdesk.domain.refusal import Refusal
from agentdesk.present import labels, review
from agentdesk.present.i18n import t
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.private import field_guard
from agentdesk.screens.reason import ReasonPanel
from agentdesk.widgets.long_text import LayOut, LongText
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.screens.phrase_form import PhraseDone

Row = TypeVar("Row")
Decide = Callable[["Desk", str], Standing[Any]]
WithReason = Callable[["Desk", str, str], Standing[Any]]


class ReviewList(FramedScreen, Generic[Row]):
    """The list, and the marked one whole."""

    AUTO_FOCUS = ""
    KIND: Reviewed
    SHOWN: tuple[str, ...] = ("",)
    """What may be shown, in the order in which a key goes through it; "" is all."""
    TITLE = SEARCH = ""
    STATE = ""
    """Kind of the labels of states."""
    _stale = False

    # -- what a subclass says -----------------------------------------------------------------------------------------

    def read(self, desk: Desk, words: str, shown: str) -> list[Row]:
        """The rows; runs in a worker thread."""
        raise NotImplementedError

    def key(self, row: Row) -> str:
        """What names a row to the desk."""
        raise NotImplementedError

    def called(self, row: Row) -> str:
        """What names a row to people."""
        return self.key(row)

    def item(self, row: Row) -> PickItem:
        """A row as the list shows it."""
        raise NotImplementedError

    def show_marked(self, row: Row | None) -> None:
        """Show the marked one whole."""
        raise NotImplementedError

    def refuse_return(self, row: Row) -> bool:
        """Say why this one cannot be returned, before a reason is asked for; whether it cannot."""
        raise NotImplementedError

    def open_form(self, row: Row | None) -> None:
        """Open the editor; None for a new one."""
        raise NotImplementedError

    def rights(self, desk: Desk) -> dict[str, str]:
        """What this person may not do here, by action, each with the sentence that says whom to ask."""
        return {}

    def hint(self) -> str:
        """What is said below the whole list; nothing while only one state is shown."""
        return ""

    # -- the list -----------------------------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """List over detail."""
        self._rows: list[Row] = []
        self._words = ""
        self._shown = self.SHOWN[0]
        self._mark = ""
        self._reasons_typed: dict[str, str] = {}
        self._picker = Picker(title=self.TITLE, search=self.SEARCH, preview_rows=0, guard=field_guard)
        yield self._picker
        with VerticalScroll(id="review-whole"):
            yield LongText(id="review-text")

    def on_mount(self) -> None:
        """Show all of them."""
        self.reread(self._picker.focus_search, hold=True)
        self.ask("rights", self.rights, self.grey)

    def reread(self, then: Callable[[], None] | None = None, *, hold: bool = False, lists: bool = False) -> None:
        """Read the rows again; the mark goes to the row that was named last."""
        words, shown = self._words, self._shown

        def show(rows: list[Row]) -> None:
            self._rows = rows
            self._picker.show([self.item(row) for row in rows], words=words)
            self._picker.say(t("review.shown", what=labels.label(self.STATE, shown)) if shown else self.hint())
            if self._mark:
                self._picker.mark(self._mark)
                self._mark = ""
            if then is not None:
                then()

        self.ask("rows", lambda desk: self.read(desk, words, shown), show, hold=hold, lists=lists)

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """One was written, here or by a colleague: read again, the mark stays."""
        if not any(entity == self.KIND.entity for entity, _ in ids):
            return
        if self.is_current:
            self._read_again()
        else:
            self._stale = True

    def on_screen_resume(self) -> None:
        """Seen again: show what was written meanwhile."""
        if self._stale:
            self._read_again()

    def _read_again(self) -> None:
        self._stale = False
        row = self.marked
        # What was just written here is to be marked, and its list may still be on the way.
        self._mark = self._mark or (self.key(row) if row is not None else "")
        self.reread()

    @on(Picker.SearchChanged)
    def _search(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._words = event.words
        self.reread(lists=True)

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        self.show_marked(self.marked)
        self.query_one("#review-whole", VerticalScroll).scroll_home(animate=False)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.action_write()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def go_back(self) -> None:
        """Close."""
        self.dismiss()

    @property
    def marked(self) -> Row | None:
        """The marked row."""
        item = self._picker.item
        return next((row for row in self._rows if item is not None and self.key(row) == item.id), None)

    def need_marked(self) -> Row | None:
        """The marked row; where there is none, that is said."""
        row = self.marked
        if row is None:
            self.unavailable("why.nothing_marked")
        return row

    def tell(self, lay_out: LayOut) -> None:
        """Show a text below the list."""
        self.query_one("#review-text", LongText).show(lay_out)

    # -- what is done -------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Show those that stand in another state."""
        self._shown = self.SHOWN[(self.SHOWN.index(self._shown) + 1) % len(self.SHOWN)]
        self.reread()

    def action_new(self) -> None:
        """Write a new one."""
        if not self.greyed(f"{self.SCOPE}-new"):
            self.open_form(None)

    def action_write(self) -> None:
        """Write a new version of the marked one."""
        if not self.greyed(f"{self.SCOPE}-write") and (row := self.need_marked()) is not None:
            self.open_form(row)

    def written(self, done: PhraseDone | None) -> None:
        """Say what was written and show it."""
        if done is not None:
            self.say(done.said, "done")
            self._mark = done.id
            self.reread()

    def ask_reason(self, group: str, question: str, act: WithReason, done: str) -> None:
        """Ask why, then do it to the row that is marked now."""
        if self.greyed(f"{self.SCOPE}-{group}"):
            return
        row = self.need_marked()
        if row is None or (group == "return" and self.refuse_return(row)):
            return

        def given(why: str | None) -> None:
            if why:
                self.decide(group, lambda desk, key: act(desk, key, why), done, row)

        self.app.push_screen(ReasonPanel(t(question, phrase=self.called(row)), self._reasons_typed), given)

    def decide(self, group: str, act: Decide, done: str, row: Row | None = None) -> None:
        """Do it to a row, by default the marked one, and say so."""
        if self.greyed(f"{self.SCOPE}-{group}"):
            return
        row = row or self.need_marked()
        if row is None:
            return
        key = self.key(row)

        def decided(found: Standing[Any]) -> None:
            # At a desk that joined, the centre has the last word: until then it stands where it stood.
            self.say(review.done(done, self.KIND, found), "done")
            self._reasons_typed.clear()
            self._mark = key
            self.reread()

        def refused(refusal: Refusal) -> None:
            self.tell_refusal(refusal)
            self._read_again()  # it stands otherwise than is shown

        self.ask(group, lambda desk: act(desk, key), decided, refused=refused, hold=True)
