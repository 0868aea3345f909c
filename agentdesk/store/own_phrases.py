"""What a person keeps about phrases on this machine: favourites, phrases of their own, variants used, the language."""

from __future__ import annotations

import time
from dataclasses import dataclass

from agentdesk.store.database import Store

REMEMBERED = 30
"""Days for which it is known which variant of a phrase was used."""


@dataclass(frozen=True, slots=True)
class OwnPhrase:
    """A phrase that somebody wrote for themselves."""

    id: str
    language: str
    title: str
    body: str


class OwnPhrases:
    """Favourites, personal phrases and languages; every call that writes is one small transaction of its own."""

    def __init__(self, store: Store) -> None:
        """Work on that store."""
        self._store = store

    def favourites(self) -> tuple[str, ...]:
        """The ids of the favourites, the first one made first."""
        rows = self._store.raw().execute("SELECT phrase FROM phrase_favourite ORDER BY at, rowid")
        return tuple(phrase for (phrase,) in rows)

    def favour(self, phrase: str, wanted: bool) -> None:
        """Make a phrase a favourite, or no longer."""
        with self._store.plain_write() as conn:
            conn.execute("DELETE FROM phrase_favourite WHERE phrase = ?", (phrase,))
            if wanted:
                conn.execute("INSERT INTO phrase_favourite VALUES (?, ?)", (phrase, _now()))

    def personal(self) -> list[OwnPhrase]:
        """The person's own phrases, the latest first."""
        rows = self._store.raw().execute("SELECT id, language, title, body FROM phrase_personal ORDER BY at DESC, id")
        return [OwnPhrase(*row) for row in rows]

    def save(self, phrase: OwnPhrase) -> None:
        """Store a personal phrase, new or changed."""
        row = (phrase.id, phrase.language, phrase.title, phrase.body, _now())
        with self._store.plain_write() as conn:
            conn.execute("INSERT OR REPLACE INTO phrase_personal VALUES (?, ?, ?, ?, ?)", row)

    def drop(self, phrase: str) -> None:
        """Forget a personal phrase, and that it was a favourite."""
        with self._store.plain_write() as conn:
            conn.execute("DELETE FROM phrase_personal WHERE id = ?", (phrase,))
            conn.execute("DELETE FROM phrase_favourite WHERE phrase = ?", (phrase,))

    def used(self, phrase: str, variant: int, contact: str) -> None:
        """Remember that a variant was put into a reply of a contact; what is older than `REMEMBERED` is forgotten."""
        now = _now()
        with self._store.plain_write() as conn:
            conn.execute("DELETE FROM phrase_variant WHERE at < ?", (now - REMEMBERED * 86_400_000,))
            conn.execute("INSERT OR REPLACE INTO phrase_variant VALUES (?, ?, ?, ?)", (phrase, variant, contact, now))

    def variants(self, contact: str) -> dict[str, dict[int, tuple[int, int]]]:
        """When each variant of a phrase was used last: in this contact, and at all (0: not that is remembered)."""
        rows = self._store.raw().execute(
            "SELECT phrase, variant, max(at * (contact = ?)), max(at) FROM phrase_variant GROUP BY phrase, variant",
            (contact,),
        )
        found: dict[str, dict[int, tuple[int, int]]] = {}
        for phrase, variant, here, ever in rows:
            found.setdefault(phrase, {})[variant] = (here, ever)
        return found

    def language(self, contact: str) -> str:
        """The language chosen for a contact, "" where none was."""
        row = self._store.raw().execute("SELECT language FROM phrase_language WHERE contact = ?", (contact,)).fetchone()
        return str(row[0]) if row else ""

    def speak(self, contact: str, language: str) -> None:
        """Choose the language of a contact."""
        with self._store.plain_write() as conn:
            conn.execute("INSERT OR REPLACE INTO phrase_language VALUES (?, ?)", (contact, language))


def _now() -> int:
    return time.time_ns() // 1_000_000
