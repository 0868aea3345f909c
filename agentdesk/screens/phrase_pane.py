"""Phrases that fit, beside the composer: the first one on Enter, open blanks asked for one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from agentdesk.desk import own_phrases, phrases
from agentdesk.domain.vocabulary import EMOTIONS, SCENARIOS, STEPS
from agentdesk.present import labels
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, line, lines, plain
from agentdesk.screens.blank_asker import VariableAsker
from agentdesk.screens.private import field_guard
from agentdesk.widgets.messages import posted
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.phrase_views import PhraseView
    from agentdesk.desk.phrases import Setting
    from agentdesk.screens.asking import Asking


FOUND = 30
"""Phrases shown beside a request."""
ALL = 500
"""Phrases shown where one looks through them: more than anybody has."""


class PhrasePane(Vertical):
    """Search, list, and the asking for variables. Posts `Taken` with a text that has no open variable."""

    HELP_KEY = "help.phrases"

    BINDINGS: ClassVar = [
        Binding("right", "variant(1)", show=False),
        Binding("left", "variant(-1)", show=False),
    ]

    @posted
    class Taken(Message):
        """A phrase was picked and every variable filled."""

        phrase: PhraseView

    @posted
    class Left(Message):
        """Escape: the focus should go back."""

    def __init__(
        self,
        *,
        preview_rows: int = 2,
        turns: str = "phrases.turn.beside",
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """Make a pane; `turns` is the catalogue key that tells of the other wordings and the key of the screen."""
        super().__init__(id=id)
        self._turns = turns
        self._preview_rows = preview_rows
        self._request: str | None = None
        self._views: list[PhraseView] = []
        self._picked: PhraseView | None = None
        self._before_show: Callable[[], None] | None = None
        self._words = ""
        self._now: Setting | None = None
        self._names: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Picker with a word on the marked phrase, and asker; one of them is seen."""
        self.picker = Picker(
            title="phrases.title", search="phrases.search", preview_rows=self._preview_rows, guard=field_guard
        )
        self.asker = VariableAsker()
        yield self.picker
        yield Static("", markup=False, id="phrase-why")
        yield self.asker

    @property
    def _asking(self) -> Asking:
        return cast("Asking", self.screen)

    def load(self, request_id: str | None, then: Callable[[], None] | None = None, *, hold: bool = False) -> None:
        """Show what fits a request (all phrases without one), then call `then`. A question gives way to the list."""
        self.put_away()
        self._request = request_id
        self._before_show = then
        self._now = None
        self._words = ""
        self.picker.search_for("")
        self._read(self._show, hold=hold)

    def _show(self, views: list[PhraseView]) -> None:
        self._views = views
        self.picker.show([self._item(view) for view in views], words=self._words)
        spoken = views[0].language if views else ""
        own = spoken.replace("-", "_") == self._asking.session.language
        self.picker.say("" if own or not spoken else t("phrases.spoken", language=_language(spoken)))
        self._tell_why()
        if self._before_show is not None:
            then, self._before_show = self._before_show, None
            then()

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        self._tell_why()

    def _tell_why(self) -> None:
        """Say below the list why the marked phrase stands there, and that it can be said in other words."""
        view = self.marked
        told = []
        if view is not None and view.variants > 1:
            told.append(t(self._turns, number=view.variant + 1, count=view.variants))
        if view is not None and view.reasons and self._request is not None:
            why = (t(f"phrases.why.{code}", count=count) for code, count in view.reasons)
            told.append(t("phrases.why", reasons=t("list.comma").join(why)))
        shown = self.query_one("#phrase-why", Static)
        shown.display = bool(told) and not self.asker.display
        shown.update(lines(*(line((text, DIM)) for text in told)))

    def _item(self, view: PhraseView) -> PickItem:
        rows = _wrap(view.text, self._preview_rows, max(20, self.size.width - 8))
        aside = t("phrases.personal") if view.personal else labels.label("scenario", view.scenario)
        return PickItem(view.id, f"* {view.title}" if view.favourite else view.title, rows, aside)

    @on(Picker.SearchChanged)
    def _search(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._words = event.words
        self._read(self._show, lists=True)

    def _read(self, then: Callable[[list[PhraseView]], None], *, hold: bool = False, lists: bool = False) -> None:
        words, request, before, names = self._words, self._request, self._now, self._reader_names()

        def work(desk: Desk) -> tuple[Setting, list[PhraseView]]:
            now = before or phrases.setting(desk, request)
            return now, phrases.search(desk, words, request, ALL if request is None else FOUND, names, now)

        def show(found: tuple[Setting, list[PhraseView]]) -> None:
            self._now = found[0]
            then(found[1])

        self._asking.ask("phrases", work, show, hold=hold, lists=lists)

    def _reader_names(self) -> dict[str, str]:
        """What the reader calls scenarios, steps and emotions: they are searched too."""
        if not self._names:
            kinds = (("scenario", SCENARIOS), ("step", STEPS), ("emotion", EMOTIONS))
            self._names = {f"{kind}:{code}": labels.label(kind, code) for kind, codes in kinds for code in codes}
        return self._names

    @property
    def in_use(self) -> bool:
        """Whether somebody is choosing here."""
        waits = self.asker.display or self._before_show is not None
        return waits or self.picker.has_focus_within or bool(self.picker.words)

    @property
    def marked(self) -> PhraseView | None:
        """The phrase under the mark."""
        item = self.picker.item
        return next((view for view in self._views if item is not None and view.id == item.id), None)

    def read_again(self, marked: str = "") -> None:
        """Show the same list anew, with the mark on a phrase where it is in it."""

        def show(views: list[PhraseView]) -> None:
            self._show(views)
            self.picker.mark(marked)

        self._now = None
        self._read(show)

    def action_variant(self, by: int = 1) -> None:
        """Show the marked phrase in its next wording."""
        view, request = self.marked, self._request
        if view is None or self.asker.display:
            self._asking.unavailable("why.nothing_marked")
            return
        if view.variants < 2:
            self._asking.unavailable("why.one_wording")
            return

        def show(other: PhraseView) -> None:
            if self.marked is not view:  # the list went on meanwhile
                return
            self._views = [other if one is view else one for one in self._views]
            self.picker.replace(self._item(other))
            self._tell_why()

        phrase_id, variant = view.id, view.variant + by
        self._asking.ask("variant", lambda desk: phrases.fill(desk, phrase_id, {}, request, variant), show, hold=True)

    def favour(self) -> None:
        """Make the marked phrase a favourite, or no longer."""
        view = self.marked
        if view is None:
            return

        def done(wanted: bool) -> None:
            said = t("phrases.favoured", title=view.title) if wanted else t("phrases.unfavoured", title=view.title)
            self._asking.say(said, "done")
            self.read_again(view.id)

        self._asking.ask("favour", lambda desk: own_phrases.favour(desk, view.id), done, hold=True)

    @on(Picker.Picked)
    def _pick(self, event: Picker.Picked) -> None:
        event.stop()
        view = next((view for view in self._views if view.id == event.item.id), None)
        if view is None:  # the list was replaced while the key was on its way
            return
        if not view.open:
            self.post_message(self.Taken(view))
            return
        self._picked = view
        self._ask_blanks(True)
        self.asker.ask(view.body, view.known, view.language, (self._request, view.id))

    def _ask_blanks(self, asking: bool) -> None:
        """Show the asker in place of the list, or the list again."""
        self.picker.display = not asking
        if asking:
            self.query_one("#phrase-why", Static).display = False
        else:
            self._tell_why()

    @on(VariableAsker.Answered)
    def _filled(self, event: VariableAsker.Answered) -> None:
        event.stop()
        view, values, request = self._picked, dict(event.values), self._request
        self._ask_blanks(False)
        if view is not None:
            phrase_id, variant = view.id, view.variant
            self._asking.ask(
                "fill",
                lambda desk: phrases.fill(desk, phrase_id, values, request, variant),
                self._take,
                hold=True,
            )

    def _take(self, phrase: PhraseView) -> None:
        self.post_message(self.Taken(phrase))

    @on(VariableAsker.GivenUp)
    def _given_up(self, event: VariableAsker.GivenUp) -> None:
        event.stop()
        self._ask_blanks(False)
        self.picker.take_focus()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.post_message(self.Left())

    def put_away(self) -> None:
        """Show the list where a blank is asked for: the question may belong to another request."""
        if self.asker.put_away():
            self._ask_blanks(False)

    def back(self) -> bool:
        """Give up asking for a variable; return whether that was what Escape meant."""
        return self.asker.give_up()


def _language(code: str) -> str:
    return t(f"language.{code.replace('-', '_')}")


LONGEST_WORD = 20
"""Characters of a word that goes to the next line whole; what is longer is broken."""


def _wrap(text: str, rows: int, cells: int) -> tuple[str, ...]:
    """Break a text into at most so many lines of so many cells, words of Latin letters whole."""
    from rich.cells import chop_cells  # kept off the start path

    rest = plain(text)
    told: list[str] = []
    while rest and len(told) < rows:
        part = chop_cells(rest, cells)[0]
        edge = part[-1] + rest[len(part) : len(part) + 1]
        space = part.rfind(" ")
        if len(edge) == 2 and edge.isascii() and " " not in edge and space > len(part) - LONGEST_WORD:
            part = part[: space + 1]
        told.append(part.rstrip())
        rest = rest[len(part) :].lstrip(" ")
    return tuple(told)
