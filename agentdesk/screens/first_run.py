"""The first run: name, work number, team, language; then the queue."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from agentdesk.desk import setup
from agentdesk.domain.refusal import Refusal
from agentdesk.present import i18n
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, ERROR, STRONG, line
from agentdesk.screens.asking import DeskScreen
from agentdesk.screens.frame import Foot
from agentdesk.screens.private import field_guard
from agentdesk.screens.refusals import sentence
from agentdesk.widgets.choice import ChoiceRow, Option
from agentdesk.widgets.fields import LineField, Noticed

FIELDS = ("name", "work_no", "team")
LIMIT = 60


class FirstRunScreen(DeskScreen[None]):
    """Asks who sits here. Nothing is stored before all of it is valid."""

    SCOPE = "setup"
    AUTO_FOCUS = "#setup-name"

    def compose(self) -> ComposeResult:
        """Show three fields and the languages, all on one page."""
        with Vertical(id="setup", classes="box"):
            yield Static(line((t("setup.title"), STRONG)), classes="box-title")
            yield Static(line((t("setup.why"), DIM)))
            for field in FIELDS:
                with Horizontal(classes="form-row"):
                    yield Static(t(f"setup.{field}"), classes="form-label", markup=False)
                    yield LineField(
                        limit=LIMIT, guard=field_guard, placeholder=t(f"setup.{field}.hint"), id=f"setup-{field}"
                    )
            with Horizontal(classes="form-row"):
                yield Static(t("setup.language"), classes="form-label", markup=False)
                yield ChoiceRow(
                    [Option(code, f"language.{code}") for code in i18n.LANGUAGES], i18n.language(), id="setup-language"
                )
            yield Static("", id="setup-said", classes="gap")
        yield Foot(self.SCOPE)

    def _text(self, field: str) -> str:
        return self.query_one(f"#setup-{field}", LineField).text

    @on(ChoiceRow.ChoiceMade, "#setup-language")
    async def _speak(self, event: ChoiceRow.ChoiceMade) -> None:
        """Show this page in the chosen language at once; what was typed stays."""
        event.stop()
        if event.code == i18n.language():
            return
        self.desk_app.hold_keys("language")  # the fields are empty for a moment
        try:
            typed = {field: self._text(field) for field in FIELDS}
            self.session.language = self.session.raw_desk.spoken = i18n.use(event.code)
            await self.recompose()
            for field, text in typed.items():
                self.query_one(f"#setup-{field}", LineField).set_text(text)
            self.query_one("#setup-language").focus()
        finally:
            self.desk_app.release_keys("language")

    def on_input_submitted(self) -> None:
        """Enter goes to the next field, and begins from the last one that is full."""
        if all(self._text(field).strip() for field in FIELDS):
            self.action_begin()
        else:
            self.app.action_focus_next()

    def action_begin(self) -> None:
        """Store who sits here and open the queue."""
        name, work_no, team = (self._text(field) for field in FIELDS)
        wrong = setup.problems(name, work_no, team)
        if wrong:
            field, code = wrong[0]
            self._say(Refusal("setup.invalid", field=t(f"setup.{field}"), problem=code))
            self.query_one(f"#setup-{field}").focus()
            return
        language = i18n.language()
        self.ask(
            "setup",
            lambda desk: setup.first_run(desk, name, work_no, team, language),
            lambda _: self._begun(),
            refused=self._say,
            hold=True,
        )

    def on_noticed(self, message: Noticed) -> None:
        """Say on the page itself what a field has to say: a paste it refused, a number it replaced."""
        message.stop()
        self._show(message.text)

    def _say(self, refusal: Refusal) -> None:
        self._show(sentence(refusal))

    def _show(self, said: str) -> None:
        self.query_one("#setup-said", Static).update(line((said, ERROR)))

    def _begun(self) -> None:
        self.desk_app.open_mode("desk")
