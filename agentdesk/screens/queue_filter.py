"""The filter of the queue as a form: every criterion one key, and a name that keeps it as a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Static

from agentdesk.desk import queue_views
from agentdesk.desk.queue import ME
from agentdesk.desk.queue_views import View
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import CHANNELS, PRIORITIES, REQUEST_TYPES, STATES
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, line
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.private import field_guard
from agentdesk.screens.refusals import sentence
from agentdesk.widgets.choice import Option
from agentdesk.widgets.record_form import FieldSpec, RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk

NAME = "view_name"
_SHOWN_STATES = tuple(state for state in STATES if state not in ("DRAFT", "MOVED"))


def _options(kind: str, codes: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(code, f"{kind}.{code}") for code in codes)


def _choice(name: str, label: str, options: tuple[Option, ...]) -> FieldSpec:
    return FieldSpec(name, "choice", label, options, optional=True)


def specs() -> list[FieldSpec]:
    """Return the criteria in the order in which they are mostly asked for."""
    return [
        _choice("due", "filter.due", _options("view", ("soon", "breached"))),
        _choice("priority", "field.priority", _options("priority", PRIORITIES)),
        _choice("request_type", "field.request_type", _options("request_type", REQUEST_TYPES)),
        _choice("channel", "field.channel", _options("channel", CHANNELS)),
        _choice("state", "filter.state", _options("state", _SHOWN_STATES)),
        FieldSpec("tag", "text", "filter.tag", limit=20),
        _choice("mine", "filter.mine", (Option(ME, "view.mine"),)),
        FieldSpec("owner", "text", "filter.owner", limit=40, hint="filter.owner.hint"),
        _choice("which", "filter.which", _options("view", ("open", "closed", "all"))),
        FieldSpec(NAME, "text", "filter.name", limit=queue_views.MAX_NAME, hint="filter.name.hint"),
    ]


class FilterScreen(FramedScreen):
    """Fills a filter; dismissed with the view to show, or None."""

    SCOPE = "filter"
    AUTO_FOCUS = ""

    def __init__(self, view: View, owner: str) -> None:
        super().__init__()
        self._view = view
        self._owner = owner

    def body(self) -> ComposeResult:
        """Title, the criteria, how they work together."""
        yield Static(line((t("filter.title"), STRONG)), classes="form-title", markup=False)
        self.form = RecordForm(specs(), self._values(), guard=field_guard, id="filter-form")
        yield self.form
        yield Static(line((t("filter.hint"), DIM)), classes="form-about", markup=False)

    def on_mount(self) -> None:
        """Begin at the first criterion."""
        self.form.focus_field("due")

    def _values(self) -> dict[str, Value]:
        wanted = self._view.filter
        values: dict[str, Value] = {"which": wanted.which, **wanted.criteria}
        values["mine"] = ME if wanted.owner == ME else ""
        values["owner"] = self._owner
        values[NAME] = self._view.name if self._view.saved else ""
        return values

    def action_apply(self) -> None:
        """Show what was asked for; with a name also keep it."""
        values = self.form.values()
        name = str(values.pop(NAME, ""))
        mine = values.pop("mine", "")
        if mine and not values["owner"]:
            values["owner"] = mine

        def work(desk: Desk) -> View:
            wanted = queue_views.filter_of(desk, values)
            return queue_views.save(desk, name, wanted) if name.strip() else View("", wanted)

        self.ask("filter", work, self._close, refused=self._refused, hold=True)

    def _close(self, view: View) -> None:
        self.dismiss(view)

    def _refused(self, refusal: Refusal) -> None:
        self.form.focus_field("owner" if refusal.code == "view.owner_unknown" else NAME)
        self.say(sentence(refusal), "warning")
