"""An article as it is read from beginning to end: its steps, what its links lead to, the page of the web it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agentdesk.desk import knowledge
from agentdesk.desk.article_links import targets
from agentdesk.desk.context import Desk
from agentdesk.desk.views import ArticleView
from agentdesk.domain import article_links, article_steps
from agentdesk.domain.article_links import ArticleLink, Target
from agentdesk.domain.article_steps import Step

CHECKLIST = "emergency"
TEMPLATE = "template"
MAX_LINKS = 200
"""Links of one article that are followed; of more the rest is shown as words."""


@dataclass(frozen=True, slots=True)
class Page:
    """An article opened whole. `targets`: what each link leads to, by the id that it names."""

    article: ArticleView
    steps: tuple[Step, ...]
    targets: Mapping[str, Target] = field(default_factory=dict)
    step_links: tuple[ArticleLink, ...] = ()
    """The links of its own steps, each target once: a step is read aloud as words, and is known by them."""

    @property
    def is_checklist(self) -> bool:
        """Whether its steps are ticked off (§4.5)."""
        return self.article.kind == CHECKLIST and bool(self.steps)

    @property
    def is_template(self) -> bool:
        """Whether it fills in plan and resolution (§6.2)."""
        return self.article.kind == TEMPLATE


def read(desk: Desk, entity_id: str) -> Page:
    """Read an article in the version in force. Raises Refusal knowledge.unknown."""
    shown = knowledge.article(desk, entity_id)
    in_steps: dict[str, ArticleLink] = {}
    for step in shown.steps:
        for link in article_links.links(step):
            in_steps.setdefault(link.id, link)
    named = dict.fromkeys((*in_steps, *(link.id for link in article_links.links(shown.body))))
    found = targets(desk, list(named)[:MAX_LINKS])
    steps = article_steps.steps_of(shown.steps, shown.body)
    return Page(shown, steps, found, tuple(in_steps.values())[:MAX_LINKS])
