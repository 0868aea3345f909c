"""A list to pick from: what fits stands ready, a search narrows it.

Use:
    picker = Picker(title="phrases.fitting", search="phrases.search")
    picker.show([PickItem("id1", "问候", ("您好，这里是客服…",)), …])      # the first is marked
    @on(Picker.SearchChanged): search in a worker, then picker.show(items, words=event.words)
    @on(Picker.Picked): composer.insert_text_at_caret(…)

It is passive: showing items takes no focus. `picker.take_focus()` (F4, F5) puts it on the list, where Enter picks the
marked item, digits 1 to 9 pick at once and any other character goes on into the search field; from the search field
the arrows move the mark and Enter picks. Enter never picks from a list that the search has overtaken: it waits for the
words' own list. `Escaped` is posted when Escape leaves an empty search or the list.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from os.path import commonprefix
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, cut, line, width
from agentdesk.widgets.drawn_rows import DrawnRows
from agentdesk.widgets.fields import Edited, LineField
from agentdesk.widgets.guards import Guard
from agentdesk.widgets.messages import posted
from agentdesk.widgets.notice import Kind, NoticeLine


@dataclass(frozen=True)
class PickItem:
    """One thing to pick: plain texts, cleaned when drawn."""

    id: str
    title: str
    preview: tuple[str, ...] = ()
    """Lines below the title; the list shows as many as it is told to."""
    aside: str = ""
    """Short dim word at the right of the title, such as a step or a version."""
    marks: tuple[tuple[int, int], ...] = ()
    """Spans of the title to highlight (what the search found), in code points."""
    preview_marks: tuple[tuple[int, int], ...] = ()
    """The same of the first line below it."""


class PickRows(DrawnRows, can_focus=True):
    """The rows of a picker; as high as its items, inside a scrolling container."""

    HELP_KEYS = "help.keys.picker"

    BINDINGS: ClassVar = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("home", "move(-999)", show=False),
        Binding("end", "move(999)", show=False),
        Binding("pageup", "move(-5)", show=False),
        Binding("pagedown", "move(5)", show=False),
        Binding("enter", "pick", show=False),
    ]

    at: reactive[int] = reactive(0, init=False)
    """Index of the marked item."""

    @posted
    class RowPicked(Message):
        """An item was picked by key; `item` is None where the list is empty."""

        item: PickItem | None
        typed: str = ""
        """The digit that picked it, "" for Enter."""

    @posted
    class Typed(Message):
        """A character was typed that is no digit, or a text was pasted: it belongs into the search."""

        text: str

    @posted
    class Moved(Message):
        """The mark is on another item."""

        index: int

    def __init__(self, preview_rows: int) -> None:
        """Make an empty list that shows so many preview lines for each item."""
        super().__init__()
        self.items: tuple[PickItem, ...] = ()
        self._tops = [0]
        """The row at which each item begins, and behind the last one."""
        self.preview_rows = preview_rows
        self.empty = "picker.none"
        """Catalogue key of what an empty list says."""

    def show(self, items: Sequence[PickItem]) -> None:
        """Show other items, the first marked; the screen is laid out anew only where the list grows or shrinks."""
        before = self.count
        self._put(items)
        self.set_reactive(PickRows.at, 0)
        self.refresh(layout=self.count != before)
        self.post_message(self.Moved(0))

    def replace(self, item: PickItem) -> None:
        """Show another item in the place of the one with its id."""
        self._put(item if one.id == item.id else one for one in self.items)
        self.refresh(layout=True)

    def _put(self, items: Iterable[PickItem]) -> None:
        self.items = tuple(items)
        heights = (1 + min(self.preview_rows, len(item.preview)) for item in self.items)
        self._tops = list(accumulate(heights, initial=0))

    def validate_at(self, at: int) -> int:
        """Keep the mark inside the list."""
        return max(0, min(at, len(self.items) - 1))

    def watch_at(self) -> None:
        """Bring the marked item into sight."""
        top = self._tops[self.at]
        bottom = self._tops[self.at + 1] if self.items else 1
        self.scroll_visible_region(Region(0, top, 1, bottom - top))
        self.refresh()
        self.post_message(self.Moved(self.at))

    def scroll_visible_region(self, region: Region) -> None:
        """Scroll the container so that a region of this widget is seen."""
        if isinstance(self.parent, Widget):
            self.parent.scroll_to_region(region, animate=False, immediate=True)

    @property
    def count(self) -> int:
        """Lines of all items; one says that there are none."""
        return self._tops[-1] or 1

    def row(self, y: int) -> Content:
        """Return a title line with digit and mark, or one of the lines below it."""
        cells = self.content_size.width
        if not self.items:
            return line("   ", (t(self.empty), "$foreground-disabled")) if y == 0 else Content("")
        if y >= self.count:
            return Content("")
        index = bisect_right(self._tops, y) - 1
        below = y - self._tops[index]
        item = self.items[index]
        return self._below(item, below - 1, cells) if below else self._head(index, item, cells)

    def _head(self, index: int, item: PickItem, cells: int) -> Content:
        here = index == self.at
        digit = str(index + 1) if index < 9 else " "
        aside = cut(item.aside, cells // 3)
        room = max(1, cells - 4 - (width(aside) + 1 if aside else 0))
        strong = "bold $text-primary" if here and self.has_focus else "bold" if here else "$foreground"
        title = _marked(item.title, room, strong, item.marks)
        gap = " " * max(0, cells - 4 - title.cell_length - width(aside))
        return Content.assemble(line((f"{'>' if here else ' '}{digit} ", strong)), title, line((f"{gap}{aside}", DIM)))

    def _below(self, item: PickItem, which: int, cells: int) -> Content:
        marks = item.preview_marks if which == 0 else ()
        return Content.assemble("   ", _marked(item.preview[which], cells - 4, DIM, marks))

    def on_key(self, event: events.Key) -> None:
        """Pick by digit; let other characters go on into the search."""
        char = event.character
        if not char or not char.isprintable() or event.key == "space":
            return
        event.stop()
        event.prevent_default()
        if len(char) == 1 and char.isdecimal():
            index = int(char) - 1
            if 0 <= index < min(9, len(self.items)):
                self.post_message(self.RowPicked(self.items[index], char))
        else:
            self.post_message(self.Typed(char))

    def on_paste(self, event: events.Paste) -> None:
        """Let a paste go on into the search, as an input method of some terminals sends what it makes."""
        event.stop()
        event.prevent_default()
        self.post_message(self.Typed(event.text))

    def action_move(self, by: int) -> None:
        """Move the mark."""
        self.at += by

    def action_pick(self) -> None:
        """Pick the marked item."""
        self.post_message(self.RowPicked(self.items[self.at] if self.items else None))

    def on_focus(self) -> None:
        """Paint the mark in full strength."""
        self.refresh()

    def on_blur(self) -> None:
        """Paint it weaker."""
        self.refresh()


def _marked(text: str, cells: int, style: str, marks: Iterable[tuple[int, int]]) -> Content:
    """A text cut to so many cells, what the search found underlined."""
    shown = cut(text, cells)
    drawn = line((shown, style))
    same = len(commonprefix((shown, text)))  # where it was cleaned or cut the spans are no longer those of the original
    for start, end in marks:
        if start < same:
            drawn = drawn.stylize("underline", start, min(end, same))
    return drawn


class Picker(Vertical):
    """Title, search field, list, and a line for notices."""

    HELP_KEY = ""

    BINDINGS: ClassVar = [
        Binding("up", "mark(-1)", show=False),
        Binding("down", "mark(1)", show=False),
        Binding("escape", "leave", show=False),
    ]

    DEFAULT_CSS = """
    Picker { height: 1fr; background: $surface; padding: 0 1; }
    Picker > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; background: $surface; }
    Picker > .picker--title { height: 1; background: $surface; }
    Picker > LineField, Picker > LineField.-textual-compact { padding: 0 1 0 3; }
    Picker > NoticeLine { background: $surface; padding: 0; }
    """

    @posted
    class Picked(Message):
        """An item was picked."""

        picker: Picker
        item: PickItem

        @property
        def control(self) -> Picker:
            """The picker, so that `@on` may select by it."""
            return self.picker

    @posted
    class Marked(Message):
        """The mark is on another item (None: the list is empty)."""

        picker: Picker
        item: PickItem | None

        @property
        def control(self) -> Picker:
            """The picker, so that `@on` may select by it."""
            return self.picker

    @posted
    class SearchChanged(Message):
        """Other words stand in the search field."""

        picker: Picker
        words: str

        @property
        def control(self) -> Picker:
            """The picker, so that `@on` may select by it."""
            return self.picker

    @posted
    class Escaped(Message):
        """Escape: the focus should go back to where it came from."""

        picker: Picker

        @property
        def control(self) -> Picker:
            """The picker, so that `@on` may select by it."""
            return self.picker

    def __init__(
        self,
        *,
        title: str = "",
        search: str = "picker.search",
        preview_rows: int = 1,
        guard: Guard | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Make a picker; `title` and `search` are catalogue keys, an empty `search` leaves the search field out."""
        super().__init__(id=id)
        self._title = title
        self._rows = PickRows(preview_rows)
        self._search = LineField(placeholder=t(search), guard=guard) if search else None
        if self._search is not None:
            self._search.HELP_KEYS = "help.keys.search"
        self._notice = NoticeLine()
        self._notice.display = False
        self._listed_for = ""
        self._wanted: str | None = None

    def compose(self) -> ComposeResult:
        """Title, search, rows, notice."""
        if self._title:
            yield _Title(self._title)
        if self._search is not None:
            yield self._search
        with VerticalScroll(can_focus=False):
            yield self._rows
        yield self._notice

    @property
    def items(self) -> tuple[PickItem, ...]:
        """What is shown."""
        return self._rows.items

    @property
    def item(self) -> PickItem | None:
        """The marked item."""
        return self._rows.items[self._rows.at] if self._rows.items else None

    @property
    def at(self) -> int:
        """Index of the marked item."""
        return self._rows.at

    @property
    def words(self) -> str:
        """What stands in the search field."""
        return self._search.text if self._search is not None else ""

    def show(self, items: Sequence[PickItem], words: str | None = None, *, empty: str = "picker.none") -> None:
        """Show other items; results of words that were typed over meanwhile are dropped where `words` is given.

        `empty` is the catalogue key of what a list without items says.
        """
        if words is not None and words != self.words:
            return
        self._rows.empty = empty
        self._rows.show(items)
        self._listed_for = self.words
        wanted, self._wanted = self._wanted, None
        if wanted == self.words:
            self.pick()

    def replace(self, item: PickItem) -> None:
        """Show another item in the place of the one with its id; the mark stays."""
        self._rows.replace(item)

    def await_items(self) -> None:
        """Let an empty list say that it is being searched, and not that nothing fits."""
        if not self._rows.items and self._rows.empty != "picker.searching":
            self._rows.empty = "picker.searching"
            self._rows.refresh()

    def mark(self, item_id: str) -> None:
        """Put the mark on an item, if it is shown."""
        for index, item in enumerate(self._rows.items):
            if item.id == item_id:
                self._rows.at = index

    def search_for(self, words: str) -> None:
        """Put words into the search field, as if typed."""
        if self._search is not None:
            self._search.set_text(words)

    def say(self, text: str, kind: Kind = "info") -> None:
        """Show a line below the list; empty text takes it away."""
        self._notice.display = bool(text)
        self._notice.say(text, kind)

    def take_focus(self) -> None:
        """Put the focus on the list."""
        self._rows.focus()

    def focus_search(self) -> None:
        """Put the focus into the search field."""
        (self._search or self._rows).focus()

    @property
    def has_focus_within(self) -> bool:
        """Whether list or search has the focus."""
        return self._rows.has_focus or (self._search is not None and self._search.has_focus)

    def pick(self) -> None:
        """Pick the marked item, as Enter does."""
        self._rows.action_pick()

    def action_mark(self, by: int) -> None:
        """Move the mark from the search field."""
        self._rows.at += by

    def action_leave(self) -> None:
        """Empty the search first; leave with the second Escape."""
        if self._search is not None and self._search.has_focus and self._search.text:
            self._search.set_text("")
        else:
            self.post_message(self.Escaped(self))

    @on(PickRows.RowPicked)
    def _picked(self, event: PickRows.RowPicked) -> None:
        event.stop()
        if self.words == self._listed_for:
            if event.item is not None:
                self.post_message(self.Picked(self, event.item))
        elif event.typed:
            self._type(event.typed)
        else:
            self._wanted = self.words

    @on(PickRows.Moved)
    def _moved(self, event: PickRows.Moved) -> None:
        event.stop()
        self.post_message(self.Marked(self, self.item))

    @on(PickRows.Typed)
    def _typed(self, event: PickRows.Typed) -> None:
        event.stop()
        self._type(event.text)

    def _type(self, text: str) -> None:
        if self._search is not None:
            self._search.focus()
            self._search.put_in(text)

    @on(Edited)
    def _searched(self, event: Edited) -> None:
        event.stop()
        self.post_message(self.SearchChanged(self, event.text))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.pick()


class _Title(Widget):
    """The heading of a picker."""

    DEFAULT_CSS = "_Title { height: 1; width: 1fr; }"

    def __init__(self, key: str) -> None:
        super().__init__(classes="picker--title")
        self._key = key

    def render(self) -> Content:
        """Draw the heading."""
        return line((cut(t(self._key), self.content_size.width), "bold"))
