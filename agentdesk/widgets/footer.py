"""The bottom line: what can be done now, by which key.

Use: `KeyFooter().show(keys.footer("queue", disabled={"queue-open": t("why.no_request")}))`. Disabled actions are greyed
and in brackets, so that they differ without colour; `reason(id)` gives the sentence to say when their key is pressed.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from agentdesk.present.keys import FooterEntry
from agentdesk.present.safe import line, width

GAP = 2


class KeyFooter(Widget):
    """One line of keys; what does not fit is left out whole: first what works everywhere, from the right.

    The first entry (help) and the last (commands, which lists all the others) always stay.
    """

    DEFAULT_CSS = "KeyFooter { height: 1; dock: bottom; padding: 0 1; background: $panel; color: $foreground-muted; }"

    def __init__(self, entries: Sequence[FooterEntry] = (), *, id: str | None = None) -> None:  # noqa: A002
        """Make a footer; `keys.footer(scope)` gives its entries."""
        super().__init__(id=id)
        self.entries: tuple[FooterEntry, ...] = tuple(entries)

    def show(self, entries: Sequence[FooterEntry]) -> None:
        """Show other entries."""
        if tuple(entries) != self.entries:
            self.entries = tuple(entries)
            self.refresh()

    def reason(self, action_id: str) -> str:
        """Return why an action is greyed; empty where it is not."""
        return next((entry.reason for entry in self.entries if entry.id == action_id), "")

    def fitting(self, cells: int) -> list[FooterEntry]:
        """Return the entries that fit into so many cells, in order."""
        kept = list(self.entries)
        while len(kept) > 2 and sum(_cells(entry) for entry in kept) + GAP * (len(kept) - 1) > cells:
            everywhere = [entry for entry in kept[1:-1] if entry.id.startswith("app-")]
            kept.remove(everywhere[-1] if everywhere else kept[-2])
        return kept

    def render(self) -> Content:
        """Draw key and word of each entry."""
        drawn = []
        for entry in self.fitting(self.content_size.width):
            if entry.enabled:
                drawn.append(line((entry.key, "bold $text-primary"), (f" {entry.label}", "$foreground")))
            else:
                drawn.append(line((f"({entry.key} {entry.label})", "$foreground-disabled")))
        return Content(" " * GAP).join(drawn)


def _cells(entry: FooterEntry) -> int:
    return width(entry.key) + 1 + width(entry.label) + (0 if entry.enabled else 2)
