"""The notice of a policy's change being written: a text for agents, one for customers, what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Static

from agentdesk.desk import policies
from agentdesk.present import timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, block, line, lines
from agentdesk.screens.phrase_form import PhraseFormScreen
from agentdesk.screens.private import field_guard
from agentdesk.widgets.record_form import FieldSpec, RecordForm, Value

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.policies import PolicyView
    from agentdesk.desk.policy_terms import Edition

SHOWN = 300
"""Characters of the version's own words that stand above the form."""


class NoticeScreen(PhraseFormScreen):
    """Dismissed with a `PhraseDone`, or None where nothing was done."""

    SCOPE = "notice"
    FIRST = "internal_text"

    def __init__(self, policy: PolicyView, edition: Edition) -> None:
        """`edition`: the version that is announced."""
        super().__init__()
        self._policy = policy
        self._edition = edition
        told = [one for one in policy.notices if one.version == edition.version]
        self._values: dict[str, Value] = {
            "internal_text": told[-1].internal_text if told else "",
            "customer_text": told[-1].customer_text if told else edition.plain_summary,
            "topics": t("list.comma").join(told[-1].topics) if told else "",
        }

    def body(self) -> ComposeResult:
        """What is announced, then the form."""
        one = self._edition
        title = t("notice.title", title=one.title, number=one.number, date=timefmt.date(one.start))
        yield Static(line((title, STRONG)), classes="form-title", markup=False)
        about = lines(line((t("notice.hint"), DIM)), block(one.plain_summary[:SHOWN]))
        yield Static(about, classes="form-about", markup=False)
        specs = [
            FieldSpec("internal_text", "lines", "notice.field.internal", rows=3, limit=policies.MAX_TEXT),
            FieldSpec("customer_text", "lines", "notice.field.customer", rows=3, limit=policies.MAX_TEXT),
            FieldSpec("topics", "text", "notice.field.topics", limit=200),
        ]
        self.form = RecordForm(specs, self._values, guard=field_guard, id="notice-form")
        yield self.form

    def base(self) -> str:
        """What the fields held when the form opened."""
        return "\n".join(map(str, self._values.values()))

    @property
    def draft_key(self) -> str:
        """One draft for each version."""
        return f"form:notice:{self._edition.version}"

    def keep(self, desk: Desk, values: Mapping[str, Value], confirmed: bool) -> str:
        """Give the notice."""
        internal, customer = (str(values[name] or "") for name in ("internal_text", "customer_text"))
        topics = policies.topics_of(str(values["topics"] or ""))
        policies.give_notice(desk, self._policy.id, self._edition.version, internal, customer, topics)
        return self._policy.id

    def said(self) -> str:
        """What becomes of it now."""
        return t("notice.given", title=self._edition.title)
