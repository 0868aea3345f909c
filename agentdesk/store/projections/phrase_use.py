"""How often each phrase was said, by whom and when last: counted from the messages sent, as they come.

A message is counted once however often its entry is folded anew, and for another person once its author is known by
another id (joining); the sums are kept by triggers of the table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentdesk.changes import EntityState

if TYPE_CHECKING:
    from sqlalchemy import Connection

_GROUP = "message_sent"


def create(conn: sqlite3.Connection) -> None:
    """Make the tables and count what was said before there were any."""
    conn.execute(
        "CREATE TABLE phrase_use (entry TEXT NOT NULL, version TEXT NOT NULL, person TEXT NOT NULL,"
        " at INTEGER NOT NULL, PRIMARY KEY (entry, version)) WITHOUT ROWID"
    )
    conn.execute(
        "CREATE TABLE phrase_tally (version TEXT NOT NULL, person TEXT NOT NULL, uses INTEGER NOT NULL,"
        " last INTEGER NOT NULL, PRIMARY KEY (version, person)) WITHOUT ROWID"
    )
    more = (
        "INSERT INTO phrase_tally VALUES (new.version, new.person, 1, new.at) ON CONFLICT DO UPDATE SET"
        " uses = uses + 1, last = max(last, excluded.last);"
    )
    less = "UPDATE phrase_tally SET uses = uses - 1 WHERE version = old.version AND person = old.person;"
    conn.execute(f"CREATE TRIGGER phrase_counted AFTER INSERT ON phrase_use BEGIN {more} END")
    conn.execute(f"CREATE TRIGGER phrase_recounted AFTER UPDATE OF person ON phrase_use BEGIN {less} {more} END")
    conn.execute(
        "INSERT OR IGNORE INTO phrase_use SELECT e.id, p.value, e.author,"
        " CAST(round((julianday(json_extract(m.value, '$.at')) - 2440587.5) * 86400000) AS INTEGER)"
        " FROM entry e, json_each(e.message_sent) m, json_each(m.value, '$.phrases') p"
        " WHERE json_valid(e.message_sent) AND typeof(p.value) = 'text'"
    )


def refresh(conn: Connection, touched: Iterable[EntityState]) -> None:
    """Count the phrases of the messages among what was touched."""
    rows = [
        (state.id, str(version), state.author, round(event.at.timestamp() * 1000))
        for state in touched
        if state.entity == "entry" and state.values.get(_GROUP)
        for event in state.events(_GROUP)
        for version in event.value.get("phrases") or ()
    ]
    if rows:
        conn.exec_driver_sql(
            "INSERT INTO phrase_use VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET person = excluded.person"
            " WHERE person <> excluded.person",
            rows,
        )


@dataclass(frozen=True, slots=True)
class Use:
    """What is known of the use of one version of a phrase."""

    own: int = 0
    team: int = 0
    last: int = 0
    """When this person said it last, in milliseconds since the epoch; 0 for never."""


def uses(conn: sqlite3.Connection, person: str) -> dict[str, Use]:
    """Return the use of each version by this person and by the others whose messages this store knows."""
    wanted = (
        "SELECT version, sum(uses * (person = ?1)), sum(uses * (person <> ?1)), max(last * (person = ?1))"
        " FROM phrase_tally GROUP BY version"
    )
    return {version: Use(own, team, last) for version, own, team, last in conn.execute(wanted, (person,))}
