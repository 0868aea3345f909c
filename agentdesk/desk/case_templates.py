"""Service templates (§6.2): a recipe that fills in a request's plan and resolution before anybody writes them.

The steps of the article become those of the plan and of the resolution, its plain words the solution; tags
`outcome:workaround` and `cause:flow_gap` name the result and the cause. Nothing is written to the request: what is
filled in stands in the forms, where a person looks it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from agentdesk.desk import article_page, knowledge, library, reading
from agentdesk.desk.context import Desk
from agentdesk.desk.views import Citation
from agentdesk.domain.article_steps import Step
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import CAUSE_CLASSES, OUTCOMES
from agentdesk.text.search_query import Asked, Wish

DRAFT: Final = "template:"
PLAN, RESOLUTION = "plan", "resolve"
"""The forms that a template fills in, each once."""
MOST_FITTING: Final = 5


@dataclass(frozen=True, slots=True)
class CaseTemplate:
    """What a template fills in."""

    citation: Citation
    steps: tuple[Step, ...]
    outcome: str
    cause_class: str
    solution_text: str

    @property
    def longest(self) -> timedelta | None:
        """The time within which the last of its steps is done."""
        return max((step.within for step in self.steps if step.within is not None), default=None)


@dataclass(frozen=True, slots=True)
class Choice:
    """A template to choose: its title, and its plain words."""

    id: str
    title: str
    plain_summary: str


def listing(desk: Desk, request_id: str) -> list[Choice]:
    """All templates in force, those that fit the request first."""
    from agentdesk.store import queries

    library.take_over(desk)
    found = library.articles(desk, queries.articles_of_kind(desk.store.raw(), article_page.TEMPLATE))
    gone = library.written_over(desk, found)
    usable = {
        one.id: one for one in found.values() if one.id not in gone and one.value.get("kind") == article_page.TEMPLATE
    }
    fitting = [one for one in _fitting(desk, request_id) if one in usable]
    ordered = dict.fromkeys([*fitting, *sorted(usable, key=lambda one: str(usable[one].value.get("title")))])
    shown = (usable[one] for one in ordered)
    return [Choice(one.id, str(one.value["title"]), str(one.value.get("plain_summary") or "")) for one in shown]


def _fitting(desk: Desk, request_id: str) -> list[str]:
    words = knowledge.search_text(reading.load(desk, request_id))
    return knowledge.fitting(desk, Asked(words, (Wish("kind", "", (article_page.TEMPLATE,)),)), MOST_FITTING)


def read(desk: Desk, article_id: str) -> CaseTemplate:
    """What a template fills in. Raises Refusal knowledge.unknown, template.not_one."""
    page = article_page.read(desk, article_id)
    if not page.is_template:
        raise Refusal("template.not_one", title=page.article.title)
    one = page.article
    return CaseTemplate(
        citation=one.citation,
        steps=page.steps,
        outcome=_coded(one.tags, "outcome", OUTCOMES),
        cause_class=_coded(one.tags, "cause", CAUSE_CLASSES),
        solution_text=one.plain_summary if one.may_quote else "",
    )


def _coded(tags: Sequence[str], name: str, codes: Sequence[str]) -> str:
    return next((code for code in codes if f"{name}:{code}" in tags), "")


def apply(desk: Desk, request_id: str, article_id: str) -> CaseTemplate:
    """Let the next plan and the next resolution of a request be filled in from a template. Refusals as `read`."""
    template = read(desk, article_id)
    desk.drafts.save(DRAFT + request_id, {"article": article_id, "filled": []})
    return template


def waiting(desk: Desk, request_id: str, form: str) -> CaseTemplate | None:
    """The template that is to fill this form in; None where there is none, or it did so before."""
    kept = desk.drafts.load(DRAFT + request_id)
    if kept is None or form in kept["filled"]:
        return None
    try:
        return read(desk, str(kept["article"]))
    except Refusal:  # taken out of force meanwhile: nobody fills anything in from it
        return None


def filled(desk: Desk, request_id: str, form: str) -> None:
    """A form was filled in: what is typed there now stays as it is, also where it was emptied."""
    kept = desk.drafts.load(DRAFT + request_id)
    if kept is not None:
        desk.drafts.save(DRAFT + request_id, {**kept, "filled": sorted({*kept["filled"], form})})
