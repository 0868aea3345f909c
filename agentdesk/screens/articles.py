"""Knowledge management: every article with where it stands; written, reviewed, flagged, returned, retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentdesk.desk import article_links, article_review, site_articles, suggestions
from agentdesk.desk.article_changes import differences
from agentdesk.desk.article_check import view_of
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may
from agentdesk.present import labels
from agentdesk.present.articles import Told, changed, standing
from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.screens import drawn
from agentdesk.screens.review_list import ReviewList
from agentdesk.widgets.picker import PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.site_articles import Found, Row, SiteArticle
    from agentdesk.screens.article_versions import VersionChoice

MOST = 300
"""Rows shown at once; the search narrows down a larger base."""
_WAITING = ("waiting", "draft")
_SUGGESTED_BY = ("suggestion", "resolution", "article")


class ArticlesScreen(ReviewList["Row"]):
    """The list, and the marked article whole: what it says, or what a proposal would change."""

    SCOPE = "articles"
    KIND = article_review.KIND
    SHOWN = ("", *site_articles.STATES, article_links.BREAKS)
    _suggested = 0
    TITLE, SEARCH, STATE = "articles.title", "articles.search", "article_state"

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """What was written or decided may be an answer to a suggestion."""
        flagged = {(self.KIND.entity, key) for entity, key in ids if entity == "suggestion"}
        super().touched(ids | flagged)  # a flag of what ships is a suggestion
        if self.is_current and any(entity in _SUGGESTED_BY for entity, _ in ids):
            self._count()

    def on_screen_resume(self) -> None:
        """Count what should be written: suggestions may have been decided meanwhile."""
        self._count()

    def _count(self) -> None:
        """Beside the list, not at each key of its search: requests are looked through for it."""

        def show(count: int) -> None:
            self._suggested = count
            if not self._shown:
                self._picker.say(self.hint())

        self.ask("suggested", lambda desk: suggestions.count(desk) if suggestions.may_decide(desk) else 0, show)

    def read(self, desk: Desk, words: str, shown: str) -> list[Row]:
        """What waits for somebody first."""
        if shown == article_links.BREAKS:
            return article_links.rows(desk, words, MOST)
        return article_review.every(desk, words, shown, MOST)

    def hint(self) -> str:
        """How many suggestions wait for an author."""
        count = self._suggested
        return t("usage.waiting", count=count) if count else ""

    def key(self, row: Row) -> str:
        """Its id."""
        return row.id

    def called(self, row: Row) -> str:
        """Its title."""
        return row.title

    def item(self, row: Row) -> PickItem:
        """Title, kind, where it stands; of what waits more than once, how many there are."""
        stands = labels.label("article_state", row.urgent)
        told = t("articles.waits", count=row.waits) if row.waits > 1 else stands
        return PickItem(row.id, row.title, (), f"{labels.label('article_kind', row.kind)} {told}".strip())

    def show_marked(self, row: Row | None) -> None:
        """Read the marked one; what is shown meanwhile is of the one before."""
        if row is None:
            self.tell(lambda cells: Laid())
        else:
            self.ask("whole", lambda desk: _told(desk, article_review.find(desk, row.id)), self._show)

    def _show(self, told: Told) -> None:
        view = view_of(told.found.value, self.session.now())

        def lay_out(cells: int) -> Laid:
            rest = changed(told.changes, cells) if told.changes else drawn.article(view, cells)
            return Laid.of([*standing(told, cells), *rest], cells)

        self.tell(lay_out)

    def refuse_return(self, row: Row) -> bool:
        """Only what waits can be returned."""
        if row.stands not in _WAITING:
            self.tell_refusal(Refusal("article.nothing_proposed", article=row.title))
        return row.stands not in _WAITING

    def open_form(self, row: Row | None) -> None:
        """Read the article whole, then write it."""
        from agentdesk.screens.article_form import ArticleFormScreen, ArticleStart, opened

        if row is None:
            self.app.push_screen(ArticleFormScreen(ArticleStart()), self.written)
            return

        def show(start: ArticleStart) -> None:
            self.app.push_screen(ArticleFormScreen(start), self.written)

        self.ask("form", lambda desk: opened(desk, row.id), show, hold=True)

    # -- deciding -----------------------------------------------------------------------------------------------------

    def action_approve(self) -> None:
        """Put what is proposed in force; a draft is handed in by who may write but not approve."""
        row = self.need_marked()
        if row is None:
            return
        approves = may(self.session.raw_desk.me.roles, article_review.AREA, "A")
        if row.stands == "draft" and not approves:
            self.decide("submit", article_review.submit, "articles.done.submitted", row)
        else:
            self.decide("approve", article_review.approve, "articles.done.approved", row)

    def action_legal(self) -> None:
        """Give the word of legal on what is proposed."""
        self.decide("legal", article_review.give_legal_word, "articles.done.legal")

    def action_object(self) -> None:
        """Say for legal why what is proposed must not be in force."""

        def act(desk: Desk, key: str, why: str) -> SiteArticle:
            return article_review.give_legal_word(desk, key, objection=why)

        self.ask_reason("object", "articles.why.object", act, "articles.done.objected")

    def action_return(self) -> None:
        """Return what is proposed, with a reason."""
        self.ask_reason("return", "review.why.return", article_review.send_back, "articles.done.returned")

    def action_retire(self) -> None:
        """Take the marked one out of force, with a reason."""
        self.ask_reason("retire", "review.why.retire", article_review.retire, "articles.done.retired")

    def action_flag(self) -> None:
        """Say what is wrong with the marked one."""
        self.ask_reason("flag", "articles.why.flag", article_review.flag, "articles.done.flagged")

    def action_confirm(self) -> None:
        """Say that what is in force is still right."""
        self.decide("confirm", article_review.confirm, "articles.done.confirmed")

    def action_broken(self) -> None:
        """Show the articles in which a link leads nowhere."""
        self._shown = article_links.BREAKS
        self.reread()

    def action_import(self) -> None:
        """Take articles from a file; who may not publish is told so before a path is asked for."""
        from agentdesk.screens.article_import import ArticleImportScreen

        if not may(self.session.raw_desk.me.roles, article_review.AREA, "A"):
            self.tell_refusal(Refusal("role.denied", area=article_review.AREA, right="A"))
            return

        def imported(said: str | None) -> None:
            if said:
                self.say(said, "done")
                self.reread()

        self.app.push_screen(ArticleImportScreen(), imported)

    def action_versions(self) -> None:
        """What each version changed; one of them into force."""
        row = self.need_marked()
        if row is None:
            return

        def show(told: Told) -> None:
            from agentdesk.screens.article_versions import ArticleVersionPanel

            site = told.found.site
            if site is None:
                self.unavailable("why.no_versions")
                return
            self.app.push_screen(ArticleVersionPanel(site, told), lambda choice: self._chosen(choice, row))

        self.ask("versions", lambda desk: _told(desk, article_review.find(desk, row.id)), show, hold=True)

    def _chosen(self, choice: VersionChoice | None, row: Row) -> None:
        if choice is None:
            return
        act = article_review.approve if choice.do == "approve" else article_review.give_legal_word
        done = "articles.done.approved" if choice.do == "approve" else "articles.done.legal"
        self.decide("choice", lambda desk, key: act(desk, key, choice.version), done, row)


def _told(desk: Desk, found: Found) -> Told:
    """With the names of all who wrote or judged it, and what a proposal would change."""
    site, breaks = found.site, tuple(article_links.broken_in(desk, found.value))
    if site is None:
        return Told(found, breaks=breaks)
    people = {one.author for one in site.versions} | {one.person for one in site.legal}
    names = {person: desk.person(person).name for person in people}
    if site.proposed is None or site.in_force is None:
        return Told(found, names, breaks=breaks)
    return Told(found, names, tuple(differences(site.in_force.value, site.proposed.value, site.words)), breaks)
