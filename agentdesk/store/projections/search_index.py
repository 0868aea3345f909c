"""The tables of the search index: articles and phrases in FTS5 over character pairs (TEXT.md §4).

One contentless index a kind, so that the many of one kind neither slow down nor outvote the few of another; articles
have two more over the sounds of their titles, and their facets (kind, product, tags …) to be filtered by.
`search_item` beside them holds each item's own text once: titles for the second ranking, text for the snippet, and the
means to give old terms back, which a contentless table of SQLite 3.40 demands. (Measured on 20,000 articles, 8.4 MB of
text: this way 25 MB; with the terms inside FTS5 34 MB, and 42 MB with the texts, which snippets need in any case. The
price is 0.7 ms for a changed article instead of 0.1.)

Every function takes a DBAPI connection and leaves transactions to its caller. All of it can be thrown away and made
again from the entities.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final, NamedTuple, Protocol

from agentdesk.text.search_query import facet
from agentdesk.text.sounds import sound_terms, spelling_terms
from agentdesk.text.terms import compact, index_terms

KINDS: Final = ("article", "phrase", "request")
SPELLED: Final = "article"
"""The kind whose titles are found by pinyin and by like sounds; phrases are spelled in memory, customers by key."""
FORMAT: Final = "3"
"""Raise it when terms are made otherwise (readings, too) or the tables change: `create` then drops the index."""
COMMON_DOCS: Final = 500
"""Document counts above this are kept in `search_common`, since counting them again takes as long as searching."""

_RANKED = "content='', detail=full, tokenize=ascii"
FULL_TEXT: Final = {
    **{f"search_{kind}": f"title, words, body, {_RANKED}" for kind in KINDS},
    "search_spelling": "terms, content='', detail=none, tokenize=ascii",
    "search_sound": f"terms, {_RANKED}",
}
"""The tables of FTS5. Terms are folded already, so the plainest tokenizer will do: all that is not ASCII is part of a
term. With less than detail=full a contentless table gives every row the same bm25 and nobody says so (TEXT.md §4);
readings are only asked for ("is there"), never ranked, so that they need no places."""
PARTS: Final = {
    "data": "id INTEGER PRIMARY KEY, block BLOB",
    "idx": "segid, term, pgno, PRIMARY KEY (segid, term)",
    "docsize": "id INTEGER PRIMARY KEY, sz BLOB",
    "config": "k PRIMARY KEY, v",
}
"""The tables in which FTS5 keeps one of its own."""
_VOCABULARIES = (*(f"search_{kind}" for kind in KINDS), "search_sound")
_PLAIN = ("search_facet", "search_facet_value", "search_item", "search_common", "search_count", "index_queue")
_ALL = {
    *FULL_TEXT,
    *(f"{table}_{part}" for table in FULL_TEXT for part in PARTS),
    *(f"{table}_terms" for table in _VOCABULARIES),
    *_PLAIN,
}

_MARK = "\ufffd"  # stands for what UTF-8 cannot hold; one for one, so that offsets stay


class Connection(Protocol):
    """What is used of `sqlite3.Connection`; the driver of an encrypted store offers the same."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> sqlite3.Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> sqlite3.Cursor:
        """Run one statement with many rows."""
        ...


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be found. `words`: further names of it (keywords, synonyms), weighed like the title.

    `version` is what a citation names; `facets` are (name, value) to filter by; `starts`, `ends` (0: open) say when a
    policy is in force, `at` when it was published, all in seconds since the epoch.
    """

    kind: str
    id: str
    title: str
    body: str = ""
    words: tuple[str, ...] = ()
    version: str = ""
    facets: tuple[tuple[str, str], ...] = ()
    starts: int = 0
    ends: int = 0
    at: int = 0


# -- the tables -------------------------------------------------------------------------------------------------------


def create(conn: Connection) -> bool:
    """Make the tables; an index of another format or folding, or that lacks some, is dropped first.

    True if it is new and wants filling.
    """
    _create_meta(conn)
    conn.execute(
        "CREATE TABLE IF NOT EXISTS search_use (kind TEXT, id TEXT, uses INTEGER NOT NULL, solved REAL NOT NULL,"
        " PRIMARY KEY (kind, id)) WITHOUT ROWID"
    )
    row = conn.execute("SELECT value FROM search_meta WHERE name = 'mark'").fetchone()
    mark, secure = _mark(), sqlite3.sqlite_version_info >= (3, 42)
    # A table that has been deleted from securely cannot be read by an older SQLite: then it is made anew, too.
    if row is not None and row[0] in ((mark, f"{mark} secure") if secure else (mark,)) and not lacking(conn):
        return False
    drop(conn)
    conn.execute(
        "CREATE TABLE search_item (row INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL,"
        " version TEXT NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL, at INTEGER NOT NULL,"
        " facets TEXT NOT NULL, title TEXT NOT NULL, folded TEXT NOT NULL, words TEXT NOT NULL, body TEXT NOT NULL,"
        " UNIQUE (kind, id))"
    )
    conn.execute(
        "CREATE TABLE search_facet_value (value INTEGER PRIMARY KEY, name TEXT NOT NULL, word TEXT NOT NULL,"
        " UNIQUE (name, word))"
    )
    conn.execute("CREATE TABLE search_facet (value INTEGER, row INTEGER, PRIMARY KEY (value, row)) WITHOUT ROWID")
    conn.execute("CREATE INDEX search_facet_row ON search_facet (row)")
    conn.execute(
        "CREATE TABLE search_common (kind TEXT, term TEXT, docs INTEGER NOT NULL, PRIMARY KEY (kind, term))"
        " WITHOUT ROWID"
    )
    conn.execute("CREATE TABLE search_count (kind TEXT PRIMARY KEY, docs INTEGER NOT NULL, counted INTEGER NOT NULL)")
    conn.execute("CREATE TABLE index_queue (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID")
    for kind in KINDS:
        _create_kind(conn, kind, secure)
    for table in ("search_spelling", "search_sound"):
        _create_full_text(conn, table, secure)
    conn.execute("INSERT OR REPLACE INTO search_meta VALUES ('mark', ?)", (f"{mark} secure" if secure else mark,))
    return True


def add_kind(conn: Connection, kind: str) -> bool:
    """Make the tables of a kind that an older index has not; False where they are there."""
    if conn.execute("SELECT 1 FROM search_count WHERE kind = ?", (kind,)).fetchone():
        return False
    secured = conn.execute("SELECT value LIKE '% secure' FROM search_meta WHERE name = 'mark'").fetchone()
    _create_kind(conn, kind, bool(secured and secured[0]))
    return True


def _create_meta(conn: Connection) -> None:
    conn.execute("CREATE TABLE IF NOT EXISTS search_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")


def _create_kind(conn: Connection, kind: str, secure: bool) -> None:
    _create_full_text(conn, f"search_{kind}", secure)
    conn.execute("INSERT INTO search_count VALUES (?, 0, 0)", (kind,))


def _create_full_text(conn: Connection, table: str, secure: bool) -> None:
    conn.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({FULL_TEXT[table]})")
    if table in _VOCABULARIES:
        conn.execute(f"CREATE VIRTUAL TABLE {table}_terms USING fts5vocab('{table}', 'row')")
    if secure:
        conn.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', 1)")


def lacking(conn: Connection) -> list[str]:
    """Return the tables of the index that are not there."""
    return sorted(_ALL.difference(name for (name,) in conn.execute("SELECT name FROM sqlite_master")))


def _mark() -> str:
    return f"{FORMAT} zhconv-rs {version('zhconv-rs')}"


def drop(conn: Connection) -> None:
    """Throw the index away, so that `create` makes it anew; what breaks ties (`search_use`) stays."""
    _create_meta(conn)
    conn.execute("DELETE FROM search_meta WHERE name = 'mark'")
    for table in _VOCABULARIES:
        conn.execute(f"DROP TABLE IF EXISTS {table}_terms")
    for table in FULL_TEXT:
        _drop_full_text(conn, table)
    for table in _PLAIN:
        conn.execute(f"DROP TABLE IF EXISTS {table}")


def _drop_full_text(conn: Connection, table: str) -> None:
    """Drop a table of FTS5 however damaged: it must be one that can be opened, and its parts may be there alone."""
    for part, columns in PARTS.items():
        conn.execute(f"CREATE TABLE IF NOT EXISTS {table}_{part} ({columns})")
    conn.execute(f"INSERT OR REPLACE INTO {table}_config VALUES ('version', 4)")
    conn.execute(f"INSERT OR REPLACE INTO {table}_data VALUES (10, zeroblob(7))")  # its structure: no segments
    for name in (table, *(f"{table}_{part}" for part in PARTS)):
        conn.execute(f"DROP TABLE IF EXISTS {name}")


# -- writing ----------------------------------------------------------------------------------------------------------


def put(conn: Connection, items: Iterable[Item]) -> None:
    """Index items, new ones and changed ones; an item whose text is the same costs one small update."""
    for item in items:
        if item.kind not in KINDS:
            raise ValueError(f"no such kind: {item.kind}")
        old = _stored(conn, item.kind, item.id)
        texts = _texts(item)
        if old is not None and old[1] == texts:
            row = old[0]
        else:
            if old is not None:
                _give_back(conn, item.kind, *old)
            row = _add(conn, item, texts)
        _note(conn, item, row)


class _Texts(NamedTuple):
    title: str
    words: str
    body: str


def _texts(item: Item) -> _Texts:
    return _Texts(_storable(item.title), _storable("\n".join(item.words)), _storable(item.body))


def _folded(texts: _Texts) -> str:
    return "\n".join(map(compact, (texts.title, *texts.words.split("\n"))))


def _add(conn: Connection, item: Item, texts: _Texts) -> int:
    row = conn.execute(
        "INSERT INTO search_item (kind, id, version, starts, ends, at, facets, title, folded, words, body)"
        " VALUES (?, ?, '', 0, 0, 0, '', ?, ?, ?, ?)",
        (item.kind, item.id, texts.title, _folded(texts), texts.words, texts.body),
    ).lastrowid
    assert row is not None
    conn.execute(
        f"INSERT INTO search_{item.kind} (rowid, title, words, body) VALUES (?, ?, ?, ?)", (row, *_columns(texts))
    )
    if item.kind == SPELLED:
        for table, terms in _sounds(texts):
            conn.execute(f"INSERT INTO {table} (rowid, terms) VALUES (?, ?)", (row, terms))
    conn.execute("UPDATE search_count SET docs = docs + 1 WHERE kind = ?", (item.kind,))
    return row


def _note(conn: Connection, item: Item, row: int) -> None:
    """Write what is not text: version, times, facets."""
    facets = _facets(item)
    (before,) = conn.execute("SELECT facets FROM search_item WHERE row = ?", (row,)).fetchone()
    conn.execute(
        "UPDATE search_item SET version = ?, starts = ?, ends = ?, at = ?, facets = ? WHERE row = ?",
        (item.version, item.starts, item.ends, item.at, facets, row),
    )
    if facets == before:
        return
    conn.execute("DELETE FROM search_facet WHERE row = ?", (row,))
    for name, _, word in (line.partition(":") for line in facets.split("\n") if line):
        conn.execute("INSERT OR IGNORE INTO search_facet_value (name, word) VALUES (?, ?)", (name, word))
        conn.execute(
            "INSERT INTO search_facet SELECT value, ? FROM search_facet_value WHERE name = ? AND word = ?",
            (row, name, word),
        )


def _facets(item: Item) -> str:
    return "\n".join(sorted({f"{name}:{word}" for name, said in item.facets if (word := facet(_storable(said)))}))


def remove(conn: Connection, kind: str, ids: Iterable[str]) -> None:
    """Take items out of the index; ids that are not in it are passed over."""
    for item_id in ids:
        old = _stored(conn, kind, item_id)
        if old is not None:
            _give_back(conn, kind, *old)


def note_use(conn: Connection, kind: str, item_id: str, uses: int, solved: float) -> None:
    """Set what breaks ties for an item: how often it was used, and the share of times that it solved the matter."""
    conn.execute("INSERT OR REPLACE INTO search_use VALUES (?, ?, ?, ?)", (kind, item_id, uses, solved))


def _stored(conn: Connection, kind: str, item_id: str) -> tuple[int, _Texts] | None:
    found = conn.execute(
        "SELECT row, title, words, body FROM search_item WHERE kind = ? AND id = ?", (kind, item_id)
    ).fetchone()
    return (found[0], _Texts(*found[1:])) if found else None


def _give_back(conn: Connection, kind: str, row: int, texts: _Texts) -> None:
    """Take a row out: a contentless index must be told the very terms that it was given."""
    conn.execute(
        f"INSERT INTO search_{kind} (search_{kind}, rowid, title, words, body) VALUES ('delete', ?, ?, ?, ?)",
        (row, *_columns(texts)),
    )
    for table, terms in _sounds(texts) if kind == SPELLED else ():
        conn.execute(f"INSERT INTO {table} ({table}, rowid, terms) VALUES ('delete', ?, ?)", (row, terms))
    conn.execute("DELETE FROM search_facet WHERE row = ?", (row,))
    conn.execute("DELETE FROM search_item WHERE row = ?", (row,))
    conn.execute("UPDATE search_count SET docs = docs - 1 WHERE kind = ?", (kind,))


def _columns(texts: _Texts) -> list[str]:
    return [" ".join(index_terms(text)) for text in texts]


def _sounds(texts: _Texts) -> list[tuple[str, str]]:
    """Return what the two indexes of sounds hold of an article: readings of its title, sounds of title and names."""
    heard = sound_terms(f"{texts.title}\n{texts.words}")
    return [("search_spelling", " ".join(sorted(spelling_terms(texts.title)))), ("search_sound", " ".join(heard))]


def _storable(text: str) -> str:
    """Replace what SQLite's UTF-8 cannot hold, one for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(_MARK if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


