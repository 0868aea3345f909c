"""One exchange with the centre, scope by scope: push what waits, settle the answers, pull the rest (SYNC 2.4, 2.8).

What cannot be settled here and now (a fork, another epoch, a gap) stops the scope, keeps everything and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentdesk import __version__
from agentdesk.changes import NotCanonical, hlc_from_hex
from agentdesk.changes.wire import push_body, rows_of
from agentdesk.store import Store
from agentdesk.store.exchange import Answer, ChainBroken, Cursor, CursorMoved, Exchange, Pending
from agentdesk.store.identity import Identity
from agentdesk.store.journal import Journal
from agentdesk.sync.faces import CentreSaidNo, SyncReport, Unreachable
from agentdesk.sync.token import load_token, token_path

if TYPE_CHECKING:
    from agentdesk.sync.client import Client

PROTO = 1
MAX_CHANGES = 500
MAX_BODY_BYTES = 1_000_000
"""Of the payloads in one push; with the envelope they stay below the mebibyte that the centre takes."""

PULL_ROWS = 1_000
UP_ONLY = "log:"
"""How the scopes begin that are only written into: searches, uses, exports. Their answers settle them (SYNC 2.1)."""

OFFSET_MS = 1_000
"""A difference of clocks below this is the net's delay, not a wrong clock."""


@dataclass(slots=True)
class Tally:
    """What an exchange did so far."""

    pushed: int = 0
    pulled: int = 0
    parked: int = 0


