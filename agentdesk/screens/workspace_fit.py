"""What stands beside the reply without typing: it follows the request, and how others like it were solved is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from textual import on
from textual.message_pump import MessagePump

from agentdesk.desk import alike, superseded
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.present.i18n import t
from agentdesk.present.safe import ACCENT, Piece
from agentdesk.screens.alike_pane import AlikePane
from agentdesk.screens.alike_panel import AlikeChoice, AlikePanel

if TYPE_CHECKING:
    from agentdesk.desk.alike import Way
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import Citation, Hit, RequestView
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.screens.knowledge_pane import KnowledgePane
    from agentdesk.screens.phrase_pane import PhrasePane
    from agentdesk.widgets.composer import Composer

MATTER = ("product_service", "description", "anomaly", "tags")
"""Fields by which articles and requests fit; type and category stand beside them."""


class FitPart(MessagePump):
    """Mixed into the workspace's screen: the side columns are read again when what they fit has changed."""

    view: RequestView | None
    phrases: PhrasePane
    articles: KnowledgePane
    alike: AlikePane
    composer: Composer
    close_panel: Callable[[], None]
    stopped: Callable[[], bool]
    use_articles: Callable[[Sequence[Hit]], None]
    show_next: Callable[[], None]
    _show_panel: Callable[[str], None]
    _superseded: Callable[[Refusal], None]
    _cites: list[Citation]
    _fitted: tuple[str, object, object] = ("", None, None)
    """The request that the side fits, its matter and its step."""
    _alike_count: int = 0

    @property
    def _beside(self) -> FramedScreen:
        return cast("FramedScreen", self)

    # -- following the request ----------------------------------------------------------------------------------------

    def fill_side(self, view: RequestView) -> None:
        """Show what fits a request that was opened, or of which something was taken out."""
        self._fitted = _fit(view)
        self._alike_count = 0
        self.phrases.load(view.id)
        self.articles.load(view.id, view.search_text)
        self.alike.load(view.id)

    def follow_side(self, view: RequestView) -> None:
        """Read again what no longer fits the request in hand; a list in use stays until it is left."""
        request, matter, step = self._fitted
        now = _fit(view)
        if request != view.id:
            return
        moved = matter != now[1]
        if moved and not self.articles.in_use:
            self.articles.load(view.id, view.search_text)
        if moved and not self.alike.in_use:
            self.alike.load(view.id)
        if (moved or step != now[2]) and not self.phrases.in_use:
            self.phrases.load(view.id)
        if not any(one.in_use for one in (self.articles, self.alike, self.phrases)):
            self._fitted = now

    def on_descendant_blur(self) -> None:
        """A list may have been left: it follows now."""
        if self.view is not None and self._fitted != _fit(self.view):
            self._beside.call_after_refresh(self.follow_side, self.view)

    # -- solved like this ---------------------------------------------------------------------------------------------

    def action_alike(self) -> None:
        """Go to how requests like this one were solved; the likeliest way is marked."""
        if self.view is None or self.stopped():
            return
        self._show_panel("alike")
        picker = self.alike.picker
        self.alike.load(self.view.id, lambda: self._beside.focus_when_shown(picker.take_focus), hold=True)

    def alike_pieces(self) -> list[Piece]:
        """How often something like this was solved, for the line of the next step."""
        return [("   ", ""), (t("alike.hint", count=self._alike_count), ACCENT)] if self._alike_count else []

    @on(AlikePane.Counted)
    def _counted(self, event: AlikePane.Counted) -> None:
        event.stop()
        self._alike_count = event.count
        self.show_next()

    @on(AlikePane.Left)
    def _alike_left(self, event: AlikePane.Left) -> None:
        event.stop()
        self.close_panel()

    @on(AlikePane.Chosen)
    def _read_way(self, event: AlikePane.Chosen) -> None:
        event.stop()
        self._beside.app.push_screen(AlikePanel(event.way), self._way_chosen)

    def _way_chosen(self, choice: AlikeChoice | None) -> None:
        if choice is None:
            return
        way = choice.way
        if choice.do == "open":
            self._beside.desk_app.open_request(way.best.id, number=way.best.number)
        elif choice.do == "cite":
            self._beside.ask("way", lambda desk: alike.hits(desk, way), self._cite_all, hold=True)
        else:
            taken = self._take
            self._beside.ask("way", lambda desk: _may_be_said(desk, way), taken, refused=self._superseded, hold=True)

    def _cite_all(self, hits: list[Hit]) -> None:
        self.close_panel()
        self.use_articles(hits)

    def _take(self, way: Way) -> None:
        """Put what was told below what is written, citing what it rested on; it stays editable."""
        self.close_panel()
        cited = {one.id for one in self._cites}
        self._cites += [one for one in way.articles if one.id not in cited]
        self.composer.add_at_end(way.solution)
        self._beside.say(t("alike.taken"), "done")


def _may_be_said(desk: Desk, way: Way) -> Way:
    """What was told before may rest on a policy that another version has replaced."""
    superseded.check(desk, way.articles, way.solution)
    return way


def _fit(view: RequestView) -> tuple[str, object, object]:
    """By what the side columns fit a request; shown contacts do not change it."""
    own = str(view.value("contact"))
    matter = [mask_contacts(str(view.value(code)), own) for code in MATTER]
    ticked = tuple(step.step for step in view.steps if step.ticked)
    return view.id, (*matter, view.request_type, view.sub_type, view.category), (view.state, view.emotion, ticked)
