"""Text fields of one line and of several lines, for untrusted and Chinese text.

`LineField` and `AreaField` share their ways: `text`, `caret`, `set_text(text, caret)`, a `guard` that may replace what
was typed (private numbers) and says so, and the messages `Edited` and `Noticed`.

A field in the mode `private="ask"` (order and customer numbers) is not altered by its guard: it reports itself as
`held` until the screen answers the question of `PrivateAsked` with `confirm_private()` or `remove_private()`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from rich.cells import cell_len
from textual import events, on
from textual.geometry import Region, Size
from textual.message import Message
from textual.widgets import Input, TextArea
from textual.widgets.input import Selection

from agentdesk.present.i18n import t
from agentdesk.text.clean import clean, clean_line
from agentdesk.text.privacy import redact
from agentdesk.widgets.guards import Guard
from agentdesk.widgets.messages import posted
from agentdesk.widgets.text_area import MAX_CHARACTERS, PlainArea

Private: TypeAlias = Literal["replace", "ask"]
"""What happens to a private number: replaced at once, or asked about when the field is left."""


@posted
class Edited(Message):
    """A field's text changed, after its guard. `held` = it looks like a private number and nobody answered yet."""

    field: LineField | AreaField
    text: str
    caret: int
    held: bool = False

    @property
    def control(self) -> LineField | AreaField:
        """The field, so that `@on` may select by it."""
        return self.field


@posted
class Noticed(Message):
    """A field has something to say: a number was replaced, a paste refused. Empty text takes it back."""

    field: LineField | AreaField
    text: str


@posted
class PrivateAsked(Message):
    """A field was left whose value looks like a private number: is it an order number, or shall it go?"""

    field: LineField | AreaField