# -- filling in slices ------------------------------------------------------------------------------------------------


def enqueue(conn: Connection, kind: str, ids: Iterable[str]) -> None:
    """Remember that items want indexing (again): for bootstraps, so that no transaction grows long."""
    conn.executemany("INSERT OR IGNORE INTO index_queue VALUES (?, ?)", ((kind, item_id) for item_id in ids))


def drain(
    conn: Connection,
    load: Callable[[str, Sequence[str]], Iterable[Item]],
    slice_size: int = 200,
    kinds: Sequence[str] = KINDS,
) -> int:
    """Index one slice of the queue and return how many items still wait; the worker commits between slices.

    `load(kind, ids)` gives the items as they are now; what it does not give is taken out of the index. With the last
    slice a `recount` may be due.
    """
    of_kinds = f"FROM index_queue WHERE kind IN ({','.join('?' * len(kinds))})"
    queued = conn.execute(f"SELECT kind, id {of_kinds} ORDER BY kind, id LIMIT ?", (*kinds, slice_size)).fetchall()
    for kind in {kind for kind, _ in queued}:
        ids = [item_id for of, item_id in queued if of == kind]
        items = list(load(kind, ids))
        put(conn, items)
        remove(conn, kind, set(ids).difference(item.id for item in items))
    conn.executemany("DELETE FROM index_queue WHERE kind = ? AND id = ?", queued)
    return waiting(conn, kinds)


