"""Resolving: the reply becomes message and solution; verdict and survey of the same contact close it in one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import case_templates, resolve
from agentdesk.desk.views import Citation, Moved, ResolveForm, ResolveOptions
from agentdesk.domain.vocabulary import CAUSE_CLASSES, OUTCOMES
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, line
from agentdesk.screens.form import RequestForm
from agentdesk.screens.template_fill import TemplateFill
from agentdesk.widgets.choice import choices
from agentdesk.widgets.record_form import FieldSpec, Value

if TYPE_CHECKING:
    from agentdesk.desk.case_templates import CaseTemplate
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import Hit, RequestView
    from agentdesk.screens.reply import SoFar

SURVEYS = ("sent", "declined")


class ResolveScreen(TemplateFill, RequestForm):
    """The resolution record (service standard 3.5) with what is known of the result in the same contact."""

    SCOPE = "resolve"
    TITLE_KEY = "resolve.title"
    FILLS = case_templates.RESOLUTION

    def __init__(self, view: RequestView, reply: SoFar) -> None:
        super().__init__(view)
        self._reply = reply
        self._options: ResolveOptions | None = None
        self._articles: tuple[Citation, ...] = reply.articles
        self._simple = view.category == "simple"

    def specs(self) -> list[FieldSpec]:
        """Solution first, then what the record asks, then the result."""
        fields = [FieldSpec("solution_text", "lines", "field.solution_text", rows=3)]
        if not self._simple:
            fields += [
                FieldSpec(
                    "cause_class", "choice", "field.cause_class", choices("cause_class", CAUSE_CLASSES), advance="gap"
                ),
                FieldSpec("actions", "lines", "field.actions", rows=2, hint="field.actions.hint"),
            ]
        fields += [
            FieldSpec("outcome", "choice", "field.outcome", choices("outcome", OUTCOMES), advance="gap"),
            FieldSpec("own_knowledge", "check", "field.own_knowledge", hint="field.own_knowledge.tick"),
            FieldSpec("verdict", "choice", "field.verdict", choices("verdict", resolve.VERDICTS), optional=True),
            FieldSpec("survey", "choice", "field.survey", choices("survey", SURVEYS), optional=True, advance="stay"),
            FieldSpec("dissatisfaction_reason", "text", "field.dissatisfaction_reason", limit=200),
            FieldSpec("new_needs", "text", "field.new_needs", limit=200),
            FieldSpec("follow_up", "text", "field.follow_up", limit=200),
        ]
        return fields

    def values(self) -> Mapping[str, Value]:
        """The reply stands as solution until the desk's own prefill comes."""
        return {"solution_text": self._reply.text, "outcome": "solved", "own_knowledge": not self._articles}

    def required(self, values: Mapping[str, Value]) -> set[str]:
        """What the guard of the transition asks for."""
        needed = {"solution_text", "outcome"} | (set() if self._simple else {"cause_class", "actions"})
        if values.get("verdict") == "dissatisfied":
            needed.add("dissatisfaction_reason")
        return needed

    def about(self) -> Content:
        """The articles that the resolution cites."""
        titles = t("list.comma").join(one.title for one in self._articles)
        return line((t("resolve.cites") + " ", DIM), titles) if titles else line((t("resolve.no_cites"), DIM))

    def base(self) -> str:
        """The reply over which the form was opened."""
        return self._reply.text

    def prepare(self, desk: Desk) -> tuple[ResolveOptions, ResolveForm, CaseTemplate | None]:
        """Read what the form must ask, and what it starts from."""
        sofar = self._reply
        request_id = self.request.id
        return (
            resolve.options(desk, request_id),
            resolve.prefill(desk, request_id, sofar.text, sofar.phrases, sofar.articles),
            self.template(desk),
        )

    def prepared(self, value: tuple[ResolveOptions, ResolveForm, CaseTemplate | None]) -> None:
        """Show what it starts from."""
        self._options, form, _ = value
        self._articles = form.articles
        self.form.set_values(
            {"solution_text": form.solution_text, "outcome": form.outcome, "own_knowledge": form.own_knowledge}
        )
        self._show_about()

    def complete(self, value: tuple[ResolveOptions, ResolveForm, CaseTemplate | None], resumed: bool) -> None:
        """Fill in what an applied template knows of the record; a result that nobody chose gives way to its own."""
        template = value[2]
        if template is None:
            return
        if not resumed and template.outcome:
            self.form.set_value("outcome", template.outcome)
        wanted = {"solution_text": template.solution_text, "outcome": template.outcome}
        wanted |= {"cause_class": template.cause_class, "actions": "\n".join(step.text for step in template.steps)}
        self.fill_in(template, wanted)
        if all(one.id != template.citation.id for one in self._articles):
            self._articles += (template.citation,)
            self.form.set_value("own_knowledge", False)
        self._show_about()

    def first_field(self) -> str:
        """The verdict, where nothing before it is missing."""
        return "" if self.form.marks.missing else "verdict"

    def _show_about(self) -> None:
        self.query_one(".form-about", Static).update(self.about())

    def action_articles(self) -> None:
        """Search for an article to cite."""
        from agentdesk.screens.knowledge import KnowledgeScreen

        self.app.push_screen(KnowledgeScreen(self.request), self._cite)

    def _cite(self, hit: Hit | None) -> None:
        if hit is not None and all(one.id != hit.id for one in self._articles):
            self._articles += (hit.citation,)
            self.form.set_value("own_knowledge", False)
            self._show_about()

    def action_resolve(self) -> None:
        """Send, resolve, and as far as verdict and survey are known, confirm and close."""
        form = ResolveForm(
            outcome=self.text("outcome"),
            solution_text=self.text("solution_text"),
            cause_class=self.text("cause_class"),
            actions=tuple(part.strip() for part in self.text("actions").splitlines() if part.strip()),
            articles=self._articles,
            phrases=self._reply.phrases,
            own_knowledge=bool(self.form.values().get("own_knowledge")),
            new_needs=self.text("new_needs"),
            follow_up=self.text("follow_up"),
            verdict=self.text("verdict"),
            dissatisfaction_reason=self.text("dissatisfaction_reason"),
            survey=self.text("survey"),
        )
        request_id = self.request.id

        def call(desk: Desk, confirmed: bool) -> Moved:
            return resolve.resolve(desk, request_id, form, confirmed=confirmed)

        self.do(call)
