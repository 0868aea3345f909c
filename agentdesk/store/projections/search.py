"""Searching the index: any typed string in, the best hits out, with what was meant marked on the original text.

The design is TEXT.md §4: lanes find (`search_lanes`), filters bound every lane (`search_filters`), the best are ranked
a second time (`search_rank`), and each hit tells which lanes and bonuses brought it there. What writes the index is
`search_index`; its functions are named here too, so that callers know one module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from agentdesk.store.projections import search_filters, search_lanes, search_rank, snippets
from agentdesk.store.projections.search_index import (
    COMMON_DOCS,
    KINDS,
    SPELLED,
    Connection,
    Item,
    add_kind,
    common,
    compress,
    create,
    drain,
    drop,
    due,
    enqueue,
    keep_common,
    note_use,
    put,
    recount,
    remove,
    waiting,
)
from agentdesk.store.projections.search_lanes import EXPANSIONS, RANKED_DOCS, Found, Reach, Way
from agentdesk.store.projections.search_rank import Bonus, Standing, Weights
from agentdesk.text.search_query import Wish
from agentdesk.text.terms import Term, compact, query_terms

__all__ = [
    "COMMON_DOCS",
    "KINDS",
    "RANKED_DOCS",
    "Connection",
    "Hit",
    "Item",
    "Weights",
    "Why",
    "add_kind",
    "common",
    "compress",
    "create",
    "drain",
    "drop",
    "due",
    "enqueue",
    "keep_common",
    "note_use",
    "put",
    "recount",
    "remove",
    "search",
    "waiting",
]

WEIGHTS: Final = Weights()
_IS_POLICY: Final = "instr(char(10) || facets || char(10), char(10) || 'kind:policy' || char(10)) > 0"
MOST_RANKED: Final = 180
"""So many of the best of all lanes are loaded for the second ranking."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a hit stands where it does: lanes with what they went by and their score, bonuses as shares of the best."""

    ways: tuple[Way, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    top: float = 1.0


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
    why: Why = Why()


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    id: str
    kind: str
    version: str
    title: str
    standing: Standing


def search(
    conn: Connection,
    words: str,
    limit: int = 10,
    kinds: Sequence[str] = ("article",),
    synonyms: Iterable[Sequence[str]] = (),
    *,
    wishes: Sequence[Wish] = (),
    weights: Weights = WEIGHTS,
    now: int = 0,
    given_up: Callable[[], bool] = lambda: False,
) -> list[Hit]:
    """Return the best hits for what was typed, any string at all; [] if it holds nothing to look for.

    `synonyms` are groups of words that mean the same; they widen the query, never the index. `wishes` are filters that
    every hit meets; `now`, in seconds, says what is in force. `given_up` is asked between the lanes: where nobody waits
    for the answer any more, there is none. Reads only.
    """
    terms = query_terms(words)
    condition = search_filters.condition(conn, wishes, now)
    if not (terms or wishes) or condition is None:
        return []
    wanted = compact(words[: snippets.MAX_NEEDLE])
    others = _others(wanted, synonyms)
    ranked: list[tuple[float, _Candidate, Why]] = []
    all_found = Found()
    for kind in kinds:
        reach = Reach(conn, kind, condition, _total(conn, kind))
        found = (
            _found(reach, words, terms, others, [wish.said for wish in wishes], given_up) if reach.total else Found()
        )
        if given_up():
            return []
        ranked += _rank(conn, found, wanted, others, weights, now)
        all_found.marks.update(found.marks)
        all_found.needles += found.needles
    ranked.sort(key=lambda one: (-one[0], -one[1].row))
    best = ranked[:limit]
    needles = [wanted, *others, *(term.text for term in terms), *all_found.needles]
    bodies = _bodies(conn, [candidate.row for _, candidate, _ in best])
    return [
        _hit(one, bodies[one.row], score, needles, all_found.marks.get(one.row, ()), _told(why, one, terms, others))
        for score, one, why in best
        if one.row in bodies
    ]


def _found(
    reach: Reach,
    words: str,
    terms: Sequence[Term],
    others: Sequence[str],
    filters: Sequence[str],
    given_up: Callable[[], bool],
) -> Found:
    """Run the lanes that a query needs, the cheap ones first."""
    found = Found()
    if not terms:
        search_lanes.by_filter(reach, filters, found)
        return found
    dead = search_lanes.by_pairs(reach, terms, others, found)
    if reach.kind != SPELLED or given_up():
        return found
    search_lanes.by_pinyin(reach, words, dead, found)
    if given_up() or not (dead or len(found.ways) < search_lanes.FEW):
        return found
    search_lanes.by_sound(reach, terms, dead, found)
    search_lanes.by_near_words(reach, words, dead, found)
    return found


def _total(conn: Connection, kind: str) -> int:
    total: int = conn.execute("SELECT docs FROM search_count WHERE kind = ?", (kind,)).fetchone()[0]
    return total


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


def _rank(
    conn: Connection, found: Found, wanted: str, others: Sequence[str], weights: Weights, now: int
) -> list[tuple[float, _Candidate, Why]]:
    """Rank again: what the lanes gave, plus the bonuses as shares of the best."""
    base = {row: found.score(row) for row in found.ways}
    top = max(base.values(), default=0.0) or 1.0
    ranked: list[tuple[float, _Candidate, Why]] = []
    for one in _load(conn, sorted(base, key=lambda row: (-base[row], -row))[:MOST_RANKED]):
        own = base[one.row]
        added = search_rank.bonuses(one.standing, own / top, wanted, others, weights, now)
        score = own + top * sum(bonus.share for bonus in added)
        ranked.append((score, one, Why(tuple(way for way in found.ways[one.row] if way.score), added, top)))
    return ranked


def _told(why: Why, one: _Candidate, terms: Sequence[Term], others: Sequence[str]) -> Why:
    """Say which words and synonyms it was; those of the title and names first, since they are at hand."""
    text = one.standing.folded
    by = {
        search_lanes.PAIRS: _joined([term.text for term in terms if term.text in text]),
        search_lanes.SYNONYM: tuple(word for word in others if word in text),
    }
    return replace(why, ways=tuple(way._replace(by=way.by or by.get(way.lane, ())) for way in why.ways))


def _joined(pairs: Sequence[str]) -> tuple[str, ...]:
    """Put overlapping pairs together again: 洗衣, 衣机 is 洗衣机."""
    words: list[str] = []
    for pair in pairs:
        if words and words[-1][-1] == pair[0] and not pair.isascii():
            words[-1] += pair[1:]
        else:
            words.append(pair)
    return tuple(words)


def _load(conn: Connection, rows: Sequence[int]) -> list[_Candidate]:
    found = conn.execute(
        "SELECT row, i.id, i.kind, version, title, folded, starts, ends, at,"
        f" {_IS_POLICY}, coalesce(u.uses, 0), coalesce(u.solved, 0.5)"
        " FROM search_item i LEFT JOIN search_use u USING (kind, id)"
        f" WHERE row IN ({','.join('?' * len(rows))})",
        rows,
    )
    return [
        _Candidate(row, item_id, kind, version, title, Standing(folded, starts, ends, at, bool(policy), uses, solved))
        for row, item_id, kind, version, title, folded, starts, ends, at, policy, uses, solved in found
    ]


def _bodies(conn: Connection, rows: Sequence[int]) -> dict[int, str]:
    """Return the texts of rows; one may be gone, since a writer may commit between two statements of a search."""
    return dict(
        conn.execute(f"SELECT row, body FROM search_item WHERE row IN ({','.join('?' * len(rows))})", rows).fetchall()
    )


def _hit(
    candidate: _Candidate,
    body: str,
    score: float,
    needles: Sequence[str],
    marks: Sequence[tuple[int, int]],
    why: Why,
) -> Hit:
    cut = snippets.snippet(body, needles)
    return Hit(
        id=candidate.id,
        kind=candidate.kind,
        version=candidate.version,
        title=candidate.title,
        snippet=cut.text,
        score=round(score, 6),
        title_spans=snippets.spans(candidate.title, needles, marks),
        snippet_spans=cut.spans,
        snippet_at=cut.at,
        why=why,
    )
