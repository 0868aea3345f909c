"""What a macro will do on sending, above the reply: seen before it happens, and taken off by a key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message_pump import MessagePump
from textual.widgets import Static

from agentdesk.desk import macros
from agentdesk.present.i18n import t
from agentdesk.present.macros import sentences
from agentdesk.present.safe import ACCENT, DIM, line, lines, width, wrapped
from agentdesk.screens.asking import DeskPanel
from agentdesk.widgets.fitted import Fitted
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from textual.content import Content

    from agentdesk.desk.macros import Planned
    from agentdesk.desk.phrase_views import PhraseView
    from agentdesk.screens.frame import FramedScreen


class MacroPanel(DeskPanel[int]):
    """The actions of the macro; Enter takes one off. Dismissed with its place, or None."""

    SCOPE = "macro"
    AUTO_FOCUS = ""
    HELP_KEY = "help.macro"

    def __init__(self, told: Sequence[str]) -> None:
        super().__init__()
        self._told = told

    def compose(self) -> ComposeResult:
        """The list, and what the words mean."""
        with Vertical(classes="box"):
            self._picker = Picker(title="macro.title", search="", preview_rows=0)
            yield self._picker
            yield Static(line((t("macro.about"), DIM)), classes="gap", markup=False)

    def on_mount(self) -> None:
        """Stand on the first one."""
        self._picker.show([PickItem(str(place), told, (), "") for place, told in enumerate(self._told)])
        self._picker.take_focus()

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.dismiss(int(event.item.id))

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_drop(self) -> None:
        """Take the marked one off."""
        self._picker.pick()

    def go_back(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)


def _told(told: str, cells: int) -> Content:
    """What happens on sending, wrapped beside its heading, with the key that takes one off where there is room."""
    head, drop = t("macro.on_send") + " ", "  " + t("macro.drop")
    rows = wrapped(told, max(20, cells - width(head)))
    drawn = [line((head if place == 0 else " " * width(head), DIM), (row, ACCENT)) for place, row in enumerate(rows)]
    if width(head) + width(rows[-1]) + width(drop) <= cells:
        drawn[-1] = line((head if len(rows) == 1 else " " * width(head), DIM), (rows[-1], ACCENT), (drop, DIM))
    else:
        drawn.append(line((" " * (width(head) - 2) + drop, DIM)))
    return lines(*drawn)


class MacroPart(MessagePump):
    """Mixed into the workspace's screen; `planned` is sent with the reply."""

    planned: tuple[Planned, ...] = ()
    reply_changed: Callable[[], None]

    @property
    def _above(self) -> FramedScreen:
        return cast("FramedScreen", self)

    def make_macro_line(self) -> Fitted:
        """Make the line above the composer; seen only where a macro waits."""
        self._macro_line = Fitted(id="ws-macro")
        self._macro_line.display = False
        return self._macro_line

    def plan_macro(self, phrase: PhraseView) -> None:
        """A phrase with actions was put in: show what they will do. Keys wait, so that none sends without them."""
        if not phrase.actions:
            return

        def show(found: tuple[Planned, ...]) -> None:
            self.show_macro(found)
            self.reply_changed()

        actions, already = phrase.actions, self.planned
        self._above.ask("macro", lambda desk: macros.planned(desk, actions, already), show, hold=True)

    def show_macro(self, found: tuple[Planned, ...]) -> None:
        """Show what waits for the sending; nothing hides the line."""
        self.planned = found
        self._macro_line.display = bool(found)
        told = t("list.semicolon").join(sentences(found))
        self._macro_line.show(lambda cells: _told(told, cells))

    def macro_waits(self) -> bool:
        """Say that a form cannot send what a macro has planned, if so; return whether it is."""
        if self.planned:
            self._above.unavailable("why.macro_waits")
        return bool(self.planned)

    def action_macro(self) -> None:
        """Show the actions one by one, to take one off."""
        found = self.planned
        if not found:
            self._above.unavailable("why.no_macro")
            return

        def chosen(place: int | None) -> None:
            if place is not None and self.planned == found:
                self.show_macro((*found[:place], *found[place + 1 :]))
                self.reply_changed()

        self._above.app.push_screen(MacroPanel(sentences(found)), chosen)
