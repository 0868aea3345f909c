"""Releases of blocked texts as facts: which were asked for, what came of them, what they let pass (standard §5.3).

A release holds for one text of one request, once: a text that was changed after the grant is blocked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from agentdesk.changes import EntityState, instant
from agentdesk.desk.reading import Whole
from agentdesk.domain.approvals import BLOCK_RELEASE, NEVER_RELEASED

if TYPE_CHECKING:
    from agentdesk.text.lint import Finding

ASKED, GRANTED = "asked", "granted"


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was asked for: the text and its rules, who asked and why, and what came of it.

    `state`: asked, granted, denied; who decided, when and with which reason is "" or None before that.
    """

    id: str
    request_id: str
    text: str
    rules: tuple[str, ...]
    asked_by: str
    at: datetime
    why: str
    state: str
    decided_by: str
    decided_at: datetime | None
    decision: str


def standing(whole: Whole, text: str, blocked: Sequence[Finding]) -> str:
    """How a blocked text stands: never (nobody may release it), open (it may be asked for), asked, granted, denied."""
    if any(one.category in NEVER_RELEASED for one in blocked):
        return "never"
    latest = next((one for one in reversed(of(whole)) if _covers(one, text, blocked)), None)
    if latest is None or (latest.state == GRANTED and latest.id in _used(whole)):
        return "open"
    return latest.state


def granted(whole: Whole, text: str, blocked: Sequence[Finding]) -> Release | None:
    """The unused grant that lets this very text pass, where there is one."""
    if standing(whole, text, blocked) != GRANTED:
        return None
    return next(one for one in reversed(of(whole)) if _covers(one, text, blocked))


def of(whole: Whole) -> list[Release]:
    """Every release asked for in a request, the oldest first."""
    return [one for state in whole.of("approval") if (one := read(state))]


def read(state: EntityState) -> Release | None:
    """The release that an approval is; None where it is of another kind. One whose first step waits for the centre
    has no lane yet: it was asked for all the same."""
    asked, lane = state.events("asked"), state.lane("status") or {}
    if not asked or asked[0].value["kind"] != BLOCK_RELEASE:
        return None
    subject, stands = asked[0].value["subject"], str(lane.get("state") or ASKED)
    return Release(
        id=state.id,
        request_id=state.root,
        text=str(subject["text"]),
        rules=tuple(map(str, subject["rules"])),
        asked_by=asked[0].actor,
        at=asked[0].at,
        why=str(subject["why"]),
        state=stands,
        decided_by="" if stands == ASKED else str(lane["trail"][-1]["actor"]),
        decided_at=None if stands == ASKED else instant(lane["trail"][-1]["at"]),
        decision="" if stands == ASKED else str(lane.get("why") or ""),
    )


def _covers(release: Release, text: str, blocked: Sequence[Finding]) -> bool:
    return release.text == text and {one.rule for one in blocked} <= set(release.rules)


def _used(whole: Whole) -> set[str]:
    return {str(event.value["approval"]) for event in whole.events("entry", "released")}
