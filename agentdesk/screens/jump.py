"""Jump mode: a label on everything that can have the focus; pressing it goes there.

Labels are digits first and then letters: an idle input method lets digits through. Where it swallows even those, the
arrows or Tab walk from label to label and Enter goes there.
"""

from __future__ import annotations

import unicodedata
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.css.scalar import ScalarOffset
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from agentdesk.present.i18n import t
from agentdesk.present.safe import line

if TYPE_CHECKING:
    from textual.screen import Screen

DIGITS = "123456789"
STEPS = {"up": -1, "left": -1, "shift+tab": -1, "down": 1, "right": 1, "tab": 1, "home": -9999, "end": 9999}


def labels(count: int) -> list[str]:
    """Return so many labels, none the beginning of another: digits, then letters, or pairs where letters run out."""
    if count <= len(DIGITS) + len(ascii_lowercase):
        return list((DIGITS + ascii_lowercase)[:count])
    pairs = [first + second for first in ascii_lowercase for second in ascii_lowercase]
    return [*DIGITS, *pairs][:count]


class Label(Widget):
    """One label; in brackets where Enter would go."""

    DEFAULT_CSS = """
    Label { width: auto; height: 1; position: absolute; background: $primary; color: $block-cursor-foreground; }
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.marked = False

    def render(self) -> Content:
        """Draw it."""
        return line((f"[{self.text}]" if self.marked else f" {self.text} ", "bold reverse" if self.marked else "bold"))


class JumpPanel(ModalScreen[Widget]):
    """Lies over a screen, takes every key, and puts the focus on what was chosen."""

    TAKES_EVERY_KEY = True
    AUTO_FOCUS = ""

    DEFAULT_CSS = """
    JumpPanel > #jump-how { dock: bottom; height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below
        self._targets = below.focus_chain
        self._labels = [Label(text) for text in labels(len(self._targets))]
        focused = below.focused
        self._at = self._targets.index(focused) if focused in self._targets else 0
        self._typed = ""

    def compose(self) -> ComposeResult:
        """The labels, and how to use them."""
        yield from self._labels
        yield Static(line(t("jump.how") if self._targets else t("jump.nothing")), id="jump-how", markup=False)

    def on_mount(self) -> None:
        """Put every label in its place, and again whenever what lies below has moved."""
        self._below.screen_layout_refresh_signal.subscribe(self, lambda _: self._place())
        self._place()

    def _place(self) -> None:
        """Put each label on the corner of what it leads to; what is scrolled out of sight keeps its label unseen."""
        for index, (label, target) in enumerate(zip(self._labels, self._targets, strict=True)):
            label.marked = index == self._at
            place = _seen_at(self._below, target)
            label.display = place is not None and label.text.startswith(self._typed)
            if place is not None:
                label.styles.offset = ScalarOffset.from_offset((self._column(target, place.x, label), place.y))
            label.refresh()

    def _column(self, target: Widget, x: int, label: Label) -> int:
        """Beside the field where it has a margin, such as the label column of a form; else on its corner."""
        cells = len(label.text) + 2
        around = target.parent
        margin = x - around.region.x if isinstance(around, Widget) else 0
        return x - cells if margin >= cells else min(x, self.size.width - cells)

    def on_key(self, event: events.Key) -> None:
        """Go where the label says, walk, or leave."""
        event.stop()
        event.prevent_default()
        char = unicodedata.normalize("NFKC", event.character or "").lower()
        if event.key in STEPS:
            self._walk(STEPS[event.key])
        elif event.key == "enter" and self._targets:
            self._go(self._at)
        elif char.isprintable() and char.strip():
            self._type(char)
        elif event.key != "space":
            self.dismiss()

    def _type(self, char: str) -> None:
        known = [label.text for label in self._labels]
        typed = self._typed + char
        if typed in known:
            self._go(known.index(typed))
        else:
            self._typed = typed if any(text.startswith(typed) for text in known) else ""
            self._place()

    def _walk(self, by: int) -> None:
        if not self._targets:
            return
        self._at = max(0, min(self._at + by, len(self._targets) - 1))
        self._typed = ""
        self._below.scroll_to_widget(self._targets[self._at], animate=False, immediate=True)
        self._place()

    def _go(self, index: int) -> None:
        """Leave, and give the focus before the next key is handed on."""
        target, below = self._targets[index], self._below

        def give(_: Widget | None) -> None:
            if target.is_attached and target.focusable:
                below.set_focus(target)

        self.dismiss(target)
        self.app.call_later(give, target)


def _seen_at(screen: Screen[Any], widget: Widget) -> Offset | None:
    """Return where the seen part of a widget begins; None where nothing of it is seen."""
    if not widget.is_attached:
        return None
    region = widget.region
    for around in widget.ancestors:
        if isinstance(around, Widget):
            region = region.intersection(around.region)
    region = region.intersection(screen.region)
    return region.offset if region.area else None
