"""The phases K1–K7 of the open contact: which one comes next, and what was said in each (standard §3.1, §5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agentdesk.changes import Event
from agentdesk.desk import library
from agentdesk.desk.context import Desk
from agentdesk.desk.reading import Whole
from agentdesk.domain.vocabulary import STEPS


def next_step(whole: Whole) -> str:
    """The step that comes next: the first that nobody ticked; K4 is walked only where it is needed."""
    return _first_open(event.value["step"] for event in _ticks(whole))


def messages(whole: Whole) -> list[Event]:
    """The messages sent in the open contact."""
    opened = [event.at for event in whole.events("contact", "opened") if event.entity_id == whole.contact_id]
    return [event for event in whole.events("entry", "message_sent") if not opened or event.at >= opened[-1]]


def said(desk: Desk, whole: Whole) -> Mapping[str, list[str]]:
    """What was sent in each step: in those of the phrases used, else in the one that came next at the time."""
    by_version, ticks = library.steps(desk), _ticks(whole)
    found: dict[str, list[str]] = {step: [] for step in STEPS}
    for message in messages(whole):
        walked = {step for version in message.value.get("phrases") or () if (step := by_version.get(version))}
        before = (event.value["step"] for event in ticks if (event.at, event.id) < (message.at, message.id))
        for step in walked or {_first_open(before)}:
            found[step].append(str(message.value.get("body") or ""))
    return found


def curt(desk: Desk, whole: Whole) -> tuple[str, ...]:
    """The steps of the open contact in which enough was written and no polite word stands: QA looks for one in each."""
    return tuple(step for step, texts in said(desk, whole).items() if texts and desk.linter.unmet(texts))


def _ticks(whole: Whole) -> list[Event]:
    return [event for event in whole.events("contact", "step_ticked") if event.entity_id == whole.contact_id]


def _first_open(ticked: Iterable[str]) -> str:
    done = set(ticked)
    return next((step for step in STEPS if step not in done and step != "K4"), STEPS[-1])
