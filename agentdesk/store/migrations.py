"""Named, ordered changes of the schema, each in one transaction with its record; the file is copied before the first.

Released migrations are never edited: a stored file of every released schema is opened by a test.
"""

from __future__ import annotations

import json
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


def _customer_initials(conn: sqlite3.Connection) -> None:
    """Customers by the pinyin of their names too, and both scripts as one: the keys are made anew."""
    from agentdesk.domain.customer_keys import keys

    conn.execute("DELETE FROM customer_key")
    reporters = conn.execute("SELECT root, reporter FROM request WHERE reporter IS NOT NULL").fetchall()
    conn.executemany(
        "INSERT OR IGNORE INTO customer_key (kind, key, root) VALUES (?, ?, ?)",
        ((kind, key, root) for root, reporter in reporters for kind, key in keys(json.loads(reporter))),
    )


def _queue_columns(conn: sqlite3.Connection) -> None:
    """What the queue's views filter by, each with an index in the order of the queue, and counts that triggers keep."""
    conn.execute("ALTER TABLE queue_row ADD COLUMN channel TEXT")
    conn.execute("ALTER TABLE queue_row ADD COLUMN tags TEXT NOT NULL DEFAULT ''")
    conn.execute("ALTER TABLE queue_row ADD COLUMN number_tail TEXT NOT NULL DEFAULT ''")
    conn.execute(
        "CREATE TABLE queue_tag (tag TEXT NOT NULL, root TEXT NOT NULL, is_open INTEGER NOT NULL, due INTEGER NOT NULL,"
        " priority TEXT, number TEXT NOT NULL, PRIMARY KEY (tag, root)) WITHOUT ROWID"
    )
    _refill_queue(conn)
    _count_queue(conn)
    for column in ("owner", "state", "channel", "request_type", "priority"):
        rest = "number" if column == "priority" else "priority, number"
        conn.execute(
            f"CREATE INDEX queue_by_{column} ON queue_row"
            f" ({column}, is_open DESC, coalesce(next_due_at, 9223372036854775807), {rest})"
        )
    conn.execute("CREATE INDEX queue_tag_order ON queue_tag (tag, is_open DESC, due, priority, number)")
    conn.execute("CREATE INDEX queue_tag_root ON queue_tag (root)")
    conn.execute("CREATE INDEX queue_short ON queue_row (short_number)")
    conn.execute("CREATE INDEX queue_tail ON queue_row (number_tail)")


def _refill_queue(conn: sqlite3.Connection) -> None:
    """Fill the new columns of requests that are there already from their own facts."""
    conn.create_function("number_tail", 1, _number_tail, deterministic=True)
    conn.execute(
        "UPDATE queue_row SET number_tail = number_tail(number), channel ="
        " (SELECT json_extract(r.channel, '$.channel') FROM request r WHERE r.id = queue_row.root), tags = coalesce("
        " (SELECT group_concat(key, char(10)) FROM (SELECT e.key FROM request r, json_each(r.tags) e"
        " WHERE r.id = queue_row.root AND e.value ORDER BY e.key)), '')"
    )
    conn.execute(
        "INSERT INTO queue_tag SELECT e.key, q.root, q.is_open, coalesce(q.next_due_at, 9223372036854775807),"
        " q.priority, q.number FROM queue_row q JOIN request r ON r.id = q.root, json_each(r.tags) e WHERE e.value"
    )
    conn.execute(
        "INSERT OR IGNORE INTO customer_key SELECT 'contact_tail', number_tail(key), root FROM customer_key"
        " WHERE kind = 'contact' AND length(number_tail(key)) >= 4"
    )


def _number_tail(text: str) -> str:
    """The digits of a phone or a readable number backwards, as the projections write them."""
    from agentdesk.domain.contact import backwards

    return backwards(text)


