"""That something was exported is a log fact (MODEL §6), also where the export could not write it.

One process writes a store. Another one that exports leaves a note in a folder beside it before anything goes out, and
who writes the store next makes the fact of it: the running desk as it closes, the next start, the next command. A note
has the id of its fact, so that a stop in between writes nothing twice.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentdesk.changes import instant, stamp_time
from agentdesk.desk import saying
from agentdesk.desk.context import Desk
from agentdesk.desk.outfile import replacing

FOLDER = "exported"
_SUFFIX = ".json"
_log = logging.getLogger(__name__)
_AT_ONCE = 50
"""Notes of one transaction."""


def noted(desk: Desk, what: str, rows: int) -> None:
    """Note an export before it goes out. Raises OSError where neither fact nor note could be written."""
    if desk.store.writable:
        with desk.journal.transaction() as txn:
            saying.log(txn, "exported", {"what": what, "rows": rows})
        return
    folder = _folder(desk)
    folder.mkdir(mode=0o700, exist_ok=True)
    note = {"what": what, "rows": rows, "at": stamp_time(desk.now())}
    with replacing(folder / f"{desk.new_id()}{_SUFFIX}") as out:
        out.write(json.dumps(note).encode())


def take_over(desk: Desk) -> None:
    """Write the facts of what was noted beside this desk. A full disk keeps nobody from working: the notes wait."""
    notes = sorted(_folder(desk).glob(f"*{_SUFFIX}")) if desk.store.writable and desk.identity is not None else []
    if not notes:
        return
    from sqlalchemy.exc import SQLAlchemyError  # not for the start of a desk that has none

    try:
        for start in range(0, len(notes), _AT_ONCE):
            _write(desk, notes[start : start + _AT_ONCE])
    except (OSError, sqlite3.Error, SQLAlchemyError):
        _log.exception("notes of exports wait")


def _write(desk: Desk, notes: list[Path]) -> None:
    with desk.journal.transaction() as txn:
        for fact, value in _read(notes):
            if txn.state("log_fact", fact) is None:
                txn.write("log_fact", fact, root=fact, patch={"exported": value})
    for note in notes:
        note.unlink(missing_ok=True)


def _folder(desk: Desk) -> Path:
    return desk.store.path.parent / FOLDER


def _read(notes: list[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    for note in notes:
        try:
            told = json.loads(note.read_bytes())
            value = {"what": str(told["what"]), "rows": int(told["rows"]), "at": stamp_time(instant(told["at"]))}
        except (ValueError, TypeError, KeyError) as error:  # somebody else's file: nothing that could be a fact
            _log.warning("note of an export cannot be read: %s", type(error).__name__)
        else:
            yield note.stem, value
