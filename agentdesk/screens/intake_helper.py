"""The 5W2H helper: seven prompts in their fixed order over the form; what is answered goes into the description."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from agentdesk.desk.forms import MAX_CHARACTERS
from agentdesk.domain import w2h
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, line
from agentdesk.screens.asking import DeskPanel
from agentdesk.screens.private import field_guard
from agentdesk.widgets.record_form import FieldSpec, Marks, RecordForm, Value


def labels() -> dict[str, str]:
    """Return the words of the prompts in the language in use: they stand in the description too."""
    return {code: t(f"w2h.{code}") for code in w2h.PROMPTS}


class HelperPanel(DeskPanel[str]):
    """Dismissed with the new description, or None where it was only looked at; what is typed is told at once."""

    SCOPE = "helper"
    AUTO_FOCUS = ""

    def __init__(self, description: str, given: Mapping[str, str], typed: Callable[[str, str], None]) -> None:
        super().__init__()
        self._description = description
        self._given = given
        self._typed = typed
        self._form = RecordForm(
            [FieldSpec(code, "text", f"w2h.{code}", limit=300) for code in w2h.PROMPTS],
            given,
            judge=self._judge,
            guard=field_guard,
            id="helper-form",
        )

    def compose(self) -> ComposeResult:
        """Title, what the key does, the prompts."""
        with Vertical(classes="intake-panel"):
            yield Static(line((t("w2h.title"), STRONG)), markup=False)
            yield Static(line((t("w2h.about"), DIM)), markup=False)
            yield self._form

    def on_mount(self) -> None:
        """Begin with the first prompt that has no answer."""
        first = next((code for code in w2h.PROMPTS if not self._given.get(code)), w2h.PROMPTS[0])
        self.focus_when_shown(lambda: self._form.focus_field(first))

    def _judge(self, values: Mapping[str, Value]) -> Marks:
        needed = frozenset((w2h.NEEDED,))
        return Marks(needed, frozenset() if str(values.get(w2h.NEEDED) or "").strip() else needed)

    @on(RecordForm.FieldChanged)
    def _changed(self, event: RecordForm.FieldChanged) -> None:
        event.stop()
        self._typed(event.field, str(event.value))

    def action_append(self) -> None:
        """Give the description with the answers in it."""
        if self._form.marks.missing:
            self._form.focus_field(w2h.NEEDED)
            self.unavailable("w2h.needed")
            return
        answers = {name: str(value) for name, value in self._form.values().items()}
        told = w2h.append(self._description, answers, labels())
        if len(told) > MAX_CHARACTERS:
            self.unavailable("w2h.too_long", limit=MAX_CHARACTERS)
            return
        self.dismiss(told)

    def go_back(self) -> None:
        """Back to the form; what was typed is there again next time."""
        self.dismiss(None)
