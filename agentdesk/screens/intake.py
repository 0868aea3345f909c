"""Capture with what a key brings over it: other drafts, the customer, duplicates, templates, the 5W2H helper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from agentdesk.desk import around, capture, templates
from agentdesk.domain import w2h
from agentdesk.present.i18n import t
from agentdesk.screens import drawn_intake as drawn
from agentdesk.screens.intake_fields import record_values, shown_value
from agentdesk.screens.intake_form import HELPER, Begun, IntakeForm
from agentdesk.widgets.ask import Ask
from agentdesk.widgets.choice import Option
from agentdesk.widgets.confirm import Confirm

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentdesk.desk.around import Around
    from agentdesk.desk.capture_views import CustomerCard
    from agentdesk.desk.context import Desk
    from agentdesk.desk.templates import Template
    from agentdesk.desk.views import RequestBrief


DUPLICATE = (
    Option("record", "duplicate.record"),
    Option("link", "duplicate.link"),
    Option("open", "duplicate.open"),
    Option("back", "duplicate.back"),
)
RELATED = (Option("link", "related.link"), Option("open", "related.open"), Option("back", "related.back"))


class IntakeScreen(IntakeForm):
    """One long-lived screen; `begin` gives it a new form or the one that was being typed."""

    SCOPE = "intake"

    # -- several at once ----------------------------------------------------------------------------------------------

    def action_park(self) -> None:
        """Put this form aside and begin a new one: somebody else rings. An empty one only begins anew."""
        said = t("intake.parked") if self._started() else t("intake.begun_anew")
        self._put_aside(_begin_new, lambda: self.say(said))

    def resume_parked(self) -> None:
        """Go on with the form that was begun next after the one in hand."""
        if self._draft is None or self._beginning:
            self._wants_parked = True  # `_begin` is under way or comes with being seen
            return
        draft = self._draft

        def following(desk: Desk) -> Begun | None:
            other = capture.next_draft(desk, draft.id)
            return Begun(other, True, capture.count_drafts(desk) - 1) if other is not None else None

        self._put_aside(following, None)

    def _put_aside(self, following: Callable[[Desk], Begun | None], then: Callable[[], None] | None) -> None:
        """Store the form in hand as put aside, and show what `following` gives; None leaves everything as it is."""
        draft = self._draft
        if draft is None or self._beginning:
            return
        if held := self._form.held():
            self._ask_about(min(held))
            return
        self._draft = replace(draft, parked=True, checked=self._answered_asks())
        self._typed.dirty = self._started()

        def keep() -> None:
            self._draft = draft
            self._typed.touch()  # it is in hand still: a kill must not put it aside

        def begun(found: Begun | None) -> None:
            if found is None:
                keep()
                self.unavailable("why.no_parked")
                return
            self._begun(replace(found, draft=replace(found.draft, parked=found.resumed)))
            self.desk_app.tell_status()
            if then is not None:
                then()

        self.ask("begin", self._typed.sealing(following), begun, back=keep, hold=True)

    def action_discard(self) -> None:
        """Throw this form away, after a question; a new one begins."""
        draft = self._draft
        if draft is None:
            return
        if not self._started():
            self.unavailable("why.nothing_typed")
            return

        def drop_and_begin(desk: Desk) -> Begun:
            capture.drop_draft(desk, draft)
            return _begin_new(desk)

        def discarded(begun: Begun) -> None:
            self._begun(begun)
            self.desk_app.tell_status()
            self.say(t("intake.discarded"), "done")

        def answered(yes: bool | None) -> None:
            if yes:
                self._typed.drop()
                self.ask("begin", self._typed.sealing(drop_and_begin), discarded, hold=True)

        ask = Confirm(
            t("intake.discard.ask"), [t("intake.discard.gone")], yes="intake.discard.yes", no="intake.discard.no"
        )
        self.app.push_screen(ask, answered)

    # -- the customer -------------------------------------------------------------------------------------------------

    def action_customer(self) -> None:
        """Show who the customer in the form is; a request picked there can be linked or opened."""
        values = record_values(self._form.values())
        if not values.get("contact") and not values.get("customer_no"):
            self.unavailable("why.no_customer")
            return
        self.ask("card", lambda desk: capture.customer_card(desk, values), self._show_card, hold=True)

    def _show_card(self, card: CustomerCard) -> None:
        from agentdesk.screens.intake_card import CustomerPanel

        self.app.push_screen(CustomerPanel(card), lambda brief: self.about_request(brief) if brief else None)

    # -- templates, 5W2H ----------------------------------------------------------------------------------------------

    def action_templates(self) -> None:
        """Choose a template for what is still empty, or keep this form as one."""
        from agentdesk.screens.intake_templates import TemplatePanel

        self.app.push_screen(TemplatePanel(record_values(self._form.values())), self._use_template)

    def _use_template(self, template: Template | None) -> None:
        if template is None:
            return
        filled, left = templates.apply(record_values(self._form.values()), template)
        for name, value in filled.items():
            self._form.set_value(name, shown_value(name, value))
        self._answer_by_voice()
        self._typed.touch()
        key = "template.left" if left else "template.filled"
        fields = t("list.comma").join(t(f"field.{name}") for name in left)
        self.say(t(key, title=template.title, count=len(filled), fields=fields), "warning" if left else "done")
        self._form.focus_field("description")

    def action_helper(self) -> None:
        """Ask along 5W2H; the answers go into the description in their order."""
        from agentdesk.screens.intake_helper import HelperPanel, labels

        description = str(self._form.values().get("description") or "")
        given = w2h.answers(description, labels())[1]
        given |= {name.removeprefix(HELPER): text for name, text in self._helper.items()}
        self.app.push_screen(HelperPanel(description, given, self._helper_typed), self._helper_done)

    def _helper_typed(self, prompt: str, text: str) -> None:
        """What is typed there belongs to this draft: a kill must not take it along."""
        self._helper[HELPER + prompt] = text
        self._typed.touch()

    def _helper_done(self, description: str | None) -> None:
        if description is None:
            return
        self._helper = {}
        self._form.set_value("description", description)
        self._typed.touch()
        self._form.focus_field("description")
        self.say(t("w2h.appended"), "done")

    # -- the same matter twice ----------------------------------------------------------------------------------------

    def ask_about_duplicate(self, same: list[RequestBrief]) -> None:
        """Stop once before a second request on the same matter: record it, link it, or open the other one."""
        self._typed.touch()
        first = same[0]

        def answered(code: str | None) -> None:
            if code in ("record", "link"):
                self._settled = True
                if code == "link":
                    self._link(first)
                self.action_record()
            elif code == "open":
                self._open_instead(first)

        details = [drawn.open_request(one, 60) for one in same[:3]]
        self.app.push_screen(Ask(t("duplicate.ask"), details, DUPLICATE), answered)

    def _link(self, brief: RequestBrief) -> None:
        """Name a request as related, once."""
        named = record_values(self._form.values()).get("related_request", [])
        if brief.number not in named:
            self._form.set_value("related_request", t("list.comma").join([*named, brief.number]))
            self._typed.touch()

    def _open_instead(self, brief: RequestBrief) -> None:
        """Open another request; this form is put aside and nothing of it is lost."""
        self._put_aside(_begin_new, lambda: self.desk_app.open_request(brief.id, number=brief.number))

    def action_related(self) -> None:
        """Choose what to do about a request that may be the same one."""
        values = record_values(self._form.values())
        self.ask("related", lambda desk: around.look(desk, values, linked=True), self._choose_related, hold=True)

    def _choose_related(self, found: Around) -> None:
        from agentdesk.screens.intake_card import AroundPanel

        if not found.near:
            self.unavailable("why.nothing_near")
        elif len(found.near) == 1:
            self.about_request(found.near[0].brief)
        else:
            panel = AroundPanel(found, self.session.now())
            self.app.push_screen(panel, lambda brief: self.about_request(brief) if brief else None)

    def about_request(self, brief: RequestBrief) -> None:
        """Ask whether to link to a request or to open it."""

        def answered(code: str | None) -> None:
            if code == "link":
                self._link(brief)
                self.say(t("intake.linked", number=brief.short_number), "done")
            elif code == "open":
                self._open_instead(brief)

        details = [drawn.open_request(brief, 60)]
        self.app.push_screen(Ask(t("related.ask"), details, RELATED), answered)


def _begin_new(desk: Desk) -> Begun:
    return Begun(capture.begin(desk), False, capture.count_drafts(desk))
