"""Lint rules as screens and commands read them: versions, where a site's rule stands, what a trial found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agentdesk.text.lexicon import Rule

STATES = ("proposed", "published", "draft", "returned", "retired", "shipped")
"""Where a listed rule stands; `shipped`: the program's own, which no site rule covers."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a site's rule: who wrote it, when, and whether it is the one in force."""

    id: str
    rule: Rule
    at: datetime
    author: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class SiteRule:
    """A rule that the site wrote, or wrote over one that ships. `why`: what the last return or retirement said;
    `waiting`: own work on it has not reached the centre."""

    entity_id: str
    rule_id: str
    state: str
    versions: tuple[Version, ...]
    declined: str = ""
    why: str = ""
    waiting: bool = False

    @property
    def proposed(self) -> Version | None:
        """The latest version, where it waits for approval."""
        latest = self.versions[-1] if self.versions else None
        if latest is None or latest.in_force or latest.id == self.declined or self.state in ("returned", "retired"):
            return None
        return latest

    @property
    def in_force(self) -> Version | None:
        """The version that counts now."""
        return next((one for one in self.versions if one.in_force), None)


@dataclass(frozen=True, slots=True)
class ListedRule:
    """One rule of the list: what counts now, else the latest version; `site` where the site wrote one of this id,
    `shipped` where the program has one. `people`: names of the versions' authors by id."""

    rule: Rule
    state: str
    site: SiteRule | None = None
    shipped: Rule | None = None
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def author(self) -> str:
        """Who wrote the latest version; "" for a shipped rule."""
        return self.people.get(self.site.versions[-1].author, "") if self.site else ""

    @property
    def latest(self) -> Rule:
        """The rule that an editor begins with."""
        return self.site.versions[-1].rule if self.site else self.rule


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a rule would have found: how many of the texts sent in the last days, and some of them."""

    days: int
    texts: int
    found: int
    examples: tuple[str, ...]
