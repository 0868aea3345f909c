"""The lanes of a search: by pairs of characters, by pinyin, by like sounds, by near words, by filters alone.

Each lane gives rows with a score on the scale of bm25 and says what it went by. The first two always run; sounds and
near words only where the characters typed stand nowhere together, which is what a wrong character looks like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from agentdesk.store.projections.search_filters import Condition
from agentdesk.store.projections.search_index import Connection
from agentdesk.text import near_words, sounds
from agentdesk.text.fold import fold, folded
from agentdesk.text.terms import Term, prune, query_terms

RERANKED: Final = 60
"""How many of the best by bm25 get the second ranking."""
EXPANSIONS: Final = 4
"""How many synonyms are added to a query; each costs about as much as a term."""
RANKED_DOCS: Final = 6_000
"""How many documents bm25 may visit, since that is what a search costs (about 1 ms a thousand). The rarest terms come
first; what is over is only looked for in titles, together, newest first, which visits next to nothing. Measured with
questions of CMRC 2018 over 60,000 documents of its sentences: recall at 1 and at 10 as without a limit."""
NEWEST: Final = 120
SPELLED_DOCS: Final = 600
"""Titles that may be put into order of length for one way to read typed pinyin; two letters fit thousands."""
SPELLED_BEST: Final = 60
LIKE_TERMS: Final = 24
"""How many terms of a text are searched for others like it, the rarest that stand in more than one."""
FEW: Final = 3
"""Fewer hits than this call in the lanes that forgive."""
NEAR_LONGEST: Final = 6
"""Characters of a query that may be one wrong character away from a piece of a title; pairs find longer ones."""
SCANNED_WORDS: Final = 2_000
BELOW_SOUND: Final = 0.95
"""How far a near title may come up to one with every typed sound in it."""

PAIRS, SYNONYM, PINYIN, SOUND, NEAR, FILTER = "words", "synonym", "pinyin", "sound", "near", "filter"

_LETTERS = re.compile(r"(?<![a-z0-9-])[a-z\u00fc][a-z\u00fc' ]*(?![a-z0-9-])")  # not those of a model: xqg35
Span = tuple[int, int]


class Way(NamedTuple):
    """How one lane came to a row: the lane, what it went by, what that is worth on the scale of bm25."""

    lane: str
    by: tuple[str, ...]
    score: float


@dataclass(slots=True)
class Found:
    """What the lanes found: of each row its ways; places in folded titles that stand for what was typed."""

    ways: dict[int, list[Way]] = field(default_factory=dict)
    marks: dict[int, list[Span]] = field(default_factory=dict)
    needles: list[str] = field(default_factory=list)

    def add(self, row: int, way: Way, *marks: Span) -> None:
        """Note that a lane came to a row, and where in its folded title."""
        self.ways.setdefault(row, []).append(way)
        if marks:
            self.marks.setdefault(row, []).extend(marks)

    def score(self, row: int) -> float:
        """The sum over the ways to a row."""
        return sum(way.score for way in self.ways[row])

    @property
    def top(self) -> float:
        """The best score so far, 1 where there is none."""
        return max(map(self.score, self.ways), default=0.0) or 1.0


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a search looks: the connection, one kind, the filters."""

    conn: Connection
    kind: str
    condition: Condition
    total: int

    def match(self, table: str, expression: str, limit: int, order: str = "rank") -> list[tuple[int, float]]:
        """Return (row, rank) of a MATCH that meets the filters."""
        ranked = "rank" if order == "rank" else "0.0"
        statement = (
            f"SELECT rowid, {ranked} FROM {table} WHERE {table} MATCH ?{self.condition.on(f'{table}.rowid')}"
            f" ORDER BY {order} LIMIT ?"
        )
        return self.conn.execute(statement, (expression, limit)).fetchall()

    @property
    def table(self) -> str:
        """The index of the kind."""
        return f"search_{self.kind}"


# -- pairs of characters, and words -----------------------------------------------------------------------------------


def by_pairs(reach: Reach, terms: Sequence[Term], others: Sequence[str], found: Found) -> list[Term]:
    """Find by the rarest pairs and by synonyms; return the terms that stand in no document."""
    frequency = _frequencies(reach, terms)
    kept = prune(terms, frequency, reach.total)
    ranked = _affordable(kept, frequency)
    if len(ranked) < len(kept):
        for row in _newest(reach, [_widened(reach, term) for term in kept]):
            found.add(row, Way(PAIRS, (), 0.0))
    for lane, parts in ((PAIRS, [*map(_expression, ranked)]), (SYNONYM, [_phrase(reach, word) for word in others])):
        wanted = " OR ".join(filter(None, parts))
        for row, rank in reach.match(reach.table, wanted, RERANKED) if wanted else ():
            found.add(row, Way(lane, (), -rank))
    return [term for term in terms if not frequency.get(term)]


