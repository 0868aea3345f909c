"""The way of a lint rule or a phrase: publishing as for other content, but nobody puts their own words in force (§8).

The centre judges it at each push, whatever the desk that sends it knows: desks show the verdict and never judge again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from agentdesk.changes import Attempt, Lane
from agentdesk.domain.facts import RequestFacts

HOME: Final = "home"
"""The scope of a desk that never joined: a person alone there has nobody to ask."""


def approved_by_another(entity: str, facts: RequestFacts, attempt: Attempt) -> list[str]:
    """Publish: `version` where the step does not name a version that is there, `own` where its author takes it.

    To name once more what is in force approves nothing: so what is proposed over it is returned. A phrase that is
    `withdrawn` puts no words in force: who may approve takes a shipped one away alone, as they retire the site's.
    """
    found = next((state for state in facts.children(entity) if state.id == attempt.entity_id), None)
    wanted = attempt.value.get("current")
    version = next((event for event in found.events("version") if event.id == wanted), None) if found else None
    if found is None or version is None:
        return ["version"]
    lane = found.lane("status") or {}
    counts = lane.get("state") == "published" and lane.get("current") == wanted
    withdraws = entity == "phrase" and version.value.get("withdrawn") is True
    free = counts or withdraws or found.scope == HOME
    return ["own"] if version.actor == attempt.actor and not free else []


def reviewed_lane(publishing: Lane, entity: str) -> Lane:
    """Return the publishing lane as things of this kind walk it: guarded, and what was retired may be put back."""
    steps = publishing.transitions
    return replace(
        publishing,
        transitions={
            **steps,
            "draft": replace(steps["draft"], sources=steps["draft"].sources | {"retired"}),
            "publish": replace(
                steps["publish"],
                sources=steps["publish"].sources | {"retired"},
                guard=partial(approved_by_another, entity),
            ),
        },
    )
