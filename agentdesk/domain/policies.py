"""Which version of a policy is in force (standard §6.3): exactly one at any instant after the first one's start.

Pure functions of what was approved and an instant, so that a desk that is offline changes over at the same second as
one that is not. A version never leaves a gap: it stays in force until another one takes its place, and where a
temporary one ends, the one before it comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from agentdesk.changes import Attempt, EntityState, Event, Lane, Transition, instant
from agentdesk.domain.facts import RequestFacts
from agentdesk.domain.review_lane import IN_FORCE

POLICY: Final = "policy"
NOTICE_CLOCK: Final = "clock.CK-19"
WAIVED: Final = "waived"
"""What the step of a manager names: the version that takes force without a notice."""
RECALLED: Final = "recalled"
"""What a recall names: the announced version that will not take force."""
NUMBER_TAG: Final = re.compile(r"v(\d{1,6})")
"""The tag that numbers a version of a policy."""


@dataclass(frozen=True, slots=True)
class Approved:
    """One approval of a version: its place among the approvals, from when it holds, and when it is planned to end."""

    version: str
    order: int
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """A change that was announced and will not come: its version, when it was recalled and why."""

    version: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Term:
    """A version in force from an instant on, until the next term begins."""

    version: str
    start: datetime


def terms(approved: Iterable[Approved]) -> tuple[Term, ...]:
    """Return the terms in order: what is in force, from when. The order in which approvals arrived does not matter."""
    known = sorted(approved, key=lambda one: (one.start, one.order))
    bounds = sorted({one.start for one in known} | {one.end for one in known if one.end and one.end > one.start})
    found: list[Term] = []
    for at in bounds:
        version = _strongest(known, at)
        if version and (not found or found[-1].version != version):
            found.append(Term(version, at))
    return tuple(found)


def _strongest(known: Sequence[Approved], at: datetime) -> str:
    """The version that began last, of those not past their end; where all are, the last of all stays."""
    started = [one for one in known if one.start <= at]
    living = [one for one in started if one.end is None or one.end <= one.start or at < one.end]
    return (living or started)[-1].version if started else ""


def in_force(of: Sequence[Term], at: datetime) -> Term | None:
    """Return the term that holds at an instant; None before the first one's start."""
    return next((term for term in reversed(of) if term.start <= at), None)


def following(of: Sequence[Term], at: datetime) -> Term | None:
    """Return the term that comes next."""
    return next((term for term in of if term.start > at), None)


# -- of an article ----------------------------------------------------------------------------------------------------


def is_policy(state: EntityState) -> bool:
    """Whether an article is a policy: what its last approved version says."""
    approved = _approved_versions(state)
    return bool(approved) and approved[-1][0].value.get("kind") == POLICY


def approvals(state: EntityState) -> list[Approved]:
    """Return what was approved since the article was last retired. No version holds before somebody approved it."""
    found = []
    gone = recalls(state)
    for order, (event, at) in enumerate(_approved_versions(state)):
        if event.id in gone:
            continue
        start = max(_when(event.value.get("effective_from")) or at, at)
        found.append(Approved(event.id, order, start, _when(event.value.get("effective_to"))))
    return found


def numbers(state: EntityState) -> dict[str, int]:
    """Number the versions as they were approved: by the tag `v3` that a version was written with, else one on.

    One that was recalled keeps its number, so that no other one is called by it.
    """
    tags = state.values.get("tags", {})
    stamps = state.stamps.get("tags", {})
    tagged = {tag: int(match.group(1)) for tag in tags if (match := NUMBER_TAG.fullmatch(tag))}
    written = {stamps[tag][2]: number for tag, number in tagged.items() if tags[tag]}
    found: dict[str, int] = {}
    number = min(tagged.values(), default=1) - 1
    for event, _ in _approved_versions(state):
        if event.id not in found:
            number = found[event.id] = max(number + 1, written.get(event.id, 0))
    return found


def _approved_versions(state: EntityState) -> list[tuple[Event, datetime]]:
    """Each approval since the last retirement: the version and when it was approved, in the order of the lane."""
    versions = state.events("version")
    found: list[tuple[Event, datetime]] = []
    for step in (state.lane("status") or {}).get("trail", ()):
        at = instant(step["at"])
        if step["t"] == "retire":
            found.clear()
        elif step["t"] == "publish" and (event := _named(versions, str(step.get("current") or ""), at)) is not None:
            found.append((event, at))
    return found


