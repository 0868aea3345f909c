"""The starter pack as files of this package: read once, kept as parsed records and folded states.

Read it in a worker, not on the way to the first paint: parsing it costs some ten milliseconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from agentdesk.changes import EntityState
from agentdesk.domain.content import (
    StarterArticle,
    StarterPhrase,
    parse_article,
    parse_phrases,
    parse_synonyms,
    starter_states,
)
from agentdesk.domain.records import REGISTRY


@cache
def phrases() -> tuple[StarterPhrase, ...]:
    """The shipped phrases in the order of the contact steps."""
    return tuple(phrase for _, text in texts("phrases", ".toml") for phrase in parse_phrases(text))


@cache
def articles() -> tuple[StarterArticle, ...]:
    """The shipped articles by file name."""
    return tuple(parse_article(text) for _, text in texts("articles", ".md"))


@cache
def synonyms() -> tuple[tuple[str, ...], ...]:
    """The shipped groups of words that mean the same in a search."""
    text = files("agentdesk").joinpath("content", "synonyms.toml").read_text(encoding="utf-8")
    return tuple(parse_synonyms(text))


@cache
def states() -> tuple[EntityState, ...]:
    """The pack as folded entities. Shared: copy one before folding anything on top of it."""
    return tuple(starter_states(phrases(), articles(), REGISTRY))


@cache
def by_key() -> Mapping[tuple[str, str], EntityState]:
    """The same by (entity, id), for asking whether something is of the pack."""
    return MappingProxyType({(state.entity, state.id): state for state in states()})


def digest() -> str:
    """SHA-256 over what the pack says: a store whose index was filled from another digest must fill it again."""
    over = hashlib.sha256()
    for change in [phrase.change() for phrase in phrases()] + [article.change() for article in articles()]:
        over.update(change.raw)
    return over.hexdigest()


def texts(folder: str, suffix: str) -> Iterator[tuple[str, str]]:
    """Yield (file name, text) of `content/<folder>`, by name; line ends are \\n whatever the checkout made of them."""
    found = files("agentdesk").joinpath("content", folder)
    for entry in sorted(found.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(suffix):
            yield entry.name, entry.read_text(encoding="utf-8")
