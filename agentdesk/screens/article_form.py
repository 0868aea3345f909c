"""An article being written: every field, checked and linted when it is handed in, shown as it will be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from agentdesk.desk import article_review
from agentdesk.desk.article_check import TYPED, view_of
from agentdesk.domain.articles import AUDIENCES, FIELD, MAX_ARTICLE
from agentdesk.domain.content import ARTICLE_KINDS
from agentdesk.domain.vocabulary import SUB_TYPES
from agentdesk.present.i18n import known, t
from agentdesk.present.laid import Laid
from agentdesk.present.rule_words import INDUSTRIES
from agentdesk.present.safe import DIM, STRONG, line, lines, wrapped
from agentdesk.screens import drawn
from agentdesk.screens.asking import DeskPanel
from agentdesk.screens.phrase_form import PhraseFormScreen
from agentdesk.screens.private import field_guard
from agentdesk.widgets.choice import Option
from agentdesk.widgets.long_text import LongText
from agentdesk.widgets.record_form import FieldSpec, Marks, RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import ArticleView

_ORDER = ("kind", "title", "plain_summary", "steps", "body", "audience", "product", "tags")
"""Fields that come first; the others follow in the order of the table."""
_ROWS = {"plain_summary": 2, "steps": 3, "body": 6}
"""Lines that a long field shows at least."""
_CHOICES = {
    "kind": tuple(Option(one, f"article_kind.{one}") for one in ARTICLE_KINDS),
    "audience": tuple(Option(one, f"article.audience.{one}") for one in AUDIENCES),
    "category": tuple(Option(one, f"sub_type.{one}") for one in SUB_TYPES),
    "industry": tuple(Option(one, f"industry.{one}") for one in INDUSTRIES),
}


@dataclass(frozen=True)
class ArticleStart:
    """What the form opens with; `id` of the article that is written anew, empty for a new one."""

    id: str = ""
    title: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    """The version that was read: a draft over another one is told to be so."""
    source_request: str = ""
    kept: str = ""
    """What the draft of a new one is kept by, where it is not just any new one."""


def opened(desk: Desk, article_id: str) -> ArticleStart:
    """Read an article into a form. Raises Refusal article.unknown."""
    found = article_review.find(desk, article_id)
    version = found.site.versions[-1].id if found.site is not None else ""
    return ArticleStart(found.id, found.title, article_review.typed(desk, found), version)


class PreviewPanel(DeskPanel[None]):
    """The article as it will be read."""

    SCOPE = "articlepreview"
    AUTO_FOCUS = "VerticalScroll"
    HELP_KEY = "help.article_preview"

    def __init__(self, view: ArticleView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        """The text, scrolled by the arrows."""
        with Vertical(classes="box -high"), VerticalScroll():
            yield LongText(id="article-preview")

    def on_mount(self) -> None:
        """Lay it out."""
        self.query_one(LongText).show(lambda cells: Laid.of(drawn.article(self._view, cells), cells))

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)

    def go_back(self) -> None:
        """Close."""
        self.dismiss(None)


class ArticleFormScreen(PhraseFormScreen):
    """Dismissed with a `PhraseDone`, or None where nothing was done."""

    SCOPE = "article"
    HELP_KEY = "help.article"
    CALLED = "article"
    CONFIRM = ("article_form.confirm", "site_phrase.propose")
    FIRST = "title"

    def __init__(self, start: ArticleStart) -> None:
        super().__init__()
        self._start = start
        self._values: dict[str, Value] = {code: _shown(code, start.fields.get(code)) for code in TYPED}
        self._values["kind"] = self._values["kind"] or FIELD["kind"].default
        self._values["audience"] = self._values["audience"] or FIELD["audience"].default
        self._kind = str(self._values["kind"])
        self._handed_in = True

    def body(self) -> ComposeResult:
        """What it is, the fields, and what the one with the focus may hold."""
        title = t("article_form.title.edit", title=self._start.title) if self._start.id else t("article_form.title.new")
        yield Static(line((title, STRONG)), classes="form-title", markup=False)
        order = (*_ORDER, *(code for code in TYPED if code not in _ORDER))
        specs = [_spec(code, self._values[code]) for code in order]
        self.form = RecordForm(specs, self._values, judge=_judge, guard=field_guard, id="article-form")
        yield self.form
        yield Static("", id="article-hint", markup=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field may hold."""
        self._hint()

    def on_resize(self) -> None:
        """Lay it out for the width."""
        self._hint()

    def _hint(self) -> None:
        name = self.form.focused_field if self.form.is_mounted else ""
        key = f"article_form.hint.{name}"
        told = wrapped(t(key), max(20, self.size.width - 2)) if known(key) else []
        self.query_one("#article-hint", Static).update(lines(*(line((part, DIM)) for part in told)))

    # -- the draft ----------------------------------------------------------------------------------------------------

    @property
    def draft_key(self) -> str:
        """One draft for each article, each request and kind that one is written from, each suggestion, a new one."""
        source, kind = self._start.source_request, str(self._start.fields.get("kind") or "")
        of_request = source if kind in ("", "solution") else f"{source}:{kind}"
        return f"form:article:{self._start.id or (of_request if source else self._start.kept or 'new')}"

    def base(self) -> str:
        """The version that the form opened with."""
        return self._start.version

    def is_over(self, base: str) -> bool:
        """What was typed is kept whatever was written meanwhile: the reviewer sees line by line what it changes."""
        if not super().is_over(base):
            self.call_after_refresh(self.say, t("article_form.overtaken"), "warning")
        return True

    # -- the shape of a kind ------------------------------------------------------------------------------------------

    def edited(self) -> None:
        """Another kind was chosen: an empty text gets the shape that such an article has (§7.7)."""
        kind, body = (str(self.form.values()[name] or "") for name in ("kind", "body"))
        if kind == self._kind:
            return
        before, self._kind = _shape(self._kind), kind
        if body.strip() in ("", before.strip()):
            self.form.set_value("body", _shape(kind))
            if _shape(kind):
                self.say(t("article_form.shaped"))

    # -- doing it -----------------------------------------------------------------------------------------------------

    def keep(self, desk: Desk, values: Mapping[str, Value], confirmed: bool) -> str:
        """Hand it in."""
        start = self._start
        made = article_review.propose(desk, values, start.id, confirmed=confirmed, source_request=start.source_request)
        self._handed_in = article_review.can_submit(desk)
        return made.entity_id

    def said(self) -> str:
        """What becomes of it now."""
        return t("site_phrase.proposed") if self._handed_in else t("article_form.drafted")

    def action_preview(self) -> None:
        """Show it as it will be read."""
        values: dict[str, Any] = {**self.form.values()}
        values["steps"] = [step for step in str(values["steps"]).splitlines() if step.strip()]
        self.app.push_screen(PreviewPanel(view_of(values, self.session.now())))


def _shape(kind: str) -> str:
    """What an article of a kind is made of, "" where that is free."""
    key = f"article_form.shape.{kind}"
    return t(key) if known(key) else ""


def _shown(code: str, value: Any) -> str:
    """A field as typed: a step a line, words with a comma between them."""
    if isinstance(value, list):
        return ("\n" if FIELD[code].kind == "list" else ", ").join(map(str, value))
    return str(value or "")


def _spec(code: str, value: Value) -> FieldSpec:
    label = f"article_form.field.{code}"
    if code in _CHOICES:
        options = _CHOICES[code]
        if value and all(one.code != value for one in options):  # of an import
            options = (*options, Option(str(value), str(value)))
        return FieldSpec(code, "choice", label, options, optional=code in ("category", "industry"))
    if code in _ROWS:
        return FieldSpec(code, "lines", label, rows=_ROWS[code], limit=MAX_ARTICLE if code == "body" else 10_000)
    return FieldSpec(code, "text", label, limit=1_000 if FIELD[code].kind == "set" else FIELD[code].longest)


def _judge(values: Mapping[str, Value]) -> Marks:
    needed = frozenset({"title", "body", "kind"})
    return Marks(needed, frozenset(name for name in needed if not str(values.get(name) or "").strip()))
