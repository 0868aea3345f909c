"""A phrase of one's own: title, text with variables, checked before it is kept. Stays on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import own_phrases
from agentdesk.domain.content import VARIABLES
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, Piece, cut, line, lines, width
from agentdesk.screens.phrase_form import PhraseDone as PhraseDone
from agentdesk.screens.phrase_form import PhraseFormScreen
from agentdesk.screens.private import field_guard
from agentdesk.widgets.confirm import Confirm
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


class PersonalPhraseScreen(PhraseFormScreen):
    """Dismissed with a `PhraseDone`, or None where nothing was done."""

    SCOPE = "personal"
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
        """A phrase that is not kept yet cannot be deleted."""
        if not self._start.id:
            self.grey({"personal-delete": t("why.not_kept_yet")})

    def on_resize(self) -> None:
        """Lay the variables out for the width."""
        self.query_one("#personal-variables", Static).update(variables_table(self.size.width - 2))

    def base(self) -> str:
        """The text that the editor opened with."""
        return self._start.body

    @property
    def draft_key(self) -> str:
        """One draft for each phrase, one for a new one."""
        return f"form:phrase:{self._start.id or 'new'}"

    def keep(self, desk: Desk, values: Mapping[str, Value], confirmed: bool) -> str:
        """Keep it among one's own."""
        title, body = str(values["title"]), str(values["body"])
        return own_phrases.save(desk, title, body, phrase_id=self._start.id, confirmed=confirmed)

    def said(self) -> str:
        """Where it is now."""
        return t("personal.saved")

    def action_delete(self) -> None:
        """Ask, then forget the phrase."""
        if self.greyed("personal-delete"):
            return
        ask = Confirm(t("personal.delete.ask", title=self._start.title), yes="personal.delete.yes")
        self.app.push_screen(ask, lambda yes: self._delete() if yes else None)

    def _delete(self) -> None:
        key, phrase_id = self.draft_key, self._start.id

        def work(desk: Desk) -> None:
            own_phrases.drop(desk, phrase_id)
            desk.drafts.drop(key)

        self.ask("delete", self._typed.sealing(work), self._deleted, hold=True)

    def _deleted(self, _: None) -> None:
        self.dismiss(PhraseDone(t("personal.deleted", title=self._start.title)))


def _judge(values: Mapping[str, Value]) -> Marks:
    needed = frozenset({"body"})
    return Marks(needed, frozenset(name for name in needed if not str(values.get(name) or "").strip()))


def variables_table(cells: int) -> Content:
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
