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
    """Results while typing. For a request, Enter closes with the hit; without one it copies the plain summary.

    With `choose`, the words that are searched at first, an article is chosen: that is no search of an agent's.
    """

    SCOPE = "knowledge"
    AUTO_FOCUS = ""

    def __init__(self, request: RequestView | None = None, *, choose: str | None = None) -> None:
        super().__init__()
        self._request = self.view = request
        self._choose = choose
        self.flags_typed = {}

    def body(self) -> ComposeResult:
        """The pane alone."""
        self._pane = self.articles = KnowledgePane(noted=self._choose is None)
        yield self._pane

    def on_mount(self) -> None:
        """Show what fits the request, or wait for words."""
        if self._request is None:
            self._pane.load(None)
            self._pane.picker.search_for(self._choose or "")
            self._pane.picker.focus_search()
        else:
            self._pane.load(self._request.id, self._request.search_text, self._pane.picker.take_focus, hold=True)

    def action_cite(self) -> None:
        """Take the marked article."""
        if self._pane.picker.item is None:
            self.unavailable("why.nothing_marked")
        else:
            self._pane.picker.pick()

    def action_read(self) -> None:
        """Open the marked article whole."""
        from agentdesk.screens.reader import ReaderScreen

        hit = self._pane.hit
        if hit is None:
            self.unavailable("why.nothing_marked")
        else:
            request_id = self._request.id if self._request is not None else ""
            noted = self._pane.opened(hit)
            self.app.push_screen(ReaderScreen(hit.id, request_id=request_id, noted=noted))

    def action_solved(self) -> None:
        """The search solved the matter."""
        if self._choose is None:
            self._pane.action_solved(True)
        else:
            self.unavailable("why.choosing")

    def action_why(self) -> None:
        """Why the marked hit stands where it does."""
        self._pane.action_why()

    def action_missed(self) -> None:
        """None of the hits was meant."""
        if self._choose is None:
            self._pane.action_missed()
        else:
            self.unavailable("why.choosing")

    def article_in_hand(self) -> Hit | None:
        """The marked hit, wherever the focus is: there is no other list here."""
        return self._pane.hit

    @on(KnowledgePane.Cited)
    def _cited(self, event: KnowledgePane.Cited) -> None:
        event.stop()
        if self._request is not None or self._choose is not None:
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
