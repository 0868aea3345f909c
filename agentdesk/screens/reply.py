"""The reply being written in the workspace: draft, live lint, phrases and articles put in, sending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from textual import on

from agentdesk.desk import own_phrases, phrases, reading, reply, saying, superseded
from agentdesk.domain.policies import POLICY
from agentdesk.domain.refusal import Refusal
from agentdesk.present.findings import finding_texts
from agentdesk.present.i18n import t
from agentdesk.present.safe import plain
from agentdesk.screens.blank_asker import VariableAsker
from agentdesk.screens.private import field_guard
from agentdesk.screens.refusals import sentence
from agentdesk.screens.typed import TypedKeeper
from agentdesk.screens.workspace_macro import MacroPart
from agentdesk.text import templates
from agentdesk.widgets.composer import Composer, Lint
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.text_area import PlainArea

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.macros import Planned
    from agentdesk.desk.phrase_views import PhraseView
    from agentdesk.desk.reply import Sent
    from agentdesk.desk.views import Citation, Hit, Moved, RequestView
    from agentdesk.screens.asking import Asking
    from agentdesk.screens.phrase_pane import PhrasePane
    from agentdesk.screens.policies import PolicyTaken
    from agentdesk.store.taken_out import TakenOut

TELLS = {"interim": "interim", "progress": "progress", "delay_notice": "delay", "plan_confirm": "direction"}
"""What a phrase of a scenario tells the customer once it is sent (MODEL §2, `told`)."""


@dataclass(frozen=True)
class SoFar:
    """The reply as it stands: its text and what was put into it."""

    text: str
    phrases: tuple[str, ...]
    articles: tuple[Citation, ...]


@dataclass(frozen=True)
class ReplyStart:
    """What a worker read for the composer: the stored draft, the lint of this request, the variables known."""

    text: str
    lint: Lint
    known: dict[str, str]
    planned: tuple[Planned, ...]
    cites: list[Citation]


def _lint(desk: Desk, request_id: str) -> Lint:
    """Make the lint of a request as its contact stands now; runs in a worker thread."""
    from agentdesk.text import likeness
    from agentdesk.text.lint import LintSession

    where = saying.context(desk, reading.load(desk, request_id))
    desk.linter.warm()
    if where.likeness:
        likeness.shipped()  # read here, not at the first key
    return LintSession(desk.linter, where).check


class ReplyPart(MacroPart):
    """The part of the workspace that writes and sends; mixed into its screen.

    A message pump itself, since Textual registers `@on` handlers only of classes that its metaclass has made.
    """

    composer: Composer
    asker: VariableAsker
    phrases: PhrasePane
    view: RequestView | None
    focus_reply: Callable[[], None]
    stopped: Callable[[], bool]
    _request: str

    def start_reply(self) -> None:
        """Begin with nothing written."""
        self._typed = TypedKeeper(self._asking, self._snapshot)
        self._reply_of = ""
        self._used: list[PhraseView] = []
        self._cites: list[Citation] = []
        self._replaced: list[str] = []
        self._known: dict[str, str] = {}
        self._span: tuple[int, int, str, str] | None = None
        """Start, end and wording of what is asked about, and the reply in which it stands."""

    @property
    def _asking(self) -> Asking:
        return cast("Asking", self)

    def make_composer(self) -> Composer:
        """Make the composer; it gets its lint with the request."""
        return Composer(guard=field_guard, fill=self._fill, id="ws-composer")

    def _fill(self, template: str) -> str:
        """Put the known variables into an approved wording; open ones stay and are asked for."""
        if templates.open_variables(template, self._known):
            return template
        return templates.fill(template, self._known)

    # -- opening and leaving ------------------------------------------------------------------------------------------

    @staticmethod
    def read_reply(desk: Desk, request_id: str) -> ReplyStart:
        """Read what the composer needs; runs in a worker thread."""
        known, planned = phrases.known(desk, request_id), reply.load_actions(desk, request_id)
        cites = reply.load_citations(desk, request_id)
        return ReplyStart(reply.load_draft(desk, request_id), _lint(desk, request_id), known, planned, cites)

    def take_reply(self, view: RequestView, start: ReplyStart) -> None:
        """Show the stored draft of a request; a reply being written in it stays as it is."""
        self._known = start.known
        if self._reply_of != view.id:
            self._reply_of = view.id
            self._used, self._cites, self._replaced = [], start.cites, []
            self.show_macro(start.planned)
            with self._quiet():
                self.composer.set_text(start.text)
        self.composer.use_lint(start.lint)

    def _quiet(self) -> Any:
        """Set a text without taking it for typed."""
        return self.composer.prevent(Composer.Edited)

    def leave_reply(self) -> None:
        """Store what is written: another request comes into the screen."""
        self._typed.store()
        self._reply_of = ""
        self._stop_asking()

    def _stop_asking(self) -> None:
        """A question about a place of the reply means nothing once the reply is another."""
        self._span = None
        self.asker.put_away()

    def forget_reply(self) -> None:
        """The reply was sent or used: nothing of it is left to store."""
        self._typed.drop()
        self._used, self._cites, self._replaced = [], [], []
        self.show_macro(())
        self._stop_asking()
        self.composer.set_text("")
        self._reply_of = ""

    def after_move(self, moved: Moved) -> None:
        """A form used the reply: begin anew."""
        self._typed.drop()
        self._used, self._cites, self._replaced = [], [], []
        self.show_macro(())
        self._stop_asking()
        self.composer.set_text("")

    def reply_so_far(self) -> SoFar:
        """Return the reply as it stands, for a form that sends it."""
        return SoFar(self.composer.text, tuple(one.version for one in self._used), tuple(self._cites))

    # -- while writing ------------------------------------------------------------------------------------------------

    def _snapshot(self) -> Callable[[Desk], None] | None:
        request_id, text, caret, planned = self._reply_of, self.composer.text, self.composer.caret, self.planned
        cites = tuple(self._cites)
        if not request_id:
            return None
        return lambda desk: reply.save_draft(desk, request_id, text, caret, planned, cites)

    @property
    def unsaved(self) -> bool:
        """Whether what is written could not be stored."""
        return self._typed.failed

    def store_draft(self) -> None:
        """Store what is written now."""
        self._typed.store()

    @on(Composer.Edited)
    def _edited(self, event: Composer.Edited) -> None:
        event.stop()
        if self._span is not None and self.composer.text != self._span[-1]:
            self._stop_asking()
        self.reply_changed()

    def reply_changed(self) -> None:
        """The text, or what a macro will do beside it, is to be stored."""
        if self._reply_of:
            self._typed.touch()

    def use_phrase(self, phrase: PhraseView) -> None:
        """Put a phrase in at the caret; it stays editable. One that speaks of an old policy is not put in."""
        if ("outdated", 0) in phrase.reasons:
            self._asking.ask(
                "cite",
                lambda desk: superseded.check(desk, [], phrase.text, [phrase.version]),
                lambda _: self._put_phrase(phrase),
                refused=self._superseded,
                hold=True,
            )
        else:
            self._put_phrase(phrase)

    def _put_phrase(self, phrase: PhraseView) -> None:
        self._used.append(phrase)
        self.plan_macro(phrase)
        self.composer.insert_text_at_caret(phrase.text)
        request_id, here = self._request, sum(one.version == phrase.version for one in self._used)

        def remind(sent: int) -> None:
            if phrase.variants > 1:  # the next wording is offered now
                self.phrases.read_again()
            if sent + here >= own_phrases.OFTEN:
                self._asking.say(t("phrases.often", title=phrase.title, count=sent + here), "warning")

        self._asking.ask(
            "uses",
            lambda desk: own_phrases.used(desk, request_id, phrase.id, phrase.version, phrase.variant),
            remind,
        )

    def reread_known(self) -> None:
        """The contact speaks another language: what is put into approved wordings follows."""
        request_id = self._request

        def take(known: dict[str, str]) -> None:
            self._known = known

        self._asking.ask("known", lambda desk: phrases.known(desk, request_id), take)

    def reread_redacted(self) -> None:
        """What was taken out is gone from the stored reply; the one on the screen would bring it back."""
        request_id = self._request

        def take(taken_out: TakenOut) -> None:
            shown = self.composer.text
            left = taken_out.without(shown, root=request_id)
            if self._reply_of == request_id and left != shown:
                self.composer.set_text(left)

        self._asking.ask("redacted", lambda desk: desk.store.taken_out, take, hold=True)

    def reread_lint(self) -> None:
        """The contact goes on: what it still wants, and what it has said often, follow."""
        request_id = self._request

        def take(lint: Lint) -> None:
            if self._reply_of == request_id:
                self.composer.use_lint(lint)

        self._asking.ask("lint", lambda desk: _lint(desk, request_id), take)

    def use_article(self, hit: Hit) -> None:
        """Cite an article and put its words in; those of a policy only while its version is in force."""
        self.use_articles([hit])

    def use_articles(self, hits: Sequence[Hit]) -> None:
        """Cite several in one question to the desk; one that is not in force keeps no other one back."""
        policies = [hit.citation for hit in hits if hit.kind == POLICY]

        def cite(_: None = None) -> None:
            for hit in hits:
                self._cite(hit)

        def refused(refusal: Refusal) -> None:
            self.use_articles([hit for hit in hits if hit.id != refusal.args["article"]])
            self._superseded(refusal)

        if policies:
            self._asking.ask("cite", lambda desk: superseded.check(desk, policies), cite, refused=refused, hold=True)
        else:
            cite()

    def _cite(self, hit: Hit) -> None:
        """Put its plain words in at the caret; those of an internal one stay inside."""
        self._asking.say(t("knowledge.cited" if hit.may_quote else "knowledge.internal", title=hit.title), "done")
        if all(one.id != hit.id for one in self._cites):
            self._cites.append(hit.citation)
        if not hit.may_quote:
            return
        text = self.composer.text
        lead = "\n" if text and not text.endswith("\n") else ""
        self.composer.insert_text_at_caret(lead + (hit.plain_summary or hit.title))

    def take_policy(self, taken: PolicyTaken | None) -> None:
        """Put in what was picked on the page of policies."""
        if taken is not None and not self.stopped():
            if taken.hit is not None:
                self.use_article(taken.hit)
            else:
                self.composer.insert_text_at_caret(taken.text)
        self.focus_reply()

    def _superseded(self, refusal: Refusal) -> None:
        """Another version of a policy is in force: say so, and take its words on one key."""

        def take(yes: bool | None) -> None:
            if yes:
                self._take_in_force(refusal)
            self.focus_reply()

        ask = Confirm(sentence(refusal), [plain(str(refusal.args["new"]))], yes="policy.take", no="policy.leave")
        cast(Any, self).app.push_screen(ask, take)

    def _take_in_force(self, refusal: Refusal) -> None:
        """Put the words in force in the place of the old ones, in what is cited too."""
        new: Citation | None = refusal.args["citation"]
        self._cites = [one for one in self._cites if one.id != refusal.args["article"]]
        if new is not None:
            self._cites.append(new)
        self.composer.set_text(superseded.replaced(self.composer.text, refusal))

    def action_replace_finding(self) -> None:
        """Put the approved wording in place of the finding at the caret."""
        if not self.stopped():
            self.composer.replace_current()

    @on(Composer.Replaced)
    def _finding_replaced(self, event: Composer.Replaced) -> None:
        event.stop()
        self._replaced.append(event.rule)

    @on(PlainArea.PasteRefused)
    def _paste_refused(self, event: PlainArea.PasteRefused) -> None:
        event.stop()
        self._asking.say(t("field.notice.too_long", limit=event.limit), "warning")

    @on(Composer.VariablesWanted)
    def _variables_wanted(self, event: Composer.VariablesWanted) -> None:
        event.stop()
        self._span = (event.start, event.end, event.template, self.composer.text)
        language = self._asking.session.language.replace("_", "-")
        # What ends the sentence before is not asked about.
        self.asker.ask(event.template.lstrip("。. "), self._known, language, self._request)

    @on(VariableAsker.Answered)
    def _variables_answered(self, event: VariableAsker.Answered) -> None:
        event.stop()
        if self._span is not None:
            start, end, template, _ = self._span
            self._span = None
            self.composer.replace_span(start, end, templates.fill(template, event.values))
        self.focus_reply()

    @on(VariableAsker.GivenUp)
    def _variables_given_up(self, event: VariableAsker.GivenUp) -> None:
        event.stop()
        self._span = None
        self.focus_reply()

    # -- sending ------------------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Send the reply: the gate in the desk decides; a warning wants one more key. While a blank is being filled the
        key goes on with that: the reply would leave without the phrase."""
        if self.stopped():
            return
        for asker in (self.phrases.asker, self.asker):
            if asker.has_focus_within:
                asker.answer()
                return
        if not self.composer.text.strip():
            self._asking.unavailable("why.empty_reply")
            self.focus_reply()
        else:
            self._send(confirmed=False)

    def _send(self, confirmed: bool) -> None:
        request_id, sofar, replaced = self._request, self.reply_so_far(), tuple(self._replaced)
        planned = self.planned
        told = [TELLS[one.scenario] for one in self._used if one.scenario in TELLS]
        call = self._typed.sealing(
            lambda desk: reply.send(
                desk,
                request_id,
                sofar.text,
                told=told,
                phrases=sofar.phrases,
                articles=sofar.articles,
                replaced=replaced,
                actions=planned,
                confirmed=confirmed,
            )
        )
        self._asking.ask("send", call, self._sent, refused=self._not_sent, hold=True)

    def _sent(self, sent: Sent) -> None:
        self._used, self._cites, self._replaced = [], [], []
        self.show_macro(())
        self._stop_asking()
        with self._quiet():
            self.composer.set_text("")
        screen = cast(Any, self)
        screen.app.copy_to_clipboard(sent.text)
        self._asking.say(t("reply.sent"), "done")
        self.phrases.load(self._request)  # the next step, and what was said just now
        screen.refresh_view()
        self.reread_lint()
        self.focus_reply()

    def _not_sent(self, refusal: Refusal) -> None:
        self._typed.touch()
        self.focus_reply()
        if refusal.code == "lint.confirm":
            ask = Confirm(
                t("lint.confirm.ask"),
                finding_texts(refusal.args["findings"]),
                yes="lint.confirm.yes",
                no="lint.confirm.no",
            )
            cast(Any, self).app.push_screen(ask, lambda yes: self._send(confirmed=True) if yes else None)
        elif refusal.code == "lint.blocked":
            said = t(f"release.stands.{refusal.args['release']}", rules=plain(refusal.args["rules"]))
            self._asking.say(said, "error")
        elif refusal.code == "policy.superseded":
            self._superseded(refusal)
        else:
            self._asking.say(sentence(refusal), "warning")

    def action_ask_release(self) -> None:
        """Ask a supervisor to let the blocked reply be sent as it is."""
        view = self.view
        if view is None or self.stopped():
            return
        if self.composer.worst != "block":
            self._asking.unavailable("refusal.release.not_blocked")
            return
        from agentdesk.screens.releases import AskReleaseScreen

        def asked(moved: Moved | None) -> None:
            if moved is not None:
                self._asking.say(t("release.was_asked"), "done")
                cast(Any, self).refresh_view()
            self.focus_reply()

        cast(Any, self).app.push_screen(AskReleaseScreen(view, self.composer.text.strip()), asked)
