"""Asking for the release of a blocked text, and deciding on it: with a reason each (standard §5.3, §8)."""

from __future__ import annotations

from dataclasses import dataclass

from agentdesk.desk import forms, reading, releases, saying
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.desk.releases import Release
from agentdesk.desk.views import Person
from agentdesk.domain.approvals import BLOCK_RELEASE
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may
from agentdesk.store import queries


@dataclass(frozen=True, slots=True)
class Waiting:
    """A release that waits for a decision, as a list shows it."""

    release: Release
    number: str
    asked_by: Person


def ask(desk: Desk, request_id: str, body: str, why: str) -> str:
    """Ask for the release of a blocked text, which stays as it is; returns the release's id.

    Raises Refusal: text.empty, text.too_long, release.no_reason, release.not_blocked, release.never (rules),
    release.asked, release.granted, role.denied.
    """
    require(desk.me.roles, "intake_record", "C")
    whole = reading.load(desk, request_id)
    text = saying.outgoing(body)
    blocked = saying.blocked(desk, whole, text)
    if not blocked:
        raise Refusal("release.not_blocked")
    stands = releases.standing(whole, text, blocked)
    if stands not in ("open", "denied"):
        raise Refusal(f"release.{stands}", rules=saying.rules_of(blocked))
    subject = {"text": text, "rules": list(dict.fromkeys(one.rule for one in blocked)), "why": _reason(why)}
    with desk.journal.transaction() as txn:
        release_id = txn.new_id()
        asked = {"kind": BLOCK_RELEASE, "subject": subject, "at": txn.now()}
        txn.write("approval", release_id, root=request_id, patch={"asked": asked})
        txn.transition("approval", release_id, "status", "ask")
    return release_id


def decide(desk: Desk, release: Release, *, grant: bool, why: str) -> None:
    """Grant or deny a release, with a reason that the agent reads.

    Raises Refusal: role.denied, release.no_reason, release.own, flow.state where somebody else decided meanwhile.
    """
    require(desk.me.roles, "block_release", "A")
    # A person alone at a desk that never joined has nobody to ask.
    if release.asked_by == desk.me.person_id and desk.me.joined:
        raise Refusal("release.own")
    with desk.journal.transaction() as txn:
        txn.transition("approval", release.id, "status", "grant" if grant else "deny", {"why": _reason(why)})


def waiting(desk: Desk) -> list[Waiting]:
    """The releases that wait for a decision, the oldest first; none for somebody who may not decide."""
    from agentdesk.store import entities

    ids = _open(desk)
    with desk.store.read() as conn:
        found = entities.load(conn, [("approval", one) for one in ids])
        known = entities.load(conn, {("request", state.root) for state in found.values()})
    numbers = {state.id: str(state.events("created")[0].value["number"]) for state in known.values()}
    asked = [one for entity_id in ids if (one := releases.read(found["approval", entity_id]))]
    return [Waiting(one, numbers.get(one.request_id, ""), desk.person(one.asked_by)) for one in asked]


def count_waiting(desk: Desk) -> int:
    """How many releases wait for this person's decision."""
    return len(_open(desk))


def _open(desk: Desk) -> list[str]:
    """The ids of what this person may decide now."""
    may_decide = may(desk.me.roles, "block_release", "A")
    return queries.undecided(desk.store.raw(), BLOCK_RELEASE) if may_decide else []


def _reason(why: str) -> str:
    cleaned = forms.kept(why)
    if not cleaned:
        raise Refusal("release.no_reason")
    return cleaned
