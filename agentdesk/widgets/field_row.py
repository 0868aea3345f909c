"""One row of a form: mark and label at the left, the editor beside it, a line for what is wrong below."""

from __future__ import annotations

from typing import TypeAlias

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, ERROR, WARNING, cut, line
from agentdesk.widgets.choice import CheckBox, ChoiceRow
from agentdesk.widgets.fields import AreaField, LineField

LABEL_CELLS = 14
"""Cells of the label column: mark, blank, label, blank."""


class Shown(Static):
    """A field that is only shown; its content is a finished line."""

    DEFAULT_CSS = "Shown { height: auto; width: 1fr; padding: 0 1; color: $foreground-muted; }"

    def __init__(self, content: Content) -> None:
        """Show a line that `present` made."""
        super().__init__(content, markup=False)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.update(line(text))

    def show(self, content: Content) -> None:
        """Show another finished line, with styles."""
        self.update(content)

    def place_cursor(self) -> None:
        """Nothing to place; here so that every editor can be asked."""


Editor: TypeAlias = "LineField | AreaField | ChoiceRow | CheckBox | Shown"


class FieldRow(Widget):
    """Draws label and notice itself and holds the editor as its only child, which keeps a form of 25 fields light.

    `*` before a label: required and empty. A problem or notice stands below the editor.
    """

    DEFAULT_CSS = """
    FieldRow { height: auto; width: 1fr; layout: vertical; background: $background; }
    """

    mark: reactive[str] = reactive("")
    """`missing`, `filled` or empty."""
    problem: reactive[str] = reactive("", layout=True)
    """What is wrong with the value, from the judge."""
    notice: reactive[str] = reactive("", layout=True)
    """What the field itself has to say, such as a number that was replaced."""

    def __init__(self, name: str, label: str, editor: Editor) -> None:
        """Make a row; `label` is a catalogue key."""
        super().__init__(name=name)
        self.label = label
        self.editor = editor
        if not isinstance(editor, Shown):
            editor.HELP_KEY = f"help.field.{name}"
        self._said_at = ""
        editor.styles.margin = (0, 0, 0, LABEL_CELLS)

    def compose(self) -> ComposeResult:
        """The editor alone."""
        yield self.editor

    def say(self, text: str) -> None:
        """Show a notice that stays until the text of the field is another than now."""
        self.notice = text
        self._said_at = self._text()

    def quiet_after_edit(self) -> None:
        """Take the notice back once the agent types on."""
        if self._text() != self._said_at:
            self.notice = ""

    def _text(self) -> str:
        return self.editor.text if isinstance(self.editor, (LineField, AreaField)) else ""

    def watch_notice(self) -> None:
        """Make room for the line below the editor."""
        self._make_room()

    def watch_problem(self) -> None:
        """Make room for the line below the editor."""
        self._make_room()

    def _make_room(self) -> None:
        below = 1 if self.notice or self.problem else 0
        self.editor.styles.margin = (0, 0, below, LABEL_CELLS)
        if below and self.editor.has_focus:
            self.call_after_refresh(self._into_sight)

    def _into_sight(self) -> None:
        """A line below the lowest field on the screen would not be seen."""
        self.scroll_visible(animate=False, immediate=True)
        self.call_after_refresh(self.editor.place_cursor)

    def render(self) -> Content:
        """Draw mark, label and what stands below; the editor is painted over the rest."""
        mark = ("* ", WARNING) if self.mark == "missing" else ("  ", "")
        strong = "$foreground" if self.editor.has_focus or self.mark == "missing" else DIM
        head = line(mark, (cut(t(self.label), LABEL_CELLS - 3), strong))
        said, style = (self.notice, WARNING) if self.notice else (self.problem, ERROR)
        if not said:
            return head
        blank = "\n" * (self.size.height - 1)
        below = line((cut(said, max(4, self.size.width - LABEL_CELLS - 2)), style))
        return Content.assemble(head, blank, " " * (LABEL_CELLS + 1), below)

    def on_descendant_focus(self) -> None:
        """Show the label of the field with the focus in full strength."""
        self.refresh()

    def on_descendant_blur(self) -> None:
        """Take it back."""
        self.refresh()
