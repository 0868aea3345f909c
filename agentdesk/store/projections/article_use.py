"""How often each article was used and whether it solved the matter: counted from the log, as its facts come.

A fact counts once however often it is folded anew. The sums stand beside the search index, where they break ties; it
can be thrown away without them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SUMS = (
    "INSERT OR REPLACE INTO search_use SELECT 'article', article, count(*),"
    " (coalesce(sum(solved), 0) + 1.0) / (count(solved) + 2.0) FROM article_use"
)
"""A share that one answer does not carry to an end: as if one had said yes and one no before."""


def create(conn: sqlite3.Connection) -> None:
    """Make the table and count what was logged before there was one."""
    conn.execute(
        "CREATE TABLE article_use (fact TEXT PRIMARY KEY, article TEXT NOT NULL, solved INTEGER) WITHOUT ROWID"
    )
    conn.execute("CREATE INDEX article_use_article ON article_use (article)")
    for group, article, solved in (("article_used", "article", "helpful"), ("searched", "opened", "solved")):
        conn.execute(
            f"INSERT OR IGNORE INTO article_use SELECT f.id, json_extract(v.value, '$.{article}'),"
            f" json_extract(v.value, '$.{solved}') FROM log_fact f, json_each(f.{group}) v"
            f" WHERE json_valid(f.{group}) AND coalesce(json_extract(v.value, '$.{article}'), '') <> ''"
        )
    conn.execute(f"{_SUMS} GROUP BY article")


def refresh(conn: Connection, touched: Iterable[EntityState]) -> None:
    """Count the uses among what was touched."""
    rows = [row for state in touched if state.entity == "log_fact" for row in _uses(state)]
    if not rows:
        return
    conn.exec_driver_sql("INSERT OR IGNORE INTO article_use VALUES (?, ?, ?)", rows)
    for article in {article for _, article, _ in rows}:
        conn.exec_driver_sql(f"{_SUMS} WHERE article = ? GROUP BY article", (article,))


def _uses(state: EntityState) -> Iterable[tuple[str, str, int | None]]:
    for group, article, solved in (("article_used", "article", "helpful"), ("searched", "opened", "solved")):
        for event in state.events(group) if state.values.get(group) else ():
            named = str(event.value.get(article) or "")
            if named:
                yield state.id, named, _yes_or_no(event.value.get(solved))


def _yes_or_no(value: Any) -> int | None:
    return None if value is None else int(bool(value))
