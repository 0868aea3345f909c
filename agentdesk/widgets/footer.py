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
    """One line of keys. Where it is too long, Chinese words move up to their keys, as their width sets them apart.

    What still does not fit is left out whole: first what works everywhere, from the right. The first entry (help) and
    the last (commands, which lists all the others) always stay.
    """

    DEFAULT_CSS = (
        "KeyFooter { height: 1; dock: bottom; padding: 0 0 0 1; background: $panel; color: $foreground-muted; }"
    )

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

    def fitting(self, cells: int) -> list[tuple[FooterEntry, str]]:
        """Return the entries that fit into so many cells, in order, each as it is written."""
        kept = list(self.entries)
        while True:
            for close in (False, True):
                drawn = [(entry, _written(entry, close)) for entry in kept]
                if len(kept) <= 2 or sum(width(text) for _, text in drawn) + GAP * (len(kept) - 1) <= cells:
                    return drawn
            everywhere = [entry for entry in kept[1:-1] if entry.id.startswith("app-")]
            kept.remove(everywhere[-1] if everywhere else kept[-2])

    def render(self) -> Content:
        """Draw key and word of each entry."""
        drawn = []
        for entry, text in self.fitting(self.content_size.width):
            if entry.enabled:
                drawn.append(line((entry.key, "bold $text-primary"), (text.removeprefix(entry.key), "$foreground")))
            else:
                drawn.append(line((text, "$foreground-disabled")))
        return Content(" " * GAP).join(drawn)


def _written(entry: FooterEntry, close: bool) -> str:
    word = entry.label
    text = f"{entry.key}{'' if close and width(word[:1]) == 2 else ' '}{word}"
    return text if entry.enabled else f"({text})"
