"""Knowledge beside the composer: results while typing, the article below, Enter cites it and inserts its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from agentdesk.desk import indexing, knowledge
from agentdesk.domain.meant import began_anew
from agentdesk.present import labels, search_filters
from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.screens import drawn, drawn_search
from agentdesk.screens.private import field_guard
from agentdesk.widgets.choice import ChoiceRow, Option
from agentdesk.widgets.long_text import LayOut, LongText
from agentdesk.widgets.messages import posted
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from textual.timer import Timer

    from agentdesk.desk.context import Desk
    from agentdesk.desk.indexing import Progress
    from agentdesk.desk.views import ArticleView, Hit
    from agentdesk.screens.asking import Asking
    from agentdesk.text.search_query import Wish

READ_AFTER = 0.15
"""Seconds the mark rests on a hit before its article is read: longer than from key to key, so that no key waits for an
article to be laid out that the next key takes away."""

AGAIN = 0.5
"""Seconds after which it is asked again how far the index is made."""


@dataclass
class Search:
    """One search of which it is not yet known whether it solved the matter; no words: what fits a request."""

    words: str
    hits: tuple[Hit, ...]
    opened: str = ""
    inserted: str = ""
    partial: bool = False
    """Filters were typed, or the index was not whole: what it does not find may be there."""


@dataclass
class Looked:
    """What a search in the worker brought: the filters that were typed, the hits, how far the index was made."""

    wishes: Sequence[Wish]
    hits: list[Hit]
    made: Progress


class KnowledgePane(Vertical):
    """Search, hits, the marked article, and whether it solved the matter."""

    HELP_KEY = "help.knowledge"
    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+t", "solved(True)", show=False, priority=True)]

    @posted
    class Cited(Message):
        """Enter on a hit: cite it and insert its plain summary."""

        hit: Hit

    @posted
    class Left(Message):
        """Escape: the focus should go back."""

    def __init__(self, *, noted: bool = True, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._noted = noted
        self._request: str | None = None
        self._hits: list[Hit] = []
        self._search: Search | None = None
        self._fullest: Search | None = None
        """The search from which only characters were taken back since: it was meant if other words follow."""
        self._read = ""
        self._article: ArticleView | None = None
        self._pause: Timer | None = None
        self._telling_why = False
        self._before_show: Callable[[], None] | None = None
        self._auto = ""
        self._words = ""
        self._made = indexing.Progress()
        self._waiting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Picker, article, question."""
        self.picker = Picker(title="knowledge.title", search="knowledge.search", guard=field_guard)
        yield self.picker
        with VerticalScroll(classes="article", can_focus=False):
            yield LongText(classes="article-text")
        with Vertical(classes="solved-row"):
            yield Static(t("knowledge.solved"), markup=False, classes="solved-label")
            yield ChoiceRow([Option("yes", "knowledge.solved.yes"), Option("no", "knowledge.solved.no")])
        self._asked = False

    @property
    def _asking(self) -> Asking:
        return cast("Asking", self.screen)

    def on_mount(self) -> None:
        """Nothing was found yet, so nothing is asked."""
        self._show_question(False)

    def load(
        self, request_id: str | None, words: str = "", then: Callable[[], None] | None = None, *, hold: bool = False
    ) -> None:
        """Show what fits a request without typing; `words` is what its text is searched by."""
        self.finish()
        self._request = request_id
        self._before_show = then
        self._auto = words
        self._words = ""
        self.picker.search_for("")
        if request_id is None:
            self._show([])
        else:
            self._asking.ask("articles", lambda desk: self._fitting(desk, request_id), self._show_looked, hold=hold)

    def _fitting(self, desk: Desk, request_id: str) -> Looked:
        made = indexing.progress(desk)
        return Looked((), knowledge.for_request(desk, request_id, patient=False), made)

    def _show_looked(self, looked: Looked) -> None:
        unknown = search_filters.unknown(looked.wishes)
        self._made = looked.made
        self.picker.say(
            unknown or search_filters.told(looked.wishes) or self._being_made(), "warn" if unknown else "info"
        )
        self._show(looked.hits, filtered=bool(looked.wishes))
        self._ask_again()

    def _being_made(self) -> str:
        made = self._made
        return t("knowledge.indexing", done=made.done, total=made.total) if made.left else ""

    def _ask_again(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(AGAIN, self._look_again) if self._made.left else None

    def _look_again(self) -> None:
        """Ask how far the index is by now."""
        if self._made.left:
            self._asking.ask("indexing", indexing.progress, self._made_so_far)

    def _made_so_far(self, made: Progress) -> None:
        """Tell how far it is; once all is in it, search again for what stands in the field."""
        over, self._made = self._made.left and not made.left, made
        self.picker.say(self._being_made())
        if over:
            self._search_now(self.picker.words)
        else:
            self._ask_again()

    def _show(self, hits: list[Hit], *, filtered: bool = False) -> None:
        self._hits = hits
        words = self.picker.words.strip()
        self._leave_for(words)
        left = bool(self._made.left)
        # Without a hit it says nothing about the knowledge while that is not in the index: it is made again then.
        meant = (words or self._auto) and (hits or not left)
        self._search = Search(words, tuple(hits), partial=filtered or left) if meant else None
        if self._fullest is None or not self._fullest.words.startswith(words):
            self._fullest = self._search
        if not (hits and self._is_read(hits[0])):
            self._read, self._article, self._telling_why = "", None, False
        empty = "knowledge.indexing.none" if left else "picker.none"
        self.picker.show([self._item(hit) for hit in hits], words=self._words, empty=empty)
        self._show_question(False)
        if not hits:
            self.query_one(".article-text", LongText).show(lambda cells: Laid())
        if self._before_show is not None:
            then, self._before_show = self._before_show, None
            then()

    def _is_read(self, hit: Hit) -> bool:
        """Whether its article stands below already: most keys leave the best hit where it is."""
        shown = self._article
        return shown is not None and not self._telling_why and (hit.id, hit.version) == (shown.id, shown.version)

    def _item(self, hit: Hit) -> PickItem:
        return PickItem(
            hit.id,
            hit.title,
            (hit.snippet,) if hit.snippet else (),
            labels.label("article_kind", hit.kind),
            hit.title_spans,
            hit.snippet_spans,
        )

    @on(Picker.SearchChanged)
    def _searched(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._search_now(event.words, lists=True)

    def _search_now(self, typed: str, *, lists: bool = False) -> None:
        self._words = typed
        words, request = typed.strip(), self._request
        if words:
            self.picker.await_items()
            self._asking.ask("articles", lambda desk: self._look(desk, words), self._show_looked, lists=lists)
            return
        self.picker.say("")
        if request is not None:
            self._asking.ask("articles", lambda desk: self._fitting(desk, request), self._show_looked, lists=lists)
        else:
            self._asking.forget("articles")
            self._show([])

    def _look(self, desk: Desk, words: str) -> Looked:
        """Search, in a worker; other words typed meanwhile end it between two lanes."""
        filters = search_filters.filters()
        made = indexing.progress(desk)  # before the search: what is indexed meanwhile is looked for once more
        hits = knowledge.search(
            desk, words, filters=filters, given_up=lambda: self._words.strip() != words, patient=False
        )
        return Looked(knowledge.asked(words, filters).wishes, hits, made)

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        if event.item is not None and event.item.id != self._read:
            self._read, self._telling_why = event.item.id, False
            if self._pause is not None:
                self._pause.stop()
            self._pause = self.set_timer(READ_AFTER, self._read_marked)

    def _read_marked(self) -> None:
        article_id = self._read
        if article_id:
            self._asking.ask("article", lambda desk: knowledge.article(desk, article_id), self._show_article)

    def _show_article(self, article: ArticleView) -> None:
        self._article = article
        if not self._telling_why:  # else it was asked for first: the article stays to be gone back to
            self._below(lambda cells: Laid.of(drawn.article(article, cells), cells))

    def _below(self, lay_out: LayOut) -> None:
        self.query_one(".article-text", LongText).show(lay_out)
        self.query_one(".article", VerticalScroll).scroll_home(animate=False)

    def action_why(self) -> None:
        """Say why the marked hit stands where it does; once more shows the article again."""
        hit, article = self.hit, self._article
        if hit is None:
            self._asking.unavailable("why.no_hit")
        elif self._telling_why and article is not None:
            self._telling_why = False
            self._show_article(article)
        else:
            self._telling_why = True
            place = self.picker.at + 1
            self._below(lambda cells: Laid.of([drawn_search.why(hit, place, cells)], cells))

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        hit = next((hit for hit in self._hits if hit.id == event.item.id), None)
        if hit is not None:  # else the list was replaced while the key was on its way
            self.cite(hit)

    def cite(self, hit: Hit) -> None:
        """Cite a hit."""
        self.opened(hit)
        if hit.may_quote or self._request is not None:
            self.inserted(hit.id)
        self.post_message(self.Cited(hit))

    def opened(self, hit: Hit) -> bool:
        """A hit was used: from now on it can be said whether it solved the matter. Whether it is noted with a search,
        or is nobody's search."""
        if self._search is not None:
            self._open_alone(hit.id)
            self._search.opened = hit.id
            self._show_question(True)
        return self._search is not None or not self._noted

    def _open_alone(self, instead: str = "") -> None:
        """Log for itself what was opened before: a search tells of one."""
        earlier = self._search.opened if self._search is not None else ""
        if earlier and earlier != instead and self._noted:
            self._asking.ask(
                "opened",
                lambda desk: knowledge.opened(desk, earlier),
                lambda _: None,
                exclusive=False,
                outlives=True,
            )

    def inserted(self, article_id: str) -> None:
        """Something of the article that was opened went into the reply, or was copied."""
        if self._search is not None and self._search.opened == article_id:
            self._search.inserted = article_id

    @property
    def in_use(self) -> bool:
        """Whether somebody is choosing here, or was asked whether it solved the matter."""
        waits = self._asked or self._before_show is not None
        return waits or self.picker.has_focus_within or bool(self.picker.words)

    @property
    def hit(self) -> Hit | None:
        """The marked hit."""
        item = self.picker.item
        return next((one for one in self._hits if item is not None and one.id == item.id), None)

    # -- solved? ------------------------------------------------------------------------------------------------------

    def _show_question(self, shown: bool) -> None:
        self._asked = shown
        self.query_one(".solved-row", Vertical).display = shown
        self.query_one(ChoiceRow).choose("")

    @on(ChoiceRow.ChoiceMade)
    def _answered(self, event: ChoiceRow.ChoiceMade) -> None:
        event.stop()
        self.action_solved(event.code == "yes")

    def action_solved(self, solved: bool) -> None:
        """Say that the search solved the matter, or not; written as a log fact."""
        if self._search is None:
            self._asking.unavailable("why.no_search")
            return
        if not self._search.opened and self.hit is not None:
            self._search.opened = self.hit.id
        self._write(solved)
        self._show_question(False)
        self._asking.say(t("knowledge.noted.yes" if solved else "knowledge.noted.no"), "done")

    def action_missed(self) -> None:
        """Say that none of the hits was meant; written as a log fact, from which articles are proposed."""
        if self._search is None:
            self._asking.unavailable("why.not_searched")
            return
        self._open_alone()
        self._search.opened = ""
        self._write(False)
        self._show_question(False)
        self._asking.say(t("knowledge.noted.missed"), "done")

    def finish(self) -> None:
        """Write a search of which nobody said whether it solved: what was typed and stands there, or what was used."""
        search = self._search
        if search is not None and (search.opened or search.words):
            self._write(None)
        self._search = self._fullest = None

    def _leave_for(self, words: str) -> None:
        """Write the search before these words where it was one of its own."""
        search, fullest = self._search, self._fullest
        if search is not None and search.opened:
            self._write(None)
        elif fullest is not None and began_anew(fullest.words, words):
            self._search = fullest
            self._write(None)

    def _write(self, solved: bool | None) -> None:
        search, self._search = self._search, None
        self._fullest = None
        request = self._request or ""
        if search is not None and self._noted:
            self._asking.ask(
                "solved",
                lambda desk: knowledge.solved(
                    desk,
                    search.words,
                    search.hits,
                    search.opened,
                    solved,
                    inserted=search.inserted,
                    request=request,
                    typed=bool(search.words) and not search.partial,
                ),
                lambda _: None,
                exclusive=False,
                outlives=True,
            )

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.post_message(self.Left())
