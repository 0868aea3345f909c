"""Quick find and the look-up of customers after each key, a customer's card, a history, at 100,000 requests.

Controls: for what is typed, a scan with LIKE over the same columns, as one would write it at first; for card and
history, the bare reading of the same rows in SQL.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from agentdesk.desk import customers, finding, history
from agentdesk.desk.context import Desk, open_desk
from agentdesk.text import pinyin
from measure.figures import Result, Sizes, percentile, timed_ms
from measure.stores import Homes

KEY_MS = 10.0
OPEN_MS = 50.0
CONTROL_EVERY = 8
"""One key in so many is also put to the control, which reads all rows."""
_FIND = (
    "SELECT q.root FROM queue_row q JOIN request r ON r.id = q.root WHERE q.short_number LIKE :w OR q.number LIKE :w"
    " OR r.reporter LIKE :w OR r.description LIKE :w ORDER BY q.root DESC LIMIT 30"
)
_LOOK_UP = "SELECT id, reporter FROM request WHERE reporter LIKE :w ORDER BY id DESC LIMIT 200"
_CARD = "SELECT q.* FROM customer_key k JOIN queue_row q USING (root) WHERE k.kind = 'contact' AND k.key = ?"
_HISTORY = "SELECT payload FROM change WHERE root = ?"


class Search(NamedTuple):
    """One field to type into: its row, what it is, how the desk searches, and the control's statement."""

    row: str
    what: str
    ours: Callable[[str], object]
    scan: str


def lookups(sizes: Sizes, homes: Homes) -> list[Result]:
    """Type into both searches on the great store, then open cards and histories."""
    desk = open_desk(homes.copy("large"))
    try:
        conn = desk.store.raw()
        known = _sample(conn, sizes.openings)
        find = Search("find", "a quick find", lambda words: finding.find(desk, words), _FIND)
        look_up = Search("look-up", "a customer's look-up", lambda words: customers.find(desk, words), _LOOK_UP)
        return [
            _typed(conn, find, _find_words(known), sizes),
            _typed(conn, look_up, _customer_words(known), sizes),
            *_opened(desk, known, sizes),
        ]
    finally:
        desk.close()


def _sample(conn: sqlite3.Connection, count: int) -> list[dict[str, str]]:
    """Take requests by chance that have a history, with what somebody would look for."""
    rows = conn.execute(
        "SELECT r.id, q.short_number, json_extract(r.reporter, '$.contact'),"
        " json_extract(r.reporter, '$.customer_name'), q.title"
        " FROM request r JOIN queue_row q ON q.root = r.id JOIN change c ON c.root = r.id GROUP BY r.id"
    ).fetchall()
    names = ("id", "number", "contact", "name", "title")
    return [dict(zip(names, row, strict=True)) for row in random.Random(5).sample(rows, min(count, len(rows)))]


def _find_words(known: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    return {
        "number": [word for one in known for word in _prefixes(one["number"])],
        "number's end": [word for one in known for word in _prefixes(one["number"][-4:])],
        "phone": [word for one in known for word in _prefixes(one["contact"])],
        "name": [word for one in known for word in _prefixes(one["name"])],
        "words": [word for one in known for word in _prefixes(one["title"][:8])],
    }


def _customer_words(known: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    return {
        "phone": [word for one in known for word in _prefixes(one["contact"])],
        "name": [word for one in known for word in _prefixes(one["name"])],
        "initials": [word for one in known for word in _prefixes(min(pinyin.spellings(one["name"])[1], default=""))],
    }


def _prefixes(text: str) -> Iterator[str]:
    return (text[:end] for end in range(1, len(text) + 1))


def _typed(conn: sqlite3.Connection, search: Search, words: Mapping[str, Sequence[str]], sizes: Sizes) -> Result:
    """Search after each key; every few keys the control searches the same words."""
    samples, control, notes = [], [], []
    for kind, typed in words.items():
        of_kind = []
        for place, word in enumerate(typed):
            of_kind.append(timed_ms(lambda: search.ours(word)))  # noqa: B023 - called at once
            if place % CONTROL_EVERY == 0:
                control.append(timed_ms(lambda: conn.execute(search.scan, {"w": f"%{word}%"}).fetchall()))  # noqa: B023
        samples += of_kind
        notes.append(f"{kind}: median {percentile(of_kind, 50):.2f} ms, p95 {percentile(of_kind, 95):.2f} ms")
    return Result(
        search.row, f"{search.what} after a key, {sizes.many:,} requests", "ms", samples,
        "LIKE over the same columns", control,
        percentile(samples, 95), KEY_MS, "p95 <= 10 ms, in the worker", tail=95, notes=tuple(notes),
    )  # fmt: skip


def _opened(desk: Desk, known: Sequence[Mapping[str, str]], sizes: Sizes) -> Iterator[Result]:
    conn = desk.store.raw()
    ways: dict[str, tuple[str, Callable[[Mapping[str, str]], object], str, str]] = {
        "card": ("a customer's card", lambda one: customers.card(desk, one["contact"], ""), _CARD, "contact"),
        "history": ("a request's history, as data", lambda one: history.items(desk, one["id"]), _HISTORY, "id"),
    }
    for row, (what, ours, bare, key) in ways.items():
        samples = [timed_ms(lambda: ours(one)) for one in known]  # noqa: B023
        control = [timed_ms(lambda: conn.execute(bare, (one[key],)).fetchall()) for one in known]  # noqa: B023
        yield Result(
            row, f"{what}, {sizes.many:,} requests, {sizes.requests:,} of them with changes", "ms", samples,
            "its rows in SQL", control, percentile(samples, 95), OPEN_MS, "p95 <= 50 ms, in the worker", tail=95,
        )  # fmt: skip
