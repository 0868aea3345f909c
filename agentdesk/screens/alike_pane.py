"""How requests like this one were solved, beside the reply: the ways, the likeliest first; Enter reads one whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message

from agentdesk.desk import alike
from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.screens import drawn_alike
from agentdesk.widgets.long_text import LongText
from agentdesk.widgets.messages import posted
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.alike import Alike, Way
    from agentdesk.screens.asking import Asking


class AlikePane(Vertical):
    """The list of ways, and below it what was said in the marked one."""

    HELP_KEY = "help.alike"

    @posted
    class Counted(Message):
        """It is known how often something like this was solved."""

        count: int

    @posted
    class Chosen(Message):
        """A way was picked, to be read whole."""

        way: Way

    @posted
    class Left(Message):
        """Escape: the focus should go back."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._ways: dict[str, Way] = {}
        self._before_show: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """Picker, and the marked way."""
        self.picker = Picker(title="alike.title", search="", preview_rows=1)
        yield self.picker
        with VerticalScroll(classes="article", can_focus=False):
            yield LongText(classes="article-text")

    @property
    def _asking(self) -> Asking:
        return cast("Asking", self.screen)

    def load(self, request_id: str, then: Callable[[], None] | None = None, *, hold: bool = False) -> None:
        """Show what is like a request, then call `then`; an older answer is dropped."""
        self._before_show = then
        self._asking.ask("alike", lambda desk: alike.solved(desk, request_id), self._show, hold=hold)

    def _show(self, found: Alike) -> None:
        self._ways = {way.best.id: way for way in found.ways}
        self.picker.show([_item(way) for way in found.ways])
        self.picker.say(t("alike.count", count=found.count) if found.count else t("alike.none"))
        self._show_marked()
        self.post_message(self.Counted(found.count))
        if self._before_show is not None:
            then, self._before_show = self._before_show, None
            then()

    @property
    def in_use(self) -> bool:
        """Whether somebody is choosing here."""
        return self.picker.has_focus_within or self._before_show is not None

    @property
    def way(self) -> Way | None:
        """The marked way."""
        return self._ways.get(self.picker.item.id) if self.picker.item is not None else None

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        self._show_marked()

    def _show_marked(self) -> None:
        way = self.way
        self.query_one(".article-text", LongText).show(
            lambda cells: Laid() if way is None else Laid.of(drawn_alike.way(way, cells), cells)
        )
        self.query_one(".article", VerticalScroll).scroll_home(animate=False)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        way = self._ways.get(event.item.id)
        if way is not None:  # else the list was replaced while the key was on its way
            self.post_message(self.Chosen(way))

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.post_message(self.Left())


def _item(way: Way) -> PickItem:
    return PickItem(
        way.best.id,
        f"{t('alike.times', count=way.count)} {way.solution}",
        (drawn_alike.likeness(way),),
        drawn_alike.outcome(way),
    )
