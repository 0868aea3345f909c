"""RequestFacts: one request with everything that hangs on it, as guards, clocks and screens read it (MODEL §3).

Built from the folded states of one root each time something under it is touched, so everything is computed on demand
and kept for the life of the object. The same class serves the desk before a commit and the centre when it judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from agentdesk.changes import EntityState, Event, instant
from agentdesk.domain.intake import Intake
from agentdesk.domain.settings import SHIPPED, Settings
from agentdesk.domain.vocabulary import CONTENT_VERDICTS


@dataclass(frozen=True, slots=True)
class Step:
    """One applied transition of the flow lane, in the order in which the lane took them."""

    id: str
    t: str
    state: str
    owner: str | None
    episode: str | None
    at: datetime
    actor: str
    wait: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One value that a register with a history has had: its change id, when it was said, what it was."""

    id: str
    at: datetime
    value: Mapping[str, Any]


class RequestFacts:
    """What is known of one request. `request` is None where the root is no request or was not loaded."""

    def __init__(self, states: Iterable[EntityState], settings: Settings = SHIPPED) -> None:
        self.settings = settings
        self.request: EntityState | None = None
        self._children: dict[str, list[EntityState]] = {}
        self._events: dict[tuple[str, str], list[Event]] = {}
        for state in states:
            if state.entity == "request":
                self.request = state
            else:
                self._children.setdefault(state.entity, []).append(state)

    # -- reading ------------------------------------------------------------------------------------------------------

    def children(self, entity: str) -> Sequence[EntityState]:
        """Return the states of one kind under the request."""
        return self._children.get(entity, ())

    def events(self, entity: str, group: str) -> list[Event]:
        """Return all events of one group under the request, oldest first: order (at, seq, id)."""
        key = (entity, group)
        if key not in self._events:
            states = [self.request] if entity == "request" and self.request else self._children.get(entity, ())
            found = [event for state in states for event in state.events(group)]
            found.sort(key=lambda event: (event.at, event.seq, event.id))
            self._events[key] = found
        return self._events[key]

    def register(self, group: str) -> Mapping[str, Any]:
        """Return a register of the request, empty where nothing was said."""
        return self.request.register(group) if self.request else {}

    def _history(self, group: str) -> tuple[Kept, ...]:
        if self.request is None:
            return ()
        kept = self.request.kept.get(group, {})
        order = sorted(kept.items(), key=lambda item: (item[1]["eff"], item[1]["seq"]))
        return tuple(
            Kept(cid, instant(entry["value"]["at"]), entry["value"]) for cid, entry in order if entry["value"].get("at")
        )

    @cached_property
    def priorities(self) -> tuple[Kept, ...]:
        """Every priority that the request has had, in merge order."""
        return self._history("priority")

    @cached_property
    def categories(self) -> tuple[Kept, ...]:
        """Every category that the request has had, in merge order."""
        return self._history("category")

    # -- the record ---------------------------------------------------------------------------------------------------

    @cached_property
    def intake(self) -> Intake:
        """The record in the shape of the form."""
        if self.request is None:
            return Intake()
        return intake_of(self.request)

    @property
    def category(self) -> str:
        """The category in force."""
        return self.intake.category

    @property
    def priority(self) -> str:
        """The priority in force."""
        return self.intake.priority

    # -- the flow -----------------------------------------------------------------------------------------------------

    @cached_property
    def flow(self) -> Mapping[str, Any]:
        """The flow lane, empty before T1."""
        return (self.request.lane("flow") if self.request else None) or {}

    @property
    def state(self) -> str | None:
        """The state of the flow lane; None before T1."""
        return self.flow.get("state")

    @property
    def owner(self) -> str | None:
        """The person accountable now."""
        return self.flow.get("owner")

    @cached_property
    def trail(self) -> tuple[Step, ...]:
        """The applied transitions of the flow lane."""
        return tuple(
            Step(
                step["id"],
                step["t"],
                step["state"],
                step.get("owner"),
                step.get("episode"),
                instant(step["at"]),
                step.get("actor", ""),
                step.get("wait"),
            )
            for step in self.flow.get("trail", ())
        )

    def steps(self, *names: str) -> list[Step]:
        """Return the applied transitions of these names, oldest first."""
        return [step for step in self.trail if step.t in names]

    def transitions(self, *names: str) -> int:
        """Return how often these transitions were applied."""
        return len(self.steps(*names))

    @cached_property
    def episode_began(self) -> datetime | None:
        """When the present round of handling began; None in the first one, where everything counts."""
        starts = [step for step in self.trail if step.id == step.episode]
        return starts[-1].at if len(starts) > 1 else None

    def this_episode(self, events: Iterable[Event]) -> list[Event]:
        """Return the events of the present round of handling."""
        began = self.episode_began
        return [event for event in events if began is None or event.at >= began]

    @property
    def transfer_count(self) -> int:
        """How often the request was handed on (T9)."""
        return self.transitions("T9")

    @property
    def reopened_count(self) -> int:
        """How often it came back after it had been resolved (T15, T19)."""
        return self.transitions("T15", "T19")

    # -- what was told, sent, planned, resolved -----------------------------------------------------------------------

    def told(self, *kinds: str) -> list[Event]:
        """Return what the customer was told of these kinds (all without kinds), oldest first."""
        return [event for event in self.events("entry", "told") if not kinds or event.value.get("what") in kinds]

    def plan(self, version: str | None = None) -> Event | None:
        """Return a plan version by its change id: the lane's where none is named, else the latest told."""
        return self._version("plan", version or self.flow.get("plan_id"))

    def resolution(self, version: str | None = None) -> Event | None:
        """Return a resolution version by its change id: the lane's where none is named, else the latest."""
        return self._version("resolution", version or self.flow.get("resolution_id"))

    def _version(self, entity: str, version: str | None) -> Event | None:
        versions = self.events(entity, "version")
        if version is None:
            return versions[-1] if versions else None
        return next((event for event in versions if event.id == version), None)

    def answers(self, group: str, plan: str | None) -> list[Event]:
        """Return the `agreed` or `declined` events that name this plan version."""
        return [event for event in self.events("entry", group) if plan is not None and event.value.get("plan") == plan]

    def granted(self, kind: str) -> list[EntityState]:
        """Return the approvals of this kind that were granted or paid."""
        return [
            state
            for state in self.children("approval")
            if (state.lane("status") or {}).get("state") in ("granted", "paid")
            and any(event.value.get("kind") == kind for event in state.events("asked"))
        ]

    # -- verdict, call-back, survey, archive (ST4) --------------------------------------------------------------------

    @property
    def verdict(self) -> Event | None:
        """The customer's latest verdict."""
        given = self.events("verdict", "given")
        return given[-1] if given else None

    @property
    def fresh_verdict(self) -> Event | None:
        """The latest verdict if no transition has used it up: one verdict speaks of one resolution."""
        given = self.events("verdict", "given")
        return given[-1] if len(given) > self.transitions("T13", "T14", "T18") else None

    @property
    def content(self) -> bool:
        """Whether the latest verdict is satisfied or basically satisfied."""
        verdict = self.verdict
        return verdict is not None and verdict.value.get("verdict") in CONTENT_VERDICTS

    @property
    def contacts_count(self) -> int:
        """How many contacts the customer has had about this request."""
        return len(self.events("contact", "opened"))

    @property
    def callback_never_exempt(self) -> bool:
        """Complaints, VIPs, P1 and the complaint line always get a call-back (§4.9, §4.1)."""
        return _never_exempt(self.intake) or bool(self.register("complaint_line").get("on"))

    @property
    def exempt_by_record(self) -> bool:
        """Whether the record allows to close without a call-back: a simple P3 enquiry that nobody marked by hand."""
        return exempt_by_record(self.intake, self.settings) and not self.callback_never_exempt

    @property
    def exempt(self) -> bool:
        """Whether no call-back is due (§4.9): `exempt_by_record`, and the customer confirmed in the same contact."""
        verdict = self.verdict
        return (
            self.exempt_by_record
            and self.content
            and verdict is not None
            and verdict.value.get("via") == "contact"
            and self.contacts_count <= 1
        )

    @property
    def needs_callback(self) -> bool:
        """Whether a call-back is due or was (field 19): true unless exempt."""
        return not self.exempt

    @property
    def reached(self) -> list[Event]:
        """The call-backs of this round of handling that reached the customer."""
        return [event for event in self.this_episode(self.events("callback", "attempt")) if event.value.get("reached")]

    @property
    def unreached(self) -> list[Event]:
        """The attempts of this round of handling that did not reach the customer."""
        attempts = self.this_episode(self.events("callback", "attempt"))
        return [event for event in attempts if not event.value.get("reached")]

    @property
    def callback_done(self) -> bool:
        """Whether the call-back gate of T17 is open: reached, or validly exempted."""
        exempted = self.this_episode(self.events("callback", "exempted"))
        return bool(self.reached) or (bool(exempted) and not self.callback_never_exempt)

    @property
    def survey_done(self) -> bool:
        """Whether a survey was sent or declined in this round of handling."""
        return bool(self.this_episode(self.events("survey", "sent") + self.events("survey", "declined")))

    @property
    def archive_missing(self) -> list[str]:
        """What the archive lacks (§3.3): codes message, solution, verdict."""
        resolution = self.resolution()
        solved = resolution is not None and bool(str(resolution.value.get("solution_text") or "").strip())
        there = {
            "message": bool(self.events("entry", "message_sent")),
            "solution": solved,
            "verdict": self.verdict is not None,
        }
        return [code for code, found in there.items() if not found]


