"""A phrase of one's own: title, text with variables, checked before it is kept. Stays on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import own_phrases
from agentdesk.domain.content import VARIABLES
from agentdesk.domain.refusal import Refusal
from agentdesk.present.findings import reason
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, Piece, cut, line, lines, width
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.private import field_guard
from agentdesk.screens.refusals import sentence
from agentdesk.screens.reply import finding_texts
from agentdesk.screens.typed import TypedKeeper
from agentdesk.text.privacy import hold_out, redact
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.fields import AreaField
from agentdesk.widgets.record_form import FieldSpec, Marks, RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk

MAX_COLUMNS = 5
GAP = 3
"""Cells between a variable, its meaning and the next one, all in all."""


@dataclass(frozen=True)
class PhraseStart:
    """What the editor opens with; `id` of the personal phrase that is edited, empty for a new one."""

    id: str = ""
    title: str = ""
    body: str = ""


@dataclass(frozen=True)
class PhraseDone:
    """What was done, as a sentence; `id` of the phrase that was kept."""

    said: str
    id: str = ""


class PersonalPhraseScreen(FramedScreen):
    """Dismissed with a `PhraseDone`, or None where nothing was done."""

    SCOPE = "personal"
    AUTO_FOCUS = ""
    HELP_KEY = "help.personal"

    def __init__(self, start: PhraseStart) -> None:
        super().__init__()
        self._start = start

    def body(self) -> ComposeResult:
        """What it is, the two fields, the variables that may be used."""
        title = "personal.title.edit" if self._start.id else "personal.title.new"
        yield Static(line((t(title), STRONG)), classes="form-title", markup=False)
        yield Static(line((t("personal.why"), DIM)), classes="form-about", markup=False)
        specs = [
            FieldSpec("title", "text", "personal.field.title", limit=own_phrases.MAX_TITLE),
            FieldSpec("body", "lines", "personal.field.body", rows=3, limit=own_phrases.MAX_BODY),
        ]
        values: Mapping[str, Value] = {"title": self._start.title, "body": self._start.body}
        self.form = RecordForm(specs, values, judge=_judge, guard=field_guard, id="personal-form")
        yield self.form
        yield Static("", id="personal-variables", markup=False)

    def on_mount(self) -> None:
        """Go on with what was typed the last time, if it was typed over the same text."""
        self._typed = TypedKeeper(self, self._snapshot)
        key = self._draft_key
        self.ask("start", lambda desk: desk.drafts.load(key), self._started, hold=True)
        if not self._start.id:
            self.grey({"personal-delete": t("why.not_kept_yet")})

    def on_resize(self) -> None:
        """Lay the variables out for the width."""
        self.query_one("#personal-variables", Static).update(_variables(self.size.width - 2))

    def _started(self, draft: dict[str, Any] | None) -> None:
        if draft is not None and draft.get("base") == redact(self._start.body)[0]:
            self.form.set_values(draft["values"])
            self.say(t("form.resumed"))
        self._typed.drop()
        self.form.focus_field("body")
        body = self.form.editor("body")
        if isinstance(body, AreaField):
            body.set_text(body.text)  # the caret behind it

    # -- storing what is typed ----------------------------------------------------------------------------------------

    @property
    def _draft_key(self) -> str:
        return f"form:phrase:{self._start.id or 'new'}"

    @on(RecordForm.FieldChanged)
    def _field_changed(self, event: RecordForm.FieldChanged) -> None:
        event.stop()
        self._typed.touch()

    def _snapshot(self) -> Callable[[Desk], None]:
        key, base, field = self._draft_key, redact(self._start.body)[0], self.form.focused_field
        caret = getattr(self.form.editor(field), "caret", 0) if field else 0
        values = {
            name: hold_out(str(value), caret) if name == field else redact(str(value))[0]
            for name, value in self.form.values().items()
        }
        return lambda desk: desk.drafts.save(key, {"base": base, "values": values})

    @property
    def unsaved(self) -> bool:
        """Whether what is typed could not be stored."""
        return hasattr(self, "_typed") and self._typed.failed

    def store_draft(self) -> None:
        """Store what is typed now."""
        self._typed.store()

    def go_back(self) -> None:
        """Close without keeping the phrase; what was typed waits for the next time."""
        self._typed.store()
        self.dismiss(None)

    # -- keeping and dropping -----------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Keep the phrase; a warning wants one more key."""
        self._save(confirmed=False)

    def _save(self, confirmed: bool) -> None:
        values, key, phrase_id = self.form.values(), self._draft_key, self._start.id
        title, body = str(values["title"]), str(values["body"])

        def work(desk: Desk) -> str:
            kept = own_phrases.save(desk, title, body, phrase_id=phrase_id, confirmed=confirmed)
            desk.drafts.drop(key)
            return kept

        self.ask("save", self._typed.sealing(work), self._saved, refused=self._refused, hold=True)

    def _saved(self, phrase_id: str) -> None:
        self.dismiss(PhraseDone(t("personal.saved"), phrase_id))

    def _refused(self, refusal: Refusal) -> None:
        self._typed.touch()
        if refusal.code == "phrase.confirm":
            ask = Confirm(t("personal.confirm"), finding_texts(refusal), yes="personal.keep", no="lint.confirm.no")
            self.app.push_screen(ask, lambda yes: self._save(confirmed=True) if yes else None)
            return
        if refusal.code == "phrase.blocked":
            refusal = Refusal(refusal.code, rules=refusal.args["rules"], reason=reason(refusal.args["findings"][0]))
        self.say(sentence(refusal), "error")
        self.form.focus_field("body")

    def action_delete(self) -> None:
        """Ask, then forget the phrase."""
        if self.greyed("personal-delete"):
            return
        ask = Confirm(t("personal.delete.ask", title=self._start.title), yes="personal.delete.yes")
        self.app.push_screen(ask, lambda yes: self._delete() if yes else None)

    def _delete(self) -> None:
        key, phrase_id = self._draft_key, self._start.id

        def work(desk: Desk) -> None:
            own_phrases.drop(desk, phrase_id)
            desk.drafts.drop(key)

        self.ask("delete", self._typed.sealing(work), self._deleted, hold=True)

    def _deleted(self, _: None) -> None:
        self.dismiss(PhraseDone(t("personal.deleted", title=self._start.title)))


def _judge(values: Mapping[str, Value]) -> Marks:
    needed = frozenset({"body"})
    return Marks(needed, frozenset(name for name in needed if not str(values.get(name) or "").strip()))


def _variables(cells: int) -> Content:
    """The variables with their meaning, in as many columns as there is room for."""
    told = [(name, t(f"variable.{name}")) for name in sorted(VARIABLES)]
    widths: list[int] = []
    for count in range(MAX_COLUMNS, 1, -1):
        rows = -(-len(told) // count)
        columns = [told[at : at + rows] for at in range(0, len(told), rows)]
        widths = [max(width(name) + width(meaning) + GAP for name, meaning in column) for column in columns]
        if sum(widths) - 1 <= cells:
            break
    else:
        widths = [cells // 2, cells // 2]
    drawn = [line((t("personal.variables"), DIM))]
    for row in range(rows):
        pieces: list[Piece] = []
        for column, room in zip(columns, widths, strict=True):
            for name, meaning in column[row : row + 1]:
                told_meaning = cut(meaning, max(0, room - width(name) - 2))
                gap = " " * (room - width(name) - width(told_meaning) - 1)
                pieces += [name, (f" {told_meaning}{gap}", DIM)]
        drawn.append(line(*pieces))
    return lines(*drawn)
