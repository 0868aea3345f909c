"""The way of what a site writes for everybody: a lint rule, a phrase, an article (standard §6.1): one lane, one gate.

A version that is written counts for nobody until somebody who may approve, and who did not write it, puts it in force.
A change of what is in force leaves the lane where it stands; it is returned by putting in force once more what is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from agentdesk.changes import EntityState
from agentdesk.desk import forms
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.review_lane import FLAG, FLAGGED
from agentdesk.domain.roles import may
from agentdesk.text.clean import clean_line

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

RETURNED, ASIDE = "returned", "aside"
"""What a step of the lane may name beside the version in force: one that was returned, one that was replaced."""
MAX_WHY = 200
"""Characters of the reason for a return or a retirement."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A kind of thing that is reviewed: its entity, its area of rights, its name in refusals, and two codes of them."""

    entity: str
    area: str
    called: str
    no_reason: str
    not_in_force: str

    def refusal(self, problem: str, name: str, **more: Any) -> Refusal:
        """A refusal about one of them, by its name."""
        return Refusal(f"{self.called}.{problem}", {self.called: name, **more})


@dataclass(frozen=True, slots=True)
class Version:
    """One version: who wrote it, when, and whether it is the one in force."""

    id: str
    at: datetime
    author: str
    in_force: bool


V = TypeVar("V", bound=Version)


@dataclass(frozen=True, slots=True)
class Standing(Generic[V]):
    """One thing that the site wrote, or wrote over one that ships, with where its lane stands; it has versions.

    `waiting`: own work has not reached the centre.
    """

    entity_id: str
    name: str
    lane: Mapping[str, Any]
    versions: tuple[V, ...]
    waiting: bool

    @property
    def state(self) -> str:
        """Where the lane stands; what waits for the centre's word is a draft."""
        return str(self.lane.get("state") or "draft")

    @property
    def why(self) -> str:
        """What the last return or retirement said, its contacts masked."""
        return mask_contacts(str(self.lane.get("why") or ""))

    @property
    def flag(self) -> str:
        """What somebody found wrong with what is in force, its contacts masked, as long as nobody has decided on it."""
        return mask_contacts(str(self.lane.get(FLAG) or "")) if self.state == FLAGGED else ""

    @property
    def returned(self) -> str:
        """The version that was returned last."""
        return str(self.lane.get(RETURNED) or "")

    @property
    def in_force(self) -> V | None:
        """The version that counts now."""
        return next((one for one in self.versions if one.in_force), None)

    @property
    def proposed(self) -> V | None:
        """The latest version, where it waits for approval."""
        latest = self.versions[-1]
        aside = (self.returned, self.lane.get(ASIDE))
        # What its author wrote before hearing of a return is not what was returned.
        ended = self.state == "retired" or (self.state == RETURNED and not self.returned)
        return None if ended or latest.in_force or latest.id in aside else latest


S = TypeVar("S", bound=Standing[Any])


def every(desk: Desk, kind: Reviewed, made: Callable[[EntityState, bool], S | None]) -> list[S]:
    """All of a kind that the site wrote, by name. `made`: one of them of its state and whether it waits."""
    from agentdesk.store import entities

    with desk.store.read() as conn:
        waiting = entities.waiting(conn, kind.entity) if desk.me.joined else set()
        found = [made(state, state.id in waiting) for state in entities.each(conn, kind.entity)]
    return sorted((one for one in found if one is not None), key=lambda one: one.name)


def can_write(desk: Desk, kind: Reviewed) -> bool:
    """Whether the person may write them: who may create or approve."""
    return may(desk.me.roles, kind.area, "C") or may(desk.me.roles, kind.area, "A")


def may_write(desk: Desk, kind: Reviewed) -> None:
    """Raises Refusal role.denied for who may neither create nor approve."""
    if not can_write(desk, kind):
        require(desk.me.roles, kind.area, "A")


def version(txn: Transaction, value: Mapping[str, Any]) -> dict[str, Any]:
    """The value of a version that is written now."""
    return {**value, "effective_from": txn.now(), "at": txn.now()}


def write(txn: Transaction, kind: Reviewed, entity_id: str, groups: Mapping[str, Any], *, step: str = "draft") -> None:
    """Write a version with what goes with it; what is new, returned or retired enters the lane by `step`.

    An own step that still waits for the centre shows no effect, so a lane without a state is not enough to tell.
    """
    state = txn.state(kind.entity, entity_id)
    lane = state.lane("status") if state else None
    txn.write(kind.entity, entity_id, root=entity_id, patch=groups)
    if state is None or (lane is not None and lane["state"] in (RETURNED, "retired")):
        txn.transition(kind.entity, entity_id, "status", step)


def approve(
    desk: Desk, kind: Reviewed, found: Standing[V], seen: str = "", groups: Mapping[str, Any] | None = None
) -> None:
    """Put the proposed version in force; `groups` is written with it. `seen`: the version that was looked at.

    Raises Refusal role.denied, <kind>.nothing_proposed, <kind>.newer_version (than was seen), <kind>.own (who wrote it
    may not), <kind>.state.
    """
    put_in_force(desk, kind, found, _proposed(kind, found, seen), groups)


