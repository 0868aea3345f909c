"""A panel with one list to pick from: what all such panels do with a pick and with Escape."""

from __future__ import annotations

from textual import on

from agentdesk.screens.asking import DeskPanel
from agentdesk.widgets.picker import Picker


class PickPanel(DeskPanel[str]):
    """Dismissed with the id of what was picked, or None. `compose()` makes `_picker`."""

    AUTO_FOCUS = ""
    _picker: Picker

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.dismiss(event.item.id)

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def go_back(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)
