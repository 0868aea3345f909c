"""What screens and commands ask of the store, over the plain connection, since the queue's page opens the desk."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

QUEUE_COLUMNS = (
    "root, number, short_number, customer, title, request_type, sub_type, category, priority, emotion, state, owner,"
    " tier, next_clock, next_due_at, warn_at, is_open, pending, conflict, updated_at, channel, tags"
)


class QueueRow(NamedTuple):
    """One line of the queue; the customer is masked, instants are epoch milliseconds."""

    id: str
    number: str
    short_number: str
    customer: str
    title: str
    request_type: str | None
    sub_type: str | None
    category: str | None
    priority: str | None
    emotion: str | None
    state: str
    owner: str | None
    tier: str | None
    next_clock: str | None
    next_due_at: int | None
    warn_at: int | None
    is_open: bool
    pending: bool
    conflict: bool
    updated_at: int
    channel: str | None = None
    tags: tuple[str, ...] = ()


def queue_rows(conn: sqlite3.Connection, roots: Sequence[str]) -> list[QueueRow]:
    """Return the lines of these requests in the order given; unknown ones are left out."""
    marks = ",".join("?" * len(roots))
    found = conn.execute(f"SELECT {QUEUE_COLUMNS} FROM queue_row WHERE root IN ({marks})", tuple(roots))
    lines = {row[0]: queue_row(row) for row in found}
    return [lines[root] for root in roots if root in lines]


def queue_row(row: Sequence[object]) -> QueueRow:
    """Make a line of what `QUEUE_COLUMNS` selected."""
    values = list(row)
    values[16:19] = map(bool, values[16:19])
    values[21] = tuple(filter(None, str(values[21]).split("\n")))
    return QueueRow(*values)  # type: ignore[arg-type]


class LoggedChange(NamedTuple):
    """One change of a root's history, with what the centre said of it."""

    id: str
    actor: str
    payload: bytes
    own: bool
    seq: int | None
    verdict: str | None
    refused: str | None
    eff: int | None = None
    """Its time in the merge order, None while the centre has not got it."""


def history(conn: sqlite3.Connection, root: str) -> list[LoggedChange]:
    """Return the changes under a root: pulled ones in their order, then own waiting ones."""
    rows = conn.execute(
        "SELECT id, actor, payload, own, seq, verdict, refused, eff FROM change WHERE root = ?"
        " ORDER BY seq IS NULL, seq, rowid",
        (root,),
    )
    return [
        LoggedChange(i, actor, payload, bool(own), seq, v, r, eff) for i, actor, payload, own, seq, v, r, eff in rows
    ]


def persons(conn: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Return (name, work number) by person id."""
    rows = conn.execute("SELECT id, json_extract(person, '$.name'), json_extract(person, '$.work_no') FROM person")
    return {person: (name or "", work_no or "") for person, name, work_no in rows}


def members(conn: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Return (person, role, from, to) of everybody's memberships; an open end is empty."""
    names = ("person", "role", "from", "to")
    columns = ", ".join(f"json_extract(membership, '$.{name}')" for name in names)
    rows = conn.execute(f"SELECT {columns} FROM membership WHERE membership IS NOT NULL")
    return [(person or "", role or "", since or "", until or "") for person, role, since, until in rows]


def articles_saying(conn: sqlite3.Connection, words: Sequence[str]) -> list[str]:
    """Return the ids of articles of which some version, tag or reference holds one of these words, as they are kept."""
    wanted = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]
    rows = conn.execute(
        "SELECT id FROM article WHERE EXISTS (SELECT 1 FROM json_each(?) AS word WHERE"
        " instr(ifnull(version, '') || ifnull(tags, '') || ifnull(related, ''), word.value))",
        (json.dumps(wanted),),
    )
    return [article for (article,) in rows]


