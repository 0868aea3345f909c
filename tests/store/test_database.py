"""Opening: pragmas on every connection, one writer, schema as the models say, nothing touched that is not ours."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from agentdesk.store import StoreBroken, StoreHeld, StoreNewer, open_store
from agentdesk.store.database import PRAGMAS


def test_every_connection_is_durable(tmp_path: Path) -> None:
    with open_store(tmp_path / "desk.db") as store:
        held = [store.engine.connect() for _ in range(4)]
        raws = [conn.connection.driver_connection for conn in held] + [store.raw()]
        for raw in raws:
            assert raw is not None
            assert {name: raw.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS} == PRAGMAS
        for conn in held:
            conn.close()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "desk.db"):
        assert stat.S_IMODE(os.stat(tmp_path / "desk.db").st_mode) == 0o600


def test_a_second_writer_is_told_who_holds_it_and_may_read(tmp_path: Path) -> None:
    with open_store(tmp_path / "desk.db", what="agentdesk request add"):
        told = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys, pathlib\n"
                "from agentdesk.store import *\n"
                "path = pathlib.Path(sys.argv[1])\n"
                "open_store(path, write=False).raw().execute('SELECT * FROM change')\n"
                "try: open_store(path)\n"
                "except StoreHeld as held: print(held.pid, held.what)\n",
                str(tmp_path / "desk.db"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    assert told.stdout.split() == [str(os.getpid()), "agentdesk", "request", "add"]
    with open_store(tmp_path / "desk.db"):
        pass


def test_reading_cannot_write(tmp_path: Path) -> None:
    open_store(tmp_path / "desk.db").close()
    with open_store(tmp_path / "desk.db", write=False) as store, pytest.raises(StoreHeld), store.write():
        pass


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    open_store(tmp_path / "desk.db").close()
    raw = sqlite3.connect(tmp_path / "desk.db")
    raw.execute("INSERT INTO migration VALUES ('9999_from_tomorrow')")
    raw.commit()
    raw.close()
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(StoreNewer, match="9999_from_tomorrow"):
        open_store(tmp_path / "desk.db")
    assert (tmp_path / "desk.db").read_bytes() == before


def test_what_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_bytes(b"these are my notes, not a database, and long enough to look like a page" * 20)
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(StoreBroken):
        open_store(tmp_path / "desk.db")
    assert (tmp_path / "desk.db").read_bytes() == before
    (tmp_path / "desk.db").unlink()
    with open_store(tmp_path / "desk.db") as store:  # the lock was let go
        assert store.integrity() == "ok"


def test_migrated_schema_is_what_the_models_say(tmp_path: Path) -> None:
    from agentdesk.store import tables

    with open_store(tmp_path / "desk.db") as store:
        raw = store.raw()
        for table in tables.SQLModel.metadata.sorted_tables:
            found = [
                (name, kind, bool(required) or bool(key), bool(key))
                for _, name, kind, required, _, key in raw.execute(f'PRAGMA table_info("{table.name}")')
            ]
            wanted = [
                (column.name, str(column.type), not column.nullable, column.primary_key) for column in table.columns
            ]
            assert sorted(found) == sorted(wanted), table.name


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "desk.db") as store:
        with pytest.raises(RuntimeError), store.write() as conn:
            conn.exec_driver_sql("INSERT INTO local VALUES ('x', '1')")
            raise RuntimeError
        assert store.raw().execute("SELECT * FROM local").fetchall() == []
