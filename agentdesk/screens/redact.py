"""Taking a value out of a request for good: what, why, how many places, and only then the doing (SYNC 2.14).

No guard touches the field of the value, and it goes into no draft: it must hold what is nowhere to be kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.domain import redaction
from agentdesk.domain.refusal import Refusal
from agentdesk.present import redactions
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, line
from agentdesk.screens.form import RequestForm
from agentdesk.screens.refusals import sentence
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.record_form import FieldSpec, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.domain.redaction import Found
    from agentdesk.sync.redaction import Redacted


class RedactScreen(RequestForm):
    """Value and reason; F8 counts, a question follows. Dismissed with the sentence of what was done, or None."""

    SCOPE = "redact"
    TITLE_KEY = "redact.title"

    def specs(self) -> list[FieldSpec]:
        """What is to go, and why."""
        return [
            FieldSpec("value", "text", "field.redact_value", limit=redaction.MAX_VALUE, guarded=False),
            FieldSpec("why", "text", "field.redact_why", limit=redaction.MAX_WHY, submits=True),
        ]

    def required(self, values: object) -> set[str]:
        """Both."""
        return {"value", "why"}

    def first_field(self) -> str:
        """The value."""
        return "value"

    def about(self) -> Content:
        """What it does to the request."""
        return line((t("redact.about"), DIM))

    def prepare(self, desk: Desk) -> None:
        """Say no at once to whoever may not order it. Raises Refusal role.denied."""
        if not redaction.may_redact(desk.me.roles):
            raise Refusal("redact.role")

    def draft_values(self) -> dict[str, Value]:
        """Return the reason alone."""
        return {"why": self.text("why")}

    def _order(self) -> redaction.Order:
        return redaction.order(self.request.id, self.text("value"), self.text("why"))

    def action_redact(self) -> None:
        """Count where the value stands, then ask."""
        try:
            order = self._order()
        except Refusal as refusal:
            self._missing(refusal)
            return
        from agentdesk.sync import redaction as doing

        self.ask("look", lambda desk: doing.look(desk.journal, order), self._found, refused=self._missing, hold=True)

    def _missing(self, refusal: Refusal) -> None:
        """Say what is in the way, at the field that it speaks of."""
        self.form.focus_field("why" if refusal.code == "redact.no_why" else "value")
        self.say(sentence(refusal), "warning")

    def _found(self, found: Found) -> None:
        details = [redactions.found(found), t("redact.reach")]
        ask = Confirm(t("redact.ask", places=found.places), details, yes="redact.yes", no="redact.no")
        self.app.push_screen(ask, lambda yes: self._do() if yes else None)

    def _do(self) -> None:
        order, key, loop = self._order(), self.draft_key, self.session.sync

        def work(desk: Desk) -> Redacted:
            from agentdesk.sync import redaction as doing

            done = doing.redact(desk.journal, order)
            if done.at_centre and loop is not None:
                loop.kick()
            desk.drafts.drop(key)
            return done

        self.ask("redact", self._typed.sealing(work), self._redacted, refused=self._missing, hold=True)

    def _redacted(self, done: Redacted) -> None:
        self.dismiss(" ".join(_said(done)))


def _said(done: Redacted) -> Iterable[str]:
    yield t("redact.done", places=done.found.places)
    if done.copies:
        yield t("redact.copies", copies=done.copies)
