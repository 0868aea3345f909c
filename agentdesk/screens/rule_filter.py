"""The filter of the rules as a form: where they stand, severity, category."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.widgets import Static

from agentdesk.desk.rule_views import STATES, ListedRule
from agentdesk.present.i18n import t
from agentdesk.present.rule_words import CATEGORIES
from agentdesk.present.safe import DIM, STRONG, line
from agentdesk.screens.frame import FramedScreen
from agentdesk.text.lexicon import SEVERITIES
from agentdesk.widgets.choice import choices
from agentdesk.widgets.record_form import FieldSpec, RecordForm

_FIELDS = (
    ("state", "rulestate", STATES),
    ("severity", "severity", SEVERITIES),
    ("category", "lint", CATEGORIES),
)


@dataclass(frozen=True)
class Sieve:
    """Which rules are shown; empty fields let everything pass."""

    state: str = ""
    severity: str = ""
    category: str = ""

    def passes(self, one: ListedRule) -> bool:
        """Whether a rule is among them."""
        wanted = ((self.state, one.state), (self.severity, one.rule.severity), (self.category, one.rule.category))
        return all(not asked or asked == there for asked, there in wanted)


class RuleFilterScreen(FramedScreen):
    """Dismissed with what to show, or None."""

    SCOPE = "rulefilter"
    AUTO_FOCUS = ""

    def __init__(self, sieve: Sieve) -> None:
        super().__init__()
        self._sieve = sieve

    def body(self) -> ComposeResult:
        """Title, the criteria, how they are taken back."""
        yield Static(line((t("rulefilter.title"), STRONG)), classes="form-title", markup=False)
        specs = [
            FieldSpec(name, "choice", f"rulelist.{name}", choices(kind, codes), optional=True)
            for name, kind, codes in _FIELDS
        ]
        values = {name: getattr(self._sieve, name) for name, _, _ in _FIELDS}
        self.form = RecordForm(specs, values, id="rulefilter-form")
        yield self.form
        yield Static(line((t("rulefilter.hint"), DIM)), classes="form-about", markup=False)

    def on_mount(self) -> None:
        """Begin at the first criterion."""
        self.form.focus_field("state")

    def action_apply(self) -> None:
        """Show what was asked for."""
        values = self.form.values()
        self.dismiss(Sieve(*(str(values[name]) for name, _, _ in _FIELDS)))
