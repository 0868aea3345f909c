"""The workspace: one request, what happened, the reply being written, and what fits beside it.

Wide: facts | timeline over composer | phrases or articles. Below 130 columns the facts, below 100 the phrases too come
over the timeline by a key; on a narrow terminal the composer stays in sight below them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from agentdesk.desk import own_phrases, revealing
from agentdesk.present.i18n import t
from agentdesk.present.safe import ACCENT, DIM, line
from agentdesk.screens import drawn, drawn_timeline
from agentdesk.screens.alike_pane import AlikePane
from agentdesk.screens.blank_asker import VariableAsker
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.knowledge_pane import KnowledgePane
from agentdesk.screens.phrase_pane import PhrasePane
from agentdesk.screens.reply import ReplyPart, ReplyStart
from agentdesk.screens.session import Place
from agentdesk.screens.workspace_articles import ArticlesPart
from agentdesk.screens.workspace_contact import ContactPart
from agentdesk.screens.workspace_ended import EndedPart
from agentdesk.screens.workspace_fit import FitPart
from agentdesk.screens.workspace_moves import MovesPart
from agentdesk.screens.workspace_reader import ReaderPart
from agentdesk.screens.workspace_talk import TalkPart
from agentdesk.widgets.composer import Composer
from agentdesk.widgets.countdown import Ticker
from agentdesk.widgets.fitted import Fitted

if TYPE_CHECKING:
    from agentdesk.desk.views import Moved, RequestView
    from agentdesk.screens.personal_phrase import PhraseDone

PANELS = ("facts", "phrases", "articles", "alike")

PLAN_STATES = {"ANALYSING": "tell", "PLAN_PENDING": "answer"}
"""States in which the next step has a form of its own, and which."""


class WorkspaceScreen(
    ArticlesPart, ReaderPart, ContactPart, EndedPart, FitPart, MovesPart, TalkPart, ReplyPart, FramedScreen
):
    """One long-lived screen; `open` shows another request in it."""

    SCOPE = "workspace"
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.view: RequestView | None = None
        self._request = ""
        self._then = ""
        self._number = ""
        self._stale = False
        self._panel = ""
        self.flags_typed = {}
        self.start_reply()

    def body(self) -> ComposeResult:
        """Head, three columns, the next step, the composer."""
        self.composer = self.make_composer()
        self.phrases = PhrasePane(id="ws-phrases")
        self.articles = KnowledgePane(id="ws-articles")
        self.alike = AlikePane(id="ws-alike")
        self.asker = VariableAsker()
        yield Fitted(id="ws-head")
        with Horizontal(id="ws-main"):
            with VerticalScroll(id="ws-facts", can_focus=True):
                yield Fitted(id="ws-facts-text")
            with Vertical(id="ws-center"):
                with VerticalScroll(id="ws-timeline", can_focus=True):
                    yield Fitted(id="ws-timeline-text")
                yield Static("", id="ws-next", markup=False)
                yield self.asker
                yield self.make_macro_line()
                yield self.composer
            with Vertical(id="ws-side"):
                yield self.phrases
                yield self.articles
                yield self.alike

    def on_mount(self) -> None:
        """Tick once a second."""
        self._ticker = Ticker(self, lambda: int(self.session.now().timestamp() * 1000))
        self._ticker.each(self._tick)
        self._show_panel("")
        if self._request:
            self._start()

    # -- opening ------------------------------------------------------------------------------------------------------

    def open(self, request_id: str, then: str = "", *, number: str = "") -> None:
        """Show a request; `then` is recorded (say its number), resolve or follow (open that form)."""
        self.desk_app.hold_keys("opening")
        self.mask()
        other = request_id != self._request
        if other and self.is_mounted:
            self.leave_reply()
            self.phrases.put_away()
            self.articles.finish()
        if other:
            self.view = None
            self.shown_kinds = drawn_timeline.FILTERS[0]
        self._request, self._then, self._number = request_id, then, number
        if self.is_mounted:
            self._start()

    def _start(self) -> None:
        request_id = self._request
        if self._then == "recorded":
            self.say(t("intake.recorded", number=self._number), "done")
        self._show_panel("")
        self.ask(
            "open",
            lambda desk: (revealing.view(desk, request_id), self.read_reply(desk, request_id)),
            self._opened,
            refused=self._gone,
        )

    def _gone(self, refusal: object) -> None:
        self.desk_app.release_keys("opening")
        self._request = ""
        self.desk_app.show_queue()

    def _opened(self, opened: tuple[RequestView, ReplyStart]) -> None:
        view, reply = opened
        self._show(view)
        self.query_one("#ws-timeline", VerticalScroll).anchor()  # at the latest entry, until somebody scrolls
        self.take_reply(view, reply)
        self.fill_side(view)
        self.focus_reply()
        self._go_on()
        self.desk_app.release_keys("opening")
        then, self._then = self._then, ""
        if then == "resolve":
            self.action_resolve()
        elif then == "follow":
            self.action_follow()

    def place(self) -> Place | None:
        """Where the person stands here, for screens made anew."""
        focused = (self.focused.id or "") if self.focused is not None else ""
        return Place("workspace", self._request, focused, self.composer.caret) if self._request else None

    def _go_on(self) -> None:
        place = self.session.take_place("workspace")
        if place is not None and place.request == self._request:
            with self._quiet():
                self.composer.set_text(self.composer.text, place.caret)
            for widget in self.query(f"#{place.focused}") if place.focused else ():
                self.set_focus(widget)

    def refresh_view(self, *, moved: bool = False) -> None:
        """Read the request again; the reply being written stays.

        After it moved, keys wait for the answer: what the next key does depends on where the request stands now.
        """
        request_id = self._request
        if request_id:
            self._stale = False
            group = "moved" if moved else "view"  # a later reading must not replace the one that keys wait for
            self.ask(group, lambda desk: revealing.view(desk, request_id), self._show, refused=self._gone, hold=moved)

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """Something was written: show it, at once or when this screen is seen again."""
        if any(entity in ("lexicon_rule", "site_setting", "article") for entity, _ in ids):
            self.reread_lint()
        if any(entity == "redact" for entity, _ in ids) and self.view is not None:
            self.alike.load(self.view.id)  # what was taken out elsewhere may stand in the list
        if self.is_current and self._request:
            self.refresh_view()
        else:
            self._stale = True

    def _show(self, view: RequestView) -> None:
        if self.was_redacted(view):  # what stands beside it was filled in with what is gone now
            self.fill_side(view)
            self.reread_redacted()
        self.view = view
        self.follow_side(view)
        now, shown = self.session.now(), self.shown_kinds
        self.show_composer()
        self._show_clocks()
        self.query_one("#ws-timeline-text", Fitted).show(lambda cells: drawn_timeline.timeline(view, now, cells, shown))
        self.show_next()
        self._grey()

    def show_next(self) -> None:
        """Write the line of the next step."""
        if self.view is None:
            return
        told = t("ended.next") if self.ended else drawn.next_step(self.view.next)
        like = [] if self.ended else self.alike_pieces()
        pieces = (*self.contact_pieces(), (t("next.title") + " ", DIM), (told, ACCENT), *like)
        self.query_one("#ws-next", Static).update(line(*pieces))

    @property
    def _has_side(self) -> bool:
        """Whether phrases and articles have a column of their own."""
        return self.has_class("-wide") or self.has_class("-medium")

    def _tick(self, now_ms: int) -> None:
        self.mask_in_time()
        if self.clocks_moved(now_ms):
            self._show_clocks()

    def _show_clocks(self) -> None:
        """Write what tells clocks: the head and the facts."""
        view = self.view
        if view is not None:
            now = self.session.now()
            self.query_one("#ws-head", Fitted).show(lambda cells: drawn.request_head(view, now, cells))
            self.query_one("#ws-facts-text", Fitted).show(lambda cells: drawn.facts(view, now, cells))

    # -- panels -------------------------------------------------------------------------------------------------------

    def _show_panel(self, panel: str) -> None:
        """Bring a side column over the timeline on a narrow terminal; on a wide one choose what the right one shows."""
        self._panel = panel
        for name in PANELS:
            self.set_class(name == panel, f"-{name}")

    def close_panel(self) -> None:
        """Go back to timeline and composer."""
        self._show_panel(self._panel if self._has_side and self._panel != "facts" else "")
        self.focus_reply()

    def action_record_panel(self) -> None:
        """Show or hide the facts."""
        if self._panel == "facts":
            self.close_panel()
        else:
            self._show_panel("facts")
            self.focus_when_shown(self.query_one("#ws-facts").focus)

    def action_phrases(self) -> None:
        """Go to the phrases that fit; the first one is marked."""
        if self.view is None or self.stopped():
            return
        self._show_panel("phrases")
        picker = self.phrases.picker
        self.phrases.load(self.view.id, lambda: self.focus_when_shown(picker.take_focus), hold=True)

    def action_favourite(self) -> None:
        """Make the marked phrase a favourite, or no longer."""
        if self.phrases.picker.has_focus_within:
            self.phrases.favour()
        else:
            self.say(t("why.no_phrase"), "warning")

    def action_variant(self) -> None:
        """Show the marked phrase in other words."""
        if self.phrases.picker.has_focus_within:
            self.phrases.action_variant()
        else:
            self.say(t("why.no_phrase"), "warning")

    def action_phrase_language(self) -> None:
        """Offer the phrases of this contact in the next language."""
        view = self.view
        if view is None or self.stopped():
            return
        self._show_panel("phrases")

        def chosen(language: str) -> None:
            self.phrases.load(view.id, lambda: self.focus_when_shown(self.phrases.picker.take_focus), hold=True)
            self.reread_known()

        self.ask("language", lambda desk: own_phrases.next_language(desk, view.id), chosen, hold=True)

    def action_keep_phrase(self) -> None:
        """Make a personal phrase of what is being written."""
        from agentdesk.screens.personal_phrase import PersonalPhraseScreen, PhraseStart

        if self.stopped():
            return
        if not self.composer.text.strip():
            self.say(t("why.empty_reply"), "warning")
        else:
            self.app.push_screen(PersonalPhraseScreen(PhraseStart(body=self.composer.text)), self._phrase_kept)

    def _phrase_kept(self, done: PhraseDone | None) -> None:
        if done is not None and self.view is not None:
            self.say(done.said, "done")
            self.phrases.load(self.view.id)
        self.focus_reply()

    def action_articles(self) -> None:
        """Go to the articles that fit; the first one is marked."""
        if self.view is None or self.stopped():
            return
        self._show_panel("articles")
        view, picker = self.view, self.articles.picker
        self.articles.load(view.id, view.search_text, lambda: self.focus_when_shown(picker.take_focus), hold=True)

    @on(PhrasePane.Left)
    @on(KnowledgePane.Left)
    def _left(self) -> None:
        self.close_panel()

    @on(PhrasePane.Taken)
    def _phrase_taken(self, event: PhrasePane.Taken) -> None:
        event.stop()
        self.use_phrase(event.phrase)
        self.close_panel()

    @on(KnowledgePane.Cited)
    def _article_cited(self, event: KnowledgePane.Cited) -> None:
        event.stop()
        self.close_panel()
        self.use_article(event.hit)

    @on(Composer.PhrasesAsked)
    def _phrases_beside(self) -> None:
        if self.view is not None:
            self._show_panel("phrases")
            self.phrases.load(self.view.id)

    @on(Composer.ArticlesAsked)
    def _articles_beside(self) -> None:
        if self.view is not None:
            self._show_panel("articles")
            self.articles.load(self.view.id, self.view.search_text)

    # -- forms --------------------------------------------------------------------------------------------------------

    def _grey(self) -> None:
        view = self.view
        if view is None:
            return
        if self.ended:
            self.grey(self.ended_reasons())
            return
        reasons: dict[str, str] = {}
        if view.state in ("RESOLVED", "CONFIRMED", "REMEDIATION"):
            reasons["workspace-resolve"] = t("why.already_resolved")
        elif not view.next.use_case.startswith("resolve"):
            reasons["workspace-resolve"] = t("why.not_yet", next=drawn.next_step(view.next))
        if view.state not in ("RESOLVED", "CONFIRMED"):
            reasons["workspace-follow"] = t("why.not_resolved")
        self.grey(reasons)

    def action_resolve(self) -> None:
        """Open the resolve form with the reply as solution."""
        if self.view is None or self.greyed("workspace-resolve") or self.macro_waits():
            return
        from agentdesk.screens.resolve import ResolveScreen

        self.app.push_screen(ResolveScreen(self.view, self.reply_so_far()), self._form_done)

    def action_follow(self) -> None:
        """Open the follow-up form."""
        if self.view is None or self.greyed("workspace-follow"):
            return
        from agentdesk.screens.follow_up import FollowScreen

        self.app.push_screen(FollowScreen(self.view), self._form_done)

    def action_next_step(self) -> None:
        """Do what is due next: the record, the plan, the answer to it, taking the work, resolving, following up."""
        view = self.view
        if view is None:
            return
        case = view.next.use_case
        if case == "plan.tell" and self.macro_waits():
            return
        if case == "plan.accept":
            from agentdesk.desk import plan

            self.ask("accept", lambda desk: plan.accept(desk, view.id), self._moved, hold=True)
        elif case in ("plan.tell", "plan.agree"):
            from agentdesk.screens.plan import AnswerScreen, PlanScreen

            form = PlanScreen(view, self.reply_so_far()) if case == "plan.tell" else AnswerScreen(view)
            self.app.push_screen(form, self._form_done)
        elif case.startswith("resolve"):
            self.action_resolve()
        elif case.startswith("follow_up"):
            self.action_follow()
        elif case == "capture":
            self.action_edit()
        else:
            self.say(t("why.nothing_next"))

    def action_edit(self) -> None:
        """Change the record after it was recorded."""
        if self.view is not None:
            from agentdesk.screens.edit import EditScreen

            self.app.push_screen(EditScreen(self.view), self.record_changed)

    def action_history(self) -> None:
        """Show who changed what, as sentences; in the list of articles: none of them is meant."""
        if self.view is not None and not self.of_articles(self.action_missed):
            from agentdesk.screens.history import HistoryScreen

            self.app.push_screen(HistoryScreen(self.view), self.record_changed)

    def record_changed(self, moved: Moved | None) -> None:
        """Something was written beside the reply, which stays as it is."""
        if moved is not None:
            self.refresh_view(moved=True)
            self.reread_lint()
        self.focus_reply()

    def _form_done(self, moved: Moved | None) -> None:
        if moved is None:
            self.focus_reply()
        else:
            self._moved(moved)

    def _moved(self, moved: Moved) -> None:
        """Show where the request stands now; once it is closed, the next one in the queue."""
        if moved.state in ("CLOSED", "CANCELLED"):
            self.forget_reply()
            self.articles.finish()
            self._request = ""
            self.view = None
            self.desk_app.show_queue(moved.request_id, said=t("workspace.closed", number=moved.number))
            return
        self.after_move(moved)
        self.say(t("workspace.moved", state=drawn.state(moved.state), next=drawn.next_step(moved.next)), "done")
        self.refresh_view(moved=True)
        self.focus_reply()

    # -- being seen ---------------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Seen again: show what was written meanwhile."""
        if hasattr(self, "_ticker"):
            self._ticker.resume()
            if self._stale:
                self.refresh_view()

    def on_screen_suspend(self) -> None:
        """Store the reply being written, mask the contact: the agent went elsewhere."""
        self._ticker.pause()
        self.mask()
        self.store_draft()

    def go_back(self) -> None:
        """Give up a question, close a panel, else back to the queue."""
        if self.phrases.back() or self.asker.give_up():
            return
        replying = self.composer.area.has_focus and (self._has_side or not self._panel)
        if self._panel if self.ended else not replying:
            self._show_panel("")
            self.focus_reply()
        else:
            self.desk_app.show_queue()
