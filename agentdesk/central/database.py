"""The centre's file: tables, connections with their pragmas, secrets beside it, and the lock of the serving process."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BUSY_MS = 2_000
"""How long a writer waits for the file before it says "busy" (SYNC 2.4)."""

FORMAT = "1"

TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scope_head (
    scope TEXT PRIMARY KEY, epoch TEXT NOT NULL, head INTEGER NOT NULL, chain BLOB NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
    scope TEXT NOT NULL, seq INTEGER NOT NULL, month TEXT NOT NULL, id TEXT NOT NULL, root TEXT NOT NULL,
    txn TEXT NOT NULL, device TEXT NOT NULL, ctr INTEGER NOT NULL, actor TEXT NOT NULL, adj INTEGER NOT NULL,
    eff INTEGER NOT NULL, verdict TEXT NOT NULL, row_hash BLOB NOT NULL, chain BLOB NOT NULL, payload BLOB NOT NULL,
    PRIMARY KEY (scope, seq, month)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answer (
    scope TEXT NOT NULL, id TEXT NOT NULL, row_hash BLOB NOT NULL, device TEXT NOT NULL, ctr INTEGER NOT NULL,
    seq INTEGER, root TEXT NOT NULL, code TEXT, args TEXT, PRIMARY KEY (scope, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answer_refused ON answer (scope, root) WHERE code IS NOT NULL;
CREATE TABLE IF NOT EXISTS device_head (
    scope TEXT NOT NULL, device TEXT NOT NULL, have INTEGER NOT NULL, eff INTEGER NOT NULL, acked INTEGER NOT NULL,
    PRIMARY KEY (scope, device)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entity (
    scope TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, root TEXT NOT NULL, state TEXT NOT NULL,
    stamps TEXT NOT NULL, PRIMARY KEY (scope, kind, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entity_root ON entity (scope, root);
CREATE TABLE IF NOT EXISTS team (slug TEXT PRIMARY KEY, display_name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS person (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, work_no TEXT NOT NULL, created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS membership (
    id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id), team TEXT NOT NULL REFERENCES team (slug),
    role TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS membership_person ON membership (person);
CREATE TABLE IF NOT EXISTS device (
    id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id), machine TEXT NOT NULL,
    letters TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, seen_at INTEGER, revoked_at INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS token (
    hash BLOB PRIMARY KEY, device TEXT NOT NULL REFERENCES device (id), created_at INTEGER NOT NULL, revoked_at INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS enrolment (
    hash BLOB PRIMARY KEY, team TEXT NOT NULL REFERENCES team (slug), role TEXT NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, device TEXT REFERENCES device (id)
) WITHOUT ROWID;
"""
"""Every key of a replicated table begins with scope, so that the same schema shards by scope (DESIGN §5).

`log` has no other unique key, so that it can be partitioned by month; `chain` in it is the chain after that row, so
that a pull can be checked against the middle of the log. Times of accounts are ms since 1970; `since` and `until` of
a membership are hybrid times, since changes are judged against them. An enrolment with a device is used up.
"""


class UnsafeDatabase(RuntimeError):
    """A connection came up without the pragmas that keep acknowledged work; it is not used."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is kept outside the database, so that a copied file proves and opens nothing (SYNC 2.17)."""

    receipt_key_id: str
    receipt_key: bytes
    pepper: bytes


def connect(path: Path) -> sqlite3.Connection:
    """Open the centre's file: WAL, synchronous FULL and foreign keys, all read back; transactions are explicit."""
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    conn.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("PRAGMA fullfsync=ON")
    conn.execute("PRAGMA foreign_keys=ON")
    conn.execute("PRAGMA secure_delete=ON")
    names = ("journal_mode", "synchronous", "foreign_keys")
    found = tuple(conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    if found != ("wal", 2, 1):
        conn.close()
        raise UnsafeDatabase(f"journal_mode, synchronous, foreign_keys: {found}")
    return conn


@contextmanager
def writing(conn: sqlite3.Connection) -> Iterator[None]:
    """One short write transaction: all of it, or nothing."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    conn.execute("COMMIT")


@contextmanager
def reading(conn: sqlite3.Connection) -> Iterator[None]:
    """One snapshot: everything read inside is of one moment."""
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.execute("ROLLBACK")


def prepare(data_dir: Path) -> Path:
    """Make the folder and the tables where they are missing; return the path of the file."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data_dir / "centre.db"
    if not path.exists():  # SQLite would make it with the common mask; its companions take the file's own
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    conn = connect(path)
    try:
        with writing(conn):
            for statement in TABLES.split(";"):
                if statement.strip():
                    conn.execute(statement)
            conn.executemany(
                "INSERT OR IGNORE INTO meta VALUES (?, ?)", [("epoch", secrets.token_hex(16)), ("format", FORMAT)]
            )
    finally:
        conn.close()
    return path


def epoch_of(conn: sqlite3.Connection) -> str:
    """Return the epoch that new scopes of this database begin with."""
    found: str = conn.execute("SELECT value FROM meta WHERE key='epoch'").fetchone()[0]
    return found


def load_secrets(data_dir: Path) -> Secrets:
    """Read the secrets beside the database, making them at first use; the file is readable by its owner alone."""
    path = data_dir / "centre.secret"
    if not path.exists():
        made = {"pepper": secrets.token_hex(32), "receipt": {"id": "k1", "key": secrets.token_hex(32)}}
        _create_whole(path, json.dumps(made).encode())
    held = json.loads(path.read_bytes())
    return Secrets(held["receipt"]["id"], bytes.fromhex(held["receipt"]["key"]), bytes.fromhex(held["pepper"]))


def _create_whole(path: Path, data: bytes) -> None:
    """Make a file that is there with all its bytes or not at all; where another process was first, its file stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
