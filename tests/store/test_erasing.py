"""What deleting securely leaves behind, and that writing the file anew takes it away: at the desk and at the centre."""

from __future__ import annotations

import random
import sqlite3
import uuid
from pathlib import Path

from agentdesk.central import redaction
from agentdesk.central.database import connect, prepare
from agentdesk.changes.skeleton import MARK
from agentdesk.domain.redaction import order as redaction_order
from agentdesk.store import erasing, open_store
from tests.store.facts import ROW_B, capture, make_journal

NEEDLE = "锦绣路8813弄"


def churn(conn: sqlite3.Connection) -> None:
    """Rows that come and grow in no order, so that pages are split; then their words are replaced."""
    chance = random.Random(1)
    conn.execute("CREATE TABLE scratch (id TEXT PRIMARY KEY, words TEXT) WITHOUT ROWID")
    conn.execute("BEGIN")
    ids: list[str] = []
    for count in range(1500):
        ids.append(str(uuid.UUID(int=chance.getrandbits(128))))
        words = f"{NEEDLE}{count}" + "x" * chance.randint(10, 900)
        conn.execute("INSERT INTO scratch VALUES (?, ?)", (ids[-1], words))
        grown = chance.choice(ids)
        conn.execute("UPDATE scratch SET words = words || ? WHERE id = ?", ("y" * chance.randint(10, 200), grown))
        if count % 300 == 0:
            conn.execute("COMMIT")
            conn.execute("BEGIN")
    conn.execute("UPDATE scratch SET words = replace(words, ?, '')", (NEEDLE,))
    conn.execute("COMMIT")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def left_in(path: Path) -> int:
    return sum(file.read_bytes().count(NEEDLE.encode()) for file in path.parent.glob(f"{path.name}*"))


def test_a_desk_writes_its_file_anew(tmp_path: Path) -> None:
    with open_store(tmp_path / "desk.db") as store:
        churn(store.raw())
        assert left_in(store.path) > 0, "secure_delete leaves copies in pages that were split"
        with store.plain_write() as conn:
            conn.execute("INSERT INTO local VALUES (?, '{}')", (erasing.DUE,))
        erasing.finish(store)
        assert not erasing.due(store)
        assert left_in(store.path) == 0
        assert store.integrity() == "ok"


def test_the_mark_stays_while_a_reader_holds_the_log(tmp_path: Path) -> None:
    with open_store(tmp_path / "desk.db") as store:
        reader = sqlite3.connect(store.path, isolation_level=None)
        store.raw().execute("PRAGMA busy_timeout=0")
        with store.plain_write() as conn:
            conn.execute("INSERT INTO local VALUES (?, '{}')", (erasing.DUE,))
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM local").fetchone()
        erasing.finish(store)
        assert erasing.due(store), "the old pages may still be in the log"
        reader.close()
        erasing.finish(store)
        assert not erasing.due(store)


def test_the_centre_writes_its_file_anew(tmp_path: Path) -> None:
    path = prepare(tmp_path)
    conn = connect(path)
    churn(conn)
    assert left_in(path) > 0
    assert redaction.finish(conn) and left_in(path) > 0, "nothing is due"
    conn.execute("INSERT INTO meta VALUES (?, '1')", (redaction.DUE,))
    assert redaction.finish(conn)
    assert left_in(path) == 0
    conn.close()


def test_the_search_index_keeps_no_term_of_it(tmp_path: Path) -> None:
    """A deleted row's terms stay in the index's older segments until those are merged."""
    value = "QZXJKV8813Z"
    journal = make_journal(tmp_path / "desk.db")
    with journal.transaction() as txn:
        row = {**ROW_B, "description": f"订单口令 {value}，请核对"}
        rid = capture(txn, row, number="AD-H-20260128-0001", category="simple", priority="P3", channel="online")
    with journal.transaction() as txn:
        txn.write("request", rid, root=rid, patch={"tags": {"logistics": True}})
    folded = value.lower().encode()
    assert any(folded in file.read_bytes() for file in tmp_path.glob("desk.db*"))
    done = erasing.erase_home(journal, redaction_order(rid, value, "口令不该留下"))
    assert (done.found.places, done.found.fields) == (1, ("request.description",))
    assert not any(folded in file.read_bytes().lower() for file in tmp_path.glob("desk.db*"))
    found = journal.store.raw().execute("SELECT title, body FROM search_item WHERE kind = 'request'").fetchone()
    assert MARK in found[1] and value not in str(found)
    journal.store.close()
