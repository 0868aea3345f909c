"""Saving a capture through the real use case, beside a plain sqlite3 commit of the same bytes (WAL, FULL)."""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from agentdesk.desk import capture
from agentdesk.desk.context import Desk, open_desk
from measure.figures import Result, Sizes, timed_ms
from measure.stores import Homes

ALLOWED_MS = 3.0


def form(chance: random.Random, number: int) -> dict[str, Any]:
    """Return a complete form as a person fills it in."""
    return {
        "channel": "phone", "customer_name": "王芳", "contact": f"138{number:08d}", "unregistered": True,
        "request_type": "complaint", "sub_type": "after_sales", "product_service": chance.choice(("洗衣机", "空调")),
        "description": "购买的洗衣机用了三天就漏水，联系售后一直没人答复", "anomaly": "机身底部漏水",
        "expected_outcome": "尽快上门维修", "order_no": f"O-20260128-{number}", "occurred_at": "2026-01-28",
        "attribution": "product_quality", "emotion": "anxious",
    }  # fmt: skip


def saving(sizes: Sizes, homes: Homes) -> list[Result]:
    """Record forms into a filled store and commit the same bytes plainly, in turn."""
    home = homes.copy("desk")
    with tempfile.TemporaryDirectory() as folder, closing(_plain(Path(folder) / "plain.db")) as plain:
        desk = open_desk(home)
        try:
            ours, control = _in_turn(desk, plain, sizes.captures)
        finally:
            desk.close()
    over = statistics.median(ours) - statistics.median(control)
    return [
        Result(
            "save",
            f"saving a capture, {sizes.requests:,} requests in the store",
            "ms",
            ours,
            "plain commit of the same bytes",
            control,
            over,
            ALLOWED_MS,
            "median <= control + 3 ms",
            notes=(f"over the control: {over:.2f} ms",),
        )  # fmt: skip
    ]


def _in_turn(desk: Desk, plain: sqlite3.Connection, count: int) -> tuple[list[float], list[float]]:
    chance = random.Random(11)
    capture.record(desk, form(chance, 0))  # the first one loads SQLAlchemy, words and rules
    ours, control = [], []
    for number in range(1, count + 1):
        values = form(chance, number)
        done: list[Any] = []
        ours.append(timed_ms(lambda: done.append(capture.record(desk, values))))  # noqa: B023 - called at once
        rows = _bytes_of(desk, done[0].request_id)
        control.append(timed_ms(lambda: _commit(plain, rows)))  # noqa: B023
    return ours, control


def _bytes_of(desk: Desk, root: str) -> list[tuple[str, bytes]]:
    """Return what one capture left in the file: its changes, and the shown rows made of them."""
    conn = desk.store.raw()
    found = [tuple(row) for row in conn.execute("SELECT id, payload FROM change WHERE root = ?", (root,))]
    for table in ("request", "contact", "queue_row", "clock_row"):
        for row in conn.execute(f"SELECT * FROM {table} WHERE root = ?", (root,)):
            found.append((f"{table} {row[0]} {row[1]} {row[2]} {row[3]}", repr(row).encode()))
    return found


def _plain(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("CREATE TABLE fact (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
    return conn


def _commit(conn: sqlite3.Connection, rows: list[tuple[str, bytes]]) -> None:
    conn.execute("BEGIN IMMEDIATE")
    conn.executemany("INSERT INTO fact VALUES (?, ?)", rows)
    conn.execute("COMMIT")
