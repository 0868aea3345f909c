"""A question with several answers, one key each.

Use: `push_screen(Ask(t("duplicate.ask"), [details], (Option("link", "duplicate.link"), …)), callback)`. The answer is
the code that was chosen, "" for Escape. Nothing is chosen by Enter alone unless the arrows were moved onto it: the last
answer, which changes nothing, has the mark first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agentdesk.present.i18n import t
from agentdesk.present.safe import line
from agentdesk.widgets.choice import Option
from agentdesk.widgets.picker import PickItem, PickRows


class Ask(ModalScreen[str]):
    """Asks one question over the screen; dismissed with the code of the answer."""

    BINDINGS: ClassVar = [Binding("escape", "leave", show=False)]

    DEFAULT_CSS = """
    Ask { align: center middle; background: $background 60%; }
    Ask > Vertical {
        width: 68; max-width: 92%; height: auto; max-height: 80%; padding: 1 2; background: $panel;
        & > Static { height: auto; width: 1fr; }
        & > .ask--question { text-style: bold; }
        & > .ask--detail { padding: 1 0 0 0; max-height: 8; overflow-y: auto; }
        & > PickRows { margin: 1 0 0 0; }
    }
    """

    def __init__(self, question: str, details: Sequence[Content], options: Sequence[Option]) -> None:
        """Ask a finished sentence; the labels of the options are catalogue keys, the last one changes nothing."""
        super().__init__()
        self._question = question
        self._details = list(details)
        self._options = tuple(options)
        self._rows = PickRows(0)

    def compose(self) -> ComposeResult:
        """Question, details, the answers under one another."""
        with Vertical():
            yield Static(line(self._question), classes="ask--question", markup=False)
            if self._details:
                yield Static(Content("\n").join(self._details), classes="ask--detail", markup=False)
            yield self._rows

    def on_mount(self) -> None:
        """Stand on the answer that changes nothing."""
        self._rows.show([PickItem(one.code, t(one.label)) for one in self._options])
        self._rows.at = len(self._options) - 1
        self._rows.focus()

    @on(PickRows.RowPicked)
    def _picked(self, event: PickRows.RowPicked) -> None:
        event.stop()
        if event.item is not None:
            self.dismiss(event.item.id)

    def action_leave(self) -> None:
        """Answer with nothing."""
        self.dismiss("")
