"""Textual's command palette: Enter waits for what the typed words find, and none found is said in one's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.align import Align
from rich.text import Text
from textual import command
from textual.widgets.option_list import Option
from textual.worker import Worker

from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.screens.asking import DeskApp


class CommandPalette(command.CommandPalette):
    """The palette of the desk."""

    @property
    def is_listing(self) -> bool:
        """Whether the list does not show yet what fits the typed words: Enter would run what stood there before."""
        return any(worker.node is self and not worker.is_finished for worker in self.workers)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The keys that waited for the list go on."""
        if not self.is_listing:
            cast("DeskApp", self.app).release_keys("list")

    def on_unmount(self) -> None:
        """Closed while it was looked for: nothing tells of its workers any more."""
        cast("DeskApp", self.app).release_keys("list")

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Say after a moment that nothing fits; Textual would say it in English."""
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, lambda: self._say_none(search_value))

    def _say_none(self, wanted: str) -> None:
        if wanted:
            said = Align.center(Text(t("palette.none"), style="not bold"))
            self.query_one(command.CommandList).add_option(Option(said, disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(wanted)