class LineField(Input):
    """A text field of one line whose terminal cursor stands where the caret is, also at the end of the text."""

    HELP_KEY = ""
    HELP_KEYS = "help.keys.line"

    DEFAULT_CSS = """
    LineField, LineField.-textual-compact {
        border: none !important; height: 1; padding: 0 1; width: 1fr; background: $surface; color: $foreground;
        &:focus { border: none !important; background: $panel; }
        & .input--placeholder { color: $foreground-disabled; }
    }
    """

    def __init__(
        self,
        text: str = "",
        *,
        limit: int = MAX_CHARACTERS,
        guard: Guard | None = None,
        private: Private = "replace",
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        """Make a field of at most `limit` characters."""
        self.limit = limit
        self.guard = guard
        self.private = private
        self.held = False
        self.checked = False
        self._after_mask = ("", 0)
        self._told_full = False
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False, id=id, classes=classes)
        # Set past the watchers, which would want a running app and post a change that nobody made.
        tidy = clean_line(text, limit)
        self.set_reactive(Input.value, tidy)
        self.set_reactive(Input.selection, Selection.cursor(len(tidy)))
        self._initial_value = False

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.value

    @property
    def caret(self) -> int:
        """Offset of the caret in code points."""
        return self.cursor_position

    def set_text(self, text: str, caret: int | None = None) -> None:
        """Replace the whole text, cleaned; the caret goes to an offset, by default to the end."""
        self.value = text
        self.cursor_position = len(self.value) if caret is None else caret
        self._caret_into_sight()

    def on_mount(self) -> None:
        """Let a first value that is longer than the field scroll."""
        self.virtual_size = Size(self.content_width, 1)

    def on_focus(self) -> None:
        """Show the part of a long value that the caret is in."""
        self._caret_into_sight()

    def _caret_into_sight(self) -> None:
        self.scroll_to_region(Region(self._cursor_offset, 0, 1, 1), force=True, animate=False)
        if self.is_mounted:
            self.call_after_refresh(self.place_cursor)

    def validate_value(self, value: str) -> str:
        """Clean whatever way a text came in."""
        short = value[: self.limit]
        return short if short.isprintable() else clean(short, self.limit).replace("\n", " ")

    @property
    def _cursor_offset(self) -> int:
        """Cell of the caret. Textual adds one at the end, which puts an input method's window off by one."""
        return cell_len(self.value[: self.cursor_position])

    def place_cursor(self) -> None:
        """Move the terminal's own cursor to the caret; called after scrolling, for the input method's window."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def watch_scroll_x(self, old: float, new: float) -> None:
        """A long text moved under the caret: Textual set the terminal's cursor before it scrolled."""
        super().watch_scroll_x(old, new)
        self.place_cursor()

    def _on_paste(self, event: events.Paste) -> None:
        """Take a paste as one line, whole or not at all."""
        event.stop()
        event.prevent_default()
        self.put_in(event.text)

    def action_paste(self) -> None:
        """Paste the app's own clipboard under the same rules as a paste of the terminal."""
        self.put_in(self.app.clipboard)

    def action_copy(self) -> None:
        """Copy the selection once the guard has passed it."""
        self.app.copy_to_clipboard(_passed(self.guard, self.selected_text))

    def action_cut(self) -> None:
        """Cut the selection; what goes to the clipboard has passed the guard."""
        self.app.copy_to_clipboard(_passed(self.guard, self.selected_text))
        self.delete_selection()

    def put_in(self, text: str) -> None:
        """Put a text in at the caret as one line, whole or not at all."""
        tidy = clean_line(text, self.limit)
        start, end = sorted(self.selection)
        if len(text) > self.limit or len(self.value) - (end - start) + len(tidy) > self.limit:
            self.post_message(Noticed(self, t("field.notice.too_long", limit=self.limit)))
            return
        self.replace(tidy, start, end)

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part of the text; what would exceed the limit does not enter."""
        if len(self.value) - abs(end - start) + len(text) > self.limit:
            if not self._told_full:  # once: a held key would have it said, and laid out, a hundred times over
                self._told_full = True
                self.post_message(Noticed(self, t("field.notice.too_long", limit=self.limit)))
            return
        super().replace(text, start, end)

    @on(Input.Changed)
    def _passed_through_guard(self, event: Input.Changed) -> None:
        """Let the guard look at the new text before anybody else hears of it."""
        event.stop()
        self._told_full = False
        _watch_over(self)

    def on_blur(self) -> None:
        """Ask about a number that looks private once the field is left."""
        if self.held:
            self.post_message(PrivateAsked(self))

    def confirm_private(self) -> None:
        """The agent says that it is what the field asks for: it is kept and marked as checked."""
        self.held, self.checked = False, True
        self.post_message(Edited(self, self.text, self.caret))

    def remove_private(self) -> None:
        """The agent says that it is a private number: the field becomes empty."""
        self.held = self.checked = False
        self.set_text("")


class AreaField(PlainArea):
    """A text field of several lines; grows up to eight rows."""

    HELP_KEY = ""
    HELP_KEYS = "help.keys.area"

    def __init__(
        self,
        text: str = "",
        *,
        limit: int = MAX_CHARACTERS,
        guard: Guard | None = None,
        private: Private = "replace",
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        """Make a field of at most `limit` characters."""
        self.private = private
        self.held = False
        self.checked = False
        self._after_mask = ("", 0)
        super().__init__(text, limit=limit, guard=guard, placeholder=placeholder, id=id, classes=classes)

    @on(TextArea.Changed)
    def _passed_through_guard(self, event: TextArea.Changed) -> None:
        """Let the guard look at the new text before anybody else hears of it."""
        event.stop()
        _watch_over(self)

    @on(PlainArea.PasteRefused)
    def _say_refusal(self, event: PlainArea.PasteRefused) -> None:
        """Say at the field why a paste did not enter."""
        event.stop()
        self.post_message(Noticed(self, t("field.notice.too_long", limit=event.limit)))


def _passed(guard: Guard | None, text: str) -> str:
    return guard(text, 0).text if guard is not None else redact(text)[0]


def _watch_over(field: LineField | AreaField) -> None:
    """Run the guard over a field's text, replace or hold what it found, and tell what is left."""
    text, caret = field.text, field.caret
    if field.guard is None:
        field.post_message(Edited(field, text, caret))
        return
    if _is_tail_of_mask(field, text, caret):
        field.set_text(text[: caret - 1] + text[caret:], caret - 1)
        return
    passed = field.guard(text, caret)
    if passed.text == text:
        field.held = field.checked = False
        field.post_message(Edited(field, text, caret))
        return
    if field.private == "ask":
        field.held = not field.checked
        field.post_message(Edited(field, text, caret, held=field.held))
        return
    # Setting the text brings another change, which passes the guard and is the one that others hear of.
    field.set_text(passed.text, passed.caret)
    field._after_mask = (passed.text, passed.caret)
    field.post_message(Noticed(field, passed.notice))


def _is_tail_of_mask(field: LineField | AreaField, text: str, caret: int) -> bool:
    """Say whether the last key only went on with a number that was replaced before its end.

    An ID is known by 17 of its 18 characters and a long card by a shorter one: what follows belongs to it, and no part
    of such a number may stay.
    """
    before, end = field._after_mask
    typed = text[end : end + 1]
    same = caret == end + 1 and text[:end] == before[:end] and text[end + 1 :] == before[end:]
    return bool(before) and before[:end].endswith("]") and same and (typed.isdecimal() or typed in "xXｘＸ")
