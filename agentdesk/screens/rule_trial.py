"""A text to try against the lint rules in force: what they find, why, how it was seen, what to say instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentdesk.present.findings import explained
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, ERROR, STRONG, WARNING, line, wrapped
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.private import field_guard
from agentdesk.text.lint import Context
from agentdesk.widgets.fields import AreaField, Edited
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.text.lint import Finding

PREVIEW_ROWS = 3


class TrialScreen(FramedScreen):
    """Dismissed with the id of a rule to look at, or None. Nothing typed here is kept."""

    SCOPE = "trial"
    AUTO_FOCUS = "#trial-text"

    def body(self) -> ComposeResult:
        """The text, below it what was found."""
        yield Static(
            line((t("trial.title"), STRONG), "  ", (t("trial.about"), DIM)), classes="form-title", markup=False
        )
        self._text = AreaField(guard=field_guard, placeholder=t("trial.hint"), id="trial-text")
        yield self._text
        yield Static("", id="trial-said", markup=False)
        self._picker = Picker(search="", preview_rows=PREVIEW_ROWS, id="trial-found")
        yield self._picker

    def on_mount(self) -> None:
        """Nothing is found in nothing."""
        self._show([])

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        event.stop()
        text = event.text

        def check(desk: Desk) -> list[Finding]:
            settings = desk.settings
            where = Context(industry=settings.get("lint.industry"), likeness=settings.get("lint.likeness"))
            return desk.linter.check(text, where)

        self.ask("trial", check, self._show)

    def _show(self, found: list[Finding]) -> None:
        if not self._text.text.strip():
            said = Content("")
        elif found:
            said = line((t("trial.found", count=len(found)), ERROR if _blocks(found) else WARNING))
        else:
            said = line((t("trial.nothing"), DIM))
        self.query_one("#trial-said", Static).update(said)
        self._picker.display = bool(found)
        self._picker.show([self._item(one) for one in found])

    def _item(self, one: Finding) -> PickItem:
        head, *rest = explained(one)
        cells = max(20, self.size.width - 8)
        return PickItem(one.rule, head, tuple(part for text in rest for part in wrapped(text, cells)), one.rule)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.dismiss(event.item.id)

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self._text.focus()

    def action_rule(self) -> None:
        """Show the rule of the marked finding."""
        if self._picker.item is None:
            self.unavailable("why.nothing_found")
        else:
            self.dismiss(self._picker.item.id)


def _blocks(found: list[Finding]) -> bool:
    return any(one.severity == "block" for one in found)
