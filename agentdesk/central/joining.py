"""Joining: an enrolment code becomes a person, a membership, a device and a token (SYNC 2.9, 2.17)."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agentdesk.central import accounts
from agentdesk.central.admin import add_membership, add_person
from agentdesk.central.database import Secrets
from agentdesk.central.ledger import ScopeLog
from agentdesk.central.problems import Problem
from agentdesk.changes import new_id
from agentdesk.changes.hlc import LOGICAL_BITS, hlc_at

WINDOW_S = 60.0
MAX_FAILURES = 10
"""Wrong codes from one address within the window before it must wait [ours]."""

_MAX_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Joining:
    """What a desk says of itself: `since` is the hybrid time of the earliest work it brings, `offset_ms` how far its
    clock is behind the centre's."""

    code: str
    machine: str
    name: str
    work_no: str
    since: int | None
    offset_ms: int


@dataclass(frozen=True, slots=True)
class Joined:
    """What the desk is told once: the token is not kept at the centre."""

    token: str
    device: str
    letters: str
    person: str
    team: str
    team_name: str
    role: str


class Attempts:
    """Counts wrong codes by address, so that codes cannot be guessed. Thread-safe; memory only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with no failures; `clock` gives monotonic seconds."""
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def check(self, address: str) -> None:
        """Raise `Problem` 429 where an address has failed too often lately."""
        with self._lock:
            failures = self._failures.get(address)
            while failures and failures[0] < self._clock() - WINDOW_S:
                failures.popleft()
            if failures is not None and len(failures) >= MAX_FAILURES:
                raise Problem(429, "too_many", retry_after=int(failures[0] + WINDOW_S - self._clock()) + 1)

    def failed(self, address: str) -> None:
        """Note a wrong code."""
        with self._lock:
            if len(self._failures) >= _MAX_ADDRESSES:
                self._failures.clear()
            self._failures.setdefault(address, deque(maxlen=MAX_FAILURES)).append(self._clock())


def join(log: ScopeLog, held: Secrets, asked: Joining) -> Joined:
    """Use up a code; `Problem` 403 `code` where it is unknown, used or too old.

    The answer may get lost. So the same words from the same machine get a new token for the same device, as long as
    that device was never heard of again; anybody else finds the code used.
    """
    digest = accounts.token_hash(held, accounts.plain_code(asked.code))
    found = log.conn.execute("SELECT team, role, expires_at, device FROM enrolment WHERE hash=?", (digest,)).fetchone()
    if found is None or found[2] < log.now_ms:
        raise Problem(403, "code")
    team, role, _, device = found
    if device is None:
        person, device = _admit(log, asked, team, role)
        log.conn.execute("UPDATE enrolment SET device=? WHERE hash=?", (device, digest))
    else:
        person = _again(log, asked, device)
    token = accounts.new_token()
    log.conn.execute("INSERT INTO token VALUES (?,?,?,NULL)", (accounts.token_hash(held, token), device, log.now_ms))
    letters, name = _told(log, device, team)
    return Joined(token, device, letters, person, team, name, role)


def _admit(log: ScopeLog, asked: Joining, team: str, role: str) -> tuple[str, str]:
    person, device = add_person(log, asked.name, asked.work_no), new_id()
    add_membership(log, person, team, role, _since(log, asked))
    log.conn.execute(
        "INSERT INTO device VALUES (?,?,?,?,?,NULL,NULL)",
        (device, person, asked.machine, accounts.free_letters(log.conn), log.now_ms),
    )
    return person, device


def _since(log: ScopeLog, asked: Joining) -> int:
    """Return from when on the person is a member: early enough for the work brought along, by either clock."""
    now = hlc_at(log.now_ms)
    if asked.since is None:
        return now
    return max(0, min(now, asked.since, asked.since + (asked.offset_ms << LOGICAL_BITS)))


def _again(log: ScopeLog, asked: Joining, device: str) -> str:
    found = log.conn.execute(
        "SELECT person.id FROM device JOIN person ON person.id = device.person"
        " WHERE device.id=? AND device.seen_at IS NULL AND machine=? AND name=? AND work_no=?",
        (device, asked.machine, asked.name, asked.work_no),
    ).fetchone()
    if found is None:
        raise Problem(403, "code")
    log.conn.execute("UPDATE token SET revoked_at=? WHERE device=?", (log.now_ms, device))
    person: str = found[0]
    return person


def _told(log: ScopeLog, device: str, team: str) -> tuple[Any, Any]:
    letters = log.conn.execute("SELECT letters FROM device WHERE id=?", (device,)).fetchone()[0]
    name = log.conn.execute("SELECT display_name FROM team WHERE slug=?", (team,)).fetchone()[0]
    return letters, name
