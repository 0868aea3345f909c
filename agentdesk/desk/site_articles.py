"""An article of the site as it stands: its versions, what legal said, where it waits, its line in the list (§6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agentdesk.desk import review
from agentdesk.domain.review_lane import FLAGGED

SHIPPED, WAITING, RETURNED, WITHDRAWN = "shipped", "waiting", review.RETURNED, "withdrawn"
OVERDUE = "overdue"
"""No state of its own: what is in force and was not looked at in time."""
STATES = (WAITING, FLAGGED, "draft", RETURNED, OVERDUE, "published", SHIPPED, WITHDRAWN, "retired")
"""Where an article may stand, in the order in which somebody has to do something about it."""
DAYS = ("effective_from", "effective_to")


@dataclass(frozen=True, slots=True)
class Version(review.Version):
    """One version of a site's article."""

    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LegalWord:
    """What legal said to a version: `approved` or `objected`, with the reason."""

    version: str
    person: str
    at: datetime
    result: str
    why: str


@dataclass(frozen=True, slots=True)
class SiteArticle(review.Standing[Version]):
    """An article that the site wrote or imported, or wrote over one that ships."""

    words: Mapping[str, tuple[str, ...]]
    legal: tuple[LegalWord, ...]
    reviewed_at: datetime | None
    """When somebody last said that what is in force is right."""
    begins: datetime | None
    """Of a policy, from when the version that was approved last holds; the one before it holds until then."""

    @property
    def counted_from(self) -> datetime | None:
        """From when the next review counts; None where nothing is in force that could be out of date."""
        current = self.in_force
        return None if current is None or current.value.get("withdrawn") else self.reviewed_at

    @property
    def shown(self) -> Version:
        """The version to be looked at first: proposed, else in force, else the latest."""
        return self.proposed or self.in_force or self.versions[-1]

    def legal_word(self, version: Version, publisher: str = "") -> LegalWord | None:
        """The last word of legal on a version; its author's does not count, nor that of who would publish it."""
        words = [
            one for one in self.legal if one.version == version.id and one.person not in (version.author, publisher)
        ]
        return words[-1] if words else None

    @property
    def rivals(self) -> tuple[Version, ...]:
        """Versions that wait side by side, the latest of each author, as two desks wrote them without a line."""
        if self.proposed is None:
            return ()
        current = self.in_force
        since = self.versions.index(current) + 1 if current is not None else 0
        decided = (self.returned, self.lane.get(review.ASIDE))
        latest = {one.author: one for one in self.versions[since:] if one.id not in decided}
        return tuple(sorted(latest.values(), key=lambda one: one.at))

    @property
    def stands(self) -> str:
        """Where it stands, in one code of `STATES`."""
        if self.proposed is not None:
            return "draft" if self.lane.get("state") == "draft" else WAITING
        if self.state == RETURNED or (self.in_force is not None and self.versions[-1].id == self.returned):
            return RETURNED
        if self.in_force is not None and self.in_force.value.get("withdrawn"):
            return WITHDRAWN
        return self.state


@dataclass(frozen=True, slots=True)
class Row:
    """An article in the list."""

    id: str
    title: str
    kind: str
    stands: str
    due: datetime | None = None
    overdue: bool = False
    flag: str = ""
    waits: int = 0
    """How many versions wait side by side."""

    @property
    def urgent(self) -> str:
        """Where it stands, or that its review is overdue, in one code of `STATES`."""
        return OVERDUE if self.overdue and self.stands == "published" else self.stands


@dataclass(frozen=True, slots=True)
class Found:
    """An article whole: what the site wrote, or what ships."""

    id: str
    value: Mapping[str, Any]
    words: Mapping[str, tuple[str, ...]]
    stands: str
    site: SiteArticle | None = None
    due: datetime | None = None
    overdue: bool = False
    flag: str = ""
    """What somebody found wrong with it, as long as nobody has decided on it."""
    announced: datetime | None = None
    """Of a policy whose approved version does not hold yet: from when it will."""

    @property
    def title(self) -> str:
        """Its title, by which refusals name it."""
        return str(self.value.get("title") or "")
