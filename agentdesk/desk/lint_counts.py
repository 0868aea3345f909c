"""The lint counters: warnings confirmed, blocks released, replacements taken (standard §5.6). Hints are not counted.

They are read from the messages themselves, so that a desk counts what its whole team has sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agentdesk.changes import EntityState, Event
from agentdesk.desk import library
from agentdesk.desk.context import Desk
from agentdesk.desk.reading import Whole

BY = ("rule", "category", "agent")
WHAT = ("confirmed", "released", "replaced")


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened under one rule, category or agent (name and work number)."""

    key: str
    confirmed: int
    released: int
    replaced: int


def of_contact(whole: Whole, contact_id: str) -> dict[str, int]:
    """The counters of one contact: what was sent between its beginning and the next one's."""
    begins = [(event.at, event.entity_id) for event in whole.events("contact", "opened")]
    since = next((at for at, contact in begins if contact == contact_id), None)
    until = next((at for at, _ in begins if since is not None and at > since), None)
    found = Counter(
        what
        for state in whole.of("entry")
        for what, _, event in _happened(state)
        if since is not None and event.at >= since and (until is None or event.at < until)
    )
    return {what: found[what] for what in WHAT}


def counted(desk: Desk, days: int, by: str = "rule") -> list[Counted]:
    """The counters of the last days by rule, category or agent, the most frequent first.

    A rule that is no longer in force has the category "".
    """
    from agentdesk.store import entities

    since = desk.now() - timedelta(days=days)
    categories = {rule.id: rule.category for rule in library.rules(desk)}
    found: dict[str, Counter[str]] = {}
    with desk.store.read() as conn:
        for state in entities.each(conn, "entry"):
            for what, rule, event in _happened(state):
                if event.at >= since:
                    key = _key(desk, by, rule, event, categories)
                    found.setdefault(key, Counter())[what] += 1
    ordered = sorted(found.items(), key=lambda item: (-item[1].total(), item[0]))
    return [Counted(key, *(counts[what] for what in WHAT)) for key, counts in ordered]


def _key(desk: Desk, by: str, rule: str, event: Event, categories: Mapping[str, str]) -> str:
    if by == "agent":
        person = desk.person(event.actor)
        return f"{person.name} {person.work_no}".strip()
    return categories.get(rule, "") if by == "category" else rule


def _happened(state: EntityState) -> Iterator[tuple[str, str, Event]]:
    """(what, rule, event) for everything counted in one entry."""
    for event in state.events("message_sent"):
        yield from (("confirmed", rule, event) for rule in _warned(event.value.get("findings") or ()))
    for group in ("released", "replaced"):
        for event in state.events(group):
            yield from ((group, str(rule), event) for rule in event.value.get("rules") or ())


def _warned(findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (str(one["rule"]) for one in findings if one["severity"] == "warn")