def waiting(conn: Connection, kinds: Sequence[str] = KINDS) -> int:
    """Return how many items of these kinds still wait to be indexed."""
    of_kinds = ",".join("?" * len(kinds))
    left: int = conn.execute(f"SELECT count(*) FROM index_queue WHERE kind IN ({of_kinds})", tuple(kinds)).fetchone()[0]
    return left


def recount(conn: Connection) -> None:
    """Count the common terms of every kind of which that is due, in one go; `due` to `keep_common` do it in parts."""
    for kind in due(conn):
        keep_common(conn, kind, common(conn, kind))


def due(conn: Connection, grown: float = 1.1) -> list[str]:
    """Return the kinds that grew by `grown` since their common terms were counted.

    Old counts only cost speed: they decide which terms of a query are left out, not what is found by the others.
    """
    rows = conn.execute("SELECT kind, docs, counted FROM search_count").fetchall()
    return [kind for kind, docs, counted in rows if docs > COMMON_DOCS and docs >= counted * grown]


def common(conn: Connection, kind: str) -> list[tuple[str, int]]:
    """Return the common terms of a kind with the items that hold them: a full scan, for a worker that only reads."""
    rows = conn.execute(f"SELECT term, doc FROM search_{kind}_terms WHERE doc > ?", (COMMON_DOCS,))
    return [(term, docs) for term, docs in rows]


