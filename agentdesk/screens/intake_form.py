"""Capture: one form, the answer clock on top, completeness and what the rules propose below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from agentdesk.desk import capture, revealing
from agentdesk.domain.refusal import Refusal
from agentdesk.present.i18n import known, t
from agentdesk.screens import drawn_intake as drawn
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.intake_customer import CustomerFinder
from agentdesk.screens.intake_fields import LOOKUP, OVERRIDES, record_values, shown_value, specs
from agentdesk.screens.private import ask_about, field_guard
from agentdesk.screens.refusals import sentence
from agentdesk.screens.session import Place
from agentdesk.screens.typed import TypedKeeper
from agentdesk.widgets.countdown import Ticker
from agentdesk.widgets.record_form import Marks, RecordForm, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import CustomerMatch, IntakeCheck, IntakeDraft, Recorded, RequestBrief

VOICE = ("phone",)
"""Channels on which the customer is answered by voice: the first key shows that somebody answered."""

AROUND = ("contact", "customer_no", "order_no", "product_service", "description", "anomaly", "related_request")
"""Fields by which a form is known as a second one of another request."""

HELPER = capture.HELPER
"""Before the names under which a draft keeps what was typed into the 5W2H helper and not yet appended."""


@dataclass(frozen=True)
class Begun:
    """A form to show: new, or one that was being typed; `others` are begun and not recorded beside it."""

    draft: IntakeDraft
    resumed: bool
    others: int


class IntakeForm(FramedScreen):
    """The form itself; `IntakeScreen` adds what a key brings over it."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = [
        Binding("up", "match(-1)", show=False),
        Binding("down", "match(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._draft: IntakeDraft | None = None
        self._beginning = False
        self._wants_parked = False
        self._others = 0
        self._checked: IntakeCheck | None = None
        self._last: dict[str, Value] = {}
        self._helper: dict[str, str] = {}
        self._settled = False
        """Whether the agent has said that this is no duplicate."""
        self._typed = TypedKeeper(self, self._snapshot)

    def body(self) -> ComposeResult:
        """Head with the clock, the customers found, the form, what the rules propose."""
        yield Static("", id="intake-head")
        self._form = RecordForm(specs(), judge=self._judge, guard=field_guard, id="intake-form")
        self._finder = CustomerFinder()
        yield self._finder
        yield self._form
        yield Static("", id="intake-why")

    def on_mount(self) -> None:
        """Tick, and begin."""
        for name in OVERRIDES:
            self._form.show_field(name, False)
        self._ticker = Ticker(self, lambda: int(self.session.now().timestamp() * 1000))
        self._ticker.each(lambda _: self._show_head())
        self._begin()

    # -- beginning ----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Open the form that was being typed when the desk last ended, one put aside where asked for, else a new."""
        if not self._beginning:
            self._beginning = True
            parked, self._wants_parked = self._wants_parked, False
            self.ask("begin", lambda desk: begin_or_resume(desk, parked), self._begun, back=self._not_begun, hold=True)

    def _not_begun(self) -> None:
        self._beginning = False  # the next key that asks for a form may try again

    def _begun(self, begun: Begun) -> None:
        draft = begun.draft
        self._beginning = False
        self._settled = False
        self._others = begun.others
        self._draft = replace(draft, parked=False)
        self._helper = {name: str(value) for name, value in draft.values.items() if name.startswith(HELPER)}
        self._finder.clear()
        self._show_values(draft.values)
        self._show_head()
        self._form.focus_field(LOOKUP)
        if begun.others and not begun.resumed:
            self.say(t("intake.still_parked", count=begun.others))
        if begun.resumed:
            who = str(draft.values.get("customer_name") or t("intake.nobody"))
            self.say(t("intake.unparked", who=who) if draft.parked else t("intake.resumed"))
            self.look_around()
            if draft.at in self._form.specs and draft.at != LOOKUP:
                self._form.focus_field(draft.at)  # where the typing broke off
            else:
                self._form.next_gap()
        self._go_on()
        if draft.parked:
            self._typed.touch()  # it is in hand again: a kill must not put it aside

    def place(self) -> Place:
        """Where the person stands here, for screens made anew."""
        field = self._form.focused_field
        caret = getattr(self._form.editor(field), "caret", None) if field else None
        return Place("intake", focused=field, caret=caret)

    def _go_on(self) -> None:
        place = self.session.take_place("intake")
        if place is not None and place.focused:
            self._form.focus_field(place.focused)
            self._form.put_caret(place.focused, place.caret)

    def _show_values(self, values: Mapping[str, Any]) -> None:
        shown: dict[str, Value] = {}
        for name, spec in self._form.specs.items():
            shown[name] = shown_value(name, values.get(name, False if spec.kind == "check" else ""))
        self._last = dict(shown)
        self._form.set_values(shown)
        override = any(values.get(name) for name in OVERRIDES)
        for name in OVERRIDES:
            self._form.show_field(name, override)
        self._form.remark()
        self.call_after_refresh(self._form.scroll_home, animate=False)

    def desk_ready(self) -> None:
        """The rules are loaded: mark what is required."""
        self._form.remark()

    # -- while typing -------------------------------------------------------------------------------------------------

    def _judge(self, values: Mapping[str, Value]) -> Marks:
        """Completeness and proposal by the rules; nothing while they are not loaded yet."""
        if not self.session.is_ready:
            return Marks()
        check = capture.check(self.session.raw_desk, record_values(values), self._answered_asks())
        if check != self._checked:
            self._checked = check
            self._show_head()
            self.query_one("#intake-why", Static).update(drawn.proposal(check))
        notes = {problem.field: _problem(problem.code) for problem in check.problems if values.get(problem.field)}
        return Marks(frozenset(check.required_fields), frozenset(check.missing), notes)

    def _answered_asks(self) -> tuple[str, ...]:
        return tuple(sorted(self._form.checked())) if hasattr(self, "_form") else ()

    def _show_head(self) -> None:
        if self._draft is None:
            return
        desk = self.session.raw_desk
        clock = None
        if self.session.is_ready:
            clock = capture.answer_clock(desk, str(self._form.values().get("channel") or ""))
        waiting = drawn.Waiting(capture.waited_ms(desk, self._draft), self._draft.answered_ms is not None, clock)
        head = drawn.intake_head(waiting, self._checked, self._others, self.size.width - 2)
        self.query_one("#intake-head", Static).update(head)

    @on(RecordForm.FieldChanged)
    def _changed(self, event: RecordForm.FieldChanged) -> None:
        event.stop()
        if self._draft is None or self._last.get(event.field) == event.value:
            return  # what was put in from code comes back as a message too
        self._last[event.field] = event.value
        if event.field == LOOKUP:
            self._finder.look_for(str(event.value))
            return
        self._answer_by_voice()
        self._typed.touch()
        if event.field == "channel":
            self._show_head()
        if event.field in AROUND and not event.held:
            self.look_around()

    def look_around(self) -> None:
        """Look what the form may be a second one of; numbers that nobody has confirmed stay out of it."""
        held = self._form.held()
        values = record_values(self._form.values())
        self._finder.look_around({name: value for name, value in values.items() if name not in held})

    def _answer_by_voice(self) -> None:
        """On the phone whoever types is already talking: the answer clock stops with the first key in the form."""
        draft = self._draft
        if draft is not None and draft.answered_ms is None and self._form.values().get("channel") in VOICE:
            self._draft = capture.answered(self.session.raw_desk, draft)
            self._show_head()

    @on(RecordForm.PrivateQuestion)
    def _ask_private(self, event: RecordForm.PrivateQuestion) -> None:
        event.stop()
        self._ask_about(event.field)

    def _ask_about(self, field: str) -> None:
        """Ask whether what looks like a private number is what the field asks for."""

        def answered(keep: bool) -> None:
            self._form.answer_private(field, keep)
            self._typed.touch()

        ask_about(self, field, answered)

    # -- the customer -------------------------------------------------------------------------------------------------

    def action_match(self, by: int) -> None:
        """Choose another of the customers found."""
        if self._form.focused_field == LOOKUP:
            self._finder.move(by)

    @on(RecordForm.Submitted)
    def _take_customer(self, event: RecordForm.Submitted) -> None:
        """Enter in the look-up field: fill the card with the customer found and go to the next gap."""
        event.stop()
        self._finder.take(event.value, lambda match: self._fill_customer(match, event.value))

    def _fill_customer(self, match: CustomerMatch | None, typed: str) -> None:
        if match is None:
            self._nobody_found(typed)
            return
        self.ask("taken", lambda desk: revealing.taken(desk, match, typed), lambda _: None)
        self._form.set_values(
            {
                LOOKUP: "",
                "customer_name": match.customer_name,
                "contact": match.contact,
                "customer_no": match.customer_no,
                "unregistered": match.unregistered,
            }
        )
        self._typed.touch()
        self._form.focus_field("unregistered")
        self._form.next_gap()

    def _nobody_found(self, typed: str) -> None:
        """What was typed goes into the field it belongs to, where that is empty; the name is asked for next."""
        empty = self._form.values()
        moved = {name: text for name, text in capture.typed_fields(typed).items() if not empty.get(name)}
        if moved:
            self._form.set_values({LOOKUP: "", **moved})
            self._typed.touch()
            self.say(t("intake.moved_up", field=t(f"field.{next(iter(moved))}")))
        else:
            self.say(t("intake.not_found"))
        self._form.focus_field("contact" if "customer_name" in moved else "customer_name")

    # -- storing what is typed ----------------------------------------------------------------------------------------

    def _started(self) -> bool:
        """Whether anything was typed that is worth keeping."""
        return bool(set(record_values(self._form.values())) - {"channel"}) or bool(self._helper)

    def _snapshot(self) -> Callable[[Desk], None] | None:
        draft = self._draft
        if draft is None:
            return None
        held = self._form.held()
        values = {name: value for name, value in record_values(self._form.values()).items() if name not in held}
        if not self._started() and not draft.values.keys() - {"channel"}:
            return None  # nothing was typed: there is nothing to go on with
        field = self._form.focused_field
        caret = (field, getattr(self._form.editor(field), "caret", 0)) if field else None
        kept = {**values, **self._helper}
        return lambda desk: capture.save_draft(desk, draft, kept, caret)

    @property
    def unsaved(self) -> bool:
        """Whether what is typed could not be stored."""
        return self._typed.failed

    def store_draft(self) -> None:
        """Store what is typed now; asked before the desk is left."""
        self._typed.store()

    # -- actions ------------------------------------------------------------------------------------------------------

    def action_next_gap(self) -> None:
        """Go to the next field that is still required."""
        if not self._form.next_gap():
            self.say(t("intake.complete"), "done")

    def action_override(self) -> None:
        """Show the fields by which category and priority are set against the proposal, with the reason."""
        for name in OVERRIDES:
            self._form.show_field(name, True)
        self.focus_when_shown(lambda: self._form.focus_field("priority"))

    def action_record(self) -> None:
        """Record the form and open the request; an open request on the same matter is asked about first."""
        draft = self._draft
        if draft is None:
            return
        held = self._form.held()
        if held:
            self._ask_about(min(held))
            return
        values, checked, settled = record_values(self._form.values()), self._answered_asks(), self._settled

        def work(desk: Desk) -> Recorded | list[RequestBrief]:
            same = [] if settled else capture.same_matter(desk, values)
            return same or capture.record(desk, values, draft=draft, checked=checked)

        self.ask("record", self._typed.sealing(work), self._recorded, refused=self._not_recorded, hold=True)

    def _not_recorded(self, refusal: Refusal) -> None:
        self._typed.touch()
        self.say(sentence(refusal), "warning")
        missing = refusal.args.get("missing")
        field = refusal.args.get("field") or (missing[0] if missing else "")
        if field == "priority_why":
            self.action_override()
        if field in self._form.specs:
            self._form.focus_field(str(field))

    def _recorded(self, result: Recorded | list[RequestBrief]) -> None:
        if isinstance(result, list):
            self.ask_about_duplicate(result)
            return
        self._draft = None
        self._checked = None
        self._finder.clear()
        self.desk_app.open_request(result.request_id, "recorded", number=result.number)

    def ask_about_duplicate(self, same: list[RequestBrief]) -> None:
        """Ask what to do about open requests on the same matter."""
        raise NotImplementedError

    # -- being seen ---------------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Seen again: begin a new form where the last one was recorded."""
        if hasattr(self, "_ticker"):
            self._ticker.resume()
            if self._draft is None:
                self._begin()

    def on_screen_suspend(self) -> None:
        """Store what is typed: the agent went elsewhere, or a panel is open."""
        self._ticker.pause()
        self._typed.store(self.desk_app.tell_status)

    def go_back(self) -> None:
        """Back to the queue; the form stays as it is and F2 goes on with it."""
        self.desk_app.open_mode("desk")


def begin_or_resume(desk: Desk, parked: bool = False) -> Begun:
    """Return the form typed last and not recorded, else a new one; with `parked` one that was put aside."""
    stored = capture.drafts(desk)
    in_hand = next((one for one in stored if not one.parked), None)
    draft = (in_hand or capture.next_draft(desk)) if parked else in_hand
    if draft is None:
        return Begun(capture.begin(desk), False, len(stored))
    return Begun(draft, True, len(stored) - 1)


def _problem(code: str) -> str:
    return t(f"problem.{code}") if known(f"problem.{code}") else code
