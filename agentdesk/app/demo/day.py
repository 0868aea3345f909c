"""A day that has already happened: rows of the content played in the order of time, through the use cases alone."""

from __future__ import annotations

import heapq
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from agentdesk.desk import capture, follow_up, plan, reply, resolve
from agentdesk.desk.context import Desk, content, wall
from agentdesk.desk.views import CallbackForm, PlanStep, ResolveForm
from agentdesk.domain.intake import INTAKE_CODES
from agentdesk.domain.refusal import Refusal

REACHES = ("recorded", "told", "agreed", "working", "resolved", "closed")
"""How far a row has come, each step after the one before."""

GREETED_S = (4, 14)
"""Seconds until a customer was answered: within the limit of every channel, mostly."""

PACE = (0.12, 0.3)
"""Share of a row's age that lies between two of its steps."""

Steps = Iterator[datetime]
"""A request as it goes on: each value is the instant of the step that follows when it is asked again."""


class DayClock:
    """Wall and monotonic time that stand wherever the day is being played."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant that is being played."""
        return self.at

    def mono(self) -> float:
        """The same on the monotonic scale."""
        return self.at.timestamp()


@dataclass(frozen=True)
class Cast:
    """Who plays, and what both sides say; `live` are the requests that come in while one looks on."""

    agent: Mapping[str, str]
    colleague: Mapping[str, str]
    team: str
    words: Mapping[str, Any]
    live: Sequence[Mapping[str, Any]]


def load_cast() -> Cast:
    """Read who plays."""
    told = tomllib.loads(content("demo", "colleague.toml"))
    return Cast(told["agent"], told["colleague"], told["team"]["name"], told["words"], told["live"])


def load_rows() -> list[dict[str, Any]]:
    """Read the requests of the day."""
    return list(tomllib.loads(content("demo", "requests.toml"))["request"])


def length(rows: Sequence[Mapping[str, Any]]) -> timedelta:
    """How long ago the day began, with room for who sits down first."""
    return timedelta(minutes=max((float(row["minutes_ago"]) for row in rows), default=0.0) + 5)


def play(desk: Desk, clock: DayClock, rows: Sequence[Mapping[str, Any]], seed: int) -> list[Refusal]:
    """Play rows up to now at a desk opened with this clock; a row that is refused stays where it is, and is returned.

    Which second what happens in follows the seed alone.
    """
    words = load_cast().words
    end = wall()
    waiting: list[tuple[datetime, int, Steps]] = []
    for place, row in enumerate(rows):
        chance = random.Random(f"{seed}:{place}")
        at = end - timedelta(minutes=float(row["minutes_ago"]), seconds=chance.uniform(0, 40))
        heapq.heappush(waiting, (at, place, _Course(desk, clock, row, words, chance, at, end).steps()))
    refused = []
    while waiting:
        at, place, steps = heapq.heappop(waiting)
        clock.at = min(at, end)
        try:
            following = next(steps, None)
        except Refusal as refusal:
            refused.append(refusal)
            continue
        if following is not None:
            heapq.heappush(waiting, (following, place, steps))
    clock.at = end
    return refused


class _Course:
    """The way of one row from the first word to where it reached."""

    def __init__(
        self,
        desk: Desk,
        clock: DayClock,
        row: Mapping[str, Any],
        words: Mapping[str, Any],
        chance: random.Random,
        begins: datetime,
        end: datetime,
    ) -> None:
        self.desk, self.clock, self.row, self.words, self.chance = desk, clock, row, words, chance
        self.end = end
        self.age = end - begins
        self.reach = REACHES.index(row.get("reach", "recorded"))

    def steps(self) -> Steps:
        """Go on step by step."""
        desk, row = self.desk, self.row
        draft = capture.begin(desk, row["channel"])
        self.clock.at += timedelta(seconds=self.chance.uniform(*GREETED_S))
        draft = capture.answered(desk, draft)
        made = capture.record(desk, intake_of(row), draft=draft)
        for said in row.get("replies", ()):
            yield self._later(0.06)
            reply.send(desk, made.request_id, said, confirmed=True)
        if note := row.get("note", ""):
            yield self._later(0.04)
            reply.note(desk, made.request_id, note)
        if made.category != "simple":
            yield from self._planned(made.request_id, made.category)
        if self.reach >= REACHES.index("resolved"):
            yield self._later()
            self._resolve(made.request_id)

    def _planned(self, request_id: str, category: str) -> Steps:
        if self.reach >= REACHES.index("told"):
            yield self._later()
            words = {**self.words, **({"interim": self.row["interim"]} if "interim" in self.row else {})}
            tell_plan(self.desk, request_id, words, urgent=category == "urgent")
        if self.reach >= REACHES.index("agreed"):
            yield self._later()
            plan.agree(self.desk, request_id, accept=self.reach >= REACHES.index("working"))

    def _resolve(self, request_id: str) -> None:
        said = self.row.get("solution") or self.row.get("replies", ())[-1:] or self.words["solution"]
        form = solved(said if isinstance(said, str) else said[0], self.words)
        if self.reach < REACHES.index("closed"):
            resolve.resolve(self.desk, request_id, form, confirmed=True)
            return
        moved = resolve.resolve(
            self.desk, request_id, replace(form, verdict="satisfied", survey="declined"), confirmed=True
        )
        if moved.state == "CONFIRMED":
            self.clock.at = min(self._later(), self.end)
            follow_up.callback(self.desk, request_id, CallbackForm(reached=True))

    def _later(self, share: float = 0.0) -> datetime:
        return self.clock.at + self.age * (share or self.chance.uniform(*PACE))


def intake_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What of a row is the form."""
    return {code: value for code, value in row.items() if code in INTAKE_CODES}


def tell_plan(desk: Desk, request_id: str, words: Mapping[str, Any], *, urgent: bool) -> None:
    """Tell a customer the plan, with the interim measure where the matter is urgent."""
    plan.tell(
        desk,
        request_id,
        steps=[PlanStep(words["plan_step"])],
        finish=desk.now() + timedelta(hours=1),
        verified_how="asked",
        message=words["plan_message"],
        interim=words["interim"] if urgent else "",
        confirmed=True,
    )


def solved(text: str, words: Mapping[str, Any]) -> ResolveForm:
    """The resolution of a matter that ended well."""
    return ResolveForm(
        solution_text=text, cause_class="external", actions=(words["action"],), own_knowledge=True, outcome="solved"
    )
