"""The centre's real tables called without a net between: fast exchanges, and answers lost where a test says."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agentdesk.central import feed
from agentdesk.central.accounts import Author
from agentdesk.central.batch import read_batch
from agentdesk.central.database import connect, load_secrets, prepare, writing
from agentdesk.central.ledger import ScopeLog
from agentdesk.central.problems import Problem
from agentdesk.central.taking import take
from agentdesk.domain.records import REGISTRY
from agentdesk.domain.vocabulary import ROLES
from agentdesk.store.adopt import adopt
from agentdesk.sync.exchange import Talk
from agentdesk.sync.faces import CentreSaidNo, Unreachable
from tests.sync.desks import DeskFile

TEAM = "team:one"


class Tables:
    """A centre's file."""

    def __init__(self, data: Path) -> None:
        self.conn = connect(prepare(data))
        self.held = load_secrets(data)

    def log(self) -> list[dict[str, Any]]:
        """Return the team's rows as far as the checks read them."""
        columns = ("seq", "id", "device", "ctr")
        rows = self.conn.execute(f"SELECT {','.join(columns)} FROM log WHERE scope=? ORDER BY seq", (TEAM,))
        return [dict(zip(columns, row, strict=True)) for row in rows]


@dataclass
class Loss:
    """The `at`-th call from now on gets no answer: `before` the centre did anything, or after."""

    at: int
    before: bool


class Direct:
    """Stands where the HTTP client stands."""

    def __init__(self, tables: Tables, author: Author) -> None:
        self._tables = tables
        self._author = author
        self.loss: Loss | None = None

    def hello(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Greet; only the team's scope is exchanged."""
        return self._call(self._hello)

    def push(self, scope: str, body: bytes, *, seen: int | None = None) -> dict[str, Any]:
        """Push as the service does."""
        return self._call(lambda: self._push(scope, body))

    def pull(self, scope: str, **asked: Any) -> dict[str, Any]:
        """Pull as the service does."""
        tables, device = self._tables, self._author.device
        return self._call(lambda: json.loads(feed.pull(tables.conn, tables.held, scope, device, feed.Asked(**asked))))

    def _call(self, do: Any) -> dict[str, Any]:
        loss = self.loss
        if loss is not None:
            loss.at -= 1
            if loss.at < 0:
                self.loss = None
                if not loss.before:
                    do()
                raise Unreachable
        try:
            told: dict[str, Any] = json.loads(json.dumps(do()))
        except Problem as problem:
            raise CentreSaidNo(problem.status, problem.code, problem.body()) from problem
        return told

    def _hello(self) -> dict[str, Any]:
        head = feed.head_of(self._tables.conn, TEAM)
        have = feed.have_of(self._tables.conn, TEAM, self._author.device)
        return {"now": time.time_ns() // 1_000_000, "scopes": {TEAM: {"epoch": head.epoch, "have": have}}}

    def _push(self, scope: str, body: bytes) -> dict[str, Any]:
        batch = read_batch(body, scope, self._author, REGISTRY)
        with writing(self._tables.conn):
            log = ScopeLog(self._tables.conn, scope, time.time_ns() // 1_000_000)
            with log.part():
                taken = take(log, batch, REGISTRY)
        return {"answers": taken.answers, "have": taken.have}


class DirectDesk(DeskFile):
    """A desk that has joined without a service."""

    def __init__(self, folder: Path, name: str, tables: Tables) -> None:
        super().__init__(folder, name)
        before = self.journal.identity
        assert before is not None
        joined = replace(before, team_slug="one", centre_url="direct", roles=ROLES, scopes=(TEAM,))
        adopt(self.journal, joined, lambda change: True)
        self.author = Author(joined.device, joined.person_id, frozenset(ROLES), ((0, None),))
        self.client = Direct(tables, self.author)

    def exchange(self, loss: Loss | None = None) -> str:
        """Exchange once; returns the code of what ended it early."""
        identity = self.journal.identity
        assert identity is not None
        self.client.loss = loss
        talk = Talk(self.journal, identity, self.client)  # type: ignore[arg-type]  # stands in for the HTTP client
        try:
            talk.greet()
            talk.turn()
        except (CentreSaidNo, Unreachable) as failure:
            return failure.code
        finally:
            self.client.loss = None
        assert talk.stopped() == ()
        return ""
