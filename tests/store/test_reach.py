"""Look-ups while typing reach a bounded number of rows: one digit fits thousands, too many to sort."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentdesk.store import customers, finding

ROWS = 20_000
EACH = 100
"""Steps of SQLite's machine between two counts."""
LOOKS: dict[str, Callable[[sqlite3.Connection], list[str]]] = {
    "number's end": lambda conn: finding.by_number_end(conn, "1", 30),
    "phone": lambda conn: finding.by_key(conn, "contact", "139", 30),
    "customer": lambda conn: customers.with_key_beginning(conn, "contact", "139"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The two tables alone, as migrations make them, with rows that all fit."""
    path: Path = tmp_path_factory.mktemp("reach") / "rows.db"
    conn = sqlite3.connect(path)
    conn.executescript(
        "CREATE TABLE queue_row (root TEXT PRIMARY KEY, number_tail TEXT NOT NULL);"
        "CREATE INDEX queue_tail ON queue_row (number_tail);"
        "CREATE TABLE customer_key (kind TEXT NOT NULL, key TEXT NOT NULL, root TEXT NOT NULL,"
        " PRIMARY KEY (kind, key, root)) WITHOUT ROWID;"
    )
    roots = [f"{number:08d}" for number in range(ROWS)]
    conn.executemany("INSERT INTO queue_row VALUES (?, ?)", ((root, f"1{root[::-1]}") for root in roots))
    conn.executemany("INSERT INTO customer_key VALUES ('contact', ?, ?)", ((f"139{root}", root) for root in roots))
    yield conn
    conn.close()


def _steps(conn: sqlite3.Connection, look: Callable[[sqlite3.Connection], list[str]]) -> int:
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    conn.set_progress_handler(count, EACH)
    try:
        assert look(conn), "nothing was found, so nothing was looked at"
    finally:
        conn.set_progress_handler(None, EACH)
    return counted * EACH


@pytest.mark.parametrize("look", LOOKS.values(), ids=list(LOOKS))
def test_a_look_up_does_not_grow_with_what_fits(
    store: sqlite3.Connection, look: Callable[[sqlite3.Connection], list[str]]
) -> None:
    assert _steps(store, look) < ROWS, "fewer steps than there are rows that fit"