def _affordable(kept: Sequence[Term], frequency: Mapping[Term, int]) -> Sequence[Term]:
    """Return as many of the rarest terms as `RANKED_DOCS` allows; none if the rarest alone is in too many."""
    spent = 0
    for at, term in enumerate(kept):
        spent += frequency[term]
        if spent > RANKED_DOCS:
            return kept[:at]
    return kept


def _newest(reach: Reach, parts: Sequence[str]) -> list[int]:
    """Return the newest items with all of these in the title; failing that, with one of the two rarest anywhere."""
    found = reach.match(reach.table, f"title : ({' AND '.join(parts)})", NEWEST, "rowid DESC")
    if not found:
        found = reach.match(reach.table, " OR ".join(parts[:2]), NEWEST, "rowid DESC")
    return [row for row, _ in found]


def _widened(reach: Reach, term: Term) -> str:
    """Write a term for MATCH; a common prefix as its commonest terms, since FTS5 would first gather every one."""
    if not term.prefix:
        return _expression(term)
    commonest = reach.conn.execute(
        "SELECT term FROM search_common WHERE kind = ? AND term >= ? AND term < ? ORDER BY docs DESC LIMIT 8",
        (reach.kind, term.text, _after(term.text)),
    ).fetchall()
    return "(" + " OR ".join(f'"{text}"' for (text,) in commonest) + ")" if commonest else _expression(term)


def _frequencies(reach: Reach, terms: Sequence[Term]) -> Mapping[Term, int]:
    """Count the documents of each term; common ones are looked up, since counting them costs as much as a search."""
    exact = [term.text for term in terms if not term.prefix]
    known = dict(
        reach.conn.execute(
            f"SELECT term, docs FROM search_common WHERE kind = ? AND term IN ({','.join('?' * len(exact))})",
            (reach.kind, *exact),
        ).fetchall()
    )
    counts: dict[Term, int] = {}
    for term in terms:
        if term.prefix:
            counts[term] = _prefix_docs(reach, term.text)
        elif term.text in known:
            counts[term] = known[term.text]
        else:
            counts[term] = _docs(reach.conn, reach.table, term.text)
    return counts


def _docs(conn: Connection, table: str, text: str) -> int:
    row = conn.execute(f"SELECT doc FROM {table}_terms WHERE term = ?", (text,)).fetchone()
    return row[0] if row else 0


def _prefix_docs(reach: Reach, start: str) -> int:
    """Count the documents of a prefix, from above: by its common terms if it has any, else by its first hundred."""
    end = _after(start)
    common: int | None = reach.conn.execute(
        "SELECT sum(docs) FROM search_common WHERE kind = ? AND term >= ? AND term < ?", (reach.kind, start, end)
    ).fetchone()[0]
    if common:
        return common
    docs: int | None = reach.conn.execute(
        f"SELECT sum(doc) FROM (SELECT doc FROM {reach.table}_terms WHERE term >= ? AND term < ? LIMIT 100)",
        (start, end),
    ).fetchone()[0]
    return docs or 0


def _after(start: str) -> str:
    """Return the least string above all that begin with `start`."""
    return start[:-1] + chr(ord(start[-1]) + 1)


def _expression(term: Term) -> str:
    """Write a term for MATCH. Terms hold letters, digits and CJK characters only, so quoting them is enough."""
    return f'"{term.text}"*' if term.prefix else f'"{term.text}"'


def _phrase(reach: Reach, word: str) -> str:
    """Write a synonym for MATCH, its terms one after another; "" if it is nowhere, or too common to be worth it."""
    terms = [Term(term.text) for term in query_terms(word)]
    frequency = _frequencies(reach, terms)
    least = min(frequency.values(), default=0)
    return '"' + " ".join(term.text for term in terms) + '"' if 0 < least <= RANKED_DOCS // EXPANSIONS else ""


# -- pinyin of titles -------------------------------------------------------------------------------------------------


