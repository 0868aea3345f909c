"""Choice rows and check boxes: one key chooses, nothing is chosen unless told so.

Use: `ChoiceRow(options, value="")`; it posts `ChoiceMade` when a key of the number row, or Enter after the arrows,
chooses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from agentdesk.present.i18n import t
from agentdesk.present.safe import plain, width
from agentdesk.widgets.messages import posted

KEYS = "1234567890-="
"""The number row: one key for each of the first twelve values."""


@dataclass(frozen=True)
class Option:
    """One possible value of a choice."""

    code: str
    """What is stored."""
    label: str
    """Catalogue key of its word, such as `request_type.consult`; a text that is no key is shown as it is."""


def choices(kind: str, codes: tuple[str, ...]) -> tuple[Option, ...]:
    """Return the options of a choice whose words have one kind."""
    return tuple(Option(code, f"{kind}.{code}") for code in codes)


class ChoiceRow(Widget, can_focus=True):
    """Values in a row: the keys of the number row choose at once, arrows move, Enter or space confirms.

    Those are 1 to 9, 0 for the tenth, and beside it `-` and `=` for the eleventh and twelfth.

    The chosen value stands in brackets and bold, so that it can be told without colour; while the row has the focus,
    the value the arrows stand on is marked by `>`.
    """

    HELP_KEY = ""
    HELP_KEYS = "help.keys.choice"

    BINDINGS: ClassVar = [
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("home", "move(-99)", show=False),
        Binding("end", "move(99)", show=False),
        Binding("enter,space", "confirm", show=False),
        Binding("backspace,delete", "clear", show=False),
    ]

    DEFAULT_CSS = """
    ChoiceRow {
        height: auto; width: 1fr; padding: 0 1; background: $surface;
        &:focus { background: $panel; }
    }
    """

    value: reactive[str] = reactive("", layout=False)
    """Chosen code, empty where nothing was chosen."""
    at: reactive[int] = reactive(0, init=False)
    """Index the arrows stand on."""

    @posted
    class ChoiceMade(Message):
        """A value was chosen by key; `code` is empty where the choice was taken back."""

        row: ChoiceRow
        code: str

        @property
        def control(self) -> ChoiceRow:
            """The row, so that `@on` may select by it."""
            return self.row

    def __init__(
        self,
        options: Sequence[Option],
        value: str = "",
        *,
        optional: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        """Make a row; `optional` lets backspace take the choice back."""
        super().__init__(id=id, classes=classes)
        self.options = tuple(options)
        self.optional = optional
        self.set_reactive(ChoiceRow.value, value)
        self.set_reactive(ChoiceRow.at, max(0, self._index(value)))

    def _index(self, code: str) -> int:
        return next((index for index, option in enumerate(self.options) if option.code == code), -1)

    def validate_at(self, at: int) -> int:
        """Keep the arrows inside the row."""
        return max(0, min(at, len(self.options) - 1))

    def choose(self, code: str) -> None:
        """Choose from code; posts nothing. An unknown code chooses nothing."""
        index = self._index(code)
        self.value = code if index >= 0 else ""
        if index >= 0:
            self.at = index

    def _cells(self) -> list[tuple[str, str]]:
        """Text and style of each value, all of fixed width whatever is chosen."""
        cells: list[tuple[str, str]] = []
        for index, option in enumerate(self.options):
            number = KEYS[index] if index < len(KEYS) else " "
            word = plain(t(option.label))
            chosen, here = option.code == self.value, self.has_focus and index == self.at
            left, right = ("[", "]") if chosen else (">" if here else " ", " ")
            style = "bold $text-primary" if chosen else "$foreground" if self.has_focus else "$foreground-muted"
            if here:
                style += " underline"
            cells.append((f"{left}{number} {word}{right}", style))
        return cells

    def _rows(self, cells_wide: int) -> list[list[tuple[str, str]]]:
        """Break the values into lines of at most so many cells."""
        rows: list[list[tuple[str, str]]] = [[]]
        used = 0
        for text, style in self._cells():
            need = width(text)
            if used and used + need > cells_wide:
                rows.append([])
                used = 0
            rows[-1].append((text, style))
            used += need
        return rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines needed at this width."""
        return len(self._rows(width))

    def render(self) -> Content:
        """Draw the values."""
        drawn = [
            Content("").join([Content.styled(text, style) for text, style in row])
            for row in self._rows(self.content_size.width)
        ]
        return Content("\n").join(drawn)

    def on_key(self, event: events.Key) -> None:
        """Choose by a key of the number row, also by a full-width one that an input method made."""
        typed = unicodedata.normalize("NFKC", event.character or "")
        index = KEYS.find(typed) if len(typed) == 1 else -1
        if 0 <= index < len(self.options):
            event.stop()
            event.prevent_default()
            self._take(index)

    def action_move(self, by: int) -> None:
        """Move the mark; nothing is chosen yet."""
        self.at += by

    def action_confirm(self) -> None:
        """Choose what the mark stands on."""
        self._take(self.at)

    def action_clear(self) -> None:
        """Take the choice back where that is allowed."""
        if self.optional and self.value:
            self.value = ""
            self.post_message(self.ChoiceMade(self, ""))

    def on_focus(self) -> None:
        """Show the mark."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the mark."""
        self.refresh()

    def place_cursor(self) -> None:
        """Choice rows have no text cursor; here so that every editor can be asked."""

    def _take(self, index: int) -> None:
        self.at = index
        self.value = self.options[index].code
        self.post_message(self.ChoiceMade(self, self.value))


class CheckBox(Widget, can_focus=True):
    """A yes or no: space or 1 turns it; `[x]` is yes."""

    HELP_KEY = ""
    HELP_KEYS = "help.keys.check"

    BINDINGS: ClassVar = [Binding("space,1", "turn", show=False)]

    DEFAULT_CSS = """
    CheckBox { height: 1; width: 1fr; padding: 0 1; background: $surface; &:focus { background: $panel; } }
    """

    value: reactive[bool] = reactive(False)

    @posted
    class Toggled(Message):
        """The box was turned by key."""

        box: CheckBox
        value: bool

        @property
        def control(self) -> CheckBox:
            """The box, so that `@on` may select by it."""
            return self.box

    def __init__(self, label: str, value: bool = False, *, id: str | None = None) -> None:  # noqa: A002
        """Make a box; `label` is a catalogue key."""
        super().__init__(id=id)
        self.label = label
        self.set_reactive(CheckBox.value, value)

    def render(self) -> Content:
        """Draw box and word."""
        style = "bold $text-primary" if self.value else "$foreground" if self.has_focus else "$foreground-muted"
        return Content.styled(f"[{'x' if self.value else ' '}] {plain(t(self.label))}", style)

    def action_turn(self) -> None:
        """Turn the box."""
        self.value = not self.value
        self.post_message(self.Toggled(self, self.value))

    def on_focus(self) -> None:
        """Show the focus in the word too."""
        self.refresh()

    def on_blur(self) -> None:
        """Take it back."""
        self.refresh()

    def place_cursor(self) -> None:
        """A box has no text cursor; here so that every editor can be asked."""
