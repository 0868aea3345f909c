"""Named, ordered changes of the schema, each in one transaction with its record; the file is copied before the first.

Released migrations are never edited: a stored file of every released schema is opened by a test.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

Migration = Callable[[sqlite3.Connection], None]


class SchemaNewer(Exception):
    """The file holds a migration that this version does not know."""


ENTITY_GROUPS_1 = {
    "request": "created channel reporter type category priority emotion occurred place product_service order"
    " attribution preferred_channel tier segment needs_callback tags related_request description anomaly"
    " expected_outcome flow escalation",
    "contact": "opened answered step_ticked ended also_about summary",
    "entry": "note message_in message_sent told verified agreed declined return_asked return_decided handed_technical"
    " supervisor_spoke summary extended corrects proposal_settled lint_hit alerted",
    "plan": "version step_done",
    "resolution": "version",
    "verdict": "given",
    "callback": "attempt exempted",
    "survey": "sent declined answered",
    "phrase": "version tags status",
    "lexicon_rule": "version tags status",
    "article": "version reviewed care tags keywords synonyms related status",
    "site_setting": "value",
    "person": "person",
    "team": "team",
    "membership": "membership",
    "log_fact": "searched phrase_used article_used lint_counted viewed exported",
}
"""The registry's groups as they were at version 1: a column each, JSON."""


def _facts(conn: sqlite3.Connection) -> None:
    """The log of changes, the cursors over the scopes, the confirmed rows under pending work."""
    conn.execute(
        "CREATE TABLE change (id TEXT PRIMARY KEY, scope TEXT NOT NULL, own INTEGER NOT NULL, ctr INTEGER NOT NULL,"
        " device TEXT NOT NULL, actor TEXT NOT NULL, off INTEGER NOT NULL, txn TEXT NOT NULL, root TEXT NOT NULL,"
        " entity TEXT NOT NULL, entity_id TEXT NOT NULL, payload BLOB NOT NULL, seq INTEGER, eff INTEGER, verdict TEXT,"
        " refused TEXT, refused_args JSON)"
    )
    conn.execute("CREATE INDEX change_root ON change (root)")
    conn.execute("CREATE INDEX change_entity ON change (entity_id) WHERE own AND refused IS NULL")
    conn.execute("CREATE UNIQUE INDEX change_seq ON change (scope, seq) WHERE seq IS NOT NULL")
    conn.execute("CREATE INDEX change_outbox ON change (scope, ctr) WHERE own AND seq IS NULL AND refused IS NULL")
    conn.execute("CREATE INDEX change_parked ON change (root) WHERE refused IS NOT NULL")
    conn.execute(
        "CREATE TABLE cursor (scope TEXT PRIMARY KEY, epoch TEXT NOT NULL, seq INTEGER NOT NULL, chain TEXT NOT NULL,"
        " receipt TEXT NOT NULL, last_ctr INTEGER NOT NULL, stopped TEXT)"
    )
    conn.execute("CREATE TABLE shadow (entity TEXT NOT NULL, id TEXT NOT NULL, state JSON, PRIMARY KEY (entity, id))")


def _local(conn: sqlite3.Connection) -> None:
    """What stays on this machine: identity, drafts, small values."""
    conn.execute("CREATE TABLE local (key TEXT PRIMARY KEY, value JSON NOT NULL)")
    conn.execute("CREATE TABLE draft (key TEXT PRIMARY KEY, value JSON NOT NULL, saved_at INTEGER NOT NULL)")


def _entities(conn: sqlite3.Connection) -> None:
    """One table an entity, a JSON column a group."""
    for entity, groups in ENTITY_GROUPS_1.items():
        columns = "".join(f' "{group}" JSON,' for group in groups.split())
        conn.execute(
            f'CREATE TABLE "{entity}" (id TEXT PRIMARY KEY, scope TEXT NOT NULL, root TEXT NOT NULL,'
            f" author TEXT NOT NULL, rules_v TEXT NOT NULL,{columns} stamps JSON NOT NULL, kept JSON NOT NULL,"
            " pending INTEGER NOT NULL)"
        )
        conn.execute(f'CREATE INDEX "{entity}_root" ON "{entity}" (root)')


