"""What answers the queries of the retrieval benchmark: ours, plain FTS5 twice, and a published engine."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from typing import Any, Protocol

from agentdesk.store import starter
from agentdesk.store.projections import search
from agentdesk.store.projections.search import Item
from agentdesk.text.fold import folded
from measure.helpdesk import Article

DEPTH = 10
_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")


class Engine(Protocol):
    """One engine, filled once."""

    name: str

    def __init__(self, base: Sequence[Article]) -> None:
        """Index the base."""

    def find(self, typed: str) -> list[str]:
        """The ids of the best ten."""


class Ours:
    """The product's own index and search, with the shipped synonyms."""

    name = "agentdesk"

    def __init__(self, base: Sequence[Article]) -> None:
        """Index as the store does."""
        self._conn = sqlite3.connect(":memory:", isolation_level=None)
        search.create(self._conn)
        search.put(self._conn, (Item("article", one.id, one.title, one.body) for one in base))
        search.recount(self._conn)

    def find(self, typed: str) -> list[str]:
        """Search as the desk does."""
        return [hit.id for hit in search.search(self._conn, typed, DEPTH, ("article",), starter.synonyms())]


class Plain:
    """FTS5 as one would set it up at first: width and case folded, bm25 over title and body."""

    name = ""
    tokenize = ""

    def __init__(self, base: Sequence[Article]) -> None:
        """Fill a table with its own content."""
        self._conn = sqlite3.connect(":memory:", isolation_level=None)
        self._conn.execute(f"CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, title, body, tokenize='{self.tokenize}')")
        rows = ((one.id, self.written(one.title), self.written(one.body)) for one in base)
        self._conn.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)

    def written(self, text: str) -> str:
        """A text as it is given to the table."""
        return _wide(text)

    def terms(self, typed: str) -> list[str]:
        """What is looked for, any of it."""
        raise NotImplementedError

    def find(self, typed: str) -> list[str]:
        """Any of the terms, best ten by bm25."""
        match = " OR ".join(f'"{term}"' for term in dict.fromkeys(self.terms(typed)))
        if not match:
            return []
        found = self._conn.execute(f"SELECT id FROM t WHERE t MATCH ? ORDER BY rank LIMIT {DEPTH}", (match,))
        return [one for (one,) in found]


class Trigram(Plain):
    """SQLite's own trigram tokenizer."""

    name = "FTS5 trigram"
    tokenize = "trigram"

    def terms(self, typed: str) -> list[str]:
        """Threes of characters."""
        return [run[at : at + 3] for run in _RUN.findall(_wide(typed)) for at in range(max(0, len(run) - 2))]


class Bigram(Plain):
    """Pairs of characters and whole Latin words, written with blanks between."""

    name = "FTS5 bigram"
    tokenize = "unicode61"

    def written(self, text: str) -> str:
        """Pairs and words."""
        return " ".join(pairs(_wide(text)))

    def terms(self, typed: str) -> list[str]:
        """Pairs and words."""
        return pairs(_wide(typed))


class Bm25s:
    """bm25s over pairs of characters, both scripts folded into one: the strongest plain engine that was measured."""

    name = "bm25s bigram, folded"

    def __init__(self, base: Sequence[Article]) -> None:
        """Build its sparse matrix."""
        import bm25s  # type: ignore[import-untyped, unused-ignore]

        self._ids = [one.id for one in base]
        self._engine: Any = bm25s.BM25()
        self._engine.index([pairs(folded(f"{one.title}\n{one.body}")) for one in base], show_progress=False)

    def find(self, typed: str) -> list[str]:
        """The best ten that score at all."""
        terms = [term for term in pairs(folded(typed)) if term in self._engine.vocab_dict]
        if not terms:
            return []
        found, scores = self._engine.retrieve([terms], k=DEPTH, show_progress=False)
        return [self._ids[at] for at, score in zip(found[0], scores[0], strict=True) if score > 0]


ENGINES: tuple[type[Engine], ...] = (Ours, Trigram, Bigram, Bm25s)


def pairs(text: str) -> list[str]:
    """Pairs of Chinese characters, a single one as it is, and words."""
    terms: list[str] = []
    for run in _RUN.findall(text):
        if "\u3400" <= run[0] <= "\u9fff" and len(run) > 1:
            terms += [run[at : at + 2] for at in range(len(run) - 1)]
        else:
            terms.append(run)
    return terms


def _wide(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
