"""A light question with two answers.

Use: `if await self.app.push_screen_wait(Confirm(t("quit.ask"), [details], yes="quit.yes", no="quit.no"))`
inside a worker, or `push_screen(Confirm(…), callback)`. The answer is True or False; Escape is False. The safe answer
has the focus first, so that Enter alone never says yes: yes takes `1`, `y`, F8 or Ctrl+S, or the arrows and Enter.
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

from agentdesk.present.safe import block, line
from agentdesk.widgets.choice import ChoiceRow, Option


class Confirm(ModalScreen[bool]):
    """Asks one question over the screen; dismissed with the answer."""

    HELP_KEY = "help.confirm"

    BINDINGS: ClassVar = [
        Binding("escape,n", "answer(False)", show=False),
        Binding("f8,ctrl+s,y", "answer(True)", show=False, priority=True),
    ]

    DEFAULT_CSS = """
    Confirm { align: center middle; background: $background 60%; }
    Confirm > Vertical {
        width: 64; max-width: 92%; height: auto; max-height: 80%; padding: 1 2; background: $panel;
        & > Static { height: auto; width: 1fr; }
        & > .confirm--question { text-style: bold; }
        & > .confirm--detail { color: $foreground-muted; padding: 1 0 0 0; max-height: 10; overflow-y: auto; }
        & > ChoiceRow { margin: 1 0 0 0; padding: 0; background: $panel; }
    }
    """

    def __init__(
        self,
        question: str,
        details: Sequence[str | Content] = (),
        *,
        yes: str = "confirm.yes",
        no: str = "confirm.no",
        default: bool = False,
    ) -> None:
        """Ask a finished sentence; `yes` and `no` are catalogue keys of the answers, `default` has the focus."""
        super().__init__()
        self._question = question
        self._details = [detail if isinstance(detail, Content) else block(detail) for detail in details]
        self._options = (Option("yes", yes), Option("no", no))
        self._default = default

    def compose(self) -> ComposeResult:
        """Question, details, the two answers."""
        with Vertical():
            yield Static(line(self._question), classes="confirm--question", markup=False)
            if self._details:
                yield Static(Content("\n").join(self._details), classes="confirm--detail", markup=False)
            yield ChoiceRow(self._options)

    def on_mount(self) -> None:
        """Stand on the safe answer."""
        row = self.query_one(ChoiceRow)
        row.at = 0 if self._default else 1
        row.focus()

    @on(ChoiceRow.ChoiceMade)
    def _chosen(self, event: ChoiceRow.ChoiceMade) -> None:
        event.stop()
        self.dismiss(event.code == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer by a key of its own; the argument comes from the binding."""
        self.dismiss(answer)