class Talk:
    """A desk that talks to its centre; used by one thread."""

    def __init__(
        self,
        journal: Journal,
        identity: Identity,
        client: Client,
        *,
        go_on: Callable[[], None] = lambda: None,
    ) -> None:
        """Talk for `identity`; `go_on` is asked after each answer, before the store is touched, and may raise."""
        self._journal = journal
        self._identity = identity
        self._client = client
        self._go_on = go_on
        self._exchange = Exchange(journal)
        self.tally = Tally()
        self.scopes: tuple[str, ...] = ()
        """The scopes that the centre listed at hello: `site` first, for its rules should be there before the rest; what
        goes up only last, for what was redacted in its team must be known before.
        """
        self._redacted: set[str] = set()

    # -- the whole ----------------------------------------------------------------------------------------------------

    def greet(self) -> None:
        """Say hello: learn the clock's offset and the scopes, and see at once what does not fit any more."""
        wanted = self.scopes or (*self._identity.scopes, *_logs_of(self._identity.scopes))
        cursors = [self._exchange.cursor(scope) for scope in wanted]
        before = self._journal.wall_ms()
        told = self._client.hello(
            {
                "proto": [PROTO],
                "app": __version__,
                "registry_v": self._journal.registry.version,
                "now": before,
                "scopes": {cursor.scope: _standing(cursor) for cursor in cursors},
            }
        )
        self._go_on()
        middle = (before + self._journal.wall_ms()) // 2
        self._adopt_offset(int(told["now"]) - middle)
        self.scopes = tuple(sorted(told["scopes"], key=_turn_of))
        for scope, standing in told["scopes"].items():
            cursor = self._exchange.cursor(scope)
            self._compare(cursor, standing)
            if int(standing.get("redacted") or 0) > cursor.seq:
                self._redacted.add(scope)

    def turn(self, pull: Iterable[str] | None = None) -> None:
        """Push what waits in every scope, then pull `pull` (None: all) and whatever was pushed to.

        A scope with a redaction that this desk has not seen is pulled first: it reaches what still waits here before
        that is sent (SYNC 2.14). What goes up only waits for its team: a redaction there may name its words, too.
        """
        self._exchange.finish_erasing()
        wanted = set(self.scopes if pull is None else pull)
        for scope in self.scopes:
            if self._exchange.cursor(scope).stopped is not None:
                continue
            try:
                if scope in self._redacted:
                    self._pull(scope)
                    self._redacted.discard(scope)
                if _team_of(scope) in self._redacted:
                    continue
                sent = self._push(scope)
                if (sent or scope in wanted) and not scope.startswith(UP_ONLY):
                    self._pull(scope)
            except _ScopeStops as stops:
                self._exchange.stop(scope, stops.reason)
        if not self.stopped():
            self._exchange.note_exchanged()

    def stopped(self) -> tuple[tuple[str, str], ...]:
        """Return the scopes that do not go on by themselves, each with its reason."""
        cursors = (self._exchange.cursor(scope) for scope in self.scopes or self._identity.scopes)
        return tuple((cursor.scope, cursor.stopped) for cursor in cursors if cursor.stopped is not None)

    def standing(self) -> dict[str, int]:
        """Return how far each exchanged scope was pulled: what a wait asks with."""
        cursors = (self._exchange.cursor(scope) for scope in self.scopes)
        pulled = (cursor for cursor in cursors if not cursor.scope.startswith(UP_ONLY))
        return {cursor.scope: cursor.seq for cursor in pulled if cursor.stopped is None}

    def _adopt_offset(self, offset_ms: int) -> None:
        if abs(offset_ms - self._journal.clock.offset_ms) >= OFFSET_MS:
            self._journal.set_offset(offset_ms)

    def _compare(self, cursor: Cursor, told: dict[str, Any]) -> None:
        if cursor.stopped is not None:
            return
        if told["have"] > cursor.last_ctr:
            # The centre has changes of this device that the store does not know: an older copy of it was put back.
            self._exchange.stop(cursor.scope, "ahead")
        elif not cursor.epoch:
            self._exchange.set_epoch(cursor.scope, str(told["epoch"]))
        elif cursor.epoch != told["epoch"]:
            self._exchange.stop(cursor.scope, "epoch")

    # -- out ----------------------------------------------------------------------------------------------------------

    def _push(self, scope: str) -> bool:
        """Send what waits, a batch at a time; True if anything was sent."""
        epoch, team = self._exchange.cursor(scope).epoch, _team_of(scope)
        seen = self._exchange.cursor(team).seq
        limit, sent = MAX_CHANGES, False
        while batch := self._exchange.outbox(scope, max_changes=limit, max_bytes=MAX_BODY_BYTES):
            try:
                body = push_body(epoch, ((one.ctr, one.adj, one.raw) for one in batch))
                told = self._client.push(scope, body, seen=seen)
            except CentreSaidNo as no:
                self._go_on()
                if (no.status, no.code) == (409, "redacted"):
                    if not self._hear(team, seen):
                        return sent
                    seen = self._exchange.cursor(team).seq
                    continue
                sent = True
                limit = self._after_no(batch, no)
                continue
            sent = True
            self._go_on()
            self._settle(batch, told)
            limit = MAX_CHANGES
        return sent

    def _hear(self, team: str, seen: int) -> bool:
        """Pull the redaction that must be known before anything is sent; False where the team's scope has stopped."""
        if self._exchange.cursor(team).stopped is not None:
            return False
        try:
            self._pull(team)
        except _ScopeStops as stops:
            self._exchange.stop(team, stops.reason)
            return False
        if self._exchange.cursor(team).seq <= seen:
            raise Unreachable("garbled")  # there was none, and it would be asked for ever
        return True

    def _after_no(self, batch: list[Pending], no: CentreSaidNo) -> int:
        """Return the size of the next try, after parking what can never go; raise where there is none."""
        if no.status == 409:
            raise _ScopeStops(no.code) from no
        if no.status not in (400, 413):
            raise no
        if len({one.txn for one in batch}) > 1:
            return max(1, len(batch) // 2)
        self._exchange.settle([Answer(one.id, refused=no.code) for one in batch])
        self.tally.parked += len(batch)
        return MAX_CHANGES

    def _settle(self, batch: list[Pending], told: dict[str, Any]) -> None:
        """Write the answers down; every change of the batch must have got one, by its id."""
        answers = [_answer(item) for item in told["answers"]]
        if [answer.id for answer in answers] != [one.id for one in batch]:
            raise Unreachable("garbled")
        self._exchange.settle(answers)
        refused = sum(answer.refused is not None for answer in answers)
        self.tally.parked += refused
        self.tally.pushed += len(answers) - refused

    # -- in -----------------------------------------------------------------------------------------------------------

    def _pull(self, scope: str) -> None:
        """Take in rows until there are no more."""
        more = True
        while more:
            cursor = self._exchange.cursor(scope)
            try:
                told = self._client.pull(
                    scope, epoch=cursor.epoch, after=cursor.seq, chain=cursor.chain, acked=cursor.acked, limit=PULL_ROWS
                )
            except CentreSaidNo as no:
                if no.status == 409:
                    raise _ScopeStops(no.code) from no
                raise
            self._go_on()
            more = self._apply(cursor, told)

    def _apply(self, cursor: Cursor, told: dict[str, Any]) -> bool:
        if told["have"] > cursor.last_ctr:
            raise _ScopeStops("ahead")
        if not told["rows"]:
            return False
        try:
            rows = rows_of(told["rows"])
            self._exchange.apply(
                cursor.scope,
                rows,
                epoch=cursor.epoch,
                after=cursor.seq,
                chain=cursor.chain,
                receipt=str(told["receipt"]),
                told=str(told["chain"]),
            )
        except (ChainBroken, NotCanonical) as error:
            raise _ScopeStops("chain") from error
        except CursorMoved:
            return True
        self.tally.pulled += sum(row.device != self._identity.device for row in rows)
        return bool(told["more"])


class _ScopeStops(Exception):
    """This scope cannot go on by itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _logs_of(scopes: Iterable[str]) -> tuple[str, ...]:
    return tuple(UP_ONLY + scope for scope in scopes if scope.startswith("team:"))


def _team_of(scope: str) -> str:
    """The scope whose redactions reach what is sent to this one."""
    return scope.removeprefix(UP_ONLY)


def _turn_of(scope: str) -> tuple[bool, bool, str]:
    return scope.startswith(UP_ONLY), scope != "site", scope


def _standing(cursor: Cursor) -> dict[str, Any]:
    return {"epoch": cursor.epoch, "seq": cursor.seq, "acked": cursor.acked, "last_ctr": cursor.last_ctr}


def _answer(item: dict[str, Any]) -> Answer:
    try:
        if item["status"] == "refused":
            return Answer(item["id"], refused=str(item["code"]), args=item.get("args") or {})
        return Answer(item["id"], int(item["seq"]), hlc_from_hex(item["eff"]), str(item["verdict"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("garbled") from error


def sync_once(store: Store, journal: Journal, identity: Identity) -> SyncReport:
    """Make one full exchange and say what it did; nothing is raised for what the centre or the net does."""
    from agentdesk.sync.client import Client

    if not identity.joined:
        return SyncReport(error="home")
    token = load_token(token_path(store))
    if token is None:
        return SyncReport(error="token")
    client = Client(identity.centre_url, token)
    talk = Talk(journal, identity, client)
    error = ""
    try:
        talk.greet()
        talk.turn()
    except (CentreSaidNo, Unreachable) as failure:
        error = failure.code
    finally:
        client.close()
    return SyncReport(talk.tally.pushed, talk.tally.pulled, talk.tally.parked, error, talk.stopped())