def articles_of_kind(conn: sqlite3.Connection, kind: str, among: Sequence[str] | None = None) -> list[str]:
    """Return the ids of articles of which some version is of this kind; `among`: only of these."""
    there = "" if among is None else " AND id IN (SELECT value FROM json_each(?))"
    given = () if among is None else (json.dumps(list(among)),)
    written = f'"kind":{json.dumps(kind)}'
    rows = conn.execute(f"SELECT id FROM article WHERE instr(version, ?){there} ORDER BY id", (written, *given))
    return [article for (article,) in rows]


EXCHANGED = "exchanged"
"""Key in `local` of when the last exchange with the centre ended well."""


def last_exchange(conn: sqlite3.Connection) -> str:
    """Return when this desk and its centre last knew the same, to a few minutes; empty before the first time."""
    row = conn.execute("SELECT json_extract(value, '$.at') FROM local WHERE key = ?", (EXCHANGED,)).fetchone()
    return str(row[0]) if row else ""


def parked_roots(conn: sqlite3.Connection, roots: Sequence[str]) -> set[str]:
    """Return those of the roots under which a change was refused and is parked."""
    marks = ",".join("?" * len(roots))
    rows = conn.execute(
        f"SELECT DISTINCT root FROM change WHERE refused IS NOT NULL AND root IN ({marks})", tuple(roots)
    )
    return {root for (root,) in rows}


def parked(conn: sqlite3.Connection, root: str) -> bool:
    """Return whether a change under this root was refused and waits for a person."""
    return bool(parked_roots(conn, [root]))


def waits(conn: sqlite3.Connection, root: str) -> bool:
    """Return whether own work under this root waits to be sent; `home` is never sent."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM change WHERE root = ? AND own AND seq IS NULL AND refused IS NULL"
        " AND scope <> 'home')",
        (root,),
    ).fetchone()
    return bool(row[0])


def requests_named(conn: sqlite3.Connection, name: str) -> list[str]:
    """Return the ids of requests with this id, number or short number; two where a short number is not unique."""
    rows = conn.execute(
        "SELECT root FROM queue_row WHERE root = ? OR number = ? OR short_number = ? LIMIT 2",
        (name.lower(), name.upper(), name.upper()),
    )
    return [root for (root,) in rows]


def request_ids(conn: sqlite3.Connection) -> list[str]:
    """Return every request's id, sorted."""
    return [root for (root,) in conn.execute("SELECT root FROM queue_row ORDER BY root")]


def last_number(conn: sqlite3.Connection, prefix: str) -> int:
    """Return the greatest counter among the numbers with this prefix, 0 where there is none."""
    row = conn.execute(
        "SELECT number FROM queue_row WHERE number >= ? AND number < ?"
        " ORDER BY length(number) DESC, number DESC LIMIT 1",
        (prefix, prefix + "~"),
    ).fetchone()
    tail = row[0].removeprefix(prefix) if row else "0"
    return int(tail) if tail.isdecimal() else 0


def number_taken(conn: sqlite3.Connection, number: str) -> bool:
    """Whether a request has this number."""
    return conn.execute("SELECT 1 FROM queue_row WHERE number = ?", (number,)).fetchone() is not None


