"""Textual's command palette, saying in the person's language that nothing fits."""

from __future__ import annotations

from rich.align import Align
from rich.text import Text
from textual import command
from textual.widgets.option_list import Option

from agentdesk.present.i18n import t


class CommandPalette(command.CommandPalette):
    """The palette of the desk."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Say after a moment that nothing fits; Textual would say it in English."""
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, lambda: self._say_none(search_value))

    def _say_none(self, wanted: str) -> None:
        if wanted:
            said = Align.center(Text(t("palette.none"), style="not bold"))
            self.query_one(command.CommandList).add_option(Option(said, disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(wanted)
