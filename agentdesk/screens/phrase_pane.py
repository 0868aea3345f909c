"""Phrases that fit, beside the composer: the first one on Enter, open variables asked for one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from agentdesk.desk import own_phrases, phrases
from agentdesk.present import labels
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import DIM, STRONG, line, plain
from agentdesk.screens.private import field_guard
from agentdesk.widgets.fields import LineField
from agentdesk.widgets.messages import posted
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.views import PhraseView
    from agentdesk.screens.asking import Asking


FOUND = 20
"""Phrases shown beside a request when something is searched for."""
ALL = 500
"""Phrases shown where one looks through them: more than anybody has."""


class VariableAsker(Vertical):
    """Asks for the open variables of a text, one field after the other; Enter goes on, Escape gives up."""

    HELP_KEY = "help.variable"

    @posted
    class Answered(Message):
        """Every variable has a value."""

        values: dict[str, str]

    @posted
    class GivenUp(Message):
        """Escape: the text is not wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._values: dict[str, str] = {}
        self.display = False

    def compose(self) -> ComposeResult:
        """What is asked for, and the field."""
        yield Static("", markup=False, id="variable-name")
        yield LineField(limit=200, guard=field_guard, id="variable-value")
        yield Static("", markup=False, id="variable-text")

    def ask(self, names: Sequence[str], text: str) -> None:
        """Ask for these variables of a text."""
        self._names, self._values = list(names), {}
        self.display = True
        self.query_one("#variable-text", Static).update(line((text, DIM)))
        self._next()

    def _next(self) -> None:
        name = self._names[len(self._values)]
        word = t(f"variable.{name}") if known(f"variable.{name}") else plain(name)
        place = f"{len(self._values) + 1}/{len(self._names)}"
        self.query_one("#variable-name", Static).update(
            line((t("phrases.variable", name=word), STRONG), (f"  {place}", DIM))
        )
        field = self.query_one("#variable-value", LineField)
        field.set_text("")
        field.focus()

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        value = event.value.strip()
        if not value:
            return
        self._values[self._names[len(self._values)]] = value
        if len(self._values) == len(self._names):
            self.display = False
            self.post_message(self.Answered(dict(self._values)))
        else:
            self._next()

    def give_up(self) -> bool:
        """Stop asking; return whether anything was being asked."""
        if not self.display:
            return False
        self.display = False
        self.post_message(self.GivenUp())
        return True


class PhrasePane(Vertical):
    """Search, list, and the asking for variables. Posts `Taken` with a text that has no open variable."""

    HELP_KEY = "help.phrases"

    @posted
    class Taken(Message):
        """A phrase was picked and every variable filled."""

        phrase: PhraseView

    @posted
    class Left(Message):
        """Escape: the focus should go back."""

    def __init__(self, *, preview_rows: int = 2, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._preview_rows = preview_rows
        self._request: str | None = None
        self._views: list[PhraseView] = []
        self._picked: PhraseView | None = None
        self._before_show: Callable[[], None] | None = None
        self._words = ""

    def compose(self) -> ComposeResult:
        """Picker and asker; one of them is seen."""
        self.picker = Picker(
            title="phrases.title", search="phrases.search", preview_rows=self._preview_rows, guard=field_guard
        )
        self.asker = VariableAsker()
        yield self.picker
        yield self.asker

    @property
    def _asking(self) -> Asking:
        return cast("Asking", self.screen)

    def load(self, request_id: str | None, then: Callable[[], None] | None = None, *, hold: bool = False) -> None:
        """Show what fits a request (all phrases without one), then call `then`."""
        self._request = request_id
        self._before_show = then
        self._words = ""
        self.picker.search_for("")
        self._read(self._show, hold=hold)

    def _show(self, views: list[PhraseView]) -> None:
        self._views = views
        self.picker.show([self._item(view) for view in views], words=self._words)
        spoken = views[0].language if views else ""
        own = spoken.replace("-", "_") == self._asking.session.language
        self.picker.say("" if own or not spoken else t("phrases.spoken", language=_language(spoken)))
        if self._before_show is not None:
            then, self._before_show = self._before_show, None
            then()

    def _item(self, view: PhraseView) -> PickItem:
        rows = _wrap(view.text, self._preview_rows, max(20, self.size.width - 8))
        aside = t("phrases.personal") if view.personal else labels.label("scenario", view.scenario)
        return PickItem(view.id, f"* {view.title}" if view.favourite else view.title, rows, aside)

    @on(Picker.SearchChanged)
    def _search(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._words = event.words
        self._read(self._show)

    def _read(self, then: Callable[[list[PhraseView]], None], *, hold: bool = False) -> None:
        words, request = self._words, self._request
        if not words and request is not None:
            self._asking.ask("phrases", lambda desk: phrases.fitting(desk, request), then, hold=hold)
        else:
            limit = ALL if request is None else FOUND
            self._asking.ask("phrases", lambda desk: phrases.search(desk, words, request, limit), then, hold=hold)

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

        self._read(show)

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
        self.picker.display = False
        self.asker.ask(view.open, view.text)

    @on(VariableAsker.Answered)
    def _filled(self, event: VariableAsker.Answered) -> None:
        event.stop()
        view, values, request = self._picked, dict(event.values), self._request
        self.picker.display = True
        if view is not None:
            phrase_id = view.id
            self._asking.ask(
                "fill",
                lambda desk: phrases.fill(desk, phrase_id, values, request),
                self._take,
                hold=True,
            )

    def _take(self, phrase: PhraseView) -> None:
        self.post_message(self.Taken(phrase))

    @on(VariableAsker.GivenUp)
    def _given_up(self, event: VariableAsker.GivenUp) -> None:
        event.stop()
        self.picker.display = True
        self.picker.take_focus()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.post_message(self.Left())

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