def last_channel(conn: sqlite3.Connection) -> str:
    """Return the channel of the newest request, "" where there is none."""
    row = conn.execute(
        "SELECT json_extract(channel, '$.channel') FROM request WHERE channel IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return str(row[0] or "") if row else ""


def site_settings(conn: sqlite3.Connection) -> dict[str, Any]:
    """Return the site's own values by setting key."""
    rows = conn.execute("SELECT value FROM site_setting WHERE value IS NOT NULL")
    values = [json.loads(text) for (text,) in rows]
    return {value["key"]: value["value"] for value in values}


class FollowUp(NamedTuple):
    """A request that waits for its verdict, survey or call-back; instants are epoch milliseconds."""

    id: str
    amber_at: int | None
    late_at: int | None
    warn_at: int | None


def follow_ups(conn: sqlite3.Connection, limit: int) -> list[FollowUp]:
    """Return the resolved and confirmed requests with their call-back clocks, least due first."""
    rows = conn.execute(
        "SELECT q.root, min(CASE WHEN c.clock = 'CK-16' THEN c.due_at END),"
        " min(CASE WHEN c.clock = 'CK-17' THEN c.due_at END) AS late,"
        " min(CASE WHEN c.clock = 'CK-17' THEN c.warn_at END)"
        " FROM queue_row q LEFT JOIN clock_row c ON c.root = q.root AND c.stopped_at IS NULL AND NOT c.cancelled"
        " AND c.clock IN ('CK-16', 'CK-17') WHERE q.state IN ('RESOLVED', 'CONFIRMED')"
        " GROUP BY q.root ORDER BY coalesce(late, 9223372036854775807), q.number LIMIT ?",
        (limit,),
    )
    return [FollowUp(*row) for row in rows]


class Counts(NamedTuple):
    """How much lies in the store: requests, drafts, refused changes."""

    requests: int
    drafts: int
    parked: int


def counts(conn: sqlite3.Connection) -> Counts:
    """Return how much lies in the store."""
    row = conn.execute(
        "SELECT (SELECT count(*) FROM queue_row), (SELECT count(*) FROM draft),"
        " (SELECT count(*) FROM change WHERE refused IS NOT NULL)"
    ).fetchone()
    return Counts(*row)


def undecided(conn: sqlite3.Connection, kind: str) -> list[str]:
    """Return the ids of the approvals of a kind that nobody decided on, the oldest first.

    Outside a desk of one's own a decision waits for the centre: what has an own step pending is left out.
    """
    found = conn.execute(
        "SELECT id FROM approval WHERE json_extract(status, '$.state') = 'asked' AND (NOT pending OR scope = 'home')"
        " AND EXISTS (SELECT 1 FROM json_each(asked) WHERE json_extract(value, '$.kind') = ?) ORDER BY id",
        (kind,),
    )
    return [entity_id for (entity_id,) in found]


def schema(conn: sqlite3.Connection) -> str:
    """Return the last migration that the file has seen."""
    return str(conn.execute("SELECT max(name) FROM migration").fetchone()[0])


def unlisted(conn: sqlite3.Connection) -> int:
    """Return how many requests the queue does not show though it should."""
    found: int = conn.execute(
        "SELECT count(*) FROM request WHERE created IS NOT NULL AND id NOT IN (SELECT root FROM queue_row)"
    ).fetchone()[0]
    return found


def unindexed(conn: sqlite3.Connection) -> tuple[int, int]:
    """Return how many articles wait to be indexed, of how many."""
    row = conn.execute(
        "SELECT (SELECT count(*) FROM index_queue WHERE kind = 'article'), (SELECT count(*) FROM article)"
    ).fetchone()
    return int(row[0]), int(row[1])


def clock_offset(conn: sqlite3.Connection) -> int:
    """Return by how many milliseconds the centre's clock was ahead of this machine's when last asked."""
    row = conn.execute("SELECT value FROM local WHERE key = 'clock'").fetchone()
    return int(json.loads(row[0]).get("offset_ms", 0)) if row else 0


def draft_count(conn: sqlite3.Connection, prefix: str) -> int:
    """Return how many drafts have a key that begins so."""
    counted = conn.execute("SELECT count(*) FROM draft WHERE substr(key, 1, ?) = ?", (len(prefix), prefix))
    return int(counted.fetchone()[0])


def cursors(conn: sqlite3.Connection) -> list[tuple[str, int, str]]:
    """Return (scope, seq, why it is stopped or "") of every scope that was met."""
    rows = conn.execute("SELECT scope, seq, stopped FROM cursor ORDER BY scope")
    return [(scope, seq, stopped or "") for scope, seq, stopped in rows]
