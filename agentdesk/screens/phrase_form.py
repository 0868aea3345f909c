"""What the editors of phrases share: what is typed waits on disk, a warning wants a key, a refusal has its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentdesk.domain.refusal import Refusal
from agentdesk.present.findings import finding_texts, reason
from agentdesk.present.i18n import t
from agentdesk.screens.kept_form import KeptForm
from agentdesk.screens.refusals import sentence
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.fields import AreaField
from agentdesk.widgets.record_form import Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk


@dataclass(frozen=True)
class PhraseDone:
    """What was done, as a sentence; `id` of the phrase that was kept."""

    said: str
    id: str = ""


class PhraseFormScreen(KeptForm):
    """Dismissed with a `PhraseDone`, or None where nothing was done. `body()` makes `form`."""

    FIRST = "body"
    """The field that has the focus first and after a refusal."""
    CALLED = "phrase"
    """First part of the codes of refusals."""
    CONFIRM = ("personal.confirm", "personal.keep")
    """Question and yes-key where lint warns."""

    def keep(self, desk: Desk, values: Mapping[str, Value], confirmed: bool) -> str:
        """Keep what is typed, in a worker thread; returns its id. Raises Refusal."""
        raise NotImplementedError

    def said(self) -> str:
        """What is said once it is kept."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Go on with what was typed the last time, if it was typed over the same text."""
        self.keep_typed()
        key = self.draft_key
        self.ask("start", lambda desk: desk.drafts.load(key), self._started, hold=True)

    def _started(self, draft: dict[str, Any] | None) -> None:
        self.go_on(draft)
        self._typed.drop()
        self.form.focus_field(self.FIRST)
        body = self.form.editor(self.FIRST)
        if isinstance(body, AreaField):
            body.set_text(body.text)  # the caret behind it

    # -- keeping ------------------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Keep the phrase; a warning wants one more key."""
        self._save(confirmed=False)

    def _save(self, confirmed: bool) -> None:
        values, key = self.form.values(), self.draft_key

        def work(desk: Desk) -> str:
            kept = self.keep(desk, values, confirmed)
            desk.drafts.drop(key)
            return kept

        self.ask("save", self._typed.sealing(work), self._saved, refused=self._refused, hold=True)

    def _saved(self, phrase_id: str) -> None:
        self.dismiss(PhraseDone(self.said(), phrase_id))

    def _refused(self, refusal: Refusal) -> None:
        self._typed.touch()
        if refusal.code == f"{self.CALLED}.confirm":
            question, yes = self.CONFIRM
            ask = Confirm(t(question), finding_texts(refusal.args["findings"]), yes=yes, no="lint.confirm.no")
            self.app.push_screen(ask, lambda yes: self._save(confirmed=True) if yes else None)
            return
        if refusal.code == "phrase.blocked":
            refusal = Refusal(refusal.code, rules=refusal.args["rules"], reason=reason(refusal.args["findings"][0]))
        self.say(sentence(refusal), "error")
        wrong = str(refusal.args.get(f"{self.CALLED}_field", ""))
        self.form.focus_field(wrong if wrong in self.form.values() else self.FIRST)
