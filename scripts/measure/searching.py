"""A search after each key, at any number of articles, beside plain FTS5: the same index, all terms, `ORDER BY rank`."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from pathlib import Path

from agentdesk.store import starter
from agentdesk.store.projections import search
from agentdesk.store.projections.search import Item
from agentdesk.text.terms import query_terms
from measure.corpus import corpus, key_presses
from measure.figures import Result, Sizes, percentile, timed_ms

CONTROL_EVERY = 4
"""One key in so many is also put to the control, which takes long at 100,000 articles."""


def searching(sizes: Sizes) -> list[Result]:
    """Build an index in a file through its queue, as the worker does, then search it after each key of some titles."""
    with tempfile.TemporaryDirectory() as folder:
        conn = sqlite3.connect(Path(folder) / "search.sqlite", isolation_level=None)
        conn.execute("PRAGMA journal_mode = WAL")
        items = list(corpus(sizes.searched))
        began = time.perf_counter()
        build(conn, items)
        built = time.perf_counter() - began
        ours, control = _presses(conn, items, sizes.titles)
        found = share_found(conn, items)
        size = Path(folder, "search.sqlite").stat().st_size / 1e6
        conn.close()
    note = f"built in {built:.0f} s, {size:.0f} MB; a whole title finds its article first: {found:.1%}"
    return [
        Result(
            "search",
            f"a search after a key, {sizes.searched:,} articles",
            "ms",
            ours,
            "plain FTS5, same index",
            control,
            percentile(ours, 95),
            10.0,
            "p95 <= 10 ms",
            tail=95,
            notes=(note,),
        )  # fmt: skip
    ]


def build(conn: sqlite3.Connection, items: list[Item]) -> None:
    """Fill the index through its queue in slices."""
    by_id = {item.id: item for item in items}
    conn.execute("BEGIN")
    search.create(conn)
    search.enqueue(conn, "article", by_id)
    conn.execute("COMMIT")
    left = 1
    while left:
        conn.execute("BEGIN")
        left = search.drain(conn, lambda _, ids: [by_id[item_id] for item_id in ids], 2_000)
        conn.execute("COMMIT")
    search.recount(conn)
    search.compress(conn)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _presses(conn: sqlite3.Connection, items: list[Item], titles: int) -> tuple[list[float], list[float]]:
    synonyms = starter.synonyms()
    ours, control = [], []
    for place, words in enumerate(key_presses(items, titles)):
        ours.append(timed_ms(lambda: search.search(conn, words, 10, ("article",), synonyms)))  # noqa: B023 - called at once
        if place % CONTROL_EVERY == 0:
            control.append(timed_ms(lambda: _plain(conn, words)))  # noqa: B023
    return ours, control


def _plain(conn: sqlite3.Connection, words: str) -> list[tuple[str, str]]:
    """Search as one would at first: any of the terms, best ten by bm25, with their texts."""
    match = " OR ".join(f'"{term.text}"*' if term.prefix else f'"{term.text}"' for term in query_terms(words))
    if not match:
        return []
    return conn.execute(
        "SELECT i.title, i.body FROM (SELECT rowid AS row FROM search_article WHERE search_article MATCH ?"
        " ORDER BY rank LIMIT 10) JOIN search_item AS i USING (row)",
        (match,),
    ).fetchall()


def share_found(conn: sqlite3.Connection, items: list[Item], most: int = 200) -> float:
    """Return the share of whole titles whose own article, or one of the same title, is the first hit."""
    wanted = random.Random(3).sample(items, min(most, len(items)))
    return sum(search.search(conn, item.title, 1)[0].title == item.title for item in wanted) / len(wanted)
