"""An article opened whole: its steps one at a time to read aloud, its links followed, an emergency list ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region

from agentdesk.desk import article_page, checklists, knowledge
from agentdesk.desk.views import Citation
from agentdesk.present import markdown
from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.present.safe import plain
from agentdesk.screens import drawn_reader
from agentdesk.screens.frame import FramedScreen
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.fitted import Fitted
from agentdesk.widgets.long_text import LongText

if TYPE_CHECKING:
    from agentdesk.desk.article_page import Page
    from agentdesk.desk.checklists import Tick
    from agentdesk.desk.context import Desk
    from agentdesk.present.markdown import Block


TURN_S = 5
"""Seconds between two looks at what is left of the time of a step."""


@dataclass(frozen=True, slots=True)
class ReaderTaken:
    """What a reader was closed with: words for the reply with what they are cited from, or a template to apply.

    `step` is the place of the step that the words are of.
    """

    citation: Citation
    text: str = ""
    step: int = 0
    template: bool = False


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a worker read of an article."""

    page: Page
    ticks: dict[int, Tick]
    blocks: Sequence[Block]


class ReaderScreen(FramedScreen):
    """Dismissed with a `ReaderTaken`, or None."""

    SCOPE = "reader"
    BINDINGS: ClassVar[list[Any]] = [  # the keys of the table beside them; moving about takes no notice away
        Binding("right", "next", show=False, priority=True),
        Binding("left", "previous", show=False, priority=True),
    ]
    AUTO_FOCUS = "VerticalScroll"
    HELP_KEY = "help.reader"

    def __init__(
        self, article_id: str, *, request_id: str = "", into_reply: bool = False, at: int = 0, noted: bool = False
    ) -> None:
        """`request_id`: whose list is ticked; `into_reply`: there is a reply below that takes a step; `at`: the step
        to begin with; `noted`: a search tells that the article was opened."""
        super().__init__()
        self._article_id = article_id
        self._request_id = request_id
        self._into_reply = into_reply
        self._at = at
        self._noted = noted
        self._opened: _Opened | None = None
        self._link = -1
        self._behind: list[tuple[str, int]] = []
        """Articles from which a link led here, each with its step."""

    def body(self) -> ComposeResult:
        """Head, the step in hand, all else."""
        yield Fitted(id="reader-head")
        yield Fitted(id="reader-step")
        with VerticalScroll(id="reader-scroll"):
            yield LongText(id="reader-steps")
            yield LongText(id="reader-body")

    def on_mount(self) -> None:
        """Read it; keys wait until it is there."""
        self._read(self._article_id, self._at, note=not self._noted)
        self.set_interval(TURN_S, self._turn)

    def _turn(self) -> None:
        """Less is left for the steps of a list that was begun."""
        if self.is_current and self._opened is not None and self._opened.ticks:
            self._show()

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """The article or the ticks of its list may have been written, here or elsewhere."""
        here = {("article", self._article_id), ("request", self._request_id)}
        if self._opened is not None and (here & ids or any(entity == "entry" for entity, _ in ids)):
            self._read_again()

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self, article_id: str, at: int, behind: tuple[str, int] | None = None, *, note: bool = True) -> None:
        """Open an article; `behind`: the one that Escape then leads back to, once this one could be read; `note`: log
        that it was opened."""

        def show(opened: _Opened) -> None:
            self.forget("again")  # what is on its way is of the article before
            if behind is not None:
                self._behind.append(behind)
            self._article_id, self._link = article_id, -1
            self._take(opened, at)
            if note:
                self._note(article_id)
            self.query_one("#reader-scroll", VerticalScroll).scroll_home(animate=False)

        self.ask("page", lambda desk: self._load(desk, article_id), show, hold=True)

    def _note(self, article_id: str) -> None:
        def log(desk: Desk) -> None:
            knowledge.opened(desk, article_id)

        self.ask("opened", log, lambda _: None, exclusive=False, outlives=True)

    def _read_again(self) -> None:
        """Read the same article as it is now; step and link stay where the person is by then."""
        article_id = self._article_id

        def show(opened: _Opened) -> None:
            before = drawn_reader.leads(self._opened.blocks) if self._opened is not None else []
            if before != drawn_reader.leads(opened.blocks):
                self._link = -1
            self._take(opened, self._at)

        self.ask("again", lambda desk: self._load(desk, article_id), show)

    def _load(self, desk: Desk, article_id: str) -> _Opened:
        page = article_page.read(desk, article_id)
        ticks = checklists.ticks(desk, page, self._request_id) if page.is_checklist else {}
        return _Opened(page, ticks, drawn_reader.body(page))

    def _take(self, opened: _Opened, at: int) -> None:
        self._opened = opened
        self._at = max(0, min(at, len(opened.page.steps) - 1))
        self._show()
        self._show_body()

    def _show(self) -> None:
        """Write what depends on the step and on the ticks."""
        opened = self._opened
        if opened is None:
            return
        page, at, ticks = opened.page, self._at, checklists.Progress(opened.ticks, self.session.now())
        box = self.query_one("#reader-step", Fitted)
        box.display = bool(page.steps)
        self.query_one("#reader-head", Fitted).show(lambda cells: drawn_reader.head(page, cells))
        if page.steps:
            box.show(lambda cells: drawn_reader.step(page, at, ticks, cells))
        listed = self.query_one("#reader-steps", LongText)
        listed.display = len(page.steps) > 1
        listed.show(lambda cells: Laid.of([*drawn_reader.steps(page, at, ticks, cells), Content("")], cells))
        self._grey(page)

    def _grey(self, page: Page) -> None:
        """What this article has nothing for."""
        reasons = {} if page.is_checklist else {"reader-tick": t("why.no_checklist")}
        if not page.steps:
            reasons |= dict.fromkeys(("reader-next", "reader-copy", "reader-take"), t("why.no_steps"))
        elif not self._into_reply:
            reasons["reader-take"] = t("why.no_reply")
        self.grey(reasons)

    def _show_body(self) -> None:
        """Write the text with the link that is marked."""
        opened, marked = self._opened, self._link
        if opened is not None:
            body = self.query_one("#reader-body", LongText)
            body.show(lambda cells: markdown.laid_out(opened.blocks, cells, marked))

    @on(LongText.LaidOut)
    def _laid_out(self, event: LongText.LaidOut) -> None:
        event.stop()
        laid = event.laid
        if event.text.id == "reader-body" and 0 <= laid.marked < len(laid.links):
            self.call_after_refresh(self._bring_into_sight, event.text, laid.links[laid.marked])

    def _bring_into_sight(self, body: LongText, row: int) -> None:
        scroll = self.query_one("#reader-scroll", VerticalScroll)
        scroll.scroll_to_region(Region(0, body.virtual_region.y + row, 1, 2), animate=False)

    # -- steps --------------------------------------------------------------------------------------------------------

    def action_next(self) -> None:
        """The next step."""
        self._go(1, "why.last_step")

    def action_previous(self) -> None:
        """The one before."""
        self._go(-1, "why.first_step")

    def _go(self, by: int, end: str) -> None:
        page = self._page_with_steps()
        if page is None:
            return
        if not 0 <= self._at + by < len(page.steps):
            self.unavailable(end)
            return
        self._at += by
        self._show()

    def _page_with_steps(self) -> Page | None:
        """The article, where it has steps; says so where it has none."""
        page = self._opened.page if self._opened is not None else None
        if page is None or not page.steps:
            self.unavailable("why.no_steps")
            return None
        return page

    def _may_say(self, page: Page) -> bool:
        """Whether its words may leave the desk; says so where they may not."""
        if not page.article.may_quote:
            self.unavailable("why.internal", title=page.article.title)
        return page.article.may_quote

    def action_copy(self) -> None:
        """Copy the step in hand."""
        page = self._page_with_steps()
        if page is not None and self._may_say(page):
            self.app.copy_to_clipboard(page.steps[self._at].text)
            self.say(t("reader.copied", number=self._at + 1), "done")

    def action_take(self) -> None:
        """Put the step in hand into the reply."""
        page = self._page_with_steps()
        if page is None:
            return
        if not self._into_reply:
            self.unavailable("why.no_reply")
        elif self._may_say(page):
            self.dismiss(ReaderTaken(page.article.citation, page.steps[self._at].text, self._at))

    # -- an emergency list --------------------------------------------------------------------------------------------

    def action_tick(self) -> None:
        """Tick the step in hand off, and go on to the next one that is open."""
        opened = self._opened
        if opened is None or not opened.page.is_checklist:
            self.unavailable("why.no_checklist")
            return
        page, at, request_id = opened.page, self._at, self._request_id
        step = page.steps[at].text
        note = t("reader.note", title=page.article.title, number=at + 1, count=len(page.steps), step=step)

        def call(desk: Desk) -> dict[int, Tick]:
            checklists.tick(desk, page, at, request_id, note)
            return checklists.ticks(desk, page, request_id)

        self.ask("tick", call, self._ticked, hold=True)

    def _ticked(self, ticks: dict[int, Tick]) -> None:
        opened = self._opened
        if opened is None:
            return
        self._opened = _Opened(opened.page, ticks, opened.blocks)
        count = len(opened.page.steps)
        still = [place for place in (*range(self._at, count), *range(self._at)) if place not in ticks]
        said = t("reader.done", left=len(still)) if still else t("reader.all_done")
        self._at = still[0] if still else self._at
        self.say(said, "done")
        self._show()

    def action_restart(self) -> None:
        """Begin one's own list anew."""
        opened = self._opened
        if opened is None or not opened.page.is_checklist:
            self.unavailable("why.no_checklist")
            return
        if self._request_id:
            self.unavailable("why.list_of_request")
            return
        page = opened.page

        def restarted(gone: int) -> None:
            self._at = 0
            self._ticked({})
            self.say(t("reader.restarted", count=gone), "done")

        self.ask("restart", lambda desk: checklists.restart(desk, page), restarted, hold=True)

    # -- links --------------------------------------------------------------------------------------------------------

    def action_link(self) -> None:
        """Mark the next link."""
        led = drawn_reader.leads(self._opened.blocks) if self._opened is not None else []
        if not led:
            self.unavailable("why.no_links")
            return
        self._link = (self._link + 1) % len(led)
        self._show_body()
        self.say(t("reader.leads", title=self._title(led[self._link])))

    def _title(self, article_id: str) -> str:
        found = self._opened.page.targets.values() if self._opened is not None else ()
        return next((one.title for one in found if one.id == article_id), "")

    def action_follow(self) -> None:
        """Open what the marked link leads to; Escape leads back."""
        led = drawn_reader.leads(self._opened.blocks) if self._opened is not None else []
        if not 0 <= self._link < len(led):
            self.unavailable("why.no_link_marked" if led else "why.no_links")
            return
        self._read(led[self._link], 0, (self._article_id, self._at))

    def go_back(self) -> None:
        """Back to the article from which a link led here, else close."""
        if self._behind:
            article_id, at = self._behind.pop()
            self._read(article_id, at, note=False)
        else:
            self.dismiss(None)

    # -- the page of the web ------------------------------------------------------------------------------------------

    def action_page(self) -> None:
        """Open the page of the web that the article names, once its address was seen."""
        address = self._opened.page.article.url if self._opened is not None else ""
        if not address:
            self.unavailable("why.no_page")
            return
        ask = Confirm(t("reader.page.ask"), [plain(address)], yes="reader.page.yes", no="reader.page.no")
        self.app.push_screen(ask, lambda yes: self._open_page(address) if yes else None)

    def _open_page(self, address: str) -> None:
        from agentdesk.screens import browser  # only where somebody asks for one

        def opened(there: bool) -> None:
            if there:
                self.say(t("reader.page.opened"), "done")
                return
            self.app.copy_to_clipboard(address)
            self.say(t("reader.page.copied", address=address), "warning")

        self.ask("browser", lambda desk: browser.open_page(address), opened)

    # -- a template ---------------------------------------------------------------------------------------------------

    def action_apply(self) -> None:
        """Fill plan and resolution of the request from this template."""
        opened = self._opened
        if opened is None or not opened.page.is_template:
            self.unavailable("why.no_template")
        elif not self._into_reply:
            self.unavailable("why.no_request_here")
        else:
            self.dismiss(ReaderTaken(opened.page.article.citation, template=True))
