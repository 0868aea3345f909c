"""What every form that is more than a panel does with what is typed into it: a draft on disk, a second behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import on

from agentdesk.present.i18n import t
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.typed import TypedKeeper
from agentdesk.text.privacy import hold_out, redact
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.record_form import RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk


class KeptForm(FramedScreen):
    """A screen with one form, made by `body()`; its draft is stored with private numbers held out (MODEL §6)."""

    AUTO_FOCUS = ""

    form: RecordForm
    _typed: TypedKeeper

    @property
    def draft_key(self) -> str:
        """Where what is typed waits."""
        raise NotImplementedError

    def base(self) -> str:
        """Return the text that a stored draft was made over."""
        return ""

    def keep_typed(self) -> None:
        """Begin to store what is typed; called once the form stands."""
        self._typed = TypedKeeper(self, self._snapshot)

    @on(RecordForm.FieldChanged)
    def _field_changed(self, event: RecordForm.FieldChanged) -> None:
        event.stop()
        self._typed.touch()
        self.edited()

    def keep_now(self) -> None:
        """Store what was filled in by code as if it were typed."""
        self._typed.touch()
        self._typed.store()

    def edited(self) -> None:
        """A field changed."""

    def draft_values(self) -> dict[str, Value]:
        """Return what of the form goes into its draft."""
        return self.form.values()

    def _snapshot(self) -> Callable[[Desk], None]:
        key, base, values = self.draft_key, self.base(), self.draft_values()
        field = self.form.focused_field
        caret = getattr(self.form.editor(field), "caret", 0) if field else 0

        def kept(name: str, value: Value) -> Value:
            if not isinstance(value, str):
                return value
            return hold_out(value, caret) if name == field else redact(value)[0]

        def store(desk: Desk) -> None:
            desk.drafts.save(
                key, {"base": redact(base)[0], "values": {name: kept(name, v) for name, v in values.items()}}
            )

        return store

    def is_over(self, base: str) -> bool:
        """Whether a stored draft was made over the text that the form stands on now."""
        return base == redact(self.base())[0]

    def go_on(self, draft: dict[str, Any] | None) -> None:
        """Go on with a stored draft. Of one over another text the person is asked first: a colleague's newer version
        must not throw away what was typed."""
        if draft is None:
            return
        if self.is_over(draft["base"]):
            self._take_up(draft["values"])
            return

        def answered(yes: bool | None) -> None:
            if not yes:
                self._take_up(draft["values"])
            self.desk_app.take_up_keys()

        self.desk_app.set_keys_aside()
        ask = Confirm(t("form.other_base"), yes="form.other_base.yes", no="form.other_base.no")
        self.app.push_screen(ask, answered)

    def _take_up(self, values: dict[str, Value]) -> None:
        self.form.set_values(values)
        self.say(t("form.resumed"))

    @property
    def unsaved(self) -> bool:
        """Whether what is typed could not be stored."""
        return hasattr(self, "_typed") and self._typed.failed

    def store_draft(self) -> None:
        """Store what is typed now."""
        self._typed.store()

    def go_back(self) -> None:
        """Close without doing it; what was typed waits for the next time."""
        self._typed.store()
        self.dismiss(None)
