"""Articles in from a file: its path, what would come of it and what is wrong in it, then all of it or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from agentdesk.desk import article_import, articles
from agentdesk.desk.article_import import Imported, Work
from agentdesk.domain.refusal import Refusal
from agentdesk.present import article_faults, columns, troubles
from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.present.safe import DIM, ERROR, STRONG, WARNING, Piece, line
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.refusals import sentence
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.fields import LineField
from agentdesk.widgets.long_text import LongText

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agentdesk.desk.articles import Fault, Plan
    from agentdesk.desk.context import Desk

SHOWN = 20
"""Faults, and notices, that are shown one by one."""
COUNT_S = 0.5
"""Seconds between two looks at how far it is."""


Told = list[tuple[str, str]]
"""Sentences, each with its style."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """A plan and what is told of it, in words: made in the worker, since every fault is searched for numbers."""

    plan: Plan
    told: Told


class ArticleImportScreen(FramedScreen):
    """Dismissed with the sentence of what was imported, or None."""

    SCOPE = "articleimport"
    AUTO_FOCUS = "#import-path"

    def __init__(self) -> None:
        super().__init__()
        self._work: Work | None = None
        self._plan: Plan | None = None
        self._looked = ""
        """The path that the plan was made from."""

    def body(self) -> ComposeResult:
        """The path, what would be done, what was found."""
        yield Static(
            line((t("article_import.title"), STRONG), "  ", (t("article_import.about"), DIM)),
            classes="form-title",
            markup=False,
        )
        # Kept nowhere, so that nothing watches it: a path may look like a number.
        yield LineField(placeholder=t("article_import.path"), id="import-path")
        yield Static("", id="import-said", markup=False)
        with VerticalScroll(id="import-found"):
            yield LongText(id="import-text")

    def on_mount(self) -> None:
        """Tell how far a long one is."""
        self.set_interval(COUNT_S, self._count)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_go()

    def action_go(self) -> None:
        """Look at what the path names; what was looked at is imported after a question."""
        typed = self.query_one(LineField).text.strip()
        plan = self._plan if typed == self._looked else None
        if self._work is not None:
            self.unavailable("article_import.busy")
        elif not typed:
            self.unavailable("article_import.no_path")
        elif plan is None:
            self._look(typed)
        elif not plan.ready:
            self.unavailable("article_import.nothing")
        else:
            self._ask_first(typed, plan)

    def _look(self, typed: str) -> None:
        self._plan = None
        self.query_one("#import-text", LongText).show(lambda cells: Laid())

        def call(desk: Desk, work: Work) -> _Looked:
            return _in_words(article_import.look(desk, typed, columns.article_words(), work))

        self._run("look", call, lambda looked: self._seen(typed, looked))

    def _seen(self, typed: str, looked: _Looked) -> None:
        self._work = None
        plan = looked.plan
        if plan.stopped:
            self._say("")
            self.say(t("article_import.stopped"), "warning")
            return
        self._plan, self._looked = plan, typed
        self._show(looked)
        if plan.ready:
            self.say(t("article_import.go_on"))

    def _show(self, looked: _Looked) -> None:
        """What would be done, then the first of what is wrong and of what is worth a look."""
        self._say(article_faults.would(looked.plan), STRONG)

        def lay_out(cells: int) -> Laid:
            return Laid.of([line(piece) for piece in looked.told], cells)

        self.query_one("#import-text", LongText).show(lay_out)
        self.query_one("#import-found", VerticalScroll).scroll_home(animate=False)

    def _ask_first(self, typed: str, plan: Plan) -> None:
        counted = {name: plan.would(name) for name in (articles.CREATED, articles.UPDATED)}
        details = [t("article_import.counted", **counted, unchanged=plan.unchanged)]
        if plan.refused:
            details.append(t("article_import.refused", refused=plan.refused, total=plan.total))
        if plan.notices:
            details.append(t("article_import.noticed", count=len(plan.notices)))
        ask = Confirm(
            t("article_import.ask", count=len(plan.ready)), details, yes="article_import.yes", no="article_import.no"
        )
        self.app.push_screen(ask, lambda yes: self._take(typed, plan) if yes else None)

    def _take(self, typed: str, plan: Plan) -> None:
        def call(desk: Desk, work: Work) -> tuple[Imported, _Looked]:
            made = article_import.take(desk, typed, columns.article_words(), plan, work)
            return made, _in_words(made.plan)

        self._run("take", call, lambda answer: self._taken(*answer))

    def _taken(self, made: Imported, looked: _Looked) -> None:
        self._work = None
        done = made.done
        if done is None:
            self._plan = made.plan
            self._show(looked)
            self.say(t("article_import.changed"), "warning")
        elif done.stopped:
            self._show(looked)
            self.say(t("article_import.stopped"), "warning")
        else:
            told = {"created": done.created, "updated": done.updated, "unchanged": made.plan.unchanged}
            self.dismiss(t("cli.done.import", **told))

    # -- long work ----------------------------------------------------------------------------------------------------

    def _run(self, group: str, call: Callable[[Desk, Work], object], then: Callable[..., None]) -> None:
        """Run it in a worker; a file that cannot be read is said by its name."""
        work = self._work = Work()

        def in_worker(desk: Desk) -> object:
            try:
                return call(desk, work)
            except OSError as error:
                raise Refusal("file", file=str(error.filename or ""), why=troubles.why(error)) from error

        self.ask(group, in_worker, then, self._refused, back=self._broken_off, outlives=True)
        self._count()

    def _broken_off(self) -> None:
        self._work = None
        self._say("")

    def _refused(self, refusal: Refusal) -> None:
        self._say(sentence(refusal), WARNING)  # with a path in it, often longer than the notice line

    def _count(self) -> None:
        work = self._work
        if work is None:
            return
        key = "import.recording" if work.recording else "import.looking"
        self._say(t(key, done=work.done, total=work.total), DIM)

    def _say(self, text: str, style: str = "") -> None:
        piece: Piece = (text, style)
        self.query_one("#import-said", Static).update(line(piece))

    def go_back(self) -> None:
        """Stop what is on its way, else close; what does not stop, as on a disk that hangs, is left behind."""
        work = self._work
        if work is None or (work.stop and not work.recording):
            self.forget("look")
            self.forget("take")
            self.dismiss(None)
        else:
            work.stop = True
            self.say(t("article_import.stopping" if work.recording else "article_import.stop_or_leave"))


def _in_words(plan: Plan) -> _Looked:
    told: Told = []
    if plan.refused:
        told.append((t("article_import.refused", refused=plan.refused, total=plan.total), ERROR))
        told += _first(plan.faults)
    if plan.notices:
        told += [(t("article_import.notices"), WARNING), *_first(plan.notices)]
    return _Looked(plan, told)


def _first(found: Sequence[Fault]) -> Told:
    told = [(article_faults.sentence(one), "") for one in found[:SHOWN]]
    more = len(found) - SHOWN
    return [*told, (t("article_import.more", count=more), DIM)] if more > 0 else told