def _count_queue(conn: sqlite3.Connection) -> None:
    """How many requests are open and closed, and how many of them P1: counting 100,000 rows costs 20 ms each time."""
    conn.execute("CREATE TABLE queue_tally (is_open INTEGER PRIMARY KEY, n INTEGER NOT NULL, p1 INTEGER NOT NULL)")
    conn.execute(
        "INSERT INTO queue_tally SELECT o.is_open, count(q.root), coalesce(sum(q.priority = 'P1'), 0)"
        " FROM (SELECT 0 AS is_open UNION SELECT 1) o LEFT JOIN queue_row q ON q.is_open = o.is_open GROUP BY o.is_open"
    )
    more = "UPDATE queue_tally SET n = n + 1, p1 = p1 + (new.priority IS 'P1') WHERE is_open = new.is_open;"
    less = "UPDATE queue_tally SET n = n - 1, p1 = p1 - (old.priority IS 'P1') WHERE is_open = old.is_open;"
    conn.execute(f"CREATE TRIGGER queue_counted AFTER INSERT ON queue_row BEGIN {more} END")
    conn.execute(f"CREATE TRIGGER queue_uncounted AFTER DELETE ON queue_row BEGIN {less} END")
    conn.execute(
        "CREATE TRIGGER queue_recounted AFTER UPDATE OF is_open, priority ON queue_row"
        " WHEN old.is_open <> new.is_open OR (old.priority IS 'P1') <> (new.priority IS 'P1')"
        f" BEGIN {less} {more} END"
    )


def _queue_find(conn: sqlite3.Connection) -> None:
    """Own requests in the search index; those that are there already are indexed by a worker, in slices."""
    from agentdesk.store.projections import search

    search.add_kind(conn, "request")
    search.enqueue(conn, "request", [root for (root,) in conn.execute("SELECT root FROM queue_row")])


def _intake(conn: sqlite3.Connection) -> None:
    """Templates that a person keeps for frequent matters."""
    conn.execute("CREATE TABLE template (title TEXT PRIMARY KEY, fields JSON NOT NULL, saved_at INTEGER NOT NULL)")


def _approvals(conn: sqlite3.Connection) -> None:
    """Releases of blocked texts, and what a message owes to them and to approved wordings."""
    conn.execute(
        'CREATE TABLE "approval" (id TEXT PRIMARY KEY, scope TEXT NOT NULL, root TEXT NOT NULL, author TEXT NOT NULL,'
        ' rules_v TEXT NOT NULL, "asked" JSON, "status" JSON, stamps JSON NOT NULL, kept JSON NOT NULL,'
        " pending INTEGER NOT NULL)"
    )
    conn.execute('CREATE INDEX "approval_root" ON "approval" (root)')
    for group in ("released", "replaced"):
        conn.execute(f'ALTER TABLE "entry" ADD COLUMN "{group}" JSON')


def _masked_titles(conn: sqlite3.Connection) -> None:
    """Titles of the queue without the contacts that somebody wrote into a description: lists show none in full."""
    from agentdesk.domain.masking import list_title

    rows = conn.execute(
        "SELECT q.root, q.title, json_extract(r.reporter, '$.contact') FROM queue_row q LEFT JOIN request r"
        " ON r.id = q.root"
    ).fetchall()
    masked = ((list_title(title, str(own or "")), root, title) for root, title, own in rows)
    conn.executemany(
        "UPDATE queue_row SET title = ? WHERE root = ?", ((new, root) for new, root, title in masked if new != title)
    )


def _phrase_use(conn: sqlite3.Connection) -> None:
    """How often phrases were said, and which variant of one this person used last in which contact."""
    from agentdesk.store.projections import phrase_use

    phrase_use.create(conn)
    conn.execute(
        "CREATE TABLE phrase_variant (phrase TEXT NOT NULL, variant INTEGER NOT NULL, contact TEXT NOT NULL,"
        " at INTEGER NOT NULL, PRIMARY KEY (phrase, variant, contact)) WITHOUT ROWID"
    )


def _planned_callbacks(conn: sqlite3.Connection) -> None:
    """When a customer was promised a call-back."""
    conn.execute("ALTER TABLE callback ADD COLUMN planned JSON")


