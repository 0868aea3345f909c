"""Phrases without a request: to look through, and to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from agentdesk.present.i18n import t
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.phrase_pane import PhrasePane

if TYPE_CHECKING:
    from agentdesk.screens.personal_phrase import PhraseDone


class PhraseScreen(FramedScreen):
    """All phrases in the order of the steps; Enter copies one with its variables filled."""

    SCOPE = "phrases"
    AUTO_FOCUS = ""

    def body(self) -> ComposeResult:
        """The pane alone."""
        self._pane = PhrasePane(preview_rows=3, turns="phrases.turn.here")
        yield self._pane

    def on_mount(self) -> None:
        """Show all of them."""
        self._pane.load(None, self._pane.picker.focus_search, hold=True)

    def action_use(self) -> None:
        """Copy the marked phrase."""
        if self._pane.picker.item is None:
            self.unavailable("why.nothing_marked")
        else:
            self._pane.picker.pick()

    def action_favourite(self) -> None:
        """Make the marked phrase a favourite, or no longer."""
        self._pane.favour()

    def action_variant(self) -> None:
        """Show the marked phrase in other words."""
        self._pane.action_variant()

    def action_personal(self) -> None:
        """Edit the marked personal phrase; any other one is copied into a new one."""
        from agentdesk.screens.personal_phrase import PersonalPhraseScreen, PhraseStart

        view = self._pane.marked
        if view is None:
            start = PhraseStart()
        else:
            start = PhraseStart(view.id if view.personal else "", view.title, view.body)
        self.app.push_screen(PersonalPhraseScreen(start), self._kept)

    def action_review(self) -> None:
        """All phrases with where they stand, to write and to approve."""
        from agentdesk.screens.phrase_review import PhraseReviewScreen

        self.app.push_screen(PhraseReviewScreen(), lambda _: self._pane.read_again())

    def _kept(self, done: PhraseDone | None) -> None:
        if done is not None:
            self._pane.read_again(done.id)
            self.say(done.said, "done")

    @on(PhrasePane.Taken)
    def _taken(self, event: PhrasePane.Taken) -> None:
        event.stop()
        self.app.copy_to_clipboard(event.phrase.text)
        self.say(t("phrases.copied", title=event.phrase.title), "done")
        self._pane.picker.focus_search()

    @on(PhrasePane.Left)
    def go_back(self) -> None:
        """Give up a question, else close."""
        if not self._pane.back():
            self.dismiss()
