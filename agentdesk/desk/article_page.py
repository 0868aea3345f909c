"""An article as it is read from beginning to end: its steps, what its links lead to, the page of the web it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from agentdesk.desk import knowledge, library, policy_terms
from agentdesk.desk.context import Desk
from agentdesk.desk.views import ArticleView
from agentdesk.domain import article_links, article_steps, review_lane
from agentdesk.domain.article_links import DRAFT, IN_FORCE, MISSING, RETIRED, Target
from agentdesk.domain.article_steps import Step
from agentdesk.domain.content import article_id, shipped_article_id

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
    named = dict.fromkeys(link.id for link in article_links.links(shown.body))
    found = targets(desk, list(named)[:MAX_LINKS])
    return Page(shown, article_steps.steps_of(shown.steps, shown.body), found)


def targets(desk: Desk, names: Iterable[str]) -> dict[str, Target]:
    """What the ids of links lead to: the site's article of that id before the shipped one, else the article itself."""
    ways = {name: _ways(name) for name in names}
    ids = [one for way in ways.values() for one in way]
    usable = library.articles(desk, ids)
    gone = library.written_over(desk, usable) | policy_terms.overtaken(desk).keys()
    stands = _states(desk, [one for one in ids if one not in usable])
    return {name: _target(name, way, usable, gone, stands) for name, way in ways.items()}


def _ways(name: str) -> list[str]:
    """The entities that an id may mean, the first that is there counts."""
    found = [article_id(name), shipped_article_id(name)]
    try:
        return [*found, str(UUID(name))]
    except ValueError:
        return found


def _target(
    name: str, way: list[str], usable: Mapping[str, library.Published], gone: set[str], stands: Mapping[str, str]
) -> Target:
    for one in way:
        if one in usable and one not in gone:
            return Target(one, str(usable[one].value.get("title") or ""), IN_FORCE)
    state = next((stands[one] for one in way if one in stands), MISSING)
    return Target("", "", state)


def _states(desk: Desk, ids: Iterable[str]) -> dict[str, str]:
    """Why those that are there and not in force are not."""
    from agentdesk.store import entities

    with desk.store.read() as conn:
        found = entities.load(conn, [("article", one) for one in ids])
    gone = review_lane.IN_FORCE | {"retired"}  # one that is in force and not usable was withdrawn
    lanes = {state.id: str((state.lane("status") or {}).get("state") or "") for state in found.values()}
    return {one: RETIRED if state in gone else DRAFT for one, state in lanes.items()}
