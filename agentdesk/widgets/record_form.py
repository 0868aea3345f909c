"""A form made from data: label column, editors, live required marks, the next gap on one key.

Use:
    form = RecordForm(
        [FieldSpec("request_type", "choice", "field.request_type", (Option("consult", "request_type.consult"), …)),
         FieldSpec("description", "lines", "field.description", rows=3), …],
        values={"channel": "phone"}, judge=judge, guard=guard)
    form.values()                    -> {"request_type": "consult", "unregistered": False, …}
    form.set_value("contact", "138…")  # posts nothing
    form.focus_field("contact"); form.next_gap(); form.note("contact", t("problem.contact"), "error")

`judge(values) -> Marks` is called at once after each change, so that the jump to the next gap never works on old marks.
A choice by digit goes on to the next field (`advance="next"`), to the next gap (`"gap"`) or stays.
Posted: `FieldChanged`, `ChoiceMade` (a choice row, after its FieldChanged), `PrivateQuestion`, `Submitted` (Enter in a
line field of a spec with `submits=True`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from agentdesk.present.i18n import t
from agentdesk.present.safe import line
from agentdesk.widgets.choice import CheckBox, ChoiceRow, Option
from agentdesk.widgets.field_row import Editor, FieldRow, Shown
from agentdesk.widgets.fields import AreaField, Edited, LineField, Noticed, Private, PrivateAsked
from agentdesk.widgets.guards import Guard
from agentdesk.widgets.messages import posted
from agentdesk.widgets.text_area import MAX_CHARACTERS

Value: TypeAlias = "str | bool"
Kind: TypeAlias = Literal["text", "lines", "choice", "check", "shown"]
Advance: TypeAlias = Literal["next", "gap", "stay"]

TWO_COLUMNS_FROM = 96
"""Cells from which a form that has a second column shows it beside the first."""


@dataclass(frozen=True)
class FieldSpec:
    """One field as data."""

    name: str
    kind: Kind
    label: str
    """Catalogue key."""
    options: tuple[Option, ...] = ()
    column: int = 1
    """1 or 2: where it stands when there is room for two columns; below one another otherwise."""
    rows: int = 1
    """Fewest rows of a field of several lines; it grows up to eight."""
    limit: int = MAX_CHARACTERS
    private: Private = "replace"
    advance: Advance = "next"
    """Where a choice by digit leads."""
    optional: bool = False
    """A choice that backspace may take back."""
    hint: str = ""
    """Catalogue key of the placeholder."""
    submits: bool = False
    """Enter posts `Submitted` instead of going on to the next field."""
    guarded: bool = True
    """False for a field that no guard may touch (none of the trade's; for tests and switches)."""


@dataclass(frozen=True)
class Marks:
    """What a rule of the trade says about the present values."""

    required: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    """Field -> sentence about what is wrong with its value."""


Judge: TypeAlias = Callable[[Mapping[str, Value]], Marks]


class RecordForm(VerticalScroll, can_focus=False):
    """The form; it scrolls, and the field with the focus is always in sight."""

    DEFAULT_CSS = """
    RecordForm {
        height: 1fr; background: $background; scrollbar-size-vertical: 1; layout: vertical;
        & > .form--column { height: auto; width: 1fr; }
        &.-two { layout: horizontal; }
        &.-two > .form--column { padding-right: 1; }
    }
    """

    BINDINGS: ClassVar = []

    @posted
    class FieldChanged(Message):
        """A field has a new value. `held`: it looks like a private number, keep it out of drafts until answered."""

        form: RecordForm
        field: str
        value: Value
        held: bool = False

    @posted
    class ChoiceMade(Message):
        """A value of a choice row was chosen by key; its `FieldChanged` went before."""

        form: RecordForm
        field: str
        code: str

    @posted
    class PrivateQuestion(Message):
        """Ask: is this an order (customer) number? Answer with `answer_private(field, keep=…)`."""

        form: RecordForm
        field: str

    @posted
    class Submitted(Message):
        """Enter in a line field that submits, such as a look-up."""

        form: RecordForm
        field: str
        value: str

    def __init__(
        self,
        specs: Sequence[FieldSpec],
        values: Mapping[str, Value] | None = None,
        *,
        judge: Judge | None = None,
        guard: Guard | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        """Make a form from data; raises ValueError for two fields of one name."""
        super().__init__(id=id, classes=classes)
        self.specs = {spec.name: spec for spec in specs}
        if len(self.specs) != len(specs):
            raise ValueError("two fields of one name")
        self._judge = judge
        self._guard = guard
        self._marks = Marks()
        self._focused_last: Widget | None = None
        given = values or {}
        self._rows = {
            spec.name: FieldRow(spec.name, spec.label, self._editor(spec, given.get(spec.name))) for spec in specs
        }

    def compose(self) -> ComposeResult:
        """Two columns of rows, in the order of the specs."""
        columns = sorted({spec.column for spec in self.specs.values()})
        for column in columns:
            rows = [self._rows[spec.name] for spec in self.specs.values() if spec.column == column]
            yield Vertical(*rows, classes="form--column")

    def on_mount(self) -> None:
        """Mark what is required from the start."""
        self.remark()

    def on_resize(self, event: events.Resize) -> None:
        """Put the columns beside one another where there is room."""
        self.set_class(event.size.width >= TWO_COLUMNS_FROM, "-two")

    # -- values --------------------------------------------------------------------------------------------------

    def values(self) -> dict[str, Value]:
        """Return the present values: texts, chosen codes (empty where none), truth of boxes. Shown fields have none."""
        return {
            name: row.editor.value if isinstance(row.editor, (ChoiceRow, CheckBox)) else row.editor.text
            for name, row in self._rows.items()
            if not isinstance(row.editor, Shown)
        }

    def held(self) -> frozenset[str]:
        """Return the fields whose value waits for an answer and must not be stored."""
        return frozenset(
            name
            for name, row in self._rows.items()
            if isinstance(row.editor, (LineField, AreaField)) and row.editor.held
        )

    def checked(self) -> frozenset[str]:
        """Return the fields whose value looks like a private number and was confirmed by the agent."""
        return frozenset(
            name
            for name, row in self._rows.items()
            if isinstance(row.editor, (LineField, AreaField)) and row.editor.checked
        )

    def set_value(self, name: str, value: Value) -> None:
        """Set a field from code; only text fields post `FieldChanged`. KeyError: no such field."""
        editor = self._rows[name].editor
        if isinstance(editor, ChoiceRow):
            editor.choose(str(value))
        elif isinstance(editor, CheckBox):
            editor.value = bool(value)
        else:
            editor.set_text(str(value))
        self.remark()

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Set several fields; names that the form has not are left out."""
        for name, value in values.items():
            if name in self._rows:
                self.set_value(name, value)

    # -- marks, notes, focus -------------------------------------------------------------------------------------

    def remark(self) -> None:
        """Ask the judge again and show its marks."""
        if self._judge is not None:
            self.mark(self._judge(self.values()))

    def mark(self, marks: Marks) -> None:
        """Show which fields are required, missing or wrong."""
        self._marks = marks
        for name, row in self._rows.items():
            row.mark = "" if name not in marks.required else "missing" if name in marks.missing else "filled"
            row.problem = marks.notes.get(name, "")

    @property
    def marks(self) -> Marks:
        """What the judge said last."""
        return self._marks

    def note(self, name: str, text: str) -> None:
        """Say something at a field; empty text takes it back."""
        self._rows[name].say(text)

    def show_field(self, name: str, shown: bool) -> None:
        """Show or hide a field; a hidden one keeps its value."""
        self._rows[name].display = shown

    def editor(self, name: str) -> Editor:
        """Return the editor of a field; KeyError: no such field."""
        return self._rows[name].editor

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember the editor that has the focus."""
        self._focused_last = event.widget

    @property
    def focused_field(self) -> str:
        """Name of the field with the focus, empty where it is elsewhere.

        While another window has the keyboard no widget has the focus; the caret has not left its field for that.
        """
        focused = self.screen.focused if self.app.app_focus else self._focused_last
        return next((name for name, row in self._rows.items() if row.editor is focused), "")

    def focus_field(self, name: str) -> None:
        """Put the focus on a field at once: Textual's own `focus` waits a turn, and keys meanwhile would go astray."""
        editor = self._rows[name].editor
        if editor.is_attached:
            self.screen.set_focus(editor)
        else:
            editor.focus()

    def put_caret(self, name: str, caret: int | None) -> None:
        """Put the caret of a text field at an offset; nothing for None and for fields without one."""
        editor = self._rows[name].editor
        if caret is None:
            return
        if isinstance(editor, LineField):
            editor.set_text(editor.value, caret)
        elif isinstance(editor, AreaField):
            editor.set_text(editor.text, caret)

    def focus_first(self) -> None:
        """Put the focus on the first field that takes it."""
        self._go_on("", gaps=False)

    def next_gap(self) -> bool:
        """Go to the next missing field after the one with the focus, round the end; False where nothing is missing."""
        return self._go_on(self.focused_field, gaps=True)

    def answer_private(self, name: str, keep: bool) -> None:
        """Answer a `PrivateQuestion`: keep the number as what the field asks for, or remove it."""
        editor = self._rows[name].editor
        if isinstance(editor, LineField):
            editor.confirm_private() if keep else editor.remove_private()

    def _go_on(self, name: str, gaps: bool) -> bool:
        """Focus the next field (or gap) after a name; without a name the first one."""
        names = [known for known, row in self._rows.items() if row.display and not isinstance(row.editor, Shown)]
        start = names.index(name) + 1 if name in names else 0
        for following in names[start:] + names[:start]:
            if following != name and (not gaps or following in self._marks.missing):
                self.focus_field(following)
                return True
        return False

    # -- what the editors say ------------------------------------------------------------------------------------

    @on(Edited)
    def _text_edited(self, event: Edited) -> None:
        event.stop()
        name = self._name_of(event.field)
        row = self._rows[name]
        if row.notice:
            row.quiet_after_edit()
        self.remark()
        self.post_message(self.FieldChanged(self, name, event.text, event.held))

    @on(Noticed)
    def _noticed(self, event: Noticed) -> None:
        event.stop()
        self._rows[self._name_of(event.field)].say(event.text)

    @on(PrivateAsked)
    def _private_asked(self, event: PrivateAsked) -> None:
        event.stop()
        self.post_message(self.PrivateQuestion(self, self._name_of(event.field)))

    @on(ChoiceRow.ChoiceMade)
    def _choice_made(self, event: ChoiceRow.ChoiceMade) -> None:
        event.stop()
        name = self._name_of(event.row)
        self.remark()
        self.post_message(self.FieldChanged(self, name, event.code))
        self.post_message(self.ChoiceMade(self, name, event.code))
        advance = self.specs[name].advance
        if event.code and advance != "stay" and event.row.has_focus:
            self._go_on(name, gaps=advance == "gap") or self._go_on(name, gaps=False)

    @on(CheckBox.Toggled)
    def _toggled(self, event: CheckBox.Toggled) -> None:
        event.stop()
        name = self._name_of(event.box)
        self.remark()
        self.post_message(self.FieldChanged(self, name, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name = self._name_of(event.input)
        if self.specs[name].submits:
            self.post_message(self.Submitted(self, name, event.value))
        else:
            self._go_on(name, gaps=False)

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Keep the terminal's own cursor on the caret while the form moves under it."""
        super().watch_scroll_y(old, new)
        name = self.focused_field
        if name:
            self.call_after_refresh(self._rows[name].editor.place_cursor)

    def _name_of(self, editor: object) -> str:
        return next(name for name, row in self._rows.items() if row.editor is editor)

    def _editor(self, spec: FieldSpec, value: Value | None) -> Editor:
        """Make the editor of a spec with its first value."""
        guard = self._guard if spec.guarded else None
        text = value if isinstance(value, str) else ""
        hint = t(spec.hint) if spec.hint else ""
        match spec.kind:
            case "choice":
                return ChoiceRow(spec.options, text, optional=spec.optional)
            case "check":
                return CheckBox(spec.hint or spec.label, bool(value))
            case "shown":
                return Shown(line(text))
            case "lines":
                area = AreaField(text, limit=spec.limit, guard=guard, private=spec.private, placeholder=hint)
                area.styles.min_height = spec.rows
                return area
        return LineField(text, limit=spec.limit, guard=guard, private=spec.private, placeholder=hint)
