"""One way in which requests like this were solved, whole: taken into the reply, cited, or the request itself opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.present.safe import STRONG, line
from agentdesk.screens import drawn_alike
from agentdesk.screens.asking import DeskPanel
from agentdesk.widgets.long_text import LongText

if TYPE_CHECKING:
    from agentdesk.desk.alike import Way


@dataclass(frozen=True)
class AlikeChoice:
    """What is to be done with a way: take, cite or open."""

    do: str
    way: Way


class AlikePanel(DeskPanel["AlikeChoice | None"]):
    """The way to be read. Dismissed with an `AlikeChoice`, or None."""

    SCOPE = "alike"
    AUTO_FOCUS = "#alike-whole"
    HELP_KEY = "help.alike"

    def __init__(self, way: Way) -> None:
        super().__init__()
        self._way = way

    def compose(self) -> ComposeResult:
        """Heading, the way, the keys."""
        with Vertical(classes="box"):
            yield Static(line((t("alike.head", count=self._way.count), STRONG)), classes="box-title", markup=False)
            with VerticalScroll(id="alike-whole", can_focus=True):
                yield LongText()
            yield Static(line(t("alike.keys")), classes="panel-keys", markup=False)

    def on_mount(self) -> None:
        """Show it."""
        self.query_one(LongText).show(lambda cells: Laid.of(drawn_alike.way(self._way, cells), cells))

    def action_take(self) -> None:
        """Put what was told into the reply."""
        self.dismiss(AlikeChoice("take", self._way))

    def action_cite(self) -> None:
        """Cite the articles in the reply."""
        if self._way.articles:
            self.dismiss(AlikeChoice("cite", self._way))
        else:
            self.unavailable("why.no_cited")

    def action_open(self) -> None:
        """Open the request that is most alike."""
        self.dismiss(AlikeChoice("open", self._way))

    def go_back(self) -> None:
        """Back to the list."""
        self.dismiss(None)
