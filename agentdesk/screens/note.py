"""What belongs into the timeline besides replies: an internal note, what the customer said or wrote, a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.desk import contacts, moving, reading, reply
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, line
from agentdesk.screens.form import RequestForm
from agentdesk.widgets.choice import choices
from agentdesk.widgets.record_form import FieldSpec, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import Moved

KINDS = ("note", "heard", "call")


class NoteScreen(RequestForm):
    """Kind by a digit, then the text; F8 writes it."""

    SCOPE = "note"
    TITLE_KEY = "note.title"

    def specs(self) -> list[FieldSpec]:
        """What it is, and what it says."""
        return [
            FieldSpec("kind", "choice", "field.note_kind", choices("note_kind", KINDS)),
            FieldSpec("text", "lines", "field.note_text", rows=4),
        ]

    def values(self) -> dict[str, Value]:
        """A note, as long as nothing else is chosen."""
        return {"kind": "note"}

    def required(self, values: object) -> set[str]:
        """Both."""
        return {"kind", "text"}

    def first_field(self) -> str:
        """The text: most of them are notes."""
        return "text"

    def about(self) -> Content:
        """Who sees what."""
        return line((t("note.about"), DIM))

    def action_write(self) -> None:
        """Write it into the timeline."""
        if not self.text("text"):
            self.form.focus_field("text")
            self.say(t("why.empty_note"), "warning")
            return
        request_id, kind, text = self.request.id, self.text("kind"), self.text("text")

        def call(desk: Desk, confirmed: bool) -> Moved:
            if kind == "note":
                reply.note(desk, request_id, text)
            else:
                contacts.hear(desk, request_id, text, "phone" if kind == "call" else "")
            return moving.standing(desk, reading.load(desk, request_id))

        self.do(call)