def by_pinyin(reach: Reach, words: str, dead: Sequence[Term], found: Found) -> None:
    """Find titles whose characters can be read as typed letters; letters that are a known word count for less."""
    top, unknown = found.top, {term.text for term in dead}
    for match in _LETTERS.finditer(folded(words)):
        letters = match.group().replace("\u00fc", "v").replace("'", "").replace(" ", "")
        strength = 1.0 if letters in unknown or " " in match.group().strip() else 0.4
        spelled = _spelled(reach, letters) if len(letters) > 1 else []
        for row, share, marks in spelled or _spelled_apart(reach, match.group().replace("\u00fc", "v")):
            found.add(row, Way(PINYIN, (letters,), strength * top * share), *marks)


def _spelled(reach: Reach, letters: str) -> list[tuple[int, float, list[Span]]]:
    """Return (row, worth, places in the folded title), each title once, by the likeliest cut that fits it."""
    fitting: dict[int, tuple[float, Span]] = {}
    cuts = sounds.cuts(letters)
    for number, (guessed, cut) in enumerate(cuts):
        if fitting and guessed > cuts[0][0]:
            break
        for row, title in _candidates(reach, cut).items():
            text = fold(title).text
            mark = sounds.place(text, cut) if row not in fitting else None
            if mark is not None:
                share = len(cut) / max(1, len(sounds.spelled(text)))
                fitting[row] = 0.6 + share + (0.3 if mark[0] == 0 else 0.0) - 0.1 * number, mark
    return [(row, worth, [mark]) for row, (worth, mark) in fitting.items()]


def _spelled_apart(reach: Reach, typed: str) -> list[tuple[int, float, list[Span]]]:
    """Return titles that hold what was typed in pieces, in any order, with other characters between: 洗衣机底部漏水."""
    for pieces in sounds.pieces(typed):
        fitting: list[tuple[int, float, list[Span]]] = []
        expressions = " AND ".join(sounds.expression(piece) for piece in pieces)
        for row, title in _matching(reach, [expressions]).items():
            text = fold(title).text
            marks = [mark for piece in pieces if (mark := sounds.place(text, piece))]
            if len(marks) == len(pieces):
                share = sum(map(len, pieces)) / max(1, len(sounds.spelled(text)))
                fitting.append((row, 0.4 + share, marks))
        if fitting:
            return fitting
    return []


def _candidates(reach: Reach, cut: sounds.Cut) -> dict[int, str]:
    """Return titles that may be read so: those that begin so first, then the shortest."""
    wanted = sounds.expression(cut)
    return _matching(reach, [f"{wanted} AND {sounds.start_expression(cut)}", wanted]) if wanted else {}


def _matching(reach: Reach, expressions: Sequence[str]) -> dict[int, str]:
    """Return the titles whose spelling meets the expressions, the shortest of each, until there are enough."""
    table, filtered = "search_spelling", reach.condition.on("search_spelling.rowid")
    rows: list[tuple[int, str]] = []
    for match in expressions:
        if len(rows) < SPELLED_BEST:
            rows += reach.conn.execute(
                "SELECT i.row, i.title FROM (SELECT rowid AS row FROM"
                f" {table} WHERE {table} MATCH ?{filtered} LIMIT {SPELLED_DOCS}) JOIN search_item i USING (row)"
                f" ORDER BY length(i.title) LIMIT {SPELLED_BEST}",
                (match,),
            ).fetchall()
    return dict(rows)


# -- what forgives ----------------------------------------------------------------------------------------------------


def by_sound(reach: Reach, terms: Sequence[Term], dead: Sequence[Term], found: Found) -> None:
    """Find titles and names that sound like the pairs which stand nowhere; with few hits, like any of the pairs."""
    few, there = len(found.ways) < FEW, set(found.ways)
    wanted = terms if few else dead
    by_pair = {sound: term.text for term in wanted if not term.prefix and (sound := sounds.sound_of(term.text))}
    frequency = {Term(sound): _docs(reach.conn, "search_sound", sound) for sound in by_pair}
    kept = _affordable(prune(list(frequency), frequency, reach.total), frequency)
    if not kept:
        return
    heard = {term.text for term in kept}
    typed = tuple(by_pair[term.text] for term in kept)
    for row, rank in reach.match("search_sound", " OR ".join(map(_expression, kept)), RERANKED):
        if not (few and row in there and not dead):  # found by the characters themselves: their sound says no more
            found.add(row, Way(SOUND, typed, -rank))
    for row, title in _titles(reach.conn, found, SOUND).items():
        found.marks.setdefault(row, []).extend(sounds.heard(fold(title).text, heard))


