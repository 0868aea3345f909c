"""What the requests do: reading in a pool of their own, writing in the one writing thread."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from agentdesk.central import feed, joining, usage
from agentdesk.central import redaction as erasing
from agentdesk.central.accounts import UP_ONLY, Author, Caller, author_in, caller_of, memberships_of, scopes_of
from agentdesk.central.admin import SITE, now_ms
from agentdesk.central.batch import read_batch
from agentdesk.central.database import connect, load_secrets, prepare
from agentdesk.central.ledger import ScopeLog
from agentdesk.central.messages import (
    MIN_REGISTRY,
    PROTO,
    Hello,
    HelloTold,
    Join,
    JoinTold,
    Redact,
    RedactTold,
    ScopeTold,
    Standing,
    TeamTold,
)
from agentdesk.central.packing import ENCODINGS
from agentdesk.central.problems import Problem
from agentdesk.central.taking import Taken, take
from agentdesk.central.waiting import Hub
from agentdesk.central.writer import Writer
from agentdesk.changes.hlc import hlc_at, hlc_from_hex
from agentdesk.domain import redaction
from agentdesk.domain.records import REGISTRY
from agentdesk.domain.refusal import Refusal
from agentdesk.text.clean import clean_line

_READERS = 4
T = TypeVar("T")


class Service:
    """The centre of one data folder. Made in the event loop; `start` before the first request, `close` at the end."""

    def __init__(self, data_dir: Path) -> None:
        """Prepare the folder where it is new."""
        self._path = prepare(data_dir)
        self._held = load_secrets(data_dir)
        self._readers = ThreadPoolExecutor(_READERS, "centre-reader")
        self._local = threading.local()
        self._attempts = joining.Attempts()
        self._hub = Hub(lambda: self._read(feed.heads))
        self._writer = Writer(self._path, now_ms, self._hub.moved)

    async def start(self) -> None:
        """Begin to write."""
        self._writer.start()

    async def close(self) -> None:
        """Answer who waits, finish what was taken, stop."""
        await self._hub.close()
        await asyncio.to_thread(self._writer.close)
        self._readers.shutdown()

    async def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._with_connection, query)

    def _with_connection(self, query: Callable[[sqlite3.Connection], T]) -> T:
        conn: sqlite3.Connection | None = getattr(self._local, "conn", None)
        if conn is None:
            conn = self._local.conn = connect(self._path)
        return query(conn)

    # -- who asks -----------------------------------------------------------------------------------------------------

    async def caller(self, token: str) -> Caller:
        """Return whom a token names; `Problem` 401 where it names nobody any more."""
        found = await self._read(lambda conn: caller_of(conn, self._held, token))
        if found is None:
            raise Problem(401, "unknown_token")
        return found

    async def author(self, token: str, scope: str) -> Author:
        """Return the caller as a member of `scope`; `Problem` 403 `scope` where it is none of theirs."""
        found = author_in(await self.caller(token), scope, hlc_at(now_ms()))
        if found is None:
            raise Problem(403, "scope", scope=scope)
        return found

    # -- the messages -------------------------------------------------------------------------------------------------

    async def join(self, asked: Join, address: str, base_url: str) -> JoinTold:
        """Let a desk in by its code."""
        self._attempts.check(address)
        name, work_no, machine = clean_line(asked.name), clean_line(asked.work_no), clean_line(asked.machine)
        if not name or not work_no:
            raise Problem(400, "message")
        since = hlc_from_hex(asked.since) if asked.since is not None else None
        wanted = joining.Joining(asked.code, machine, name, work_no, since, now_ms() - asked.now)
        try:
            joined = await self._write(SITE, lambda log: joining.join(log, self._held, wanted))
        except Problem as problem:
            if problem.code == "code":
                self._attempts.failed(address)
            raise
        caller = Caller(
            joined.device, joined.person, await self._read(lambda conn: memberships_of(conn, joined.person))
        )
        return JoinTold(
            token=joined.token,
            device=joined.device,
            letters=joined.letters,
            person=joined.person,
            team=TeamTold(slug=joined.team, name=joined.team_name),
            roles=[joined.role],
            now=now_ms(),
            scopes=await self._scopes(caller, base_url),
        )

    async def hello(self, caller: Caller, asked: Hello, base_url: str) -> HelloTold:
        """Greet a desk; `Problem` 426 where no protocol fits."""
        if PROTO not in asked.proto or asked.registry_v < MIN_REGISTRY:
            raise Problem(426, "upgrade_required", proto=PROTO, min_registry=MIN_REGISTRY)
        scopes = await self._scopes(caller, base_url, asked.scopes)
        for scope, standing in asked.scopes.items():
            if scope in scopes:
                await self._note_acked(caller.device, scope, standing)
        await self._note_seen(caller.device)
        for scope in scopes:
            if scope.startswith("team:"):
                await self._count_searches(scope)
        return HelloTold(proto=PROTO, min_registry=MIN_REGISTRY, now=now_ms(), encodings=list(ENCODINGS), scopes=scopes)

    async def push(self, author: Author, scope: str, body: bytes, seen: int | None = None) -> bytes:
        """Take a push; the body is checked before the lock, the answer leaves after the commit.

        `seen`: how far the desk has pulled the team's log; `Problem` 409 `redacted` where a redaction came after it.
        """
        loop = asyncio.get_running_loop()
        batch = await loop.run_in_executor(self._readers, read_batch, body, scope, author, REGISTRY)

        def job(log: ScopeLog) -> tuple[Taken, str]:
            erasing.heard(log, seen)
            return take(log, batch, REGISTRY), log.epoch

        taken, epoch = await self._write(scope, job)
        attested = {"device": author.device, "have": taken.have}
        told = {
            "answers": taken.answers,
            "have": taken.have,
            "receipt": feed.receipt(self._held, scope, epoch, attested),
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

    async def redact(self, author: Author, scope: str, asked: Redact) -> RedactTold:
        """Count where a value stands under a root, or take it out; answered when the file no longer holds it."""
        try:
            order = redaction.order(asked.root, asked.value, asked.why)
        except Refusal as refusal:
            raise Problem(400, refusal.code) from refusal
        erasing.check(author, order, scope)
        if asked.look:
            found = await self._read(lambda conn: erasing.look(conn, scope, order, REGISTRY))
        else:
            found = await self._write(scope, lambda log: erasing.redact(log, author, order, REGISTRY))
        return RedactTold(places=found.places, changes=found.changes, fields=list(found.fields))

    async def pull(self, author: Author, scope: str, asked: feed.Asked) -> bytes:
        """Return the body of a pull; `Problem` 403 `scope` for what goes up only."""
        if scope.startswith(UP_ONLY):
            raise Problem(403, "scope", scope=scope)
        return await self._read(lambda conn: feed.pull(conn, self._held, scope, author.device, asked))

    async def wait(self, caller: Caller, after: Mapping[str, int], seconds: float) -> dict[str, int]:
        """Wait until one of the caller's scopes moves; scopes of others are passed over."""
        allowed = scopes_of(caller, hlc_at(now_ms()))
        return await self._hub.wait({scope: seq for scope, seq in after.items() if scope in allowed}, seconds)

    async def _write(self, scope: str, job: Callable[[ScopeLog], T]) -> T:
        result: T = await asyncio.wrap_future(self._writer.submit(scope, job))
        return result

    async def _scopes(self, caller: Caller, base_url: str, asked: Iterable[str] = ()) -> dict[str, ScopeTold]:
        """The scopes of a desk; one that goes up only is told to who asks for it, since an older desk would pull it."""
        mine = scopes_of(caller, hlc_at(now_ms()))
        listed = {scope: mine[scope] for scope in mine if not scope.startswith(UP_ONLY) or scope in asked}

        def query(conn: sqlite3.Connection) -> dict[str, ScopeTold]:
            return {scope: _told(conn, scope, caller.device, rights, base_url) for scope, rights in listed.items()}

        return await self._read(query)

    async def _note_acked(self, device: str, scope: str, standing: Standing) -> None:
        """Keep how far the desk has settled, where that is news: what it may never ask again (SYNC 2.12)."""

        def stored(conn: sqlite3.Connection) -> int | None:
            found = conn.execute("SELECT acked FROM device_head WHERE scope=? AND device=?", (scope, device)).fetchone()
            return found[0] if found else None

        known = await self._read(stored)
        if known is not None and known < standing.acked:
            await self._write(scope, lambda log: log.set_acked(device, standing.acked))

    async def _count_searches(self, scope: str) -> None:
        """Count what a team searched on days that are over, where that was not done yet."""
        if await self._read(lambda conn: usage.due(conn, scope, now_ms())):
            await self._write(scope, usage.count)

    async def _note_seen(self, device: str) -> None:
        """Note the first word of a device after joining: from then on its enrolment code is dead for good."""

        def unseen(conn: sqlite3.Connection) -> bool:
            return conn.execute("SELECT 1 FROM device WHERE id=? AND seen_at IS NULL", (device,)).fetchone() is not None

        def note(log: ScopeLog) -> None:
            log.conn.execute("UPDATE device SET seen_at=? WHERE id=?", (log.now_ms, device))

        if await self._read(unseen):
            await self._write(SITE, note)


def _told(conn: sqlite3.Connection, scope: str, device: str, rights: list[str], base_url: str) -> ScopeTold:
    head = feed.head_of(conn, scope)
    have = feed.have_of(conn, scope, device)
    return ScopeTold(
        base_url=base_url,
        epoch=head.epoch,
        head=head.head,
        have=have,
        rights=sorted(rights),
        state=head.state,
        redacted=erasing.latest(conn, scope),
    )