def keep_common(conn: Connection, kind: str, counted: Iterable[tuple[str, int]]) -> None:
    """Write down what `common` counted."""
    conn.execute("DELETE FROM search_common WHERE kind = ?", (kind,))
    conn.executemany("INSERT INTO search_common VALUES (?, ?, ?)", ((kind, term, docs) for term, docs in counted))
    conn.execute("UPDATE search_count SET counted = docs WHERE kind = ?", (kind,))


def compress(conn: Connection, kinds: Sequence[str] = KINDS) -> None:
    """Merge each index into one segment: faster after a bootstrap, and nothing of a deleted text is left in it."""
    conn.execute("DELETE FROM search_facet_value WHERE value NOT IN (SELECT value FROM search_facet)")
    for kind in kinds:
        conn.execute(f"INSERT INTO search_{kind} (search_{kind}) VALUES ('optimize')")
    for table in ("search_spelling", "search_sound") if SPELLED in kinds else ():
        conn.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


# -- looking it over --------------------------------------------------------------------------------------------------


class Held(NamedTuple):
    """What the index holds of one item, as it is stored."""

    id: str
    title: str
    words: str
    body: str
    folded: str
    version: str
    starts: int
    ends: int
    at: int
    facets: str


def held(conn: Connection, kind: str) -> Iterator[Held]:
    """Yield everything of a kind by its id."""
    columns = ", ".join(Held._fields)
    return map(Held._make, conn.execute(f"SELECT {columns} FROM search_item WHERE kind = ? ORDER BY id", (kind,)))


def as_held(item: Item) -> Held:
    """Return an item as the index would hold it."""
    texts = _texts(item)
    return Held(item.id, *texts, _folded(texts), item.version, item.starts, item.ends, item.at, _facets(item))


def queued(conn: Connection, kind: str) -> set[str]:
    """Return what of a kind waits to be indexed."""
    return {item_id for (item_id,) in conn.execute("SELECT id FROM index_queue WHERE kind = ?", (kind,))}
