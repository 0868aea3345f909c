"""The policies that a desk knows, with from when each of their versions holds (standard §6.3).

What is known is read once and kept until an article is written; what of it holds is asked of the clock each time, so
that a version gives way at its second without an exchange and without a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agentdesk.changes import EntityState, Event
from agentdesk.desk import library, reading
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.domain import policies
from agentdesk.domain.content import article_id
from agentdesk.domain.policies import Recalled, Term

KEPT = "article"
"""What is kept is named by the entity whose writing ends it."""
_TURNED = "policies_turned"
_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a policy as a list shows it."""

    version: str
    number: int
    start: datetime
    title: str
    plain_summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What is known of one policy whatever the time."""

    id: str
    terms: tuple[Term, ...]
    editions: Mapping[str, Published]
    numbers: Mapping[str, int]
    told: tuple[Event, ...]
    proposed: str = ""
    starts: Mapping[str, datetime] = field(default_factory=dict)
    """Version -> from when it holds for the first time; of one that is told of and not approved, as it is planned."""
    recalled: Mapping[str, Recalled] = field(default_factory=dict)
    """The announced versions that will not come."""

    @property
    def source_id(self) -> str:
        """Its id in the files it comes from."""
        return next((str(one.value["source_id"]) for one in self.editions.values() if one.value.get("source_id")), "")

    def number(self, version: str) -> int:
        """The number of a version; of one that nobody has approved, the number that it would get."""
        return self.numbers.get(version, max(self.numbers.values(), default=0) + 1)

    def coming(self, at: datetime) -> set[str]:
        """The versions that do not hold at an instant and will."""
        now = policies.in_force(self.terms, at)
        return {term.version for term in self.terms if term.start > at} - ({now.version} if now else set())

    def superseded(self, at: datetime) -> list[str]:
        """The versions, approved once, that neither hold at an instant nor will."""
        now = policies.in_force(self.terms, at)
        later = self.coming(at) | ({now.version} if now else set())
        return [version for version in self.numbers if version not in later]


def overtaken(desk: Desk) -> dict[str, Policy]:
    """The shipped policies in whose place one that the site wrote is in force, with that one."""
    from agentdesk.store import starter

    of, at = known(desk), desk.now()
    found: dict[str, Policy] = {}
    for one in of.values():
        over = of.get(article_id(one.source_id))
        if over is not None and ("article", one.id) in starter.by_key() and policies.in_force(over.terms, at):
            found[one.id] = over
    return found


def next_from(desk: Desk, article_id: str) -> datetime | None:
    """When another version takes the place of the one in force; None where none is announced, or for no policy."""
    one = known(desk).get(article_id)
    then = policies.following(one.terms, desk.now()) if one is not None else None
    return then.start if then is not None else None


def edition(desk: Desk, one: Policy, term: Term | None) -> Edition | None:
    """A version as it is shown, in the language of the screens."""
    if term is None:
        return None
    value, english = one.editions[term.version].value, desk.language == "en"

    def told(name: str) -> str:
        return str((value.get(f"{name}_en") if english else "") or value.get(name) or "")

    number, body = one.number(term.version), str(value.get("body") or "")
    return Edition(term.version, number, term.start, told("title"), told("plain_summary"), body)


def known(desk: Desk) -> dict[str, Policy]:
    """What is known of every policy by its article, whatever the time."""
    return desk.kept(KEPT, lambda: _load(desk))


def _load(desk: Desk) -> dict[str, Policy]:
    from agentdesk.store import entities
    from agentdesk.store.projections import policies as projection

    ids = projection.listed(desk.store.raw())
    with desk.store.read() as conn:
        states = entities.load(conn, [("article", one) for one in ids]).values()
    return {state.id: _of(state) for state in states}


def _of(state: EntityState) -> Policy:
    numbers = policies.numbers(state)
    told = tuple(event for event in state.events("notice") if event.value.get("version") in state.values["version"])
    latest = state.events("version")[-1].id
    returned = (state.lane("status") or {}).get("returned") == latest
    proposed = "" if latest in numbers or returned else latest
    back = policies.recalls(state)
    named = (*(str(event.value["version"]) for event in told), proposed)
    versions = dict.fromkeys((*numbers, *filter(None, named)))
    editions = {version: library.published(state, version) for version in versions}
    terms = policies.terms(policies.approvals(state))
    planned = {version: reading.when(one.value.get("effective_from")) for version, one in editions.items()}
    starts = {version: at for version, at in planned.items() if at is not None}
    starts |= {term.version: term.start for term in reversed(terms)}
    return Policy(state.id, terms, editions, numbers, told, proposed, starts, back)


@dataclass(slots=True)
class _Turned:
    """For which policies, and between which changes, the search index was last looked at."""

    of: Mapping[str, Policy] | None = None
    since: datetime = _EVER
    until: datetime = _NEVER


def turn_index(desk: Desk) -> None:
    """Let the search find what is in force now; each key of a search asks, so it only looks after a change."""
    from agentdesk.store import upkeep

    done, of, at = desk.kept(_TURNED, _Turned), known(desk), desk.now()
    if done.of is of and done.since <= at < done.until:
        return
    upkeep.turn_policies(desk.store, at)
    starts = [term.start for one in of.values() for term in one.terms]
    done.since = max((start for start in starts if start <= at), default=_EVER)
    done.until = min((start for start in starts if start > at), default=_NEVER)
    done.of = of


def turn_again(desk: Desk) -> None:
    """Have `turn_index` look over all policies: articles were indexed as published, whatever holds now."""
    desk.forget(_TURNED)
