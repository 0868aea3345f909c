"""The least that Textual can be asked for: one line of text. The control of every start."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """Shows a line."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Static("Hello, world")


if __name__ == "__main__":
    Hello().run()
