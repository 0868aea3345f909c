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
    """The question and one line. Dismissed with the reason, None for none."""

    SCOPE = "reason"
    AUTO_FOCUS = "#reason"
    HELP_KEY = "help.reason"

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question and a line."""
        with Vertical(classes="box"):
            yield Static(line((self._question, STRONG)), classes="box-title", markup=False)
            yield LineField(placeholder=t("reason.hint"), limit=MAX_WHY, guard=field_guard, id="reason")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_give()

    def action_give(self) -> None:
        """Take the reason; without one nothing is done."""
        said = self.query_one(LineField).text.strip()
        if said:
            self.dismiss(said)
        else:
            self.unavailable("refusal.phrase.why")

    def go_back(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)
