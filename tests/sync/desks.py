"""Desks for tests: the real store and journal, joined to a real centre."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentdesk.store import open_store
from agentdesk.store.exchange import Exchange
from agentdesk.store.journal import Journal
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.faces import SyncReport
from agentdesk.sync.join import join
from tests.store.facts import ROW_A, ROW_B, capture, make_journal

__all__ = ["ROW_A", "ROW_B", "DeskFile", "capture"]


class DeskFile:
    """One desk: `journal` to write, `sync` to exchange, `digest` to compare."""

    def __init__(self, folder: Path, name: str) -> None:
        self.journal: Journal = make_journal(folder / name / "desk.db", name=name)
        self.count = 0

    @property
    def store(self) -> Any:
        return self.journal.store

    def join(self, url: str, code: str) -> int:
        """Join; returns how many changes go along."""
        return join(self.store, self.journal, url, code).brought

    def sync(self) -> SyncReport:
        """Exchange once."""
        identity = self.journal.identity
        assert identity is not None
        return sync_once(self.store, self.journal, identity)

    def capture(self, row: dict[str, Any] | None = None) -> str:
        """Write one request as far as RECORDED, or ANALYSING for the complaint."""
        self.count += 1
        row = ROW_B if row is None else row
        complaint = row["type"]["request_type"] == "complaint"
        category, priority, channel = ("urgent", "P1", "phone") if complaint else ("simple", "P3", "online")
        with self.journal.transaction() as txn:
            number = f"AD-{txn.me.letters}-20260128-{self.count:04d}"
            return capture(txn, row, number=number, category=category, priority=priority, channel=channel)

    def note(self, rid: str, text: str) -> str:
        """Add a note to a request; returns the id of the change."""
        with self.journal.transaction() as txn:
            return txn.write("entry", txn.new_id(), root=rid, patch={"note": {"text": text, "at": txn.now()}})

    def digest(self) -> dict[str, Any]:
        """Return the digest of MODEL §8."""
        return Exchange(self.journal).digest()

    def reopen(self) -> None:
        """Open the store again, after another process had it."""
        store = open_store(self.store.path)
        self.journal = Journal(store, now=self.journal.now)

    def close(self) -> None:
        """Close the store."""
        self.store.close()