def request_facts(states: Sequence[EntityState], settings: Settings = SHIPPED) -> RequestFacts:
    """Make the facts of one root from its folded states: the factory that the registry hands to the engine."""
    return RequestFacts(states, settings)


def _never_exempt(intake: Intake) -> bool:
    return intake.request_type == "complaint" or intake.tier == "vip" or intake.priority == "P1"


def exempt_by_record(intake: Intake, settings: Settings = SHIPPED) -> bool:
    """Whether a record as filled in allows to close without a call-back (§4.9, field 19)."""
    return (
        bool(settings.get("callback.exempt_simple"))
        and not _never_exempt(intake)
        and intake.category == "simple"
        and intake.priority == "P3"
        and intake.request_type == "consult"
        and intake.needs_callback is not True
    )


def intake_of(request: EntityState) -> Intake:
    """Return the record of a request in the shape of the form; siblings of a text are joined."""
    reporter, kind = request.register("reporter"), request.register("type")
    occurred, order = request.register("occurred"), request.register("order")
    category, priority = request.register("category"), request.register("priority")

    def text(group: Mapping[str, Any], field: str) -> str:
        return str(group.get(field) or "")

    return Intake(
        channel=text(request.register("channel"), "channel"),
        customer_name=text(reporter, "customer_name"),
        contact=text(reporter, "contact"),
        contact_kind=text(reporter, "contact_kind"),
        customer_no=text(reporter, "customer_no"),
        unregistered=bool(reporter.get("unregistered")),
        request_type=text(kind, "request_type"),
        sub_type=text(kind, "sub_type"),
        product_service=text(request.register("product_service"), "product_service"),
        order_no=text(order, "order_no"),
        no_order=bool(order.get("no_order")),
        occurred_at=text(occurred, "occurred_at"),
        unknown_why=text(occurred, "unknown_why"),
        place=text(request.register("place"), "place"),
        description=request.text("description"),
        anomaly=request.text("anomaly"),
        attribution=text(request.register("attribution"), "attribution"),
        expected_outcome=request.text("expected_outcome"),
        emotion=text(request.register("emotion"), "emotion"),
        category=text(category, "category"),
        also_complex=bool(category.get("also_complex")),
        priority=text(priority, "priority"),
        priority_why=text(priority, "why"),
        tags=tuple(request.elements("tags")),
        preferred_channel=text(request.register("preferred_channel"), "preferred_channel"),
        tier=text(request.register("tier"), "tier"),
        segment=text(request.register("segment"), "segment"),
        needs_callback=request.register("needs_callback").get("value"),
        related_request=tuple(request.elements("related_request")),
    )
