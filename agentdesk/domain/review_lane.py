"""The way of a lint rule, a phrase or an article: publishing, but nobody puts their own words in force (§6.1, §8).

The centre judges it at each push, whatever the desk that sends it knows: desks show the verdict and never judge again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from agentdesk.changes import Attempt, EntityState, Event, Lane, Transition
from agentdesk.domain.articles import needs_legal
from agentdesk.domain.facts import RequestFacts
from agentdesk.domain.roles import LEGAL_POSTS, may

HOME: Final = "home"
"""The scope of a desk that never joined: a person alone there has nobody to ask."""
FLAGGED: Final = "flagged"
IN_FORCE: Final = frozenset({"published", FLAGGED})
"""States in which a version counts: what somebody doubts goes on counting until somebody has looked at it."""
FLAG: Final = "flag"
"""Where the lane of an article keeps what is wrong with it; apart from `why`, the reason of a return."""
LEGAL, APPROVED, OBJECTED = "legal", "approved", "objected"
"""What a legal review says: by whom, and its result."""


def approved_by_another(entity: str, facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Publish: `version` where the step does not name a version that is there, `own` where its author takes it.

    To name once more what is in force approves nothing: so what is proposed over it is returned. A phrase that is
    `withdrawn` puts no words in force: who may approve takes a shipped one away alone, as they retire the site's.
    """
    found = _found(entity, facts, attempt)
    wanted = attempt.value.get("current")
    version = next((event for event in found.events("version") if event.id == wanted), None) if found else None
    if found is None or version is None:
        return ["version"]
    withdraws = entity in ("phrase", "article") and version.value.get("withdrawn") is True
    if _counts(found, wanted) or withdraws or found.scope == HOME:
        return []
    if entity == "article":
        return _article_problem(found, version, attempt)
    return ["own"] if version.actor == attempt.actor else []


def _found(entity: str, facts: RequestFacts, attempt: Attempt) -> EntityState | None:
    return next((state for state in facts.children(entity) if state.id == attempt.entity_id), None)


def _counts(found: EntityState, version_id: object) -> bool:
    """Whether this version is in force already."""
    lane = found.lane("status") or {}
    return lane.get("state") in IN_FORCE and lane.get("current") == version_id


def _article_problem(found: EntityState, version: Event, attempt: Attempt) -> list[str]:
    """`own`; `legal` where a policy lacks the legal approval, `legal_only` where legal alone publishes what is none.

    What is imported was approved where it comes from: an import needs the right to approve and no second person.
    """
    if version.value.get("imported") is True:
        return []
    if version.actor == attempt.actor:
        return ["own"]
    if needs_legal(version.value):
        return [] if legally_approved(found, version, attempt.actor) else ["legal"]
    return [] if may(attempt.roles - LEGAL_POSTS, "kb_article", "A") else ["legal_only"]


def legally_approved(found: EntityState, version: Event, publisher: str = "") -> bool:
    """Whether legal said yes to this version: the last word on it counts, never its author's nor the publisher's."""
    words = [one for one in found.events("reviewed") if _legal_word(one, version) and one.actor != publisher]
    return bool(words) and words[-1].value.get("result") == APPROVED


def _legal_word(one: Event, version: Event) -> bool:
    return one.value.get("by") == LEGAL and one.value.get("version") == version.id and one.actor != version.actor


def still_in_force(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Keep: `version` where the step would put another version in force than the one that is."""
    found = _found("article", facts, attempt)
    return [] if found is not None and _counts(found, attempt.value.get("current")) else ["version"]


def only_a_flag(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Flag: `version` where the step says more than its reason; anybody may doubt, but not decide."""
    return [] if attempt.value.keys() <= {"t", "to", "at", FLAG} else ["version"]


def reviewed_lane(publishing: Lane, entity: str) -> Lane:
    """Return the publishing lane as things of this kind walk it: guarded, and what was retired may be put back.

    What an author wrote before hearing of a return may be approved as it is.
    """
    steps = publishing.transitions
    return replace(
        publishing,
        transitions={
            **steps,
            "draft": replace(steps["draft"], sources=steps["draft"].sources | {"retired"}),
            "publish": replace(
                steps["publish"],
                sources=steps["publish"].sources | {"retired", "returned"},
                guard=partial(approved_by_another, entity),
            ),
        },
    )


def article_lane(publishing: Lane) -> Lane:
    """Return the lane of an article: two desks may hand in at once, and anybody may flag what is in force."""
    reviewed = reviewed_lane(publishing, "article").transitions
    writable = frozenset({None, "draft", "in_review", "returned", "retired"})
    published = reviewed["publish"].sources | IN_FORCE
    return replace(
        publishing,
        transitions={
            **reviewed,
            "draft": replace(reviewed["draft"], sources=writable - {"in_review"}, rebasable=True),
            "submit": replace(reviewed["submit"], sources=writable, rebasable=True),
            "publish": replace(reviewed["publish"], sources=published),
            "retire": replace(reviewed["retire"], sources=IN_FORCE),
            "keep": Transition("keep", frozenset({FLAGGED}), (FLAGGED,), guard=still_in_force),
            "flag": Transition("flag", IN_FORCE, (FLAGGED,), guard=only_a_flag, rebasable=True),
        },
    )
