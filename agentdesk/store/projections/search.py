"""Searching the index: any typed string in, the best hits out, with what was meant marked on the original text.

The design is TEXT.md §4: the rarest pairs of the query by bm25, all columns weighed alike, then a second ranking of
the best with a bonus for titles that hold the whole query, and use and success as tie-breakers. What writes the index
is `search_index`; its functions are named here too, so that callers know one module.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from agentdesk.store.projections import snippets
from agentdesk.store.projections.search_index import (
    COMMON_DOCS,
    KINDS,
    Connection,
    Item,
    add_kind,
    compress,
    create,
    drain,
    enqueue,
    note_use,
    put,
    recount,
    remove,
)
from agentdesk.text.terms import Term, compact, prune, query_terms

__all__ = [
    "COMMON_DOCS",
    "KINDS",
    "RANKED_DOCS",
    "Connection",
    "Hit",
    "Item",
    "add_kind",
    "compress",
    "create",
    "drain",
    "enqueue",
    "note_use",
    "put",
    "recount",
    "remove",
    "search",
]

RERANKED: Final = 60
"""How many of the best by bm25 get the second ranking."""
EXPANSIONS: Final = 4
"""How many synonyms are added to a query; each costs about as much as a term."""
RANKED_DOCS: Final = 4_000
"""How many documents bm25 may visit, since that is what a search costs (about 1 ms a thousand). The rarest terms come
first; what is over is only looked for in titles, together, newest first, which visits next to nothing. Measured with
questions of CMRC 2018 over 60,000 documents of its sentences: recall at 1 and at 10 as without a limit."""
NEWEST: Final = 120


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item, best first. Spans are (start, end) in code points of `title` and `snippet` as given here.

    `snippet` is a piece of the body with line breaks as spaces; `snippet_at` is where in the body it begins.
    """

    id: str
    kind: str
    version: str
    title: str
    snippet: str
    score: float
    title_spans: tuple[tuple[int, int], ...]
    snippet_spans: tuple[tuple[int, int], ...]
    snippet_at: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    base: float
    row: int
    id: str
    kind: str
    version: str
    title: str
    folded: str
    uses: int
    solved: float


def search(
    conn: Connection,
    words: str,
    limit: int = 10,
    kinds: Sequence[str] = ("article",),
    synonyms: Iterable[Sequence[str]] = (),
) -> list[Hit]:
    """Return the best hits for what was typed, any string at all; [] if it holds nothing to look for.

    `synonyms` are groups of words that mean the same; they widen the query, never the index. Reads only.
    """
    terms = query_terms(words)
    if not terms:
        return []
    wanted = compact(words[: snippets.MAX_NEEDLE])
    others = _others(wanted, synonyms)
    found = [candidate for kind in kinds for candidate in _candidates(conn, kind, terms, others)]
    ranked = _rank(found, wanted, others)[:limit]
    needles = [wanted, *others, *(term.text for term in terms)]
    bodies = _bodies(conn, [candidate.row for _, candidate in ranked])
    return [_hit(one, bodies[one.row], score, needles) for score, one in ranked if one.row in bodies]


def _others(wanted: str, groups: Iterable[Sequence[str]]) -> list[str]:
    """Return the words that mean the same as a word of the query."""
    others: dict[str, None] = {}
    for group in _folded_groups(tuple(map(tuple, groups))):
        if any(word in wanted for word in group):
            others.update((word, None) for word in group if word not in wanted)
    return list(others)[:EXPANSIONS]


