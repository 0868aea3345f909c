"""Reading an article whole from the workspace: a step of it goes into the reply, an emergency list onto the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.message_pump import MessagePump

from agentdesk.desk import case_templates, superseded
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.case_templates import CaseTemplate
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
    action_next_step: Callable[[], None]
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
        noted = hit is not None and hit.id == article[0] and self.articles.opened(hit)
        last, at = self._read_so_far
        at = at if last == article[0] else 0
        screen = ReaderScreen(article[0], request_id=view.id, into_reply=not self.ended, at=at, noted=noted)
        self._reading.app.push_screen(screen, self._read)

    def _read(self, taken: ReaderTaken | None) -> None:
        if taken is None or self.stopped():
            self.focus_reply()
        elif taken.template:
            self._apply(taken.citation.id)
        else:
            self._read_so_far = (taken.citation.id, taken.step + 1)
            self.articles.inserted(taken.citation.id)
            self._take_step(taken)

    # -- service templates --------------------------------------------------------------------------------------------

    def action_apply_template(self) -> None:
        """Choose a service template for the plan and the resolution of this request."""
        view = self.view
        if view is None or self.stopped():
            return
        from agentdesk.screens.case_templates import CaseTemplatePanel  # only when one is chosen

        def chosen(article_id: str | None) -> None:
            if article_id:
                self._apply(article_id)
            else:
                self.focus_reply()

        self._reading.app.push_screen(CaseTemplatePanel(view.id), chosen)

    def _apply(self, article_id: str) -> None:
        """Let it fill in the next form, and open that form where its turn has come."""
        view = self.view
        if view is None:
            return

        def applied(template: CaseTemplate) -> None:
            if view.next.use_case == "plan.tell" or view.next.use_case.startswith("resolve"):
                self.action_next_step()
            else:
                self._reading.say(t("template.waits", title=template.citation.title), "done")
                self.focus_reply()

        self._reading.ask("apply", lambda desk: case_templates.apply(desk, view.id, article_id), applied, hold=True)

    def _take_step(self, taken: ReaderTaken) -> None:
        """Put a step in at the end of what is written, and cite its article, unless another version is in force."""
        cited = taken.citation

        def put(_: None) -> None:
            if all(one.id != cited.id for one in self._cites):
                self._cites.append(cited)
            self.composer.add_at_end(taken.text)
            self._reading.say(t("reader.taken", number=taken.step + 1), "done")
            self.focus_reply()

        self._reading.ask(
            "cite", lambda desk: superseded.check(desk, [cited]), put, refused=self._superseded, hold=True
        )
