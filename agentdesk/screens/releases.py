"""Releases of blocked texts: the agent's question, the list of those that wait, and the supervisor's decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import moving, reading, releasing, revealing, saying
from agentdesk.domain.masking import mask_contacts
from agentdesk.present import timefmt
from agentdesk.present.findings import finding_texts
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, block, line, lines
from agentdesk.screens.form import RequestForm
from agentdesk.screens.frame import FramedScreen
from agentdesk.widgets.choice import choices
from agentdesk.widgets.picker import Picker, PickItem
from agentdesk.widgets.record_form import FieldSpec, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.releasing import Waiting
    from agentdesk.desk.views import Moved, RequestView
    from agentdesk.text.lint import Finding

DECISIONS = ("grant", "deny")


class _ReleaseForm(RequestForm):
    """A text with what is blocked in it, and what is said about it."""

    def __init__(self, view: RequestView, text: str) -> None:
        super().__init__(view)
        self._text = text

    def body(self) -> ComposeResult:
        """Head, title, the text whole, as long as it may be, then the form."""
        head, title, about, form = super().body()
        yield head
        yield title
        with VerticalScroll(id="release-text"):
            yield about
        yield form

    def base(self) -> str:
        """The text that is asked about: a draft of a reason for another one does not fit it."""
        return self._text

    def required(self, values: Mapping[str, Value]) -> set[str]:
        """Everything."""
        return {spec.name for spec in self.specs()}

    def first_field(self) -> str:
        """The first one."""
        return self.specs()[0].name

    def about(self) -> Content:
        """The text as it would be sent."""
        return block(self._text)

    def prepare(self, desk: Desk) -> tuple[Finding, ...]:
        """Read what is blocked in the text."""
        return saying.blocked(desk, reading.load(desk, self.request.id), self._text)

    def prepared(self, value: Sequence[Finding]) -> None:
        """Show it below the text."""
        shown = self.query_one(".form-about", Static)
        shown.update(lines(self.about(), *(block(text) for text in finding_texts(value))))

    def _need_reason(self) -> bool:
        if self.text("why"):
            return True
        self.form.focus_field("why")
        self.say(t("refusal.release.no_reason"), "warning")
        return False


class AskReleaseScreen(_ReleaseForm):
    """The agent says why this text should be sent as it is."""

    SCOPE = "release-ask"
    TITLE_KEY = "release.ask.title"

    def specs(self) -> list[FieldSpec]:
        """Why."""
        return [FieldSpec("why", "lines", "field.release_why", rows=2, limit=500)]

    def action_ask(self) -> None:
        """Ask; the reply stays in the composer until somebody has decided."""
        if not self._need_reason():
            return
        request_id, text, why = self.request.id, self._text, self.text("why")

        def call(desk: Desk, confirmed: bool) -> Moved:
            releasing.ask(desk, request_id, text, why)
            return moving.standing(desk, reading.load(desk, request_id))

        self.do(call)


class DecideScreen(_ReleaseForm):
    """The supervisor grants or denies, with a reason that the agent reads."""

    SCOPE = "release-decide"
    TITLE_KEY = "release.decide.title"

    def __init__(self, view: RequestView, waiting: Waiting) -> None:
        super().__init__(view, waiting.release.text)
        self._waiting = waiting

    def specs(self) -> list[FieldSpec]:
        """Decision by a digit, then why."""
        return [
            FieldSpec("decision", "choice", "field.release_decision", choices("release_decision", DECISIONS)),
            FieldSpec("why", "lines", "field.release_reason", rows=2, limit=500),
        ]

    def about(self) -> Content:
        """Who asked and why, then the text."""
        return asked(self._waiting)

    def action_decide(self) -> None:
        """Write the decision."""
        if not self.text("decision"):
            self.form.focus_field("decision")
            self.say(t("why.no_decision"), "warning")
        elif self._need_reason():
            release, grant, why = self._waiting.release, self.text("decision") == "grant", self.text("why")

            def call(desk: Desk, confirmed: bool) -> Moved:
                releasing.decide(desk, release, grant=grant, why=why)
                return moving.standing(desk, reading.load(desk, release.request_id))

            self.do(call)


class ReleasesScreen(FramedScreen):
    """What waits for this person's decision, the oldest first; the marked one whole below."""

    SCOPE = "releases"
    AUTO_FOCUS = ""

    def body(self) -> ComposeResult:
        """Title, list, the marked text."""
        self._waiting: list[Waiting] = []
        self._picker = Picker(search="", preview_rows=0)
        yield Static(line((t("release.list.title"), STRONG)), classes="form-title", markup=False)
        yield self._picker
        with VerticalScroll(id="release-text", can_focus=False):
            yield Static("", id="release-marked", markup=False)

    def on_mount(self) -> None:
        """Read what waits; keys wait until it is there."""
        self._read()

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """Something was asked or decided, here or elsewhere."""
        if any(entity == "approval" for entity, _ in ids):
            self._read()

    def _read(self) -> None:
        self.ask("releases", releasing.waiting, self._show, hold=True)

    def _show(self, waiting: list[Waiting]) -> None:
        now = self.session.now()
        self._waiting = waiting
        self._picker.show([PickItem(one.release.id, title(one, timefmt.when(one.release.at, now))) for one in waiting])
        if not waiting:
            self.query_one("#release-marked", Static).update(line((t("release.list.empty"), DIM)))
        self.focus_when_shown(self._picker.take_focus)

    @property
    def marked(self) -> Waiting | None:
        """The release under the mark."""
        item = self._picker.item
        return next((one for one in self._waiting if item is not None and one.release.id == item.id), None)

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        if (one := self.marked) is not None:
            self.query_one("#release-marked", Static).update(asked(one))

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.action_open()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_open(self) -> None:
        """Decide on the marked one."""
        one = self.marked
        if one is None:
            self.unavailable("release.list.empty")
            return
        request_id = one.release.request_id

        def open_form(view: RequestView) -> None:
            self.app.push_screen(DecideScreen(view, one), self._decided)

        self.ask("open", lambda desk: revealing.view(desk, request_id), open_form, hold=True)

    def _decided(self, moved: Moved | None) -> None:
        if moved is not None:
            self.say(t("release.decided", number=moved.number), "done")
        self._read()


def title(one: Waiting, at: str) -> str:
    """One line of the list: when, who, which request, which rules."""
    return f"{at:<11}  {one.asked_by.name}  {one.number}  {t('list.comma').join(one.release.rules)}"


def asked(one: Waiting) -> Content:
    """Who asked and why, then the text; contacts masked, as wherever nobody wrote down that they were seen."""
    why = mask_contacts(one.release.why)
    return lines(
        line((t("release.asked_by", who=one.asked_by.name, why=why), DIM)), block(mask_contacts(one.release.text))
    )