@lru_cache(maxsize=4)
def _folded_groups(groups: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Fold the synonyms once, not at every key; a site's own groups change rarely."""
    return tuple(tuple(filter(None, map(compact, group))) for group in groups)


def _candidates(conn: Connection, kind: str, terms: Sequence[Term], others: Sequence[str]) -> list[_Candidate]:
    total: int = conn.execute("SELECT docs FROM search_count WHERE kind = ?", (kind,)).fetchone()[0]
    if not total:
        return []
    frequency = _frequencies(conn, kind, terms)
    kept = prune(terms, frequency, total)
    ranked = _affordable(kept, frequency)
    parts = [*map(_expression, ranked), *(_phrase(conn, kind, word) for word in others)]
    base: dict[int, float] = {}
    if len(ranked) < len(kept):
        base = dict.fromkeys(_newest(conn, kind, [_widened(conn, kind, term) for term in kept]), 0.0)
    if any(parts):
        rows = conn.execute(
            f"SELECT rowid, rank FROM search_{kind} WHERE search_{kind} MATCH ? ORDER BY rank LIMIT ?",
            (" OR ".join(filter(None, parts)), RERANKED),
        )
        base.update((row, -rank) for row, rank in rows)
    return _load(conn, base)


def _affordable(kept: Sequence[Term], frequency: Mapping[Term, int]) -> Sequence[Term]:
    """Return as many of the rarest terms as `RANKED_DOCS` allows; none if the rarest alone is in too many."""
    spent = 0
    for at, term in enumerate(kept):
        spent += frequency[term]
        if spent > RANKED_DOCS:
            return kept[:at]
    return kept


def _newest(conn: Connection, kind: str, parts: Sequence[str]) -> list[int]:
    """Return the newest items with all of these in the title; failing that, with one of the two rarest anywhere."""
    match = f"SELECT rowid FROM search_{kind} WHERE search_{kind} MATCH ? ORDER BY rowid DESC LIMIT ?"
    found = conn.execute(match, (f"title : ({' AND '.join(parts)})", NEWEST)).fetchall()
    if not found:
        found = conn.execute(match, (" OR ".join(parts[:2]), NEWEST)).fetchall()
    return [row for (row,) in found]


def _widened(conn: Connection, kind: str, term: Term) -> str:
    """Write a term for MATCH; a common prefix as its commonest terms, since FTS5 would first gather every one."""
    if not term.prefix:
        return _expression(term)
    commonest = conn.execute(
        "SELECT term FROM search_common WHERE kind = ? AND term >= ? AND term < ? ORDER BY docs DESC LIMIT 8",
        (kind, term.text, _after(term.text)),
    ).fetchall()
    return "(" + " OR ".join(f'"{text}"' for (text,) in commonest) + ")" if commonest else _expression(term)


def _load(conn: Connection, base: Mapping[int, float]) -> list[_Candidate]:
    found = conn.execute(
        "SELECT row, id, kind, version, title, folded, uses, solved FROM search_item"
        f" WHERE row IN ({','.join('?' * len(base))})",
        list(base),
    )
    return [_Candidate(base[row[0]], *row) for row in found]


def _frequencies(conn: Connection, kind: str, terms: Sequence[Term]) -> Mapping[Term, int]:
    """Count the documents of each term; common ones are looked up, since counting them costs as much as a search."""
    exact = [term.text for term in terms if not term.prefix]
    known = dict(
        conn.execute(
            f"SELECT term, docs FROM search_common WHERE kind = ? AND term IN ({','.join('?' * len(exact))})",
            (kind, *exact),
        ).fetchall()
    )
    counts: dict[Term, int] = {}
    for term in terms:
        if term.prefix:
            counts[term] = _prefix_docs(conn, kind, term.text)
        elif term.text in known:
            counts[term] = known[term.text]
        else:
            row = conn.execute(f"SELECT doc FROM search_{kind}_terms WHERE term = ?", (term.text,)).fetchone()
            counts[term] = row[0] if row else 0
    return counts


def _prefix_docs(conn: Connection, kind: str, start: str) -> int:
    """Count the documents of a prefix, from above: by its common terms if it has any, else by its first hundred."""
    end = _after(start)
    common: int | None = conn.execute(
        "SELECT sum(docs) FROM search_common WHERE kind = ? AND term >= ? AND term < ?", (kind, start, end)
    ).fetchone()[0]
    if common:
        return common
    docs: int | None = conn.execute(
        f"SELECT sum(doc) FROM (SELECT doc FROM search_{kind}_terms WHERE term >= ? AND term < ? LIMIT 100)",
        (start, end),
    ).fetchone()[0]
    return docs or 0


def _after(start: str) -> str:
    """Return the least string above all that begin with `start`."""
    return start[:-1] + chr(ord(start[-1]) + 1)


def _expression(term: Term) -> str:
    """Write a term for MATCH. Terms hold letters, digits and CJK characters only, so quoting them is enough."""
    return f'"{term.text}"*' if term.prefix else f'"{term.text}"'


def _phrase(conn: Connection, kind: str, word: str) -> str:
    """Write a synonym for MATCH, its terms one after another; "" if it is nowhere, or too common to be worth it."""
    terms = [Term(term.text) for term in query_terms(word)]
    frequency = _frequencies(conn, kind, terms)
    least = min(frequency.values(), default=0)
    return '"' + " ".join(term.text for term in terms) + '"' if 0 < least <= RANKED_DOCS // EXPANSIONS else ""


def _rank(found: Iterable[_Candidate], wanted: str, others: Sequence[str]) -> list[tuple[float, _Candidate]]:
    """Rank again: bm25, plus a bonus for a title that holds the whole query, plus ties broken by use."""
    candidates = list(found)
    top = max((candidate.base for candidate in candidates), default=0.0) or 1.0
    scored = [
        (candidate.base + top * (_bonus(candidate.folded, wanted, others) + _tie(candidate)), candidate)
        for candidate in candidates
    ]
    scored.sort(key=lambda pair: (-pair[0], -pair[1].row))
    return scored


def _bonus(folded: str, wanted: str, others: Sequence[str]) -> float:
    """Return 1 + share of the title that the query covers, half of it for a keyword, a quarter for a synonym."""
    title, _, names = folded.partition("\n")
    if wanted in title:
        return 1 + len(wanted) / len(title)
    if wanted in names:
        return 0.5
    return 0.25 if any(word in title for word in others) else 0.0


def _tie(candidate: _Candidate) -> float:
    return min(0.05, 0.01 * math.log1p(candidate.uses)) + 0.05 * (candidate.solved - 0.5)


def _bodies(conn: Connection, rows: Sequence[int]) -> dict[int, str]:
    """Return the texts of rows; one may be gone, since a writer may commit between two statements of a search."""
    return dict(
        conn.execute(f"SELECT row, body FROM search_item WHERE row IN ({','.join('?' * len(rows))})", rows).fetchall()
    )


def _hit(candidate: _Candidate, body: str, score: float, needles: Sequence[str]) -> Hit:
    cut = snippets.snippet(body, needles)
    return Hit(
        id=candidate.id,
        kind=candidate.kind,
        version=candidate.version,
        title=candidate.title,
        snippet=cut.text,
        score=round(score, 6),
        title_spans=snippets.spans(candidate.title, needles),
        snippet_spans=cut.spans,
        snippet_at=cut.at,
    )
