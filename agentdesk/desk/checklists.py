"""An emergency list being worked off (§4.5): which step was done, when, by whom.

With a request open a tick is a note of that request, so that every desk sees it and nothing of it is lost. Without one
the ticks are this person's own, kept on this machine until the list is begun anew. A step is known by its words with
who does it and within what time: where the list is written anew, what it still says stays ticked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agentdesk.changes import instant, stamp_time
from agentdesk.desk import forms, reading
from agentdesk.desk.article_page import Page
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.domain.article_steps import Step, written
from agentdesk.domain.refusal import Refusal

DRAFT = "checklist:"


@dataclass(frozen=True, slots=True)
class Tick:
    """A step that was done: when, and by whom."""

    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is at an instant: what is ticked of it, by the place of the step. It began with the first tick."""

    ticks: Mapping[int, Tick]
    now: datetime

    def due(self, place: int, step: Step) -> datetime | None:
        """By when an open step that may take so long has to be done; None before the list was begun."""
        if not self.ticks or place in self.ticks or step.within is None:
            return None
        return min(one.at for one in self.ticks.values()) + step.within


def ticks(desk: Desk, page: Page, request_id: str = "") -> dict[int, Tick]:
    """What is ticked of a list, by the place of the step, for a request or for oneself."""
    done = _of_request(desk, page, request_id) if request_id else _own(desk, page)
    return {place: done[key] for place, key in enumerate(_keys(page)) if key in done}


def _keys(page: Page) -> list[str]:
    """What each step is known by; one that is written twice is counted."""
    said = [written(step) for step in page.steps]
    before = [said[:place].count(one) for place, one in enumerate(said)]
    return [f"{one} ({count + 1})" if count else one for one, count in zip(said, before, strict=True)]


def _of_request(desk: Desk, page: Page, request_id: str) -> dict[str, Tick]:
    whole = reading.load(desk, request_id)
    taken_back = {event.value.get("entry") for event in whole.events("entry", "corrects")}
    found: dict[str, Tick] = {}
    for event in whole.events("entry", "checklist"):
        if event.value.get("article") == page.article.id and event.entity_id not in taken_back:
            found.setdefault(str(event.value.get("text") or ""), Tick(event.at, desk.person(event.actor).name))
    return found


def _own(desk: Desk, page: Page) -> dict[str, Tick]:
    kept = desk.drafts.load(DRAFT + page.article.id) or {}
    return {text: Tick(instant(one["at"]), one["who"]) for text, one in kept.get("done", {}).items()}


def tick(desk: Desk, page: Page, place: int, request_id: str = "", note: str = "") -> None:
    """Tick a step: for a request as a `note` in the words of the screen, else on this machine.

    Raises Refusal: checklist.ticked (by, at) for one that is ticked, role.denied, text.empty.
    """
    before = ticks(desk, page, request_id).get(place)
    if before is not None:
        raise Refusal("checklist.ticked", by=before.who, at=before.at)
    if request_id:
        _write(desk, page, place, request_id, note)
        return
    kept = desk.drafts.load(DRAFT + page.article.id) or {"done": {}}
    one = {"at": stamp_time(desk.now()), "who": desk.person(desk.me.person_id).name}
    desk.drafts.save(DRAFT + page.article.id, {"done": {**kept["done"], _keys(page)[place]: one}})


def _write(desk: Desk, page: Page, place: int, request_id: str, note: str) -> None:
    require(desk.me.roles, "intake_record", "C")
    said = forms.kept(note)
    if not said:
        raise Refusal("text.empty")
    with desk.journal.transaction() as txn:
        at = txn.now()
        ticked: dict[str, Any] = {
            "article": page.article.id,
            "version": page.article.version,
            "step": place + 1,
            "text": _keys(page)[place],
            "at": at,
        }
        patch = {"note": {"text": said, "at": at}, "checklist": ticked}
        txn.write("entry", txn.new_id(), root=request_id, patch=patch)


def restart(desk: Desk, page: Page) -> int:
    """Begin one's own list anew; returns how many ticks went. Those of requests stay: they are what happened."""
    gone = len(_own(desk, page))
    desk.drafts.drop(DRAFT + page.article.id)
    return gone
