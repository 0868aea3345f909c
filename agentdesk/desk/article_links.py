"""Where the links of articles lead, and the list of those that lead nowhere (docs/knowledge.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agentdesk.desk import article_review, library
from agentdesk.domain.article_links import BROKEN, DRAFT, IN_FORCE, MISSING, RETIRED, ArticleLink, Target, links
from agentdesk.domain.content import article_id, shipped_article_id

if TYPE_CHECKING:
    from agentdesk.changes import EntityState
    from agentdesk.desk.context import Desk
    from agentdesk.desk.site_articles import Row

SLICE = 500
"""Articles read at once to see where links lead: a base of ten thousand is not held whole."""
_NOWHERE = Target("", "", MISSING)
LINKED = ("body", "plain_summary")
BREAKS = "broken"
"""No state of an article: that a link in it leads nowhere, as the list of knowledge management is asked for it."""
_LIST = "article:breaks"
"""What the list is kept by, until an article is written."""


@dataclass(frozen=True, slots=True)
class Break:
    """A link that leads nowhere: the article it stands in, by entity and by its own id; what it names, and why."""

    article: str
    source_id: str
    title: str
    link: ArticleLink
    target: Target


def targets(desk: Desk, ids: Iterable[str]) -> dict[str, Target]:
    """What these ids of links lead to: each gets an answer, `missing` too."""
    wanted = list(dict.fromkeys(ids))
    found: dict[str, Target] = {}
    for start in range(0, len(wanted), SLICE):
        found |= _targets(desk, wanted[start : start + SLICE])
    return found


def _targets(desk: Desk, ids: list[str]) -> dict[str, Target]:
    """The site's article of an id stands before the shipped one; a retired one gives its place back."""
    from agentdesk.store import entities, starter

    at = desk.now()
    asked = {one: (article_id(one), shipped_article_id(one), one) for one in ids}
    with desk.store.read() as conn:
        stored = entities.load(conn, [("article", key) for keys in asked.values() for key in keys])
    known = {**starter.by_key(), **stored}
    return {
        one: _best([_target(state, at) for key in keys if (state := known.get(("article", key)))])
        for one, keys in asked.items()
    }


def _best(found: list[Target]) -> Target:
    """What counts now before what does not; of those, the first."""
    return min(found, key=lambda one: one.state != IN_FORCE, default=_NOWHERE)


def _target(state: EntityState, at: datetime) -> Target:
    value = _counts(state, at)
    if value is not None and not value.get("withdrawn"):
        return Target(state.id, str(value.get("title") or ""), IN_FORCE)
    latest: Mapping[str, Any] = max(state.events("version"), key=lambda one: (one.at, one.seq, one.id)).value
    was = value is not None or (state.lane("status") or {}).get("state") == "retired"
    return Target(state.id, str(latest.get("title") or ""), RETIRED if was else DRAFT)


def _counts(state: EntityState, at: datetime) -> Mapping[str, Any] | None:
    """The version that can be read now: of a policy by the clock, so one that is only announced has none."""
    from agentdesk.domain import policies

    if not policies.is_policy(state):
        return library.last_published(state)[1]
    term = policies.in_force(policies.terms(policies.approvals(state)), at)
    return None if term is None else state.values["version"][term.version]


def broken_in(desk: Desk, value: Mapping[str, Any]) -> list[tuple[ArticleLink, Target]]:
    """The links of one version that lead nowhere, in their order."""
    found = list(_links(value))
    known = targets(desk, (one.id for one in found))
    return [(one, known[one.id]) for one in found if known[one.id].state in BROKEN]


def breaks(desk: Desk) -> list[Break]:
    """Every link of an article in use that leads nowhere, by title; read once and kept until an article is written.

    What is not in force yet is looked at again: a policy that was announced takes force by the clock.
    """
    found = desk.kept(_LIST, lambda: _breaks(desk))
    waiting = targets(desk, (one.link.id for one in found if one.target.state == DRAFT))
    return [one for one in found if one.link.id not in waiting or waiting[one.link.id].state in BROKEN]


def _breaks(desk: Desk) -> list[Break]:
    found = [
        Break(one.id, str(one.value.get("source_id") or one.id), str(one.value.get("title") or ""), link, _NOWHERE)
        for one in library.each_in_use(desk)
        for link in _links(one.value)
    ]
    known = targets(desk, (one.link.id for one in found))
    judged = (replace(one, target=known[one.link.id]) for one in found)
    return sorted((one for one in judged if one.target.state in BROKEN), key=lambda one: (one.title, one.article))


def _links(value: Mapping[str, Any]) -> Iterator[ArticleLink]:
    for name in LINKED:
        yield from links(str(value.get(name) or ""))
    for step in value.get("steps") or ():
        yield from links(str(step))


def rows(desk: Desk, words: str = "", limit: int = 0) -> list[Row]:
    """The articles in which a link leads nowhere, as knowledge management lists them."""
    with_breaks = {one.article for one in breaks(desk)}
    found = [row for row in article_review.every(desk, words) if row.id in with_breaks]
    return found[:limit] if limit else found
