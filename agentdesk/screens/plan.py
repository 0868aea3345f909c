"""The plan: told to the customer (T5), and the customer's answer to it (T7, with T8 where I am the owner)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.desk import case_templates, plan
from agentdesk.desk.views import Moved
from agentdesk.domain import article_steps
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import AGREED_HOW, VERIFIED_HOW
from agentdesk.present import timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, line, lines
from agentdesk.screens.form import RequestForm
from agentdesk.screens.template_fill import TemplateFill
from agentdesk.widgets.choice import choices
from agentdesk.widgets.record_form import FieldSpec, Value

if TYPE_CHECKING:
    from agentdesk.desk.case_templates import CaseTemplate
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import RequestView
    from agentdesk.screens.reply import SoFar

ANSWERS = ("agreed", "declined")
_TIME = re.compile(r"(?:(?:(\d{4})-)?(\d{1,2})-(\d{1,2})\s+)?(\d{1,2}):(\d{2})")
_SPAN = re.compile(r"(\d{1,3})\s*([mhdMHD分时天])")


def read_finish(text: str, now: datetime) -> datetime | None:
    """Read when a plan ends: `18:30`, `05-02 18:30`, `30m`, `2h`, `3d`; None where it cannot be read.

    A time of day that is past means tomorrow's.
    """
    tidy = text.strip().replace("：", ":")
    span = _SPAN.fullmatch(tidy)
    if span:
        count, unit = int(span.group(1)), span.group(2).lower()
        minutes = unit in ("m", "分")
        hours = unit in ("h", "时")
        return now + timedelta(**{"minutes" if minutes else "hours" if hours else "days": count})
    found = _TIME.fullmatch(tidy)
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
    try:
        when = now.replace(hour=hour or 0, minute=minute or 0, second=0, microsecond=0)
        if month and day:
            return when.replace(year=year or now.year, month=month, day=day)
    except ValueError:
        return None
    return when if when > now else when + timedelta(days=1)


class PlanScreen(TemplateFill, RequestForm):
    """Steps, when it ends, how it was verified; for urgent requests the interim measure."""

    SCOPE = "plan"
    TITLE_KEY = "plan.title"
    FILLS = case_templates.PLAN

    def __init__(self, view: RequestView, reply: SoFar) -> None:
        super().__init__(view)
        self._reply = reply
        self._interim = "interim" in view.next.missing
        self._late: list[int] = []

    def specs(self) -> list[FieldSpec]:
        """Interim first where it is owed, since its clock is the shortest."""
        fields = [FieldSpec("interim", "lines", "field.interim", hint="field.interim.hint")] if self._interim else []
        return fields + [
            FieldSpec("steps", "lines", "field.steps", rows=2, hint="field.steps.hint"),
            FieldSpec("finish", "text", "field.finish", limit=40, hint="field.finish.hint"),
            FieldSpec(
                "verified_how", "choice", "field.verified_how", choices("verified_how", VERIFIED_HOW), advance="gap"
            ),
            FieldSpec("message", "lines", "field.plan_message", rows=2, hint="field.plan_message.hint"),
        ]

    def values(self) -> Mapping[str, Value]:
        """What was being written is the message that tells the plan."""
        return {"message": self._reply.text}

    def base(self) -> str:
        """The reply over which the form was opened."""
        return self._reply.text

    def required(self, values: Mapping[str, Value]) -> set[str]:
        """What the guard of T5 asks for."""
        return {"steps", "finish", "verified_how"} | ({"interim"} if self._interim else set())

    def prepare(self, desk: Desk) -> CaseTemplate | None:
        """Read the template that was applied, if there is one."""
        return self.template(desk)

    def complete(self, value: CaseTemplate | None, resumed: bool) -> None:
        """Fill in its steps, and when the last of them is done."""
        if value is not None:
            longest = value.longest
            wanted = {"steps": "\n".join(article_steps.written(step) for step in value.steps)}
            wanted["finish"] = article_steps.span_of(longest) if longest else ""
            self.fill_in(value, wanted)

    def edited(self) -> None:
        """Say which steps would take longer than the plan, before it is told."""
        now = self.session.now()
        finish = read_finish(self.text("finish"), now)
        late = plan.late_steps(self.text("steps").splitlines(), now, finish) if finish else []
        if late != self._late:  # the field has other things to say, too
            self._late = late
            numbers = t("list.comma").join(map(str, late))
            self.form.note("steps", t("plan.steps_late", numbers=numbers) if late else "")

    def about(self) -> Content:
        """Who owns the plan."""
        return line((t("plan.owner") + " ", DIM), self.session.status.name)

    def action_tell(self) -> None:
        """Tell the plan."""
        finish = read_finish(self.text("finish"), self.session.now())
        if self.text("finish") and finish is None:
            self.form.note("finish", t("plan.finish.unread"))
            self.form.focus_field("finish")
            return
        typed = self.text("steps").splitlines()
        request_id, sofar = self.request.id, self._reply
        how, message, interim = self.text("verified_how"), self.text("message"), self.text("interim")
        if finish is None:
            self.form.focus_field("finish")
            self.say(t("form.missing", fields=t("field.finish")), "warning")
            return
        until = finish

        def call(desk: Desk, confirmed: bool) -> Moved:
            return plan.tell(
                desk,
                request_id,
                steps=plan.steps_of(desk, typed, until),
                finish=until,
                verified_how=how,
                message=message,
                interim=interim,
                phrases=sofar.phrases,
                articles=sofar.articles,
                confirmed=confirmed,
            )

        self.do(call)


class AnswerScreen(RequestForm):
    """The customer's answer to the plan."""

    SCOPE = "plan"
    TITLE_KEY = "plan.answer"

    def specs(self) -> list[FieldSpec]:
        """Yes or no; how, or why not."""
        return [
            FieldSpec("answer", "choice", "field.answer", choices("plan_answer", ANSWERS)),
            FieldSpec("how", "choice", "field.agreed_how", choices("agreed_how", AGREED_HOW), advance="stay"),
            FieldSpec("why", "text", "field.declined_why", limit=200),
        ]

    def values(self) -> Mapping[str, Value]:
        """Nothing is preset: agreement is said by the customer."""
        return {}

    def required(self, values: Mapping[str, Value]) -> set[str]:
        """An answer, and what goes with it."""
        answer = values.get("answer")
        return {"answer"} | ({"how"} if answer == "agreed" else {"why"} if answer == "declined" else set())

    def about(self) -> Content:
        """The plan that the customer answers to."""
        told = self.request.plan
        if told is None:
            return Content("")
        steps = [line((f"{number}. ", DIM), step.text) for number, step in enumerate(told.steps, 1)]
        return lines(*steps, line((t("plan.finish") + " ", DIM), timefmt.stamp(told.finish)))

    def action_tell(self) -> None:
        """Write the answer."""
        request_id = self.request.id
        answer, how, why = self.text("answer"), self.text("how"), self.text("why")
        if self.form.marks.missing:
            self.form.next_gap()
            self.say(
                t(
                    "form.missing",
                    fields=t("list.comma").join(t(f"field.{_label(n)}") for n in self.form.marks.missing),
                ),
                "warning",
            )
            return

        def call(desk: Desk, confirmed: bool) -> Moved:
            return plan.agree(desk, request_id, how) if answer == "agreed" else plan.decline(desk, request_id, why)

        self.do(call)

    def show_refusal(self, refusal: Refusal) -> None:
        """A declined plan has its form later; the answer stays as it was chosen."""
        self.form.focus_field("answer")


def _label(field: str) -> str:
    return {"how": "agreed_how", "why": "declined_why"}.get(field, field)
