"""A bare text area with the text of a file: the control of typing. `editor.py FILE LINES`: so many lines high."""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Static, TextArea


class Editor(App[None]):
    """Shows a text area at the bottom, as high as the composer."""

    CSS = "Static { height: 1fr; }"

    def compose(self) -> ComposeResult:
        """A line above, the text area below."""
        yield Static("bare editor")
        area = TextArea(Path(sys.argv[1]).read_text(encoding="utf-8"))
        area.styles.height = int(sys.argv[2])
        yield area

    def on_mount(self) -> None:
        """Begin to type at the end of the text."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()


if __name__ == "__main__":
    Editor().run()