def _projections(conn: sqlite3.Connection) -> None:
    """What can be computed and is kept because a screen needs it at once."""
    conn.execute(
        "CREATE TABLE queue_row (root TEXT PRIMARY KEY, number TEXT NOT NULL, short_number TEXT NOT NULL,"
        " customer TEXT NOT NULL, title TEXT NOT NULL, request_type TEXT, sub_type TEXT, category TEXT, priority TEXT,"
        " emotion TEXT, state TEXT NOT NULL, owner TEXT, tier TEXT, next_clock TEXT, next_due_at INTEGER,"
        " warn_at INTEGER, is_open INTEGER NOT NULL, pending INTEGER NOT NULL, conflict INTEGER NOT NULL,"
        " updated_at INTEGER NOT NULL)"
    )
    conn.execute(
        "CREATE INDEX queue_order ON queue_row"
        " (is_open DESC, coalesce(next_due_at, 9223372036854775807), priority, number)"
    )
    conn.execute("CREATE INDEX queue_number ON queue_row (number)")
    conn.execute(
        "CREATE TABLE clock_row (root TEXT NOT NULL, clock TEXT NOT NULL, subject TEXT NOT NULL, episode TEXT NOT NULL,"
        " started_at INTEGER NOT NULL, due_at INTEGER NOT NULL, original_due_at INTEGER NOT NULL,"
        " warn_at INTEGER NOT NULL, paused_at INTEGER, stopped_at INTEGER, cancelled INTEGER NOT NULL,"
        " PRIMARY KEY (clock, subject, episode)) WITHOUT ROWID"
    )
    conn.execute("CREATE INDEX clock_root ON clock_row (root)")
    conn.execute("CREATE INDEX clock_due ON clock_row (due_at) WHERE stopped_at IS NULL AND NOT cancelled")
    conn.execute(
        "CREATE TABLE customer_key (kind TEXT NOT NULL, key TEXT NOT NULL, root TEXT NOT NULL,"
        " PRIMARY KEY (kind, key, root)) WITHOUT ROWID"
    )
    conn.execute("CREATE INDEX customer_root ON customer_key (root)")


def _search(conn: sqlite3.Connection) -> None:
    """The search index; its shape belongs to the projection that fills it."""
    from agentdesk.store.projections import search

    search.create(conn)


def _personal_phrases(conn: sqlite3.Connection) -> None:
    """What a person keeps about phrases: favourites, phrases of their own, the language of a contact. Never synced."""
    conn.execute("CREATE TABLE phrase_favourite (phrase TEXT PRIMARY KEY, at INTEGER NOT NULL)")
    conn.execute(
        "CREATE TABLE phrase_personal (id TEXT PRIMARY KEY, language TEXT NOT NULL, title TEXT NOT NULL,"
        " body TEXT NOT NULL, at INTEGER NOT NULL)"
    )
    conn.execute("CREATE TABLE phrase_language (contact TEXT PRIMARY KEY, language TEXT NOT NULL)")


def _imports(conn: sqlite3.Connection) -> None:
    """Which rows of files were recorded already: a salted hash of the row, never the row. Never synced."""
    conn.execute("CREATE TABLE imported (key TEXT PRIMARY KEY, request TEXT NOT NULL) WITHOUT ROWID")


MIGRATIONS: dict[str, Migration] = {
    "0001_facts": _facts,
    "0002_local": _local,
    "0003_entities": _entities,
    "0004_projections": _projections,
    "0005_search": _search,
    "0010_personal_phrases": _personal_phrases,
    "0011_imports": _imports,
}


def migrate(conn: sqlite3.Connection, path: Path) -> None:
    """Bring the file to this version's schema; `SchemaNewer` if it is beyond it. Copies a used file first."""
    conn.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
    applied = {name for (name,) in conn.execute("SELECT name FROM migration")}
    if unknown := applied - MIGRATIONS.keys():
        raise SchemaNewer(", ".join(sorted(unknown)))
    pending = [name for name in MIGRATIONS if name not in applied]
    if applied and pending:
        _back_up(conn, path, pending[0])
    for name in pending:
        conn.execute("BEGIN IMMEDIATE")
        try:
            MIGRATIONS[name](conn)
            conn.execute("INSERT INTO migration VALUES (?)", (name,))
        except BaseException:
            conn.execute("ROLLBACK")
            raise
        conn.execute("COMMIT")


def _back_up(conn: sqlite3.Connection, path: Path, before: str) -> None:
    target = path.with_suffix(f".before-{before}")
    os.close(os.open(target, os.O_CREAT | os.O_RDWR, 0o600))  # as private as the file itself
    copy = sqlite3.connect(target)
    try:
        conn.backup(copy)
    finally:
        copy.close()