def by_near_words(reach: Reach, words: str, dead: Sequence[Term], found: Found) -> None:
    """Find by words a slip away from typed ones, and by titles with a piece of which one character differs."""
    for term in dead:
        if term.text.isascii():
            _near_latin(reach, term.text, found)
    typed = folded(words).strip()
    if 2 < len(typed) <= NEAR_LONGEST and all(map(sounds.is_spelled, typed)):
        _near_title(reach, typed, found)


def _near_latin(reach: Reach, word: str, found: Found) -> None:
    most = near_words.slips(word)
    if not most:
        return
    rows = reach.conn.execute(
        f"SELECT term FROM {reach.table}_terms WHERE term >= ? AND term < ? LIMIT {SCANNED_WORDS}",
        (word[:2], _after(word[:2])),
    ).fetchall()
    near = [text for (text,) in rows if text.isascii() and near_words.within(word, text, most)][:EXPANSIONS]
    found.needles += near
    wanted = " OR ".join(f'"{text}"' for text in near)
    for row, rank in reach.match(reach.table, wanted, RERANKED) if near else ():
        found.add(row, Way(NEAR, tuple(near), -rank))


def _near_title(reach: Reach, typed: str, found: Found) -> None:
    """Leave out each character in turn; what is left must stand in the title, and one character alone be wrong."""
    ways = [_left_over(typed[:at], typed[at + 1 :]) for at in range(len(typed))]
    rows = reach.match(reach.table, f"title : ({' OR '.join(ways)})", NEWEST, "rowid DESC")
    titles = _load_titles(reach.conn, [row for row, _ in rows])
    top, heard = found.top, _heard(reach, typed, found)
    for row, title in titles.items():
        text = fold(title).text
        mark = near_words.near_piece(text, typed)
        if mark is None:
            continue
        room = BELOW_SOUND * heard - (found.score(row) if row in found.ways else 0.0)
        worth = max(0.0, min(0.5 * top, room)) if heard else 0.5 * top
        found.add(row, Way(NEAR, (text[mark[0] : mark[1]],), worth), mark)


def _heard(reach: Reach, typed: str, found: Found) -> float:
    """Return the best score of a title with every typed sound in it: input methods slip to sounds, not looks."""
    titles = _titles(reach.conn, found, SOUND).items()
    return max((found.score(row) for row, title in titles if sounds.has_all(fold(title).text, typed)), default=0.0)


def _left_over(before: str, after: str) -> str:
    parts = [_run(part) for part in (before, after) if part]
    return "(" + " AND ".join(parts) + ")"


def _run(part: str) -> str:
    """Write for MATCH that characters follow each other: their pairs; one alone begins a pair."""
    pairs = [part[at : at + 2] for at in range(len(part) - 1)]
    return " AND ".join(f'"{pair}"' for pair in pairs) if pairs else f'"{part}"*'


def _titles(conn: Connection, found: Found, lane: str) -> dict[int, str]:
    return _load_titles(conn, [row for row, ways in found.ways.items() if any(way.lane == lane for way in ways)])


def _load_titles(conn: Connection, rows: Sequence[int]) -> dict[int, str]:
    marks = ",".join("?" * len(rows))
    return dict(conn.execute(f"SELECT row, title FROM search_item WHERE row IN ({marks})", rows).fetchall())


# -- filters alone ----------------------------------------------------------------------------------------------------


def by_filter(reach: Reach, names: Sequence[str], found: Found) -> None:
    """Find what meets the filters where no words were typed: the newest."""
    statement = f"SELECT row FROM search_item WHERE kind = ?{reach.condition.on('search_item.row')} ORDER BY row DESC"
    for (row,) in reach.conn.execute(f"{statement} LIMIT {NEWEST}", (reach.kind,)).fetchall():
        found.add(row, Way(FILTER, tuple(names), 1.0))


# -- texts that are alike ---------------------------------------------------------------------------------------------


def by_likeness(reach: Reach, terms: Sequence[Term], own: int) -> tuple[list[int], Mapping[Term, int]]:
    """Return the rows whose title and text share most with these terms, and in how many documents each term stands.

    `own` is 1 where the compared text itself is in the index: what stands there alone leads nowhere. Names and numbers
    of people do not count.
    """
    frequency = _frequencies(reach, terms)
    shared = sorted((term for term in terms if frequency[term] > own), key=lambda term: frequency[term])[:LIKE_TERMS]
    ranked = _affordable(shared, frequency)
    if ranked:
        wanted = " OR ".join(map(_expression, ranked))
        return [row for row, _ in reach.match(reach.table, f"{{title body}} : ({wanted})", RERANKED)], frequency
    return _newest(reach, [_expression(term) for term in shared]) if shared else [], frequency
