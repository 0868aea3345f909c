"""The text area that every multi-line field and the composer stand on.

What it adds to Textual's: whatever enters is cleaned and capped, a paste that is too long is refused in one piece, Tab
leaves, F-keys stay with the screen, what is copied has passed the guard, and the widget is freed when its screen goes
(Textual's own watch on the app's theme keeps every text area alive for ever).

A caret is an offset in code points from the beginning of the text.
"""

from __future__ import annotations

from typing import ClassVar, cast

from textual import events
from textual.binding import Binding
from textual.document._edit import Edit
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Selection

from agentdesk.text.clean import clean
from agentdesk.widgets.guards import Guard
from agentdesk.widgets.messages import posted

MAX_CHARACTERS = 5_000
"""Longest text of a field or a reply; also the longest paste that is taken."""

SCREEN_KEYS = frozenset({"f6", "f7"})
"""Keys of Textual's text area that belong to the screen here."""


class PlainArea(TextArea, inherit_bindings=False):
    """A text area for untrusted and Chinese text. Read `text` and `caret`; set both with `set_text`."""

    BINDINGS: ClassVar = [
        binding for binding in TextArea.BINDINGS if isinstance(binding, Binding) and binding.key not in SCREEN_KEYS
    ]

    DEFAULT_CSS = """
    PlainArea {
        border: none; padding: 0 1; height: auto; min-height: 1; max-height: 8;
        background: $surface; color: $foreground; scrollbar-size-vertical: 1;
        &:focus { border: none; background: $panel; }
        & .text-area--cursor-line { background: transparent; }
        & .text-area--placeholder { color: $foreground-disabled; }
    }
    """

    @posted
    class PasteRefused(Message):
        """A paste was longer than what is left; nothing of it was taken."""

        area: PlainArea
        length: int
        limit: int

    def __init__(
        self,
        text: str = "",
        *,
        limit: int = MAX_CHARACTERS,
        guard: Guard | None = None,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        """Make an area of at most `limit` characters; `guard` passes what is copied out of it."""
        self.limit = limit
        self.guard = guard
        self._laid = Size()
        super().__init__(
            clean(text[:limit], limit),
            id=id,
            classes=classes,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=placeholder,
        )

    @property
    def caret(self) -> int:
        """Offset of the caret in code points."""
        return self.offset_of(self.selection.end)

    def offset_of(self, location: tuple[int, int]) -> int:
        """Return the offset of a (row, column); a line break counts as one character whatever the paste held."""
        row, column = location
        return sum(len(self.document.get_line(index)) + 1 for index in range(row)) + column

    def location_of(self, offset: int) -> tuple[int, int]:
        """Return the (row, column) of an offset; past the end is the end."""
        left = max(0, offset)
        for row in range(self.document.line_count):
            length = len(self.document.get_line(row))
            if left <= length:
                return row, left
            left -= length + 1
        return self.document.end

    def set_text(self, text: str, caret: int | None = None) -> None:
        """Replace the whole text, cleaned; the caret goes to an offset, by default to the end. Undo starts anew."""
        self.load_text(clean(text[: self.limit], self.limit))
        self.move_cursor(self.document.end if caret is None else self.location_of(caret))

    def insert_text_at_caret(self, text: str) -> None:
        """Put a text in place of the selection and the caret behind it; what exceeds the limit is refused whole."""
        if not self._fits(text):
            return
        result = self.replace(text, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def edit(self, edit: Edit) -> EditResult:
        """Clean what is about to enter, however it came: key, input method, paste or code."""
        if not edit.text.isprintable():
            edit.text = clean(edit.text, self.limit)
        height = self.wrapped_document.height
        result = super().edit(edit)
        if self.wrapped_document.height != height:
            # Textual scrolled to the caret before it knew that there is a line more.
            self.call_after_refresh(self.scroll_cursor_visible)
        return result

    def render_line(self, y: int) -> Strip:
        """Draw a line; nothing before the first layout, when Textual's wrapping of the placeholder would raise."""
        return super().render_line(y) if self.content_size.width > 0 else Strip.blank(self.size.width)

    def place_cursor(self) -> None:
        """Move the terminal's own cursor to the caret; called after scrolling, for the input method's window."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def on_mount(self) -> None:
        """Hear of every layout: no `Resize` comes where a region was asked for between the growth and its layout."""
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._laid_out(), immediate=True)

    def _laid_out(self) -> None:
        """Grown by a line: bring the caret back into sight of what scrolls around this area."""
        if self.size != self._laid:
            self._laid = self.size
            if self.has_focus:
                self.call_after_refresh(self._caret_into_sight)

    def _caret_into_sight(self) -> None:
        self.scroll_visible(animate=False, immediate=True)
        self.call_after_refresh(self.place_cursor)

    def watch_scroll_y(self, old: float, new: float) -> None:
        """The text moved under the caret: Textual set the terminal's cursor before it scrolled."""
        super().watch_scroll_y(old, new)
        self.place_cursor()

    async def _on_key(self, event: events.Key) -> None:
        """Refuse a key that would exceed the limit; Textual calls the handler of its own class after this one."""
        if (event.is_printable or event.key == "enter") and not self._fits(event.character or "\n"):
            event.stop()
            event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        """Take a paste whole or not at all."""
        if not self._fits(event.text):
            event.stop()
            event.prevent_default()

    def action_copy(self) -> None:
        """Copy the selection once the guard has passed it: private numbers never reach a clipboard."""
        self.app.copy_to_clipboard(self._passed(self.selected_text))

    def action_cut(self) -> None:
        """Cut the selection, or the line where nothing is selected; what goes to the clipboard has passed the guard."""
        if self.read_only:
            return
        start, end = self.selection
        if start == end:
            self.select_line(start[0])
            start, end = self.selection
        self.app.copy_to_clipboard(self._passed(self.selected_text))
        self.delete(start, end, maintain_selection_offset=False)

    def action_paste(self) -> None:
        """Paste the app's own clipboard under the same rules as a paste of the terminal."""
        if not self.read_only and self._fits(self.app.clipboard):
            self.insert_text_at_caret(self.app.clipboard)

    def on_unmount(self) -> None:
        """Take back the watch on the app's theme, which would keep this widget alive (Textual issue 6666)."""
        # Textual offers no way to unwatch; a test counts the entries so that a new version cannot slip by.
        watchers = cast("dict[str, list[tuple[object, object]]]", self.app.__dict__.get("__watchers", {}))
        if "theme" in watchers:
            watchers["theme"] = [entry for entry in watchers["theme"] if entry[0] is not self]

    def _passed(self, text: str) -> str:
        return self.guard(text, 0).text if self.guard is not None else text

    def _fits(self, text: str) -> bool:
        """Say whether a text can still enter; posts `PasteRefused` where not."""
        if len(self.document.text) - len(self.selected_text) + len(text) <= self.limit:
            return True
        self.post_message(self.PasteRefused(self, len(text), self.limit))
        return False


__all__ = ["MAX_CHARACTERS", "PlainArea", "Selection"]
