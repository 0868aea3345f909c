"""That something was exported is a log fact (MODEL §6), also where the export could not write it.

One process writes a store. Another one that exports leaves a note in a folder beside it before anything goes out, and
who writes the store next makes the fact of it: the running desk as it closes, the next start, the next command. A note
has the id of its fact, so that a stop in between writes nothing twice.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID

from agentdesk.changes import instant, parse_canonical, stamp_time
from agentdesk.desk import saying
from agentdesk.desk.context import Desk
from agentdesk.desk.outfile import replacing
from agentdesk.domain.refusal import Refusal

FOLDER = "exported"
Kind = Literal["requests", "articles", "kb_usage"]
_SUFFIX, _ASIDE = ".json", ".unreadable"
_log = logging.getLogger(__name__)
_AT_ONCE = 50
"""Notes of one transaction."""
_LONGEST = 1_000
"""Bytes of a note."""


def noted(desk: Desk, what: Kind, rows: int) -> None:
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
    """Facts of some notes; one that can be no fact is put aside, so that it keeps no other one back."""
    written = []
    with desk.journal.transaction() as txn:
        for note in notes:
            try:
                fact, value = _read(note)
                if txn.state("log_fact", fact) is None:
                    txn.write("log_fact", fact, root=fact, patch={"exported": value})
            except (OSError, ValueError, TypeError, KeyError, OverflowError, Refusal) as error:
                _log.warning("note of an export cannot be read: %s", type(error).__name__)
                _move(note, aside=True)
            else:
                written.append(note)
    for note in written:
        _move(note)


def _folder(desk: Desk) -> Path:
    return desk.store.path.parent / FOLDER


def _move(note: Path, *, aside: bool = False) -> None:
    try:
        if aside:
            note.replace(note.with_name(note.name + _ASIDE))
        else:
            note.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("note of an export stays: %s", type(error).__name__)


def _read(note: Path) -> tuple[str, dict[str, Any]]:
    """The fact that a note is of. Raises OSError, ValueError, TypeError, KeyError, OverflowError: it is of none."""
    if not note.is_file() or note.stat().st_size > _LONGEST:
        raise ValueError("no note")
    told = parse_canonical(note.read_bytes())
    what, rows, at = told["what"], told["rows"], stamp_time(instant(told["at"]))
    if str(UUID(note.stem)) != note.stem or what not in get_args(Kind) or type(rows) is not int or rows < 0:
        raise ValueError("no fact")
    return note.stem, {"what": what, "rows": rows, "at": at}
