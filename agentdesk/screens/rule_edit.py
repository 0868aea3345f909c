"""Writing a lint rule as a form: its tests run while it is typed, its trial on what was sent comes before it is
proposed. The draft is on disk as with every form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.widgets import Static

from agentdesk.desk import rule_list, rules
from agentdesk.desk.local import drop_draft_in
from agentdesk.desk.rule_views import Shadow
from agentdesk.domain.refusal import Refusal
from agentdesk.present import review, rule_words
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, GOOD, STRONG, WARNING, line
from agentdesk.screens.kept_form import KeptForm
from agentdesk.screens.private import field_guard
from agentdesk.screens.refusals import sentence
from agentdesk.screens.rule_decisions import BOX_CELLS, RuleDone
from agentdesk.screens.rule_form import FIRST_FIELDS, field_of, form_of, rule_of_form, specs
from agentdesk.text.lexicon import Rule
from agentdesk.text.rule_fields import EMPTY, table_of, unseen
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.record_form import Marks, RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.text.proving import Gap

CHECK_AFTER = 0.2
"""Seconds of rest after which the rule's tests run."""


@dataclass(frozen=True)
class RuleStart:
    """What the editor opens with: a rule to change (`opened` its id), or an empty one; `pattern` and `example` are put
    in as what a suggestion brings."""

    rule: Rule = EMPTY
    opened: str = ""
    pattern: str = ""
    example: str = ""


class RuleEditScreen(KeptForm):
    """Dismissed with a `RuleDone`, or None where nothing was proposed."""

    SCOPE = "rule"

    def __init__(self, start: RuleStart) -> None:
        super().__init__()
        self._start = start
        self._asked = 0

    def body(self) -> ComposeResult:
        """What it is, the form, how the tests stand."""
        title = t("rule.title.edit", rule=self._start.opened) if self._start.opened else t("rule.title.new")
        yield Static(line((title, STRONG)), classes="form-title", markup=False)
        yield Static(line((self._about(), DIM)), classes="form-about", markup=False)
        self._first = form_of(self._start.rule, self._start.pattern, self._start.example)
        self.form = RecordForm(
            specs(self._start.rule), self._first, judge=self._judge, guard=field_guard, id="rule-form"
        )
        yield self.form
        yield Static("", id="rule-said", markup=False)

    def _about(self) -> str:
        more = unseen(self._start.rule)
        return t("rulelist.unseen", count=more) if more else t("rule.about")

    def on_mount(self) -> None:
        """Go on with what was typed the last time, if it was typed over the same rule."""
        self.keep_typed()
        key = self.draft_key
        self.ask("start", lambda desk: desk.drafts.load(key), self._started, hold=True)

    def _started(self, draft: dict[str, Any] | None) -> None:
        self.go_on(draft)
        self._typed.drop()
        self.form.focus_field("patterns" if self._start.opened else FIRST_FIELDS[0])
        self._check()

    # -- storing what is typed ----------------------------------------------------------------------------------------

    @property
    def draft_key(self) -> str:
        """One draft a rule that is changed, and one of a new rule."""
        return f"form:rule:{self._start.opened or 'new'}"

    def base(self) -> str:
        """What the draft was made over: a version of the rule, and a suggestion where one was taken."""
        return json.dumps([table_of(self._start.rule), self._start.pattern], ensure_ascii=False)

    def edited(self) -> None:
        """Look at the rule once the hand rests."""
        self._asked += 1
        turn = self._asked
        self.set_timer(CHECK_AFTER, lambda: self._check() if turn == self._asked else None)

    # -- checking while it is typed -----------------------------------------------------------------------------------

    def _judge(self, values: Mapping[str, Value]) -> Marks:
        needed = frozenset(FIRST_FIELDS) if self._needs_patterns else frozenset(FIRST_FIELDS) - {"patterns"}
        return Marks(needed, frozenset(name for name in needed if not str(values.get(name) or "").strip()))

    @property
    def _needs_patterns(self) -> bool:
        rule = self._start.rule
        return not (rule.regex or rule.pair or rule.detect)

    @property
    def rule(self) -> Rule:
        """The rule as it is typed now."""
        return rule_of_form(self.form.values(), self._start.rule)

    def _check(self) -> None:
        """Run the rule's tests in a worker; the first thing that is wrong is said at its field."""
        if self.form.marks.missing:
            self._tell(t("rule.incomplete"), DIM)
            return
        table = table_of(self.rule)
        self.ask("check", lambda desk: rules.check(table), self._sound, refused=self._unsound)

    def _sound(self, rule: Rule) -> None:
        self._tell(t("rule.sound", count=len(rule.tests)), GOOD)

    def _unsound(self, refusal: Refusal) -> None:
        said = sentence(refusal)
        self._tell(said, WARNING)
        name = field_of(refusal, self.form.values())
        self.form.mark(Marks(self.form.marks.required, self.form.marks.missing, {name: said}))

    def _tell(self, said: str, style: str) -> None:
        self.form.mark(Marks(self.form.marks.required, self.form.marks.missing))
        self.query_one("#rule-said", Static).update(line((said, style)))

    def action_next_gap(self) -> None:
        """Go to the next field that must be filled."""
        if not self.form.next_gap():
            self.say(t("form.complete"), "done")

    # -- proposing ----------------------------------------------------------------------------------------------------

    def action_propose(self) -> None:
        """Try the rule on what was sent in the last days, then ask."""
        if self.form.marks.missing:
            self.form.next_gap()
            self.say(t("rule.incomplete"), "warning")
            return
        table, opened, before = table_of(self.rule), self._start.opened, self._start.rule

        def work(desk: Desk) -> tuple[Shadow, list[Gap], bool]:
            rule = rules.check(table)
            if opened and rule == before:
                raise Refusal("rule.unchanged", rule=rule.id)
            covers = rule.id != opened and rule_list.one(desk, rule.id) is not None
            return rules.shadow(desk, rule), rules.unproven(rule), covers

        self.say(t("rules.trying"))
        self.ask("shadow", work, lambda found: self._ask(table, *found), refused=self._refused, hold=True)

    def _ask(self, table: dict[str, Any], shadow: Shadow, gaps: list[Gap], covers: bool) -> None:
        told = rule_words.trial(shadow, gaps, BOX_CELLS)
        if covers:
            told.insert(0, line((t("rule.covers", rule=table["id"]), WARNING)))
        question = Confirm(t("rule.propose.ask", rule=table["id"]), told, yes="rule.propose.yes")
        self.app.push_screen(question, lambda yes: self._propose(table) if yes else None)

    def _propose(self, table: dict[str, Any]) -> None:
        key = self.draft_key

        def work(desk: Desk) -> RuleDone:
            found = rules.hand_in(desk, table, lambda txn: drop_draft_in(txn, key))
            return RuleDone(found.rule_id, review.done("rules.done.proposed", rules.KIND, found))

        self.ask("propose", self._typed.sealing(work), self._proposed, refused=self._refused, hold=True)

    def _proposed(self, done: RuleDone) -> None:
        self.dismiss(done)

    def _refused(self, refusal: Refusal) -> None:
        self._typed.touch()
        self.say(sentence(refusal), "error")
        if refusal.code.startswith("rule.") and refusal.code != "rule.unchanged":
            self._unsound(refusal)
            self.form.focus_field(field_of(refusal, self.form.values()))
