"""The second desk of a demonstration: somebody who works on while one looks at the first."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agentdesk.app.demo.day import Cast, intake_of, load_cast, solved, tell_plan
from agentdesk.desk import capture, plan, reply, resolve, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.domain.refusal import Refusal
from agentdesk.store import queue_views
from agentdesk.store.queries import QueueRow
from agentdesk.store.queue_views import QueueFilter
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.join import join

OPENING = ("capture", "write", "take_over", "capture", "answer")
"""What is seen first, whatever the seed: one of each kind."""

KINDS = ("capture", "capture", "write", "write", "note", "answer", "take_over", "solve")

Wait = Callable[[float], bool]
"""Wait so many seconds; true when it is time to end."""


class Colleague:
    """A desk of its own in a folder of its own. One act is one use case, then an exchange with the centre."""

    def __init__(self, home: Path, seed: int) -> None:
        """Open the desk; nobody sits there yet."""
        self.desk: Desk = open_desk(home, what="agentdesk demo")
        self._cast: Cast = load_cast()
        self._chance = random.Random(f"colleague:{seed}")
        self._acts = 0
        self._came = 0

    def arrive(self, url: str, code: str) -> None:
        """Sit down and join the centre."""
        who = self._cast.colleague
        setup.first_run(self.desk, who["name"], who["work_no"], self._cast.team, "zh_CN")
        join(self.desk.store, self.desk.journal, url, code)
        self.exchange()

    def exchange(self) -> None:
        """Send what was done and take in what the first desk did; a centre that is gone stays away."""
        sync_once(self.desk.store, self.desk.journal, self.desk.me)

    def work(self, pace: float, wait: Wait) -> None:
        """Do one thing after the other, about `pace` seconds apart, until it is time to end."""
        while not wait(pace * self._chance.uniform(0.7, 1.3)):
            self.exchange()
            self.act()
            self.exchange()

    def act(self) -> str:
        """Do the next thing that can be done; returns its kind, "" where nothing could."""
        first = OPENING[self._acts] if self._acts < len(OPENING) else self._chance.choice(KINDS)
        self._acts += 1
        for kind in (first, *KINDS):
            try:
                if getattr(self, f"_{kind}")():
                    return kind
            except Refusal:
                # The person at the first desk was quicker: something else is done instead.
                continue
        return ""

    # -- kinds of acts; each says whether there was something to do ----------------------------------------------------

    def _capture(self) -> bool:
        row: Mapping[str, Any] = self._cast.live[self._came % len(self._cast.live)]
        turn, self._came = self._came // len(self._cast.live), self._came + 1
        contact = str(int(row["contact"]) + 100 * turn)  # another customer each time round
        draft = capture.answered(self.desk, capture.begin(self.desk, row["channel"]))
        capture.record(self.desk, intake_of({**row, "contact": contact}), draft=draft)
        return True

    def _write(self) -> bool:
        """A customer of the first desk writes again."""
        found = self._one_of(mine=False)
        return found is not None and bool(reply.receive(self.desk, found.id, self._said("customer")))

    def _note(self) -> bool:
        found = self._one_of(mine=False)
        return found is not None and bool(reply.note(self.desk, found.id, self._cast.words["note"]))

    def _answer(self) -> bool:
        found = self._one_of(mine=True)
        return found is not None and bool(reply.send(self.desk, found.id, self._said("progress"), confirmed=True))

    def _take_over(self) -> bool:
        """Plan for a request of the first desk, have it agreed and so become its owner."""
        found = self._one_of(mine=False, states=("ANALYSING",)) or self._one_of(mine=True, states=("ANALYSING",))
        if found is None:
            return False
        tell_plan(self.desk, found.id, self._cast.words, urgent=found.category == "urgent")
        plan.agree(self.desk, found.id)
        return True

    def _solve(self) -> bool:
        found = self._one_of(mine=True, states=("RECORDED", "IN_PROGRESS"))
        if found is None:
            return False
        form = solved(self._cast.words["solution"], self._cast.words)
        resolve.resolve(self.desk, found.id, form, confirmed=True)
        return True

    def _one_of(self, *, mine: bool, states: tuple[str, ...] = ()) -> QueueRow | None:
        me = self.desk.me.person_id
        rows = queue_views.page(self.desk.store.raw(), QueueFilter(), 0, 0, 200)
        fitting = [row for row in rows if (row.owner == me) is mine and (not states or row.state in states)]
        return self._chance.choice(fitting) if fitting else None

    def _said(self, kind: str) -> str:
        return str(self._chance.choice(self._cast.words[kind]))
