"""Changing a record after it was recorded: the form of the capture over the values that stand there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from textual import on
from textual.content import Content

from agentdesk.desk import capture, editing
from agentdesk.present import labels
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import DIM, line
from agentdesk.screens.form import RequestForm
from agentdesk.screens.intake_fields import LOOKUP, record_values, shown_value, specs
from agentdesk.screens.private import ask_about
from agentdesk.text.privacy import looks_like_private, redact
from agentdesk.widgets.record_form import FieldSpec, Marks, RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.editing import EditForm
    from agentdesk.desk.views import Moved


class EditScreen(RequestForm):
    """The record as a form; only what is changed is written."""

    SCOPE = "edit"
    TITLE_KEY = "edit.title"

    _opened: EditForm | None = None
    _shown: Mapping[str, Value] = MappingProxyType({})

    def specs(self) -> list[FieldSpec]:
        """The fields of the capture without its look-up."""
        return [spec for spec in specs() if spec.name != LOOKUP]

    def about(self) -> Content:
        """What an edit may do."""
        return line((t("edit.about"), DIM))

    def prepare(self, desk: Desk) -> EditForm:
        """Read the record as it stands."""
        return editing.begin(desk, self.request.id)

    def prepared(self, value: EditForm) -> None:
        """Show it."""
        self._opened = value
        shown: dict[str, Value] = {}
        for name, spec in self.form.specs.items():
            shown[name] = shown_value(name, value.values.get(name, False if spec.kind == "check" else ""))
        self._shown = shown
        self.form.set_values(shown)

    def base(self) -> str:
        """The record over which a draft is made, as the form showed it."""
        return json.dumps(dict(self._shown), ensure_ascii=False, sort_keys=True)

    def resume(self, base: str, values: dict[str, Value]) -> None:
        """Go on with what was changed, over the record as it stands now; say where a colleague changed the same."""
        then, now = _fields(base), _fields(redact(self.base())[0])
        typed = {name: value for name, value in values.items() if name in now and value != then.get(name)}
        if not typed:
            return
        self.form.set_values(typed)
        overtaken = [name for name, value in typed.items() if now[name] not in (then.get(name), value)]
        if overtaken:
            told = t("list.comma").join(labels.label("field", name) for name in overtaken)
            self.say(t("edit.overtaken", fields=told), "warning")
        else:
            self.say(t("form.resumed"))

    def first_field(self) -> str:
        """The description, where nothing is missing."""
        return "" if self.form.marks.missing else "description"

    def draft_values(self) -> dict[str, Value]:
        """What looks like a private number in a field that asks about it stays out of the draft."""
        return {
            name: value
            for name, value in self.form.values().items()
            if self.form.specs[name].private != "ask" or not looks_like_private(str(value))
        }

    def _judge(self, values: Mapping[str, Value]) -> Marks:
        if not self.session.is_ready:
            return Marks()
        checked = tuple(sorted(self.form.checked())) if hasattr(self, "form") else ()
        check = capture.check(self.session.raw_desk, record_values(values), checked)
        notes = {
            one.field: t(f"problem.{one.code}") if known(f"problem.{one.code}") else one.code
            for one in check.problems
            if values.get(one.field) and one.code != "priority_why" and not self._is_masked(one.field, values)
        }
        return Marks(frozenset(check.required_fields), frozenset(check.missing), notes)

    def _is_masked(self, field: str, values: Mapping[str, Value]) -> bool:
        """Whether the contact stands as it was shown, masked: it is not judged, and stays as it is."""
        opened = self._opened
        return field == "contact" and opened is not None and opened.masked and values[field] == opened.values[field]

    @on(RecordForm.PrivateQuestion)
    def _ask_private(self, event: RecordForm.PrivateQuestion) -> None:
        event.stop()
        self._ask_about(event.field)

    def _ask_about(self, field: str) -> None:
        ask_about(self, field, lambda keep: self.form.answer_private(field, keep))

    def action_save(self) -> None:
        """Write what was changed."""
        opened = self._opened
        if opened is None:
            return
        if held := self.form.held():
            self._ask_about(min(held))
            return
        values, checked = record_values(self.form.values()), tuple(sorted(self.form.checked()))

        def call(desk: Desk, confirmed: bool) -> Moved:
            return editing.save(desk, opened, values, checked)

        self.do(call)


def _fields(base: str) -> dict[str, Any]:
    """Read back what `base` wrote; a draft of an older form holds none of it, so that all of it counts as typed."""
    try:
        found = json.loads(base)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
