"""The control of everything that writes: rows of a finished file written again by plain sqlite3, in as many commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from measure.figures import timed_ms


def replay_ms(source: Path, tables: Sequence[str], commits: int, target: Path) -> list[float]:
    """Write the rows of these tables into a new file with the same tables and indexes; return each commit's ms.

    The rows are spread evenly over the commits, WAL and synchronous FULL; reading them is not counted.
    """
    slices, schema = _read(source, tables, commits)
    with closing(sqlite3.connect(target, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("PRAGMA synchronous=FULL")
        for statement in schema:
            conn.execute(statement)
        return [timed_ms(lambda: _commit(conn, parts)) for parts in slices]  # noqa: B023 - called at once


Part = tuple[str, list[tuple[object, ...]]]


def _read(source: Path, tables: Sequence[str], commits: int) -> tuple[list[list[Part]], list[str]]:
    slices: list[list[Part]] = [[] for _ in range(commits)]
    schema: list[str] = []
    with closing(sqlite3.connect(source)) as conn:
        for table in tables:
            # The control counts nothing: triggers would want tables that are not copied.
            made = conn.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL AND type <> 'trigger'", (table,)
            )
            schema += [sql for (sql,) in made]
            rows = conn.execute(f'SELECT * FROM "{table}"').fetchall()
            if not rows:
                continue
            insert = f'INSERT INTO "{table}" VALUES ({",".join("?" * len(rows[0]))})'
            for place, parts in enumerate(slices):
                parts.append((insert, rows[len(rows) * place // commits : len(rows) * (place + 1) // commits]))
    return slices, schema


def _commit(conn: sqlite3.Connection, parts: Sequence[Part]) -> None:
    conn.execute("BEGIN IMMEDIATE")
    for insert, rows in parts:
        conn.executemany(insert, rows)
    conn.execute("COMMIT")
