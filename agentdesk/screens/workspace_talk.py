"""The contact in the workspace: its steps, its end, notes, and what of the timeline is shown; mixed into the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message_pump import MessagePump
from textual.widgets import Static

from agentdesk.desk import contacts, reply
from agentdesk.domain.vocabulary import STEPS
from agentdesk.present import labels
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, line
from agentdesk.screens import drawn
from agentdesk.screens.drawn_timeline import FILTERS
from agentdesk.screens.pick_panel import PickPanel
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import Moved, RequestView, StepView
    from agentdesk.domain.refusal import Refusal
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.screens.knowledge_pane import KnowledgePane


class StepsPanel(PickPanel):
    """The steps of the contact; a digit or Enter ticks one. Dismissed with it, or None."""

    SCOPE = "steps"
    HELP_KEY = "help.steps"

    def __init__(self, steps: Sequence[StepView], over: bool) -> None:
        """`over`: the contact was ended, so that what is not done was missed."""
        super().__init__()
        self._steps = list(steps)
        self._over = over

    def compose(self) -> ComposeResult:
        """The list, and what the words mean."""
        with Vertical(classes="box"):
            self._picker = Picker(title="steps.title", search="", preview_rows=0)
            yield self._picker
            yield Static(line((t("steps.about"), DIM)), classes="gap", markup=False)

    def on_mount(self) -> None:
        """Stand on the first step that is still to come."""
        self._picker.show(
            [
                PickItem(one.step, f"{one.step} {labels.label('step', one.step)}", (), drawn.stands(one, self._over))
                for one in self._steps
            ]
        )
        self._picker.take_focus()

    def action_tick(self) -> None:
        """Tick the marked step."""
        self._picker.pick()


def _step(step: str) -> str:
    return f"{step} {labels.label('step', step)}"


class TalkPart(MessagePump):
    """What is done about the contact, and which part of what happened is shown."""

    view: RequestView | None
    shown_kinds: str = FILTERS[0]
    """Code of what the timeline shows, one of `FILTERS`."""
    refresh_view: Callable[..., None]
    reread_lint: Callable[[], None]
    articles: KnowledgePane
    action_why: Callable[[], None]
    of_articles: Callable[[Callable[[], None]], bool]
    _show: Callable[[RequestView], None]
    record_changed: Callable[[Moved | None], None]

    @property
    def _here(self) -> FramedScreen:
        return cast("FramedScreen", self)

    def action_steps(self) -> None:
        """Show the steps of the contact, to tick one by hand; in the list of articles: it solved the matter."""
        view = self.view
        if view is None or self.of_articles(lambda: self.articles.action_solved(True)):
            return

        def chosen(step: str | None) -> None:
            if step:
                self._here.ask("tick", lambda desk: reply.tick(desk, view.id, step), ticked, hold=True)

        def ticked(_: None) -> None:
            self.refresh_view()
            self.reread_lint()

        self._here.app.push_screen(StepsPanel(view.steps, drawn.is_over(view)), chosen)

    def action_note(self) -> None:
        """Write a note, or what the customer said; in the list of articles: why the marked one stands there."""
        if self.view is not None and not self.of_articles(self.action_why):
            from agentdesk.screens.note import NoteScreen

            self._here.app.push_screen(NoteScreen(self.view), self.record_changed)

    def action_timeline(self) -> None:
        """Show another part of what happened."""
        self.shown_kinds = FILTERS[(FILTERS.index(self.shown_kinds) + 1) % len(FILTERS)]
        self._here.say(t("timeline.shown", what=t(f"timeline.filter.{self.shown_kinds}")))
        if self.view is not None:
            self._show(self.view)

    def action_end(self) -> None:
        """End the contact; steps that were missed are shown first."""
        self._end(confirmed=False)

    def _end(self, *, confirmed: bool) -> None:
        view = self.view
        if view is None:
            return

        def call(desk: Desk) -> tuple[str, ...]:
            contacts.end(desk, view.id, confirmed=confirmed)
            return () if confirmed else contacts.curt(desk, view.id)  # the question has told them already

        self._here.ask("end", call, self._ended, refused=self._not_ended, hold=True)

    def _ended(self, curt: tuple[str, ...]) -> None:
        steps = t("list.comma").join(map(_step, curt))
        self._here.say(t("contact.over_curt", steps=steps) if curt else t("contact.over"), "done")
        self.refresh_view()

    def _not_ended(self, refusal: Refusal) -> None:
        if refusal.code != "contact.missed":
            self._here.tell_refusal(refusal)
            return
        missed, curt = refusal.args["steps"], refusal.args["curt"]
        told = [(step, t("contact.curt") if step in curt else "") for step in STEPS if step in missed or step in curt]
        lines = [f"{_step(step)}  {more}".rstrip() for step, more in told]
        ask = Confirm(t("contact.missed.ask"), lines, yes="contact.end_anyway", no="contact.go_back")
        self._here.app.push_screen(ask, lambda yes: self._end(confirmed=True) if yes else None)
