"""Knowledge beside a request without leaving one's place: write an article, correct the one in hand, flag it, say why
it stands where it does and that none fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.message_pump import MessagePump

from agentdesk.desk import article_review, article_sources
from agentdesk.present import review
from agentdesk.present.i18n import t
from agentdesk.screens.reason import ReasonPanel

if TYPE_CHECKING:
    from agentdesk.desk.article_sources import Source
    from agentdesk.desk.site_articles import SiteArticle
    from agentdesk.desk.views import Hit, RequestView
    from agentdesk.screens.article_form import ArticleStart
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.screens.knowledge_pane import KnowledgePane
    from agentdesk.screens.phrase_form import PhraseDone


class ArticlesPart(MessagePump):
    """Mixed into the workspace and the knowledge screen; the reply, the panel and the focus stay as they are."""

    view: RequestView | None
    articles: KnowledgePane
    stopped: Callable[[], bool]
    _show_panel: Callable[[str], None]
    flags_typed: dict[str, str]
    """What was typed against an article and not taken yet, by the question."""

    @property
    def _at_work(self) -> FramedScreen:
        return cast("FramedScreen", self)

    def action_add_article(self) -> None:
        """Write an article of what solved this request."""
        self._write_of_request("solution")

    def action_add_case(self) -> None:
        """Write this request up as a case of best practice (§7.7)."""
        self._write_of_request("case")

    def action_add_template(self) -> None:
        """Make a service template of how this request was solved."""
        self._write_of_request("template")

    def _write_of_request(self, kind: str) -> None:
        view = self.view
        if view is None:
            return

        def add(source: Source) -> None:
            self._open_form(of_request(source, kind))

        self._at_work.ask("source", lambda desk: article_sources.from_request(desk, view.id), add, hold=True)

    def action_fix_article(self) -> None:
        """Write a new version of the article in hand."""
        from agentdesk.screens.article_form import opened

        if article := self._in_hand():
            article_id = article[0]
            self._at_work.ask("fix", lambda desk: opened(desk, article_id), self._open_form, hold=True)

    def _open_form(self, start: ArticleStart) -> None:
        from agentdesk.screens.article_form import ArticleFormScreen

        self._at_work.app.push_screen(ArticleFormScreen(start), self._article_written)

    def _article_written(self, done: PhraseDone | None) -> None:
        if done is not None:
            self._at_work.say(done.said, "done")

    def action_flag_article(self) -> None:
        """Say what is wrong with the article in hand; its authors see it."""
        if not (article := self._in_hand()):
            return
        article_id, title = article

        def flagged(found: SiteArticle) -> None:
            self.flags_typed.clear()
            self._at_work.say(review.done("articles.done.flagged", article_review.KIND, found), "done")

        def given(why: str | None) -> None:
            if why:
                self._at_work.ask("flag", lambda desk: article_review.flag(desk, article_id, why), flagged, hold=True)

        self._at_work.app.push_screen(ReasonPanel(t("articles.why.flag", phrase=title), self.flags_typed), given)

    # -- of the list beside the reply, by the keys of the knowledge screen -------------------------------------------

    def action_why(self) -> None:
        """Say why the marked article stands where it does; once more shows the article again."""
        if not self.stopped():
            self._show_panel("articles")
            self.articles.action_why()

    def action_missed(self) -> None:
        """Say that none of the articles beside the reply is meant."""
        if not self.stopped():
            self.articles.action_missed()

    def of_articles(self, act: Callable[[], None]) -> bool:
        """Do something about the list of articles where it is in hand; return whether it was."""
        here = self.articles.picker.has_focus_within
        if here:
            act()
        return here

    def article_in_hand(self) -> Hit | None:
        """The article that is marked in its list, where the list is in hand."""
        return self.articles.hit if self.articles.picker.has_focus_within else None

    def _in_hand(self) -> tuple[str, str] | None:
        """Id and title of the article that is marked in its list, else of the one that was cited last."""
        hit = self.article_in_hand()
        if hit is not None:
            return hit.id, hit.title
        if self.view is not None and self.view.cited:
            cited = self.view.cited[-1]
            return cited.id, cited.title
        self._at_work.unavailable("why.no_article")
        return None


def of_request(source: Source, kind: str = "solution") -> ArticleStart:
    """What the form of an article opens with that is written of a resolved request: solution, case or template."""
    from agentdesk.screens.article_form import ArticleStart

    fields = {
        "kind": kind,
        "title": source.title,
        "body": _body(source, kind),
        "steps": list(source.steps),
        "product": source.product,
        "category": source.category,
        "tags": [*source.tags, *(_coded(source) if kind == "template" else ())],
    }
    return ArticleStart(fields=fields, source_request=source.request_id)


def _body(source: Source, kind: str) -> str:
    steps = "\n".join(f"- {step}" for step in source.steps) or "-"
    told = {"problem": source.problem, "solution": source.solution, "steps": steps}
    if kind == "case":
        return t("article_form.case_of_request", **told)
    return t("article_form.template_of_request" if kind == "template" else "article_form.of_request", **told)


def _coded(source: Source) -> list[str]:
    """The tags by which a template names result and cause."""
    named = {"outcome": source.outcome, "cause": source.cause_class}
    return [f"{name}:{code}" for name, code in named.items() if code]
