"""Lint rules as screens and commands read them: versions, where a site's rule stands, what a trial found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agentdesk.desk import review
from agentdesk.text.lexicon import Rule

STATES = ("proposed", "published", "draft", "returned", "retired", "shipped")
"""Where a listed rule stands; `shipped`: the program's own, which no site rule covers."""


@dataclass(frozen=True, slots=True)
class Version(review.Version):
    """One version of a site's rule."""

    rule: Rule


class SiteRule(review.Standing[Version]):
    """A rule that the site wrote, or wrote over one that ships."""

    __slots__ = ()

    @property
    def rule_id(self) -> str:
        """Its id."""
        return self.name


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
