"""Opening the store: the file, its lock, its pragmas and its connections. The only place where an engine is made."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentdesk.store.filelock import FileLock, LockHeld
from agentdesk.store.migrations import SchemaNewer, migrate
from agentdesk.store.taken_out import TakenOut

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: what is called saved survives power loss
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "secure_delete": 1,
}


class StoreHeld(Exception):
    """Another process writes this store: `pid` and `what` say who."""

    def __init__(self, pid: int, what: str) -> None:
        """Keep who holds it."""
        super().__init__(f"held by process {pid} ({what})")
        self.pid = pid
        self.what = what


class StoreNewer(Exception):
    """The file was written by a newer version; nothing was touched."""


class StoreBroken(Exception):
    """The file is not a sound database; nothing was touched."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection, set the pragmas and read them back: they are per connection and fail silently."""
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5, cached_statements=256)
    for name, value in PRAGMAS.items():
        conn.execute(f"PRAGMA {name}={value}")
    found = {name: conn.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
    if found != PRAGMAS:
        conn.close()
        raise StoreBroken(f"pragmas not taken: {found}")
    return conn


def open_store(path: Path, *, write: bool = True, what: str = "agentdesk", key: bytes | None = None) -> Store:
    """Open or create the store at `path`.

    `write` takes the lock beside the file, so that one process writes; `what` is told to whoever comes second.
    `key` is the place for the file's encryption. Raises StoreHeld, StoreNewer, StoreBroken; FileNotFoundError when
    reading a store that does not exist.
    """
    if key is not None:
        raise ValueError("an encrypted store needs the cipher build")
    if not write and not path.exists():
        raise FileNotFoundError(path)
    lock = _take_lock(path, what) if write else None
    try:
        _make_private(path)
        conn = connect(path)
        try:
            migrate(conn, path) if write else None
        finally:
            conn.close()
    except SchemaNewer as error:
        _release(lock)
        raise StoreNewer(str(error)) from error
    except sqlite3.DatabaseError as error:
        _release(lock)
        if isinstance(error, sqlite3.OperationalError):
            raise  # no room, no right, a busy disk: the machine's trouble, the file may be sound
        raise StoreBroken(str(error)) from error
    except BaseException:
        _release(lock)
        raise
    return Store(path, lock)


def _take_lock(path: Path, what: str) -> FileLock:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return FileLock(path.with_suffix(".lock"), what)
    except LockHeld as held:
        raise StoreHeld(held.pid, held.what) from held


def _release(lock: FileLock | None) -> None:
    if lock is not None:
        lock.release()


def _make_private(path: Path) -> None:
    """Create the file readable by its owner only, before SQLite would make it with the common mask."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


class Store:
    """An open store. Reads may run in any thread; one writer at a time, in one transaction."""

    def __init__(self, path: Path, lock: FileLock | None) -> None:
        """Wrap an opened file; use `open_store`."""
        self.path = path
        self.writable = lock is not None
        self._lock = lock
        self._local = threading.local()
        self._raw: list[sqlite3.Connection] = []
        self._writer = threading.RLock()
        self.taken_out = TakenOut()

    def raw(self) -> sqlite3.Connection:
        """Return this thread's plain connection, for reading what the start path may not load an ORM for."""
        conn: sqlite3.Connection | None = getattr(self._local, "conn", None)
        if conn is None:
            conn = self._local.conn = connect(self.path)
            self._raw.append(conn)
        return conn

    @cached_property
    def engine(self) -> Engine:
        """The SQLAlchemy engine over the same connections; importing it costs, so it is made when first asked for."""
        from sqlalchemy import create_engine
        from sqlalchemy.pool import QueuePool

        from agentdesk.store.tables import dump_json, load_json

        return create_engine(
            "sqlite://",
            creator=lambda: connect(self.path),
            poolclass=QueuePool,
            hide_parameters=True,  # what customers said must not come into an error's text, and so into the log
            json_serializer=dump_json,
            json_deserializer=load_json,
        )

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A Core connection that sees one snapshot."""
        with self.engine.connect() as conn:
            conn.exec_driver_sql("BEGIN")
            try:
                yield conn
            finally:
                conn.exec_driver_sql("ROLLBACK")

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A Core connection in a write transaction: committed at the end, nothing kept if the block raises."""
        if not self.writable:
            raise StoreHeld(0, "read-only")
        with self._writer, self.engine.connect() as conn:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield conn
            except BaseException:
                _roll_back(conn)
                raise
            conn.exec_driver_sql("COMMIT")

    @contextlib.contextmanager
    def plain_write(self) -> Iterator[sqlite3.Connection]:
        """A write transaction on this thread's plain connection, for local tables on the start path."""
        if not self.writable:
            raise StoreHeld(0, "read-only")
        conn = self.raw()
        with self._writer:
            conn.execute("BEGIN IMMEDIATE")
            try:
                yield conn
            except BaseException:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                raise
            conn.execute("COMMIT")

    def compact(self) -> bool:
        """Write the whole file anew and empty the log beside it, so that neither holds a byte of what is gone.

        `secure_delete` alone leaves copies in pages that were split earlier. False: a reader kept the log from being
        emptied; ask again later. Raises sqlite3.OperationalError where there is no room.
        """
        with self._writer:
            conn = self.raw()
            conn.execute("VACUUM")
            busy: int = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def older_copies(self) -> list[Path]:
        """The copies of the file that were made before its schema was changed (`migrations`)."""
        return sorted(self.path.parent.glob(f"{self.path.stem}.before-*"))

    def integrity(self) -> str:
        """Return `ok`, or what SQLite found wrong."""
        return str(self.raw().execute("PRAGMA integrity_check").fetchone()[0])

    def close(self) -> None:
        """Close every connection and let the lock go."""
        if "engine" in self.__dict__:
            self.engine.dispose()
        for conn in self._raw:
            conn.close()
        self._raw.clear()
        self._local = threading.local()
        _release(self._lock)

    def __enter__(self) -> Store:
        """Use as a context manager that closes."""
        return self

    def __exit__(self, *_: Any) -> None:
        """Close."""
        self.close()


def _roll_back(conn: Connection) -> None:
    """Undo, unless SQLite has already done so itself (disk full ends the transaction on its own)."""
    dbapi = conn.connection.driver_connection
    if dbapi is not None and dbapi.in_transaction:
        conn.exec_driver_sql("ROLLBACK")
