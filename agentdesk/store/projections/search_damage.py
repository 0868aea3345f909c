"""Damage of the search index: what its own tables tell when they are held against each other.

FTS5 checks itself only as a write, which would lock the file for everybody. So its tables are copied into memory, one
at a time, and asked there; what a contentless table cannot know of itself is counted beside it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from agentdesk.store.projections.search_index import FULL_TEXT, KINDS, PARTS, SPELLED, Connection, lacking

_DOCSIZE = "docsize"


def broken(conn: Connection) -> list[str]:
    """Return the tables that are gone, damaged in themselves, or contradict the items. Reads only, all of the index.

    Raises sqlite3.OperationalError where the file cannot be read now: that is no damage.
    """
    if gone := lacking(conn):
        return gone
    of_kind = {f"search_{kind}": kind for kind in KINDS} | dict.fromkeys(("search_spelling", "search_sound"), SPELLED)
    found = [table for table, kind in of_kind.items() if not _is_whole(conn, table, kind)]
    return found + [table for table, right in (("search_count", _counts), ("search_facet", _facets)) if not right(conn)]


def _is_whole(conn: Connection, table: str, kind: str) -> bool:
    try:
        return _has_all_rows(conn, table, kind) and _is_sound(conn, table)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR:
            raise
        return False
    except sqlite3.DatabaseError:  # a part of it cannot be read
        return False


def _has_all_rows(conn: Connection, table: str, kind: str) -> bool:
    sides = (f"SELECT id FROM {table}_docsize", f"SELECT row FROM search_item WHERE kind = '{kind}'")
    return not any(
        conn.execute(f"SELECT EXISTS ({one} EXCEPT {other})").fetchone()[0] for one, other in (sides, sides[::-1])
    )


def _is_sound(conn: Connection, table: str) -> bool:
    """Ask FTS5 itself; then whether it holds as many terms as its rows are long: an older state of it holds fewer."""
    with contextlib.closing(_copied(conn, table)) as copy:
        copy.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        copy.execute(f"CREATE VIRTUAL TABLE terms USING fts5vocab('{table}', 'row')")
        counted = "doc" if "detail=none" in FULL_TEXT[table] else "cnt"  # without places, each term counts once a row
        held: int = copy.execute(f"SELECT coalesce(sum({counted}), 0) FROM terms").fetchone()[0]
        sizes = copy.execute(f"SELECT sz FROM {table}_{_DOCSIZE}")
        return held == sum(length for (sz,) in sizes for length in _varints(sz))


def _copied(conn: Connection, table: str) -> sqlite3.Connection:
    """The table in a database of its own."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        copy.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({FULL_TEXT[table]})")
        copy.execute("BEGIN")
        for part in PARTS:
            copy.execute(f"DELETE FROM {table}_{part}")
            places = ", ".join("?" * (3 if part == "idx" else 2))
            rows = conn.execute(f"SELECT * FROM {table}_{part}")
            copy.executemany(f"INSERT INTO {table}_{part} VALUES ({places})", rows)
        copy.execute("COMMIT")
        copy.execute("PRAGMA writable_schema = RESET")  # FTS5 forgets what it knew of the empty table
    except BaseException:
        copy.close()
        raise
    return copy


def _varints(packed: bytes) -> Iterator[int]:
    """The numbers in SQLite's way to write small ones short: seven bits a byte, all but the last with the eighth."""
    number = 0
    for byte in packed:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0


def _counts(conn: Connection) -> bool:
    counted = dict(conn.execute("SELECT kind, docs FROM search_count").fetchall())
    there = dict(conn.execute("SELECT kind, count(*) FROM search_item GROUP BY kind").fetchall())
    return counted == dict.fromkeys(KINDS, 0) | there


def _facets(conn: Connection) -> bool:
    """Whether the facets that filters ask are those that each item names."""
    if conn.execute("SELECT EXISTS (SELECT row FROM search_facet EXCEPT SELECT row FROM search_item)").fetchone()[0]:
        return False
    rows = conn.execute(
        "SELECT facets, (SELECT group_concat(v.name || ':' || v.word, char(10)) FROM search_facet f"
        " JOIN search_facet_value v USING (value) WHERE f.row = i.row) FROM search_item i"
    )
    return all(sorted(said.split("\n")) == sorted((there or "").split("\n")) for said, there in rows)
