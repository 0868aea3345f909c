"""What somebody else must grant before it happens (MODEL §2, `approval`); today the release of a blocked text."""

from __future__ import annotations

from typing import Final

from agentdesk.changes import Attempt, Lane, Transition
from agentdesk.domain.facts import RequestFacts
from agentdesk.domain.review_lane import HOME

BLOCK_RELEASE: Final = "block_release"

NEVER_RELEASED: Final = frozenset({"overpromise", "finance_yield", "privacy", "unfilled"})
"""Categories whose blocks nobody releases: RL-01, RL-02 and all PV rules (standard §5.3), and what is not filled in."""

_GRANTING: Final = frozenset({"supervisor", "manager"})
"""Who may release a block (standard §8, block release)."""


def granted_by_another(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Grant: `own` where whoever asked takes it; a person alone at a desk that never joined has nobody to ask."""
    found = next((state for state in facts.children("approval") if state.id == attempt.entity_id), None)
    if found is None or found.scope == HOME:
        return []
    return ["own"] if any(event.actor == attempt.actor for event in found.events("asked")) else []


APPROVAL_LANE: Final = Lane(
    {
        "ask": Transition("ask", frozenset({None}), ("asked",)),
        "grant": Transition("grant", frozenset({"asked"}), ("granted",), _GRANTING, guard=granted_by_another),
        "deny": Transition("deny", frozenset({"asked"}), ("denied",), _GRANTING),
    },
    on_illegal="refuse",
)
"""A grant is a future effect: an illegal one is refused, never a proposal."""