def _proposed(kind: Reviewed, found: Standing[V], seen: str) -> V:
    """The version that waits; nobody decides on one that came while they looked at another."""
    if found.proposed is None:
        raise kind.refusal("nothing_proposed", found.name)
    if seen and found.proposed.id != seen:
        raise kind.refusal("newer_version", found.name)
    return found.proposed


def put_back(desk: Desk, kind: Reviewed, found: Standing[V], version_id: str) -> None:
    """Put an earlier version in force again (roll back), by the beginning of its id.

    Raises Refusal as `approve`, and <kind>.no_version (version).
    """
    put_in_force(desk, kind, found, named(kind, found, version_id))


def named(kind: Reviewed, found: Standing[V], version_id: str) -> V:
    """A version that is not in force, by the beginning of its id. Raises Refusal <kind>.no_version."""
    wanted = [one for one in found.versions if one.id.startswith(version_id) and not one.in_force]
    if len(wanted) != 1 or not version_id:
        raise kind.refusal("no_version", found.name, version=version_id)
    return wanted[0]


def put_in_force(
    desk: Desk, kind: Reviewed, found: Standing[V], wanted: V, groups: Mapping[str, Any] | None = None
) -> None:
    """Put this version in force, and write `groups` with it. Raises Refusal as `approve`."""
    require(desk.me.roles, kind.area, "A")
    # A person alone at a desk that never joined has nobody to ask.
    if wanted.author == desk.me.person_id and desk.me.joined:
        raise kind.refusal("own", found.name)
    # What is put aside by going back is not proposed again by itself; what nobody has decided on goes on waiting.
    aside = "" if found.proposed is not None else found.versions[-1].id
    value = {"current": wanted.id, ASIDE: aside, RETURNED: "", "why": "", **_unflagged(found)}
    _step(desk, kind, found, "publish", value, groups)


def submit(desk: Desk, kind: Reviewed, found: Standing[V]) -> None:
    """Hand a draft in for review as it stands. Raises Refusal <kind>.state."""
    _step(desk, kind, found, "submit", {})


def confirm(desk: Desk, kind: Reviewed, found: Standing[V]) -> None:
    """Say that what is in force still stands: its flag is taken back, and its next review counts from now.

    Raises Refusal role.denied, <kind>.state, the kind's one for nothing in force.
    """
    require(desk.me.roles, kind.area, "A")
    if found.in_force is None:
        raise Refusal(kind.not_in_force, {kind.called: found.name})
    _step(desk, kind, found, "publish", {"current": found.in_force.id, **_unflagged(found)})


def flag(desk: Desk, kind: Reviewed, found: Standing[V], why: str) -> None:
    """Say what is wrong with what is in force; it goes on counting until somebody has decided on it.

    Raises Refusal role.denied, the kind's ones for no reason and for nothing in force, <kind>.state.
    """
    require(desk.me.roles, kind.area, "V")
    said = reason(kind, why)
    if found.in_force is None:
        raise Refusal(kind.not_in_force, {kind.called: found.name})
    _step(desk, kind, found, "flag", {FLAG: said})


def _unflagged(found: Standing[V]) -> dict[str, str]:
    return {FLAG: ""} if found.lane.get(FLAG) else {}


def send_back(desk: Desk, kind: Reviewed, found: Standing[V], why: str, seen: str = "") -> None:
    """Return what is proposed to its author, with the reason; a version in force stays so. `seen` as in `approve`.

    Raises Refusal role.denied, the kind's one for no reason, <kind>.nothing_proposed, <kind>.newer_version,
    <kind>.state.
    """
    require(desk.me.roles, kind.area, "A")
    said = reason(kind, why)
    proposed = _proposed(kind, found, seen)
    if found.in_force is not None:  # it stays so: put in force once more, beside what is returned
        told = {"current": found.in_force.id, RETURNED: proposed.id, "why": said}
        _step(desk, kind, found, "keep" if found.state == FLAGGED else "publish", told)
    else:
        _step(desk, kind, found, "return", {RETURNED: proposed.id, "why": said})


def retire(desk: Desk, kind: Reviewed, found: Standing[V], why: str) -> None:
    """Take out of force; a shipped one of the same name counts again.

    Raises Refusal role.denied, the kind's ones for no reason and for nothing in force, <kind>.state.
    """
    require(desk.me.roles, kind.area, "A")
    said = reason(kind, why)
    if found.in_force is None:
        raise Refusal(kind.not_in_force, {kind.called: found.name})
    _step(desk, kind, found, "retire", {"why": said})


def reason(kind: Reviewed, why: str) -> str:
    """The reason as it is stored. Raises Refusal of the kind where nothing is said."""
    said = clean_line(forms.kept(why), MAX_WHY).strip()
    if not said:
        raise Refusal(kind.no_reason)
    return said


def _step(
    desk: Desk,
    kind: Reviewed,
    found: Standing[V],
    t: str,
    value: Mapping[str, Any],
    groups: Mapping[str, Any] | None = None,
) -> None:
    """Make one step of the lane, with what goes with it. Raises Refusal <kind>.state where it stands elsewhere."""
    try:
        with desk.journal.transaction() as txn:
            if groups:
                txn.write(kind.entity, found.entity_id, root=found.entity_id, patch=groups)
            txn.transition(kind.entity, found.entity_id, "status", t, value)
    except Refusal as refusal:
        if refusal.code != "flow.state":
            raise
        raise kind.refusal("state", found.name) from refusal
