"""Stores made before customers were found by pinyin get the keys when they are opened."""

from __future__ import annotations

from pathlib import Path

from agentdesk.store import customers, open_store
from tests.store.facts import ROW_A, ROW_B, capture, make_journal


def test_an_older_store_is_refilled(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    journal = make_journal(path)
    with journal.transaction() as txn:
        zhang = capture(txn, ROW_A, number="AD-1", category="complex", priority="P2", channel="phone")
        wang = capture(txn, ROW_B, number="AD-2", category="simple", priority="P3", channel="online")
    before = set(journal.store.raw().execute("SELECT kind, key, root FROM customer_key"))
    with journal.store.plain_write() as conn:  # as a store of the version before
        conn.execute("DELETE FROM migration WHERE name = '0006_customer_initials'")
        conn.execute("DELETE FROM customer_key WHERE kind IN ('pinyin', 'initials')")
    journal.store.close()
    with open_store(path) as store:
        assert set(store.raw().execute("SELECT kind, key, root FROM customer_key")) == before
        assert customers.with_keys(store.raw(), [("initials", "zq")]) == [zhang]
        assert customers.with_key_beginning(store.raw(), "pinyin", "wangf") == [wang]
