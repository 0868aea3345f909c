"""A centre's log in this process, and pushes made by hand: for what no honest desk would ever send."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from agentdesk.central.accounts import Author
from agentdesk.central.batch import read_batch
from agentdesk.central.database import connect, load_secrets, prepare, writing
from agentdesk.central.feed import Asked, pull
from agentdesk.central.ledger import ScopeLog
from agentdesk.central.taking import Taken, take
from agentdesk.changes import Change, hlc_from_hex, new_id
from agentdesk.changes.hlc import hlc_at
from agentdesk.changes.wire import push_body
from agentdesk.domain.records import REGISTRY

NOW_MS = 1_769_567_400_000
AT = "2026-01-28T10:30:00.000+08:00"
TEAM = "team:one"


def change(
    entity: str,
    patch: dict[str, Any],
    *,
    id: str | None = None,  # noqa: A002
    entity_id: str | None = None,
    root: str | None = None,
    txn: str | None = None,
    base: dict[str, list[str]] | None = None,
    hlc: int | None = None,
) -> Change:
    """Return a change as a desk would make it; what is left out is new."""
    entity_id = entity_id or new_id()
    return Change.make(
        id=id or new_id(),
        hlc=hlc_at(NOW_MS) if hlc is None else hlc,
        root=root or entity_id,
        txn=txn or new_id(),
        entity=entity,
        entity_id=entity_id,
        patch=patch,
        base=base or {},
        rules_v="1.0",
        v=1,
    )


def created(**more: Any) -> Change:
    """Return the change that begins a request."""
    value = {"number": "AD-AB-20260128-0001", "recorder": new_id(), "recorded_at": AT, "at": AT}
    return change("request", {"created": value}, **more)


def note(root: str, text: str = "已联系客户", **more: Any) -> Change:
    """Return a note on a request."""
    return change("entry", {"note": {"text": text, "at": AT}}, root=root, **more)


def article(*, imported: bool = False, **more: Any) -> Change:
    """Return a version of an article, written by hand or of an import."""
    value = {"kind": "faq", "title": "漏水", "body": "关水阀", "at": AT} | ({"imported": True} if imported else {})
    return change("article", {"version": value}, **more)


class Centre:
    """The tables of a centre without its service."""

    def __init__(self, data: Path) -> None:
        self.conn = connect(prepare(data))
        self.held = load_secrets(data)
        self.now_ms = NOW_MS
        self.epoch: str = self.conn.execute("SELECT value FROM meta WHERE key='epoch'").fetchone()[0]

    def author(self, device: str = "device-a", *roles: str, since: int = 0) -> Author:
        """Return a member of every scope."""
        return Author(device, f"person-of-{device}", frozenset(roles or ("rep",)), ((since, None),))

    def push(
        self,
        changes: list[Change],
        *,
        first: int = 1,
        author: Author | None = None,
        scope: str = TEAM,
        epoch: str | None = None,
        adj: int = 0,
    ) -> Taken:
        """Push changes with counters from `first` on, in a transaction of their own."""
        who = author or self.author()
        items = [(ctr, adj, one.raw) for ctr, one in enumerate(changes, first)]
        batch = read_batch(push_body(self.epoch if epoch is None else epoch, items), scope, who, REGISTRY)
        with writing(self.conn):
            log = ScopeLog(self.conn, scope, self.now_ms)
            with log.part():
                return take(log, batch, REGISTRY)

    def pull(self, after: int = 0, **asked: Any) -> bytes:
        """Pull the team's log."""
        wanted = replace(Asked(self.epoch, after, "", 0, 500), **asked)
        return pull(self.conn, self.held, TEAM, "device-a", wanted)

    def log(self, scope: str = TEAM) -> list[tuple[Any, ...]]:
        """Return (seq, id, ctr, verdict, eff) of a scope's rows."""
        columns = "SELECT seq, id, ctr, verdict, eff FROM log WHERE scope=? ORDER BY seq"
        return self.conn.execute(columns, (scope,)).fetchall()


def statuses(taken: Taken) -> list[str]:
    """Return what each change was answered: its status, for a refusal the code."""
    return [answer["code"] if answer["status"] == "refused" else answer["status"] for answer in taken.answers]


def eff_of(taken: Taken, place: int = 0) -> int:
    """Return the merge time that a change was given."""
    return hlc_from_hex(taken.answers[place]["eff"])
