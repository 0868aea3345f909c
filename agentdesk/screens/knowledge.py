"""Knowledge without a request: search, read, say whether it solved the matter."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from agentdesk.present.i18n import t
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.knowledge_pane import KnowledgePane


class KnowledgeScreen(FramedScreen):
    """Results while typing; Enter copies the plain summary of the marked article."""

    SCOPE = "knowledge"
    AUTO_FOCUS = ""

    def body(self) -> ComposeResult:
        """The pane alone."""
        self._pane = KnowledgePane()
        yield self._pane

    def on_mount(self) -> None:
        """Wait for words."""
        self._pane.load(None)
        self._pane.picker.focus_search()

    def action_cite(self) -> None:
        """Take the marked article."""
        self._pane.picker.pick()

    def action_solved(self) -> None:
        """The search solved the matter."""
        self._pane.action_solved(True)

    @on(KnowledgePane.Cited)
    def _cited(self, event: KnowledgePane.Cited) -> None:
        event.stop()
        self.app.copy_to_clipboard(event.hit.plain_summary or event.hit.title)
        self.say(t("knowledge.copied", title=event.hit.title), "done")

    @on(KnowledgePane.Left)
    def go_back(self) -> None:
        """Close; a search whose article was used is noted."""
        self._pane.finish()
        self.dismiss()
