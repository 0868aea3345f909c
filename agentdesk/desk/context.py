"""The `Desk`: what every use case needs, opened once a process and handed in as first argument.

Opening costs only the raw connection: journal, words, lint rules and site settings are made at first use, so that the
bare command paints the queue before SQLAlchemy is even imported.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from agentdesk import preferences
from agentdesk.domain.refusal import Refusal
from agentdesk.store import Store, open_store, queries
from agentdesk.store.identity import Identity, load_identity

if TYPE_CHECKING:
    from agentdesk.desk.views import Person
    from agentdesk.domain.calendar import Calendar
    from agentdesk.domain.settings import Settings
    from agentdesk.domain.triage import TriageWords
    from agentdesk.store.drafts import Drafts
    from agentdesk.store.journal import Journal
    from agentdesk.text.lint import Linter

T = TypeVar("T")
_NOTHING = object()
_ALSO = {"redact": "phrase_personal"}
"""What is kept beside an entity and goes with it: something may have been taken out of one's own phrases too."""


def wall() -> datetime:
    """The wall time of this machine with its offset."""
    return datetime.now().astimezone()


class Desk:
    """The context of all use cases. Safe to share between threads; close it once, at the end of the process."""

    def __init__(
        self,
        store: Store,
        paths: preferences.Paths,
        *,
        now: Callable[[], datetime] = wall,
        mono: Callable[[], float] = time.monotonic,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        """Work on an open store. `now` gives aware wall time, `mono` monotonic seconds, `new_id` time-ordered ids."""
        self.store = store
        self.paths = paths
        self.now = now
        self.mono = mono
        if new_id is not None:
            self.new_id = new_id
        self.spoken = ""
        """The language of the screens, where another one was chosen than at the first run."""
        self.opened_mono: dict[str, float] = {}
        """Contact id -> monotonic second at which the customer began to wait, for contacts of this process."""
        self.revealed: dict[str, float] = {}
        """Request id -> monotonic second until which its contact is shown in full (`desk.revealing`)."""
        self._locks: dict[str, threading.RLock] = {}
        self._cache: dict[str, Any] = {}

    # -- who ----------------------------------------------------------------------------------------------------------

    @property
    def identity(self) -> Identity | None:
        """Who sits here, None before the first run. Read anew each time: joining changes it."""
        return load_identity(self.store.raw())

    @property
    def me(self) -> Identity:
        """Who sits here. Raises Refusal setup.missing before the first run."""
        identity = self.identity
        if identity is None:
            raise Refusal("setup.missing")
        return identity

    @property
    def language(self) -> str:
        """The language in which phrases are offered (zh_CN, zh_TW, en). Raises Refusal setup.missing."""
        return self.spoken or self.me.language

    @cached_property
    def new_id(self) -> Callable[[], str]:
        """Makes time-ordered ids. The engine of facts behind it takes 12 ms to import, so it waits."""
        from agentdesk.changes.ids import new_id

        return new_id

    def person(self, person_id: str) -> Person:
        """Return a person as shown; one who is not known here keeps only the id."""
        from agentdesk.desk.views import Person  # 25 ms of dataclasses, first needed behind the first paint

        found = self.people.get(person_id)
        if found is None and (me := self.identity) is not None and me.person_id == person_id:
            return Person(person_id, me.name, me.work_no)  # a new id since joining: its row comes by a pull
        return found or Person(person_id)

    # -- made at first use --------------------------------------------------------------------------------------------

    @property
    def journal(self) -> Journal:
        """The one writer. Importing it costs more than the start may take: first use belongs into a worker thread."""
        return self.kept("journal", self._make_journal)

    @cached_property
    def drafts(self) -> Drafts:
        """What was typed and not yet saved."""
        from agentdesk.store.drafts import Drafts

        return Drafts(self.store)

    @property
    def people(self) -> dict[str, Person]:
        """Everybody known here, by id."""
        return self.kept("person", self._load_people)

    @property
    def settings(self) -> Settings:
        """The site's settings in force."""
        return self.kept("site_setting", self._load_settings)

    @property
    def calendar(self) -> Calendar:
        """The working calendar."""
        return self.kept("calendar", _load_calendar)

    @property
    def words(self) -> TriageWords:
        """The words by which triage recognises a description."""
        return self.kept("words", self._load_words)

    @property
    def linter(self) -> Linter:
        """The lint rules in force: the shipped ones under those of the site."""
        return self.kept("lexicon_rule", self._load_linter)

    def kept(self, name: str, load: Callable[[], T]) -> T:
        """Return what was read from entity `name`, reading it where nothing is kept.

        What is read of an entity in several ways has a name each, with a colon: `article:list`.
        One lock a name: a slow load (the journal's imports) must not hold up who asks for something else.
        """
        found = self._cache.get(name, _NOTHING)
        if found is _NOTHING:
            with self._lock(name):
                found = self._cache.get(name, _NOTHING)
                if found is _NOTHING:
                    found = self._cache[name] = load()
        kept: T = found
        return kept

    def forget(self, name: str) -> None:
        """Drop what was read under a name: it was written anew."""
        with self._lock(name):
            self._cache.pop(name, None)

    def _lock(self, name: str) -> threading.RLock:
        return self._locks.setdefault(name, threading.RLock())

    def _forget(self, touched: set[tuple[str, str]]) -> None:
        """Drop what was read from entities that have just changed."""
        entities = {entity for entity, _ in touched}
        entities |= {_ALSO[entity] for entity in entities if entity in _ALSO}
        for name in [name for name in tuple(self._locks) if name.partition(":")[0] in entities]:
            self.forget(name)
        articles = [article for entity, article in touched if entity == "article"]
        if articles and queries.articles_of_kind(self.store.raw(), "glossary", articles):
            self.forget("lexicon_rule")
        if any(entity == "site_setting" for entity, _ in touched):
            self.journal.projections.settings = self.settings

    def _make_journal(self) -> Journal:
        from agentdesk.store.journal import Journal
        from agentdesk.store.projections.refresh import Projections

        projections = Projections(self.settings, self.calendar)
        journal = Journal(self.store, now=self.now, new_id=self.new_id, projections=projections)
        journal.on_touched(self._forget)
        return journal

    def _load_people(self) -> dict[str, Person]:
        from agentdesk.desk.views import Person  # as in `person`

        known = queries.persons(self.store.raw())
        found = {person: Person(person, name, work_no) for person, (name, work_no) in known.items()}
        if (me := self.identity) is not None:
            found.setdefault(me.person_id, Person(me.person_id, me.name, me.work_no))
        return found

    def _load_settings(self) -> Settings:
        from agentdesk.domain.settings import Settings

        return Settings(queries.site_settings(self.store.raw()))

    def _load_words(self) -> TriageWords:
        import tomllib  # its patterns take 3 ms to compile

        from agentdesk.domain.triage import parse_words

        return parse_words(tomllib.loads(content("triage.toml")))

    def _load_linter(self) -> Linter:
        from agentdesk.desk import glossary
        from agentdesk.desk.library import rules, shipped_linter, shipped_rules, yielding
        from agentdesk.text.lint import Linter

        found = rules(self)
        jargon = glossary.rules(self, found)
        if not jargon and found == list(shipped_rules()):
            return shipped_linter()
        # The rule that all terms share the id of comes last, where lists look for it.
        return Linter([*jargon, *found], yielding=yielding(found))

    def close(self) -> None:
        """Close the store and give up its lock."""
        self.store.close()


def _load_calendar() -> Calendar:
    import tomllib  # as in `_load_words`
    from importlib.resources import files

    from agentdesk.domain.calendar import parse_calendars

    folder = files("agentdesk").joinpath("content", "calendar")
    named = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return parse_calendars(tomllib.loads(entry.read_text(encoding="utf-8")) for entry in named)


def content(*path: str) -> str:
    """Return a text of the starter pack."""
    from importlib.resources import files  # not needed for the first paint

    return files("agentdesk").joinpath("content", *path).read_text(encoding="utf-8")


def open_desk(home: Path | None = None, *, write: bool = True, what: str = "agentdesk", **injected: Any) -> Desk:
    """Open the person's desk under `home` (None: AGENTDESK_HOME, else the platform's directory).

    `injected`: now, mono, new_id. Raises `store.StoreHeld` where another process writes it and `write` is true,
    FileNotFoundError where there is nothing to read and `write` is false.
    """
    paths = preferences.paths() if home is None else preferences.paths({preferences.HOME_VARIABLE: str(home)})
    return Desk(open_store(paths.store, write=write, what=what), paths, **injected)
