"""Knowledge on a screen of its own: to look things up, or to choose an article that a form cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from agentdesk.present.i18n import t
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.knowledge_pane import KnowledgePane
from agentdesk.screens.workspace_articles import ArticlesPart

if TYPE_CHECKING:
    from agentdesk.desk.views import Hit, RequestView


class KnowledgeScreen(ArticlesPart, FramedScreen):
    """Results while typing. For a request, Enter closes with the hit; without one it copies the plain summary."""

    SCOPE = "knowledge"
    AUTO_FOCUS = ""

    def __init__(self, request: RequestView | None = None) -> None:
        super().__init__()
        self._request = self.view = request
        self.flags_typed = {}

    def body(self) -> ComposeResult:
        """The pane alone."""
        self._pane = self.articles = KnowledgePane()
        yield self._pane

    def on_mount(self) -> None:
        """Show what fits the request, or wait for words."""
        if self._request is None:
            self._pane.load(None)
            self._pane.picker.focus_search()
        else:
            self._pane.load(self._request.id, self._request.search_text, self._pane.picker.take_focus, hold=True)

    def action_cite(self) -> None:
        """Take the marked article."""
        if self._pane.picker.item is None:
            self.unavailable("why.nothing_marked")
        else:
            self._pane.picker.pick()

    def action_solved(self) -> None:
        """The search solved the matter."""
        self._pane.action_solved(True)

    def action_why(self) -> None:
        """Why the marked hit stands where it does."""
        self._pane.action_why()

    def action_missed(self) -> None:
        """None of the hits was meant."""
        self._pane.action_missed()

    def article_in_hand(self) -> Hit | None:
        """The marked hit, wherever the focus is: there is no other list here."""
        return self._pane.hit

    @on(KnowledgePane.Cited)
    def _cited(self, event: KnowledgePane.Cited) -> None:
        event.stop()
        if self._request is not None:
            self._pane.finish()
            self.dismiss(event.hit)
            return
        if not event.hit.may_quote:
            self.unavailable("why.internal", title=event.hit.title)
            return
        self.app.copy_to_clipboard(event.hit.plain_summary or event.hit.title)
        self.say(t("knowledge.copied", title=event.hit.title), "done")

    @on(KnowledgePane.Left)
    def go_back(self) -> None:
        """Close; a search whose article was used is noted."""
        self._pane.finish()
        self.dismiss(None)
