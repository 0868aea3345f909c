"""One line that says what happened or why something cannot be done; the word comes before the colour.

Use: `NoticeLine().say(t("intake.recorded", number=number), "done")`; `say("")` takes it back.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from textual.content import Content
from textual.widget import Widget

from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, ERROR, GOOD, WARNING, cut, line, width

Kind: TypeAlias = Literal["info", "done", "warn", "error"]

_STYLES: dict[Kind, str] = {"info": DIM, "done": f"{GOOD} bold", "warn": WARNING, "error": ERROR}


class NoticeLine(Widget):
    """Shows the latest notice until the next one."""

    DEFAULT_CSS = "NoticeLine { height: 1; padding: 0 1; background: $background; color: $foreground; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        """Make an empty line."""
        super().__init__(id=id)
        self.text = ""
        self.kind: Kind = "info"

    def say(self, text: str, kind: Kind = "info") -> None:
        """Show another notice: a finished sentence and what sort of thing it is."""
        self.text, self.kind = text, kind
        self.refresh()

    def render(self) -> Content:
        """Draw the word for the kind and the sentence, cut to the line."""
        if not self.text:
            return Content("")
        word = f"[{t(f'notice.{self.kind}')}] "
        return line((word, _STYLES[self.kind]), cut(self.text, self.content_size.width - width(word)))
