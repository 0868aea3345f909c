"""What the small forms of a request share: a head, the form, and one way of doing it with findings to confirm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentdesk.domain.refusal import Refusal
from agentdesk.present.i18n import t
from agentdesk.present.safe import STRONG, line
from agentdesk.screens import drawn
from agentdesk.screens.kept_form import KeptForm
from agentdesk.screens.private import field_guard
from agentdesk.screens.refusals import sentence
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.record_form import FieldSpec, Marks, RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import Moved, RequestView
    from agentdesk.screens.frame import FramedScreen

FIELD_OF = {"plan": "steps", "verified": "verified_how", "source": "own_knowledge", "kb": "own_knowledge"}
"""Code of a guard -> field of the form that answers it, where the names differ."""


class RequestForm(KeptForm):
    """One form about one request; dismissed with the move that was made, or None."""

    TITLE_KEY = ""

    def __init__(self, view: RequestView) -> None:
        super().__init__()
        self.request = view

    def specs(self) -> list[FieldSpec]:
        """Return the fields."""
        raise NotImplementedError

    def values(self) -> Mapping[str, Value]:
        """Return what stands in the fields at first."""
        return {}

    def required(self, values: Mapping[str, Value]) -> set[str]:
        """Return the fields that must be filled, given the present values."""
        return set()

    def about(self) -> Content:
        """Return a line below the title."""
        return Content("")

    def complete(self, value: Any, resumed: bool) -> None:
        """Fill in what is still empty; `value` as `prepared`, `resumed`: a draft was taken up."""

    def first_field(self) -> str:
        """Return the field that has the focus at first; empty for the first gap."""
        return ""

    def body(self) -> ComposeResult:
        """Head, title, the form."""
        yield Static(drawn.request_head(self.request, self.session.now(), self.app.size.width - 2), id="ws-head")
        yield Static(line((t(self.TITLE_KEY), STRONG)), classes="form-title", markup=False)
        yield Static(self.about(), classes="form-about", markup=False)
        self.form = RecordForm(self.specs(), self.values(), judge=self._judge, guard=field_guard, id="request-form")
        yield self.form

    # -- opening ------------------------------------------------------------------------------------------------------

    @property
    def draft_key(self) -> str:
        """Where what is typed waits."""
        return f"form:{self.SCOPE}:{self.request.id}"

    def on_mount(self) -> None:
        """Ask for what the form starts from; keys wait until it is there."""
        self.keep_typed()
        key = self.draft_key
        self.ask(
            "start",
            lambda desk: (self.prepare(desk), desk.drafts.load(key)),
            self._started,
            self._not_opened,
            hold=True,
        )

    def prepare(self, desk: Desk) -> Any:
        """Read what the form starts from; runs in a worker thread. What it returns goes to `prepared`."""
        return None

    def prepared(self, value: Any) -> None:
        """Show what `prepare` read."""

    def _started(self, started: tuple[Any, dict[str, Any] | None]) -> None:
        value, draft = started
        self.prepared(value)
        if draft is not None:
            self.resume(draft["base"], draft["values"])
        self._typed.drop()
        self.complete(value, draft is not None)
        first = self.first_field()
        if self.form.marks.missing and not first:
            self.form.next_gap()
        elif first:
            self.form.focus_field(first)
        else:
            self.form.focus_first()

    def resume(self, base: str, values: dict[str, Value]) -> None:
        """Go on with a stored draft that was made over `base`; over another text it gives way."""
        if self.is_over(base):
            self.form.set_values(values)
            self.say(t("form.resumed"))

    def _not_opened(self, refusal: Refusal) -> None:
        """The rules say no before anything was typed: say it where the form was asked for."""
        text = sentence(refusal)
        self.dismiss(None)
        cast("FramedScreen", self.app.screen_stack[0]).say(text, "warning")

    def _judge(self, values: Mapping[str, Value]) -> Marks:
        needed = frozenset(self.required(values))
        return Marks(needed, frozenset(name for name in needed if not str(values.get(name) or "").strip()))

    def text(self, name: str) -> str:
        """Return a field's text or chosen code."""
        value = self.form.values().get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def action_next_gap(self) -> None:
        """Go to the next field that must be filled."""
        if not self.form.next_gap():
            self.say(t("form.complete"), "done")

    # -- doing it -----------------------------------------------------------------------------------------------------

    def do(self, call: Callable[[Desk, bool], Moved], confirmed: bool = False) -> None:
        """Ask the desk to do it; `call(desk, confirmed)`. Findings to confirm are shown and asked about once."""

        def refused(refusal: Refusal) -> None:
            self._refused(refusal, call)

        key = self.draft_key

        def work(desk: Desk) -> Moved:
            moved = call(desk, confirmed)
            desk.drafts.drop(key)
            return moved

        self.ask("do", self._typed.sealing(work), self.done, refused=refused, hold=True)

    def done(self, moved: Moved) -> None:
        """It is done: close with the move."""
        self.dismiss(moved)

    def _refused(self, refusal: Refusal, call: Callable[[Desk, bool], Moved]) -> None:
        self._typed.touch()
        if refusal.code == "lint.confirm":
            from agentdesk.present.findings import finding_texts

            ask = Confirm(
                t("lint.confirm.ask"),
                finding_texts(refusal.args["findings"]),
                yes="lint.confirm.yes",
                no="lint.confirm.no",
            )
            self.app.push_screen(ask, lambda yes: self.do(call, confirmed=True) if yes else None)
            return
        self.say(sentence(refusal), "error" if refusal.code == "lint.blocked" else "warning")
        self.show_refusal(refusal)

    def show_refusal(self, refusal: Refusal) -> None:
        """Put the focus on the field that the refusal speaks of."""
        missing = refusal.args.get("missing") or ()
        for code in missing:
            field = FIELD_OF.get(code, code)
            if field in self.form.specs:
                self.form.focus_field(field)
                return
        for field in ("message", "solution_text"):
            if refusal.code.startswith(("lint.", "text.")) and field in self.form.specs:
                self.form.focus_field(field)
