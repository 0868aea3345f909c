"""A bare option list of 300 rows: the control of moving in the queue."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import OptionList


class Rows(App[None]):
    """Shows a list."""

    def compose(self) -> ComposeResult:
        """The list alone."""
        yield OptionList(*(f"row-{number:04d} 张*  投诉  P1  处理中  洗衣机漏水,售后未回应" for number in range(300)))


if __name__ == "__main__":
    Rows().run()
