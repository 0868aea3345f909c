"""Wordings that the site sent and that are near a forbidden one: make a pattern of one, or refuse it for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from agentdesk.desk import rule_list
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, line
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.rule_decisions import RuleDone
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import redact
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.rule_views import ListedRule
    from agentdesk.text.suggesting import Suggestion


class WordingsScreen(FramedScreen):
    """Mines in a worker when it opens; nothing counts before a supervisor has proposed and another approved."""

    SCOPE = "wordings"
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Suggestion] = []

    def body(self) -> ComposeResult:
        """What this is, the list, the marked one's text."""
        yield Static(line((t("wordings.title"), STRONG), "  ", (t("wordings.about"), DIM)), classes="form-title",
                     markup=False)  # fmt: skip
        self._picker = Picker(search="", preview_rows=2, id="wordings-list")
        yield self._picker
        yield Static("", id="wordings-said", markup=False)

    def on_mount(self) -> None:
        """Look through what was sent."""
        self._picker.take_focus()
        self._reload()

    def _reload(self) -> None:
        self.query_one("#wordings-said", Static).update(line((t("wordings.looking"), DIM)))
        self.ask("wordings", rule_list.suggestions, self._show)

    def _show(self, found: list[Suggestion]) -> None:
        at = self._picker.at
        self._found = found
        self._picker.show([_item(one) for one in found])
        self._picker.action_mark(min(at, max(0, len(found) - 1)))
        said = t("wordings.count", count=len(found)) if found else t("wordings.none")
        self.query_one("#wordings-said", Static).update(line((said, DIM)))

    @property
    def marked(self) -> Suggestion | None:
        """The suggestion under the mark."""
        item = self._picker.item
        return next((one for one in self._found if item is not None and item.id == one.wording), None)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.action_take()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_take(self) -> None:
        """Open the rule that the wording is near to, with the wording and a test put in."""
        one = self.marked
        if one is None:
            self.unavailable("why.nothing_marked")
            return
        self.ask("rule", lambda desk: rule_list.one(desk, one.rule), lambda rule: self._edit(one, rule), hold=True)

    def _edit(self, one: Suggestion, rule: ListedRule | None) -> None:
        from agentdesk.screens.rule_edit import RuleEditScreen, RuleStart

        if rule is None:  # taken out of force meanwhile
            self.unavailable("why.nothing_marked")
            return
        start = RuleStart(rule.latest, rule.rule.id, one.wording, redact(one.example)[0])
        self.app.push_screen(RuleEditScreen(start), self._proposed)

    def _proposed(self, done: RuleDone | None) -> None:
        if done is not None:
            self.say(done.said, "done")
            self._reload()

    def action_refuse(self) -> None:
        """Never suggest this wording again."""
        one = self.marked
        if one is None:
            self.unavailable("why.nothing_marked")
            return

        def refused(_: None) -> None:
            self.say(t("wordings.refused", words=one.wording), "done")
            self._show([other for other in self._found if other.wording != one.wording])

        self.ask("refuse", lambda desk: rule_list.refuse(desk, one.wording), refused, hold=True)


def _item(one: Suggestion) -> PickItem:
    near = t("wordings.near", term=one.term, rule=one.rule, percent=round(one.likeness * 100))
    return PickItem(
        one.wording, one.wording, (near, clean_line(redact(one.example)[0], 200)), t("wordings.times", count=one.count)
    )
