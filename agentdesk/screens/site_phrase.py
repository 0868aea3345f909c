"""A phrase of the site being written: all its fields, three languages, checked and linted when it is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import own_phrases, phrase_import, phrase_review
from agentdesk.desk.phrase_values import MAX_BODIES, fields_of
from agentdesk.domain.phrases import FIELD, FIELDS
from agentdesk.domain.vocabulary import STEPS
from agentdesk.present import labels
from agentdesk.present.i18n import t
from agentdesk.present.phrases import KINDS
from agentdesk.present.safe import DIM, STRONG, line, lines, plain, wrapped
from agentdesk.screens.personal_phrase import variables_table
from agentdesk.screens.phrase_form import PhraseFormScreen
from agentdesk.screens.private import field_guard
from agentdesk.widgets.choice import Option
from agentdesk.widgets.record_form import FieldSpec, Marks, RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.phrase_review import Row


class SitePhraseScreen(PhraseFormScreen):
    """Dismissed with a `PhraseDone`, or None where nothing was done."""

    SCOPE = "sitephrase"
    HELP_KEY = "help.site_phrase"
    CONFIRM = ("site_phrase.confirm", "site_phrase.propose")

    def __init__(self, row: Row | None) -> None:
        """`row`: the phrase of which a new version is written, None for a new one."""
        super().__init__()
        self._row = row
        fields = fields_of(row.value, row.tags) if row is not None else {}
        self._values: dict[str, Value] = {one.code: _shown(one.code, fields.get(one.code, "")) for one in FIELDS}
        self.FIRST = "body_zh_cn" if row is not None else "code"

    def body(self) -> ComposeResult:
        """What it is, the fields, and what the one with the focus may hold."""
        title = t("site_phrase.title.new") if self._row is None else t("site_phrase.title.edit", phrase=self._row.code)
        yield Static(line((title, STRONG)), classes="form-title", markup=False)
        specs = [_spec(one.code) for one in FIELDS if self._row is None or one.code != "code"]
        self.form = RecordForm(specs, self._values, judge=_judge, guard=field_guard, id="site-phrase-form")
        yield self.form
        yield Static("", id="site-phrase-hint", markup=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field may hold."""
        self._hint()

    def on_resize(self) -> None:
        """Lay it out for the width."""
        self._hint()

    def _hint(self) -> None:
        told = _hint(self.form.focused_field, self.size.width - 2) if self.form.is_mounted else Content("")
        self.query_one("#site-phrase-hint", Static).update(told)

    def base(self) -> str:
        """What the fields held when the editor opened."""
        return "\n".join(map(str, self._values.values()))

    @property
    def draft_key(self) -> str:
        """One draft for each phrase, one for a new one."""
        return f"form:site-phrase:{self._row.code if self._row is not None else 'new'}"

    def keep(self, desk: Desk, values: Mapping[str, Value], confirmed: bool) -> str:
        """Propose it: words of the reader's language are codes again, as in a table."""
        from agentdesk.present.columns import phrase_words  # reads all catalogues

        words = phrase_words()
        typed = {**({"code": self._row.code} if self._row is not None else {}), **values}
        cells = [str(typed.get(code) or "") for code in phrase_import.COLUMNS]
        fields, _ = phrase_import.of_cells(cells, phrase_import.COLUMNS, words)
        return phrase_review.propose(desk, fields, confirmed=confirmed, verbs=words.values["actions"]).code

    def said(self) -> str:
        """What becomes of it now."""
        return t("site_phrase.proposed")


def _spec(code: str) -> FieldSpec:
    label = f"site_phrase.field.{code}"
    if code == "step":
        return FieldSpec(code, "choice", label, tuple(Option(one, f"step.{one}") for one in STEPS), optional=True)
    if code.startswith("body_"):
        return FieldSpec(code, "lines", label, rows=2, limit=MAX_BODIES)
    if code == "actions":
        return FieldSpec(code, "lines", label, rows=1, limit=own_phrases.MAX_BODY)
    return FieldSpec(code, "text", label, limit=own_phrases.MAX_TITLE if code.startswith("title_") else 200)


def _shown(code: str, value: object) -> str:
    """A field as it is typed: codes in words, several between commas."""
    if isinstance(value, list):
        return t("list.comma").join(labels.label(KINDS[code], str(one)) for one in value)
    return labels.label("scenario", str(value)) if code == "scenario" else str(value)


def _judge(values: Mapping[str, Value]) -> Marks:
    needed = {name for name in ("code", "scenario") if name in values}
    bodies = [name for name in values if name.startswith("body_")]
    if not any(str(values[name]).strip() for name in bodies):
        needed.add(bodies[0])
    return Marks(frozenset(needed), frozenset(name for name in needed if not str(values[name]).strip()))


def _hint(code: str, cells: int) -> Content:
    """What a field may hold: its values, the variables of a text, how actions are written."""
    if code.startswith("body_"):
        return lines(_dim(t("site_phrase.hint.body"), cells), variables_table(cells))
    if code in KINDS and FIELD[code].values and code != "step":
        told = t("list.comma").join(labels.label(KINDS[code], one) for one in FIELD[code].values)
    elif code == "actions":
        told = t("site_phrase.hint.actions")
    elif code in ("code", "tags", "industry"):
        told = t(f"site_phrase.hint.{code}")
    else:
        told = ""
    return _dim(told, cells)


def _dim(told: str, cells: int) -> Content:
    return lines(*(line((plain(part), DIM)) for row in told.split("\n") for part in wrapped(row, max(20, cells))))
