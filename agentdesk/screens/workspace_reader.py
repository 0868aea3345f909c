"""Reading an article whole from the workspace: a step of it goes into the reply, an emergency list onto the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.message_pump import MessagePump

from agentdesk.desk import superseded
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.views import Citation, RequestView
    from agentdesk.domain.refusal import Refusal
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.screens.knowledge_pane import KnowledgePane
    from agentdesk.screens.reader import ReaderTaken
    from agentdesk.widgets.composer import Composer


class ReaderPart(MessagePump):
    """Mixed into the workspace's screen."""

    view: RequestView | None
    composer: Composer
    focus_reply: Callable[[], None]
    stopped: Callable[[], bool]
    _cites: list[Citation]
    _superseded: Callable[[Refusal], None]
    ended: bool
    articles: KnowledgePane
    _in_hand: Callable[[], tuple[str, str] | None]
    _read_so_far: tuple[str, int] = ("", 0)
    """The article that was read last, and the step to go on with."""

    @property
    def _reading(self) -> FramedScreen:
        return cast("FramedScreen", self)

    def action_read(self) -> None:
        """Open the article in hand whole."""
        article, view = self._in_hand(), self.view
        if article is None or view is None:
            return
        from agentdesk.screens.reader import ReaderScreen  # only when one is read

        hit = self.articles.hit
        if hit is not None and hit.id == article[0]:
            self.articles.opened(hit)
        last, at = self._read_so_far
        screen = ReaderScreen(
            article[0], request_id=view.id, into_reply=not self.ended, at=at if last == article[0] else 0
        )
        self._reading.app.push_screen(screen, self._read)

    def _read(self, taken: ReaderTaken | None) -> None:
        if taken is None:
            self.focus_reply()
        elif not taken.template and not self.stopped():
            self._read_so_far = (taken.citation.id, taken.step + 1)
            self._take_step(taken)

    def _take_step(self, taken: ReaderTaken) -> None:
        """Put a step in at the end of what is written, and cite its article, unless another version is in force."""
        cited = taken.citation

        def put(_: None) -> None:
            if all(one.id != cited.id for one in self._cites):
                self._cites.append(cited)
            text = self.composer.text
            lead = "\n" if text and not text.endswith("\n") else ""
            self.composer.insert_text_at_caret(lead + taken.text)
            self._reading.say(t("reader.taken", number=taken.step + 1), "done")
            self.focus_reply()

        self._reading.ask(
            "cite", lambda desk: superseded.check(desk, [cited]), put, refused=self._superseded, hold=True
        )
