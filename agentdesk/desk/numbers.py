"""Readable numbers `AD-<desk letters>-YYYYMMDD-NNNN` (MODEL §5).

The day counter is kept in the store (the numbers themselves) and in a small file beside the token: a store that was
restored from a backup has forgotten numbers that customers were told, the file has not.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from agentdesk.store import queries

FILE = "numbers"
LENGTH = 120
"""Bytes of the file, filled up with spaces."""


def next_number(conn: sqlite3.Connection, folder: Path, letters: str, at: datetime) -> str:
    """Take the next number of that local day. Call it inside the transaction that writes the request.

    Looking for the day's last number reads all of them, so that is done only where the file knows nothing of the day;
    a number that the store holds nevertheless (the file is an older one) is passed over.
    """
    day = at.strftime("%Y%m%d")
    prefix = f"AD-{letters}-{day}-"
    used = (_last_told(folder, letters, day) or queries.last_number(conn, prefix)) + 1
    while queries.number_taken(conn, f"{prefix}{used:04d}"):
        used += 1
    _remember(folder, letters, day, used)
    return f"{prefix}{used:04d}"


def _last_told(folder: Path, letters: str, day: str) -> int:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if kept["letters"] == letters and kept["day"] == day:
            return int(kept["used"])
    return 0


def _remember(folder: Path, letters: str, day: str, used: int) -> None:
    """Write the counter. The disk is not waited for: the store's commit does that, and remembers the number as well.

    The file keeps its length and is written over: cutting it to nothing first may wait for the file system's journal.
    """
    kept = json.dumps({"letters": letters, "day": day, "used": used}).ljust(LENGTH).encode()
    descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, kept)
        if os.fstat(descriptor).st_size != len(kept):
            os.ftruncate(descriptor, len(kept))
    finally:
        os.close(descriptor)
