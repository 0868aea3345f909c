"""Links between articles: `[[id]]` and `[[id|shown text]]` in a text, what they mean, which of them lead nowhere.

An id is that of an import or of the starter pack (`source_id`), or that of the article itself. What stands in code is
no link. Pure: who asks brings what is known of the articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

IN_FORCE: Final = "in_force"
DRAFT: Final = "draft"
RETIRED: Final = "retired"
MISSING: Final = "missing"
BROKEN: Final = (MISSING, RETIRED, DRAFT)
"""Where a link leads to nothing that counts: no such article, one out of force, one that was never in force."""

MAX_ID: Final = 200
MAX_SHOWN: Final = 300

_PARTS = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`"
    rf"|\[\[(?P<id>[^\[\]|\n]{{1,{MAX_ID}}})(?:\|(?P<shown>[^\[\]\n]{{0,{MAX_SHOWN}}}))?\]\]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """One link: the id it names, what the author wants shown ("" for the title), where it stands in the text."""

    id: str
    shown: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to: the article's entity id ("" where it is missing), its title and one of the states above."""

    id: str
    title: str
    state: str


def links(text: str) -> list[ArticleLink]:
    """All links of a text in their order. Linear in its length."""
    if "[[" not in text:
        return []
    return [
        ArticleLink(found["id"].strip(), (found["shown"] or "").strip(), found.start(), found.end())
        for found in _PARTS.finditer(text)
        if found["id"] is not None and found["id"].strip()
    ]


def label(link: ArticleLink, target: Target | None) -> str:
    """What a reader sees of a link: its own words, else the title of what it leads to, else the id."""
    return link.shown or (target.title if target is not None else "") or link.id
