"""The way of a lint rule: publishing as for other content, but nobody puts their own words in force (standard §8).

The centre judges it at each push, whatever the desk that sends it knows: desks show the verdict and never judge again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agentdesk.changes import Attempt, Lane, Transition
from agentdesk.domain.facts import RequestFacts

HOME: Final = "home"
"""The scope of a desk that never joined: a person alone there has nobody to ask."""


def approved_by_another(facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Publish: `version` where the step does not name a version that is there, `own` where its author takes it."""
    rule = next((state for state in facts.children("lexicon_rule") if state.id == attempt.entity_id), None)
    wanted = attempt.value.get("current")
    version = next((event for event in rule.events("version") if event.id == wanted), None) if rule else None
    if rule is None or version is None:
        return ["version"]
    return ["own"] if version.actor == attempt.actor and rule.scope != HOME else []


def rule_lane(publishing: Lane) -> Lane:
    """Return the publishing lane as rules walk it.

    `decline` returns a new version while the old one stays in force; what was retired may be put back.
    """
    steps = publishing.transitions
    return replace(
        publishing,
        transitions={
            **steps,
            "draft": replace(steps["draft"], sources=steps["draft"].sources | {"retired"}),
            "publish": replace(
                steps["publish"], sources=steps["publish"].sources | {"retired"}, guard=approved_by_another
            ),
            "decline": Transition("decline", frozenset({"published"}), ("published",)),
        },
    )
