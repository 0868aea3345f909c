"""What the search costs at several sizes: a key, the file, the memory, one article's change, the whole index anew.

Times are those of the processor: all of it is work in memory, and the clock of a shared machine says what else it did.
"""

from __future__ import annotations

import multiprocessing
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agentdesk.store import starter
from agentdesk.store.projections import search
from agentdesk.text.pinyin import first_readings
from measure.corpus import corpus, key_presses
from measure.figures import percentile
from measure.searching import build

TITLES = 40
"""Titles that are typed key by key."""
CHANGED = 40
"""Articles whose text is changed, each in a transaction of its own."""


def table(sizes: Sequence[int]) -> str:
    """The figures as Markdown, a column a size."""
    found = [_measured(size) for size in sizes]
    lines = ["| what | " + " | ".join(f"{size:,} articles" for size in sizes) + " |", "|---|" + "---|" * len(sizes)]
    lines += [f"| {name} | " + " | ".join(one[name] for one in found) + " |" for name in found[0]]
    return "\n".join(lines) + "\n"


def _measured(size: int) -> dict[str, str]:
    """Build in one process and search in another, so that memory is that of a desk that only searches."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "search.sqlite")
        built: dict[str, str] = _apart(_build, path, size)
        found: dict[str, str] = _apart(_search, path, size)
        return {**found, **built}


def _apart(work: Callable[[str, int], dict[str, str]], path: str, size: int) -> dict[str, str]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (path, size))


def _build(path: str, size: int) -> dict[str, str]:
    conn = _open(path)
    items = list(corpus(size))
    began = time.process_time()
    build(conn, items)
    built = time.process_time() - began
    mb = Path(path).stat().st_size / 1e6
    changed = [_cpu_ms(lambda: _change(conn, item)) for item in items[:CHANGED]]  # noqa: B023 - called at once
    conn.close()
    text = sum(len(one.title.encode()) + len(one.body.encode()) for one in items) / 1e6
    return {
        "one article changed, p50 / p95 ms": _shown(changed),
        "whole index anew, s": f"{built:.1f}",
        "index, MB (texts alone)": f"{mb:.1f} ({text:.1f})",
    }


def _cpu_ms(call: Callable[[], object]) -> float:
    began = time.thread_time()
    call()
    return (time.thread_time() - began) * 1000


def _change(conn: sqlite3.Connection, item: search.Item) -> None:
    conn.execute("BEGIN IMMEDIATE")
    search.put(conn, [replace(item, body=item.body + "\n补充：此条已经核对。")])
    conn.execute("COMMIT")


def _search(path: str, size: int) -> dict[str, str]:
    conn = _open(path)
    titles = [title for title in _titles(conn) if title]
    starter.synonyms()
    search.search(conn, "漏水 loushui", 10)
    before = _rss()
    typed = {
        "Chinese": key_presses(titles, TITLES),
        "full pinyin": _spelled(titles, 0),
        "initials": _spelled(titles, 1),
    }
    found = {f"a key, {name}, p50 / p95 / max ms": _shown(_presses(conn, words), True) for name, words in typed.items()}
    return {**found, "memory that searching adds, MB": f"{_rss() - before:.0f}"}


def _presses(conn: sqlite3.Connection, presses: Sequence[str]) -> list[float]:
    synonyms = starter.synonyms()
    return [_cpu_ms(lambda: search.search(conn, one, 10, ("article",), synonyms)) for one in presses]  # noqa: B023


def _titles(conn: sqlite3.Connection) -> list[Any]:
    rows = conn.execute("SELECT id, title FROM search_item ORDER BY id LIMIT 2000").fetchall()
    return [search.Item("article", *row) for row in rows]


def _spelled(titles: Sequence[search.Item], only: int) -> list[str]:
    """Every beginning of the pinyin of some titles: whole syllables, or (only 1) their first letters."""
    readings = first_readings()
    typed: list[str] = []
    for item in titles[:: max(1, len(titles) // TITLES)]:
        sounds = [readings[char] for char in item.title if char in readings][:8]
        letters = "".join(sound[:only] if only else sound for sound in sounds)
        typed += [letters[:end] for end in range(1, len(letters) + 1)]
    return typed


def _open(path: str) -> sqlite3.Connection:
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode = WAL")
    return conn


def _shown(samples: Sequence[float], most: bool = False) -> str:
    parts = [percentile(samples, 50), percentile(samples, 95), *([max(samples)] if most else [])]
    return " / ".join(f"{part:.1f}" for part in parts)


def _rss() -> float:
    """Peak memory of this process in MB; macOS counts in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
