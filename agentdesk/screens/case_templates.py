"""The service templates to choose from, those that fit the request first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from agentdesk.desk import case_templates
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, line
from agentdesk.screens.pick_panel import PickPanel
from agentdesk.screens.private import field_guard
from agentdesk.text.fold import folded
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentdesk.desk.case_templates import Choice


class CaseTemplatePanel(PickPanel):
    """Dismissed with the id of the template that was picked, or None."""

    SCOPE = "casetemplates"
    HELP_KEY = "help.casetemplates"

    def __init__(self, request_id: str) -> None:
        super().__init__()
        self._request_id = request_id
        self._all: Sequence[Choice] = ()

    def compose(self) -> ComposeResult:
        """The list under its search field, and what happens."""
        with Vertical(classes="box"):
            self._picker = Picker(title="casetemplates.title", search="casetemplates.search", guard=field_guard)
            yield self._picker
            yield Static(line((t("casetemplates.about"), DIM)), classes="gap", markup=False)

    def on_mount(self) -> None:
        """Read them; the first one is marked."""
        request_id = self._request_id
        self.ask("templates", lambda desk: case_templates.listing(desk, request_id), self._read, hold=True)

    def _read(self, found: Sequence[Choice]) -> None:
        self._all = found
        self._show("")
        self.focus_when_shown(self._picker.take_focus)

    def _show(self, words: str) -> None:
        wanted = folded(words).strip()
        shown = [one for one in self._all if wanted in folded(f"{one.title} {one.plain_summary}")]
        self._picker.show([PickItem(one.id, one.title, (one.plain_summary,)) for one in shown], words=words)

    @on(Picker.SearchChanged)
    def _searched(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._show(event.words)

    def action_apply(self) -> None:
        """Take the marked one."""
        self._picker.pick()
