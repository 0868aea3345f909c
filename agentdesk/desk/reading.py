"""Reading one request whole: its states as folded, and the small look-ups that several use cases share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState, Event, instant
from agentdesk.desk.context import Desk
from agentdesk.desk.views import Citation
from agentdesk.domain.refusal import Refusal
from agentdesk.store import queries
from agentdesk.text.clean import clean_line

if TYPE_CHECKING:
    from agentdesk.domain.facts import RequestFacts
    from agentdesk.domain.settings import Settings


@dataclass(frozen=True)
class Whole:
    """A request with everything under it, as shown now."""

    id: str
    states: Sequence[EntityState]
    pending: bool
    settings: Settings
    """The site's, as the guards read them."""

    @cached_property
    def request(self) -> EntityState:
        """The request itself."""
        return next(state for state in self.states if state.entity == "request")

    @cached_property
    def facts(self) -> RequestFacts:
        """The facts as guards and clocks read them."""
        from agentdesk.domain.facts import request_facts

        return request_facts(self.states, self.settings)

    @property
    def lane(self) -> dict[str, Any]:
        """The flow lane."""
        return self.request.lane("flow") or {}

    @property
    def state(self) -> str:
        """Where the flow stands."""
        return str(self.lane.get("state") or "")

    @property
    def number(self) -> str:
        """The readable number."""
        created = self.request.events("created")
        return str(created[0].value["number"]) if created else ""

    def of(self, entity: str) -> list[EntityState]:
        """The children of one kind, oldest first (their ids are time-ordered)."""
        return sorted((state for state in self.states if state.entity == entity), key=lambda state: state.id)

    def events(self, entity: str, group: str) -> list[Event]:
        """The events of one group over all children of a kind, in the order of happening."""
        found = [event for state in self.of(entity) for event in state.events(group)]
        return sorted(found, key=lambda event: (event.at, event.seq, event.id))

    def event(self, entity: str, group: str, change_id: str) -> Event | None:
        """One event by its change id, such as the plan version that the lane points to."""
        return next((event for event in self.events(entity, group) if event.id == change_id), None)

    @cached_property
    def contact_id(self) -> str:
        """The contact that is open: the latest one."""
        contacts = self.of("contact")
        return contacts[-1].id if contacts else ""

    def value(self, group: str, field: str = "") -> Any:
        """A field of a register of the request, "" where it is not set."""
        return self.request.register(group).get(field or group) or ""


def load(desk: Desk, request_id: str) -> Whole:
    """Read a request. Raises Refusal request.unknown."""
    from agentdesk.store import entities

    with desk.store.read() as conn:
        states = entities.load_roots(conn, [request_id], desk.journal.registry)[request_id]
    if not any(state.entity == "request" for state in states):
        raise Refusal("request.unknown", number=request_id)
    return Whole(request_id, states, queries.waits(desk.store.raw(), request_id), desk.settings)


def find(desk: Desk, number_or_id: str) -> str:
    """The id of a request by id, full number or unambiguous short number. Raises Refusal request.unknown."""
    wanted = clean_line(number_or_id, 80)
    found = queries.requests_named(desk.store.raw(), wanted)
    if len(found) != 1:
        raise Refusal("request.ambiguous" if found else "request.unknown", number=wanted)
    return found[0]


def parked(desk: Desk, request_id: str) -> bool:
    """Whether work on this request was refused by the centre and waits for a person."""
    return queries.parked(desk.store.raw(), request_id)


def kept_value(text: str | None) -> Any:
    """Read a JSON column over the plain connection."""
    return json.loads(text) if text else None


def when(value: Any) -> datetime | None:
    """An instant of a fact, None where there is none."""
    return instant(value) if value else None


def cited(whole: Whole) -> list[Citation]:
    """The articles that messages of this request cited, each once, in the version cited last."""
    found: dict[str, Citation] = {}
    for event in whole.events("entry", "message_sent"):
        for article in event.value.get("articles") or ():
            found[article["id"]] = Citation(article["id"], article["version"])
    return list(found.values())