def _redactions(conn: sqlite3.Connection) -> None:
    """What was taken out after the fact: who ordered it, when, why, where. Never what it was."""
    conn.execute(
        "CREATE TABLE redact (id TEXT PRIMARY KEY, scope TEXT NOT NULL, root TEXT NOT NULL, author TEXT NOT NULL,"
        " rules_v TEXT NOT NULL, redact JSON, stamps JSON NOT NULL, kept JSON NOT NULL, pending INTEGER NOT NULL)"
    )
    conn.execute("CREATE INDEX redact_root ON redact (root)")


def _search_lanes(conn: sqlite3.Connection) -> None:
    """Articles by pinyin, by like sounds and by facets; how often each was used. An older index is filled anew."""
    from agentdesk.store.projections import article_use, search

    if search.create(conn):
        for kind in search.KINDS:
            search.enqueue(conn, kind, [found for (found,) in conn.execute(f"SELECT id FROM {kind}")])
    article_use.create(conn)


def _policies(conn: sqlite3.Connection) -> None:
    """Notices of changes, who has read them, and from when each version of a policy holds."""
    from agentdesk.store.projections.policies import create

    conn.execute("ALTER TABLE article ADD COLUMN notice JSON")
    conn.execute(
        "CREATE TABLE policy_ack (id TEXT PRIMARY KEY, scope TEXT NOT NULL, root TEXT NOT NULL, author TEXT NOT NULL,"
        " rules_v TEXT NOT NULL, acked JSON, stamps JSON NOT NULL, kept JSON NOT NULL, pending INTEGER NOT NULL)"
    )
    conn.execute("CREATE INDEX policy_ack_root ON policy_ack (root)")
    create(conn)


def _usage(conn: sqlite3.Connection) -> None:
    """What of a search went into a reply, what should be written, and what the centre counted."""
    conn.execute("ALTER TABLE log_fact ADD COLUMN inserted JSON")
    conn.execute(
        "CREATE TABLE suggestion (id TEXT PRIMARY KEY, scope TEXT NOT NULL, root TEXT NOT NULL, author TEXT NOT NULL,"
        " rules_v TEXT NOT NULL, made JSON, status JSON, stamps JSON NOT NULL, kept JSON NOT NULL,"
        " pending INTEGER NOT NULL)"
    )
    conn.execute("CREATE INDEX suggestion_root ON suggestion (root)")
    conn.execute(
        "CREATE TABLE stat (id TEXT PRIMARY KEY, scope TEXT NOT NULL, root TEXT NOT NULL, author TEXT NOT NULL,"
        " rules_v TEXT NOT NULL, stat JSON, stamps JSON NOT NULL, kept JSON NOT NULL, pending INTEGER NOT NULL)"
    )
    conn.execute("CREATE INDEX stat_root ON stat (root)")


def _checklists(conn: sqlite3.Connection) -> None:
    """Which step of which list an entry ticks off."""
    conn.execute("ALTER TABLE entry ADD COLUMN checklist JSON")


def _order_numbers(conn: sqlite3.Connection) -> None:
    """Requests by their order number: the same one twice is mostly the same matter."""
    asked = "upper(json_extract(\"order\", '$.order_no'))"  # as `store.alike` asks; importing it would load the ORM
    conn.execute(f"CREATE INDEX request_order_no ON request ({asked}) WHERE {asked} <> ''")


MIGRATIONS: dict[str, Migration] = {
    "0001_facts": _facts,
    "0002_local": _local,
    "0003_entities": _entities,
    "0004_projections": _projections,
    "0005_search": _search,
    "0006_customer_initials": _customer_initials,
    "0007_intake": _intake,
    "0008_queue_columns": _queue_columns,
    "0009_queue_find": _queue_find,
    "0010_personal_phrases": _personal_phrases,
    "0011_imports": _imports,
    "0012_approvals": _approvals,
    "0013_masked_titles": _masked_titles,
    "0014_phrase_use": _phrase_use,
    "0015_planned_callbacks": _planned_callbacks,
    "0016_redactions": _redactions,
    "0017_policies": _policies,
    "0018_search_lanes": _search_lanes,
    "0019_usage": _usage,
    "0021_checklists": _checklists,
    "0022_order_numbers": _order_numbers,
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
