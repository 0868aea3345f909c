"""Asks why something of the site is returned or retired; who wrote it reads the answer."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from agentdesk.desk.review import MAX_WHY
from agentdesk.present.i18n import t
from agentdesk.present.safe import STRONG, line
from agentdesk.screens.asking import DeskPanel
from agentdesk.screens.private import field_guard
from agentdesk.widgets.fields import LineField


class ReasonPanel(DeskPanel["str | None"]):
    """The question and one line. Dismissed with the reason, None for none.

    What was typed is put into `kept` under the question and stands there when the same is asked again: a reason that
    was not taken is not typed twice. Whoever asks drops it once it was.
    """

    SCOPE = "reason"
    AUTO_FOCUS = "#reason"
    HELP_KEY = "help.reason"

    def __init__(self, question: str, kept: dict[str, str]) -> None:
        super().__init__()
        self._question = question
        self._kept = kept

    def compose(self) -> ComposeResult:
        """The question and a line."""
        with Vertical(classes="box"):
            yield Static(line((self._question, STRONG)), classes="box-title", markup=False)
            yield LineField(placeholder=t("reason.hint"), limit=MAX_WHY, guard=field_guard, id="reason")

    def on_mount(self) -> None:
        """Go on with what was typed before."""
        self.query_one(LineField).set_text(self._kept.get(self._question, ""))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_give()

    def action_give(self) -> None:
        """Take the reason; without one nothing is done."""
        if said := self._keep():
            self.dismiss(said)
        else:
            self.unavailable("refusal.phrase.why")

    def go_back(self) -> None:
        """Leave all as it is."""
        self._keep()
        self.dismiss(None)

    def _keep(self) -> str:
        said = self._kept[self._question] = self.query_one(LineField).text.strip()
        return said
