"""Following up: the customer's verdict, the survey, a call-back attempt; what is there closes the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.desk import follow_up
from agentdesk.desk.views import CallbackForm, Moved
from agentdesk.present.i18n import t
from agentdesk.present.safe import ACCENT, DIM, line
from agentdesk.screens.form import RequestForm
from agentdesk.screens.refusals import needs
from agentdesk.screens.resolve import SURVEYS
from agentdesk.widgets.choice import choices
from agentdesk.widgets.record_form import FieldSpec, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import RequestView

WAYS = ("callback", "contact", "message")
VERDICTS = ("satisfied", "basically", "dissatisfied", "no_answer")


class FollowScreen(RequestForm):
    """One form for what remains before closing: by call-back, in the contact, or by a message of the customer."""

    SCOPE = "follow"
    TITLE_KEY = "follow.title"

    def __init__(self, view: RequestView) -> None:
        super().__init__(view)
        self._needs_verdict = view.state == "RESOLVED"
        self._needs_callback = "callback" in view.next.missing

    def specs(self) -> list[FieldSpec]:
        """How it was heard, the verdict where it is open, the survey."""
        fields = [FieldSpec("via", "choice", "field.via", choices("via", WAYS), advance="gap")]
        fields += [
            FieldSpec("verdict", "choice", "field.verdict", choices("verdict", VERDICTS), advance="gap"),
            FieldSpec("survey", "choice", "field.survey", choices("survey", SURVEYS), optional=True, advance="stay"),
            FieldSpec("dissatisfaction_reason", "text", "field.dissatisfaction_reason", limit=200),
            FieldSpec("comment", "text", "field.comment", limit=200),
            FieldSpec("new_needs", "text", "field.new_needs", limit=200),
        ]
        return fields if self._needs_verdict else [one for one in fields if one.name != "dissatisfaction_reason"]

    def required(self, values: Mapping[str, Value]) -> set[str]:
        """The verdict while none was given; the reason where the customer is not content."""
        needed = {"via", "verdict"} if self._needs_verdict else set()
        if self._needs_verdict and values.get("verdict") == "dissatisfied":
            needed.add("dissatisfaction_reason")
        return needed

    def about(self) -> Content:
        """What is still open before the request can be closed."""
        missing = self.request.next.missing
        return line((t("follow.open") + " ", DIM), (needs(missing), ACCENT)) if missing else Content("")

    def first_field(self) -> str:
        """The way for a verdict or a call-back that is owed, else the survey."""
        return "via" if self._needs_verdict or self._needs_callback else "survey"

    def action_save(self) -> None:
        """Write what was heard; verdict, call-back and survey in the order in which the rules want them."""
        via, verdict, survey = self.text("via"), self.text("verdict"), self.text("survey")
        if self.form.marks.missing:
            self.form.next_gap()
            self.say(t("form.missing", fields=needs(sorted(self.form.marks.missing))), "warning")
            return
        if not via and not survey:
            self.unavailable("why.nothing_to_save")
            return
        attempt = CallbackForm(
            reached=verdict != "no_answer",
            verdict=verdict,
            dissatisfaction_reason=self.text("dissatisfaction_reason"),
            comment=self.text("comment"),
            new_needs=self.text("new_needs"),
        )
        request_id, open_verdict = self.request.id, self._needs_verdict

        def call(desk: Desk, confirmed: bool) -> Moved:
            if via == "callback":
                moved = follow_up.callback(desk, request_id, attempt)
                return follow_up.survey(desk, request_id, sent=survey == "sent") if survey else moved
            if open_verdict:
                return follow_up.verdict(
                    desk, request_id, verdict, reason=attempt.dissatisfaction_reason, via=via, survey=survey
                )
            return follow_up.survey(desk, request_id, sent=survey == "sent")

        self.do(call)
