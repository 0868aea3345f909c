"""The reply: a text area that underlines what must not be said, and one line that says why and what to say instead.

Use:
    composer = Composer(lint=session.check, fill=fill, guard=guard)
    composer.text, composer.caret, composer.findings, composer.worst   # worst: "block", "warn", "hint" or ""
    composer.insert_text_at_caret(phrase)      # takes the place of a `::` or `??` just typed
    composer.replace_current()                 # ctrl+r: the finding at the caret, or the nearest

Enter is a new line, always; nothing here sends. `::` and `：：` post `PhrasesAsked`, `??` and `？？` `ArticlesAsked`;
what was typed stays and the focus too. `lint(text) -> findings` is called on the event loop after each change and must
be fast (text.lint.LintSession is); without one, hand findings in with `set_findings`. A finding's template is filled by
`fill`; where variables stay open its plain wording is taken, and where it has none `VariablesWanted` asks for them, to
be answered with `replace_span`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import ClassVar, TypeAlias

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from agentdesk.present.findings import FindingLike, finding_lines, worst_of
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, WARNING, cut, line
from agentdesk.widgets.guards import Guard
from agentdesk.widgets.messages import posted
from agentdesk.widgets.text_area import MAX_CHARACTERS, PlainArea

Lint: TypeAlias = Callable[[str], Sequence[FindingLike]]
Fill: TypeAlias = Callable[[str], str]

_ENDS = "。！？…；.!?;~～\n"
PHRASE_MARKS = ":："
ARTICLE_MARKS = "?？"


class ComposerText(PlainArea, inherit_bindings=True):
    """The text of the reply with its underlines."""

    HELP_KEYS = "help.keys.composer"

    COMPONENT_CLASSES: ClassVar[set[str]] = TextArea.COMPONENT_CLASSES | {
        "composer--block",
        "composer--warn",
        "composer--hint",
    }

    DEFAULT_CSS = """
    ComposerText {
        min-height: 3; max-height: 8;
        & .composer--block { color: $text-error; text-style: bold underline; }
        & .composer--warn { color: $text-warning; text-style: underline; }
        & .composer--hint { text-style: underline; }
    }
    """

    def __init__(self, text: str = "", *, guard: Guard | None = None, placeholder: str = "") -> None:
        """Make the text area of a composer."""
        super().__init__(text, guard=guard, placeholder=placeholder)
        self._spans: dict[int, list[tuple[int, int, str]]] = {}

    def underline(self, findings: Sequence[FindingLike]) -> None:
        """Underline these findings; paints only where something changed."""
        spans: dict[int, list[tuple[int, int, str]]] = {}
        lengths = [len(text) for text in self.document.lines]
        starts = [0, *accumulate(length + 1 for length in lengths)]
        # Least severe first, so that a block shows where two overlap.
        for finding in sorted(findings, key=lambda found: _ORDER.get(found.severity, 0)):
            row = bisect_right(starts, finding.start) - 1
            # One span for each line that a finding touches.
            while row < len(lengths) and starts[row] < finding.end:
                span = (max(0, finding.start - starts[row]), min(lengths[row], finding.end - starts[row]))
                spans.setdefault(row, []).append((*span, finding.severity))
                row += 1
        if spans != self._spans:
            self._spans = spans
            # The cache of drawn lines is keyed on the text alone. Private, and guarded by a test.
            self._line_cache.clear()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """Return a line with its underlines; indices are code points, so wrapping and wide characters just work."""
        drawn = super().get_line(line_index)
        for start, end, severity in self._spans.get(line_index, ()):
            style = self.get_component_rich_style(f"composer--{severity}", partial=True)
            drawn.stylize(style, start, end)
        return drawn


_ORDER = {"hint": 0, "warn": 1, "block": 2}


class ComposerLine(Widget):
    """The line under the composer: the finding in hand, or what the composer has to say."""

    DEFAULT_CSS = "ComposerLine { height: 1; padding: 0 1; background: $surface; color: $foreground; }"

    def __init__(self) -> None:
        """Make an empty line."""
        super().__init__()
        self._content: Callable[[int], Content] = lambda cells: Content("")
        self._key: object = None

    def show(self, key: object, content: Callable[[int], Content]) -> None:
        """Show what `content(cells)` makes; the same key again repaints nothing."""
        if key != self._key:
            self._key, self._content = key, content
            self.refresh()

    def render(self) -> Content:
        """Draw the line at the present width."""
        return self._content(self.content_size.width)


class Composer(Vertical):
    """Text area and line below it."""

    HELP_KEY = "help.composer"

    BINDINGS: ClassVar = [Binding("ctrl+r", "replace_finding", show=False)]

    DEFAULT_CSS = """
    Composer { height: auto; background: $surface; }
    """

    @posted
    class Edited(Message):
        """The reply changed; store it as a draft through `text.privacy.hold_out`."""

        composer: Composer
        text: str
        caret: int

    @posted
    class FindingsChanged(Message):
        """The findings are others than before."""

        composer: Composer
        findings: tuple[FindingLike, ...]

    @posted
    class PhrasesAsked(Message):
        """`::` was typed; show phrases beside the text, the focus stays here."""

        composer: Composer
        caret: int

    @posted
    class ArticlesAsked(Message):
        """`??` was typed; show articles beside the text, the focus stays here."""

        composer: Composer
        caret: int

    @posted
    class VariablesWanted(Message):
        """A replacement has open variables: ask for them, then call `replace_span(start, end, text)`."""

        composer: Composer
        template: str
        start: int
        end: int

    @posted
    class Replaced(Message):
        """A finding was replaced (counted by the lint counters)."""

        composer: Composer
        rule: str
        category: str

    def __init__(
        self,
        text: str = "",
        *,
        lint: Lint | None = None,
        fill: Fill | None = None,
        guard: Guard | None = None,
        placeholder: str = "composer.placeholder",
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Make a composer; `guard` passes what is copied out of it, `placeholder` is a catalogue key."""
        super().__init__(id=id)
        self._lint = lint
        self._fill = fill
        self._area = ComposerText(text, guard=guard, placeholder=t(placeholder))
        self._line = ComposerLine()
        self._length = len(self._area.text)
        self._relinting = False
        self.findings: tuple[FindingLike, ...] = ()
        """What was found in the present text, in its order."""

    def compose(self) -> ComposeResult:
        """The text, the line."""
        yield self._area
        yield self._line

    def on_mount(self) -> None:
        """Look at a text that was there from the start, such as a draft."""
        self.relint()

    @property
    def area(self) -> ComposerText:
        """The text area, for focus and tests."""
        return self._area

    @property
    def text(self) -> str:
        """The reply as it stands."""
        return self._area.text

    @property
    def caret(self) -> int:
        """Offset of the caret in code points."""
        return self._area.caret

    @property
    def worst(self) -> str:
        """The highest severity found in the text as it stands: block, warn, hint or empty."""
        self._catch_up()
        return worst_of(self.findings)

    @property
    def length_left(self) -> int:
        """Characters that still fit."""
        return MAX_CHARACTERS - len(self.text)

    def focus_text(self) -> None:
        """Put the focus into the text."""
        self._area.focus()

    def set_text(self, text: str, caret: int | None = None) -> None:
        """Replace the whole reply; the caret goes to an offset, by default to the end."""
        self._area.set_text(text, caret)

    def insert_text_at_caret(self, text: str) -> None:
        """Insert a phrase; a `::` or `??` that stands right before the caret gives way to it."""
        self._take_marks_out()
        self._area.insert_text_at_caret(text)

    def add_at_end(self, text: str) -> None:
        """Put a text on a line of its own below what is written; `::` or `??` before the caret gives way to it."""
        self._take_marks_out()
        before = self._area.document.text
        self._area.move_cursor(self._area.document.end)
        self._area.insert_text_at_caret("\n" + text if before and not before.endswith("\n") else text)

    def _take_marks_out(self) -> None:
        """What asked for a list has done its work."""
        row, column = self._area.selection.end
        before = self._area.document.get_line(row)[:column]
        marks = _marks_at_end(before)
        if marks and self._area.selection.is_empty:
            self._area.delete((row, column - marks), (row, column), maintain_selection_offset=False)
            self._area.move_cursor((row, column - marks))

    def use_lint(self, lint: Lint | None) -> None:
        """Lint by other rules from now on: they came late, or the centre changed them."""
        self._lint = lint
        self.relint()

    def relint(self) -> None:
        """Look at the present text now; what changed is looked at by itself, after its paint."""
        if self._lint is not None:
            self.set_findings(self._lint(self._area.text))

    def set_findings(self, findings: Sequence[FindingLike]) -> None:
        """Show these findings of the present text."""
        found = tuple(findings)
        if found != self.findings:
            self.findings = found
            self._area.underline(found)
            self.post_message(self.FindingsChanged(self, found))
        self._show_current()

    def current(self) -> FindingLike | None:
        """The finding the caret stands in or at, else the nearest one."""
        if not self.findings:
            return None
        caret = self.caret
        return min(self.findings, key=lambda found: max(found.start - caret, caret - found.end, 0))

    def replace_current(self) -> bool:
        """Put the approved wording in place of the current finding; False where there is none to put."""
        self._catch_up()
        finding = self.current()
        if finding is None or not (finding.replacement or finding.template):
            self.say(t("composer.nothing_to_replace"))
            return False
        wording, start, end = self._wording(finding), finding.start, finding.end
        if finding.adds:
            wording, start, end = _behind(self._area.text, wording)
        if "{" in wording:
            self.post_message(self.VariablesWanted(self, wording, start, end))
            return True
        self.replace_span(start, end, wording)
        self.post_message(self.Replaced(self, finding.rule, finding.category))
        return True

    def _wording(self, finding: FindingLike) -> str:
        """The template where all its variables are known, else the wording without any."""
        filled = self._fill(finding.template) if self._fill is not None and finding.template else ""
        return filled if filled and "{" not in filled else finding.replacement or filled or finding.template

    def replace_span(self, start: int, end: int, text: str) -> None:
        """Replace a span of the reply, offsets in code points; the caret goes behind it."""
        area = self._area
        result = area.replace(text, area.location_of(start), area.location_of(end), maintain_selection_offset=False)
        area.move_cursor(result.end_location)

    def say(self, text: str) -> None:
        """Say something under the text until the next change."""
        self._line.show(("said", text), lambda cells: line((cut(text, cells), WARNING)))

    def action_replace_finding(self) -> None:
        """Ctrl+R."""
        self.replace_current()

    # -- what happens in the text --------------------------------------------------------------------------------

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        text = self._area.text
        grew = len(text) > self._length
        self._length = len(text)
        self.post_message(self.Edited(self, text, self.caret))
        if not self._relinting:
            # The character is painted first, its judgement right after: typing never waits for the rules.
            self._relinting = True
            self.call_after_refresh(self._relint_after_paint)
        if grew:
            self._notice_marks()

    @on(TextArea.SelectionChanged)
    def _caret_moved(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        if self.findings:
            self._show_current()

    @on(PlainArea.PasteRefused)
    def _paste_refused(self, event: PlainArea.PasteRefused) -> None:
        """Say it until the next change, and let the screen hear of it: what was refused is not on the page."""
        self.say(t("field.notice.too_long", limit=event.limit))

    def _catch_up(self) -> None:
        """Judge the last key now where its judgement still waits for the paint."""
        if self._relinting:
            self.relint()

    def _relint_after_paint(self) -> None:
        self._relinting = False
        self.relint()
        self._show_current()

    def _notice_marks(self) -> None:
        """Post that phrases or articles were asked for."""
        row, column = self._area.selection.end
        before = self._area.document.get_line(row)[max(0, column - 2) : column]
        if _marks_at_end(before):
            asked = self.PhrasesAsked if before[-1] in PHRASE_MARKS else self.ArticlesAsked
            self.post_message(asked(self, self.caret))

    def _show_current(self) -> None:
        finding = self.current()
        if finding is None:
            self._line.show(None, lambda cells: line((cut(t("composer.clean"), cells), DIM)))
            return
        place, count = self.findings.index(finding) + 1, len(self.findings)
        rows = self._line.content_size.height
        self._line.show(
            (finding, place, count, rows), lambda cells: finding_lines(finding, cells, rows, place=place, count=count)
        )


def _behind(text: str, wording: str) -> tuple[str, int, int]:
    """A sentence to put behind a text: with what ends the text before it, and the span that it takes."""
    body = text.rstrip(" \t")
    latin = wording[:1].isascii()
    ended = not body or body[-1] in _ENDS
    lead = ("" if ended else "." if latin else "。") + (" " if latin and body and body[-1] != "\n" else "")
    return lead + wording, len(body), len(text)


def _marks_at_end(before: str) -> int:
    """Return 2 where a text ends in two marks of one sort, else 0."""
    pair = before[-2:]
    alike = len(pair) == 2 and any(all(char in marks for char in pair) for marks in (PHRASE_MARKS, ARTICLE_MARKS))
    return 2 if alike else 0