def recalls(state: EntityState) -> dict[str, Recalled]:
    """Return the versions that were recalled since the article was last retired and not approved once more."""
    found: dict[str, Recalled] = {}
    versions = state.events("version")
    for step in (state.lane("status") or {}).get("trail", ()):
        if step["t"] == "retire":
            found.clear()
        elif step["t"] == "recall" and step.get(RECALLED) in state.values.get("version", {}):
            version = str(step[RECALLED])
            found[version] = Recalled(version, instant(step["at"]), str(step.get("why") or ""))
        elif step["t"] == "publish":
            again = _named(versions, str(step.get("current") or ""), instant(step["at"]))
            found.pop(again.id if again is not None else "", None)
    return found


def _named(versions: Sequence[Event], wanted: str, at: datetime) -> Event | None:
    """The version that a step named; of a step that named none, the latest one written by then."""
    if wanted:
        return next((event for event in versions if event.id == wanted), None)
    return next((event for event in reversed(versions) if event.at <= at), None)


def _when(text: Any) -> datetime | None:
    try:
        return instant(str(text)) if text else None
    except ValueError:
        return None


# -- the notice (CK-19) -----------------------------------------------------------------------------------------------


def announced_lane(publishing: Lane) -> Lane:
    """Return the publishing lane of articles: a policy's change is published once it was announced in time.

    A manager may waive the notice of one version with a reason: a step of its own, since publishing is not theirs. Who
    may approve takes back what was announced and does not hold yet.
    """
    publish = publishing.transitions["publish"]
    open_states = frozenset({"draft", "in_review", "published", "flagged", "returned"})
    recall = Transition("recall", IN_FORCE, (), guard=recalled_in_time)
    waive = Transition("waive", open_states, (), frozenset({"manager"}), waived_with_reason)

    def guard(facts: RequestFacts, attempt: Attempt) -> list[str]:
        before = publish.guard(facts, attempt) if publish.guard else ()
        return [*before, *announced_in_time(facts, attempt)]

    steps = {**publishing.transitions, "publish": replace(publish, guard=guard), "waive": waive, "recall": recall}
    return replace(publishing, transitions=steps)


def waived_with_reason(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Waive: `version` where none is named that is there, `why` where no reason is."""
    state = next((one for one in facts.children("article") if one.id == attempt.entity_id), None)
    there = state is not None and attempt.value.get(WAIVED) in state.values.get("version", {})
    return [] if there and str(attempt.value.get("why") or "").strip() else ["why" if there else "version"]


def recalled_in_time(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Recall: `version` unless what is named is still to come and the step leaves what holds now, `why` without one.

    What reaches the centre after the start comes too late, whenever it was said: others have acted on the version.
    """
    state = next((one for one in facts.children("article") if one.id == attempt.entity_id), None)
    of = terms(approvals(state)) if state is not None else ()
    at = max(attempt.at, attempt.received or attempt.at)
    now = in_force(of, at)
    coming = {one.version for one in of if one.start > at} - {now.version if now else ""}
    if now is None or attempt.value.get(RECALLED) not in coming or attempt.value.get("current") != now.version:
        return ["version"]
    return [] if str(attempt.value.get("why") or "").strip() else ["why"]


def announced_in_time(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Publish: `notice` where a policy in force would change without a notice 72 h ahead.

    The first version of a policy changes nothing; for an urgent one a manager waives the notice (standard §3.4).
    """
    state = next((one for one in facts.children("article") if one.id == attempt.entity_id), None)
    version = _named(state.events("version"), str(attempt.value.get("current") or ""), attempt.at) if state else None
    if state is None or version is None or version.value.get("kind") != POLICY:
        return []
    now = in_force(terms(approvals(state)), attempt.at)
    if now is None or now.version == version.id:
        return []
    waived = (state.lane("status") or {}).get(WAIVED) == version.id
    ahead = timedelta(seconds=facts.settings.seconds(NOTICE_CLOCK))
    start = max(_when(version.value.get("effective_from")) or attempt.at, attempt.at)
    told = any(one.value.get("version") == version.id and one.at + ahead <= start for one in state.events("notice"))
    return [] if told or waived else ["notice"]
