"""A list that draws only what is seen: 100,000 rows open as fast as 20.

Use:
    rows = VirtualList(draw, key=lambda row: row.id)      # draw(row, cells) -> Content of exactly so many cells
    rows.open(total)                                       # posts PageWanted for what is seen
    @on(VirtualList.PageWanted): fetch in a worker, then rows.put_page(event.offset, page, event.generation)
    rows.reload(total)                                     # something changed; the old rows stay until new come

The two cells before each row belong to the list: `>` marks the row of the cursor, `*` one that is marked. Messages:
`PageWanted`, `Highlighted` (cursor on another row), `Chosen` (Enter).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from agentdesk.present.i18n import t
from agentdesk.present.safe import line
from agentdesk.widgets.messages import posted

Row = TypeVar("Row")

PAGE = 100
"""Rows asked for at a time."""

MARK_CELLS = 2


class VirtualList(ScrollView, Generic[Row], can_focus=True):
    """Rows come in pages through `put_page`; the list holds what came and asks for what is missing."""

    HELP_KEYS = "help.keys.list"

    BINDINGS: ClassVar = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "leaf(-1)", show=False),
        Binding("pagedown", "leaf(1)", show=False),
        Binding("home,ctrl+home", "first", show=False),
        Binding("end,ctrl+end", "last", show=False),
        Binding("enter", "choose", show=False),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {"list--row", "list--cursor", "list--cursor-blurred"}

    DEFAULT_CSS = """
    VirtualList {
        height: 1fr; background: $background; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
        overflow-x: hidden;
        & > .list--cursor { background: $panel; }
        & > .list--cursor-blurred { background: $surface; }
    }
    """

    cursor: reactive[int] = reactive(0, init=False)
    """Index of the row the cursor is on."""

    @posted
    class PageWanted(Message):
        """Rows are needed; answer with `put_page(offset, rows, generation)`."""

        list: VirtualList[object]
        offset: int
        limit: int
        generation: int

    @posted
    class Highlighted(Message):
        """The cursor is on another row; `row` is None while its page has not come."""

        list: VirtualList[object]
        index: int
        row: object | None

    @posted
    class Chosen(Message):
        """Enter on a row."""

        list: VirtualList[object]
        index: int
        row: object

    def __init__(
        self,
        draw: Callable[[Row, int], Content],
        *,
        key: Callable[[Row], Hashable] | None = None,
        marked: Callable[[Row], bool] | None = None,
        empty: str = "list.empty",
        page: int = PAGE,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Make a list; `empty` is the catalogue key of what stands there when it has no rows.

        `marked` tells whether a row is marked: `*` then stands before it.
        """
        super().__init__(id=id)
        self._draw = draw
        self._key = key
        self._marked = marked
        self._empty = empty
        self._page = page
        self._rows: dict[int, Row] = {}
        self._wanted: set[int] = set()
        self._strips: LRUCache[tuple[int, int, int], Strip] = LRUCache(512)
        self._drawn = 0
        self._told: tuple[int, Hashable] | None = None
        self._follow: Hashable | None = None
        self.total = 0
        """How many rows there are."""
        self.generation = 0
        """Goes up with each `open` and `reload`; pages of an older one are dropped."""

    # -- rows ----------------------------------------------------------------------------------------------------

    def open(self, total: int) -> None:  # noqa: A003 - it opens the list
        """Show a new list of so many rows from its top."""
        self._rows.clear()
        self._follow = None
        self.set_reactive(VirtualList.cursor, 0)
        self.scroll_to(0, 0, animate=False, immediate=True)
        self.reload(total)

    def reload(self, total: int) -> None:
        """Ask again for what is seen; the cursor stays with its row where that row is in the page that comes."""
        row = self.row
        self._follow = self._key(row) if row is not None and self._key is not None else None
        self.generation += 1
        self.total = total
        self._wanted.clear()
        self._forget_drawn()
        for index in [index for index in self._rows if index >= total]:
            del self._rows[index]
        self.set_reactive(VirtualList.cursor, max(0, min(self.cursor, total - 1)))
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, total))
        self._ask_for_seen(force=True)
        self.refresh()

    def put_page(self, offset: int, rows: Sequence[Row], generation: int) -> None:
        """Take rows that were asked for; what belongs to an older generation is dropped."""
        if generation != self.generation:
            return
        for index in range(offset, offset + self._page):
            self._rows.pop(index, None)
        for index, row in enumerate(rows, offset):
            self._rows[index] = row
        self._forget_drawn()
        self._stay_with_row(offset, rows)
        self.refresh()
        self._tell()

    def _stay_with_row(self, offset: int, rows: Sequence[Row]) -> None:
        """After a reload put the cursor back on the row it was on, if that row has moved within this page."""
        if self._key is None or self._follow is None:
            return
        keys = [self._key(row) for row in rows]
        if self._follow in keys:
            self.cursor = offset + keys.index(self._follow)
            self._follow = None

    @property
    def row(self) -> Row | None:
        """The row of the cursor; None where there is none or its page has not come."""
        return self._rows.get(self.cursor) if self.total else None

    def row_at(self, index: int) -> Row | None:
        """The row of an index, if it is here."""
        return self._rows.get(index)

    def redraw(self) -> None:
        """Draw the rows anew from the same records: the time went on, the language changed."""
        self._forget_drawn()
        self.refresh()

    def _forget_drawn(self) -> None:
        self._drawn += 1
        self._strips.clear()

    def _ask_for_seen(self, force: bool = False) -> None:
        """Post `PageWanted` for pages in sight that are neither here nor on their way."""
        if not self.total:
            return
        top = int(self.scroll_offset.y)
        height = max(1, self.scrollable_content_region.height)
        seen = range(top - top % self._page, min(self.total, top + height), self._page)
        pages = set(seen) | {self.cursor - self.cursor % self._page}
        for offset in sorted(pages - self._wanted):
            stop = min(offset + self._page, self.total)
            if force or any(index not in self._rows for index in range(offset, stop)):
                self._wanted.add(offset)
                self.post_message(self.PageWanted(self, offset, self._page, self.generation))  # type: ignore[arg-type]

    # -- the cursor ----------------------------------------------------------------------------------------------

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor inside the list."""
        return max(0, min(cursor, self.total - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Bring the row into sight, repaint the two rows concerned and tell."""
        self._repaint(old)
        self._repaint(new)
        self.scroll_to_region(Region(0, new, 1, 1), animate=False, force=True, immediate=True)
        self._ask_for_seen()
        self._tell()

    def _repaint(self, index: int) -> None:
        self.refresh(Region(0, index - int(self.scroll_offset.y), self.size.width, 1))

    def _tell(self) -> None:
        """Post `Highlighted` once for each row the cursor comes to."""
        row = self.row
        told = (self.cursor, self._key(row) if row is not None and self._key is not None else row is not None)
        if told != self._told:
            self._told = told
            self.post_message(self.Highlighted(self, self.cursor, row))  # type: ignore[arg-type]

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.cursor += by

    def action_leaf(self, by: int) -> None:
        """Move the cursor by what is seen at once."""
        self.cursor += by * max(1, self.scrollable_content_region.height - 1)

    def action_first(self) -> None:
        """Go to the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """Go to the last row."""
        self.cursor = self.total - 1

    def action_choose(self) -> None:
        """Choose the row of the cursor, if it has come."""
        row = self.row
        if row is not None:
            self.post_message(self.Chosen(self, self.cursor, row))  # type: ignore[arg-type]

    # -- drawing -------------------------------------------------------------------------------------------------

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Ask for what came into sight."""
        super().watch_scroll_y(old, new)
        self._ask_for_seen()

    def on_resize(self, event: events.Resize) -> None:
        """Ask for what a taller list shows and draw rows in the new width."""
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, self.total))
        self._ask_for_seen()

    def on_focus(self) -> None:
        """Paint the cursor's row in full strength."""
        self._repaint(self.cursor)

    def on_blur(self) -> None:
        """Paint the cursor's row weaker; its mark stays."""
        self._repaint(self.cursor)

    def notify_style_update(self) -> None:
        """The theme changed: what was drawn is of the old colours."""
        super().notify_style_update()
        self._forget_drawn()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        index = y + int(self.scroll_offset.y)
        cells = self.scrollable_content_region.width
        if index >= self.total:
            empty = line((t(self._empty), "$foreground-muted")) if index == 0 else Content("")
            return self._strip(Content.assemble("  ", empty), cells, "list--row")
        state = 0 if index != self.cursor else 2 if self.has_focus else 1
        where = (index, cells, state)
        strip = self._strips.get(where)
        if strip is None:
            strip = self._strip(self._content(index, cells, state), cells, _COMPONENTS[state])
            if index in self._rows:
                self._strips[where] = strip
        return strip

    def _content(self, index: int, cells: int, state: int) -> Content:
        row = self._rows.get(index)
        star = "*" if row is not None and self._marked is not None and self._marked(row) else " "
        mark = Content.styled((">" if state else " ") + star, "bold $text-primary" if state == 2 else "bold")
        if row is None:
            return Content.assemble(mark, line(("..", "$foreground-disabled")))
        return Content.assemble(mark, self._draw(row, max(1, cells - MARK_CELLS)))

    def _strip(self, content: Content, cells: int, component: str) -> Strip:
        style = self.get_visual_style(component)
        strips = Visual.to_strips(self, content, cells, 1, style, apply_selection=False)
        return (strips[0] if strips else Strip([])).adjust_cell_length(cells, style.rich_style)


_COMPONENTS = ("list--row", "list--cursor-blurred", "list--cursor")
