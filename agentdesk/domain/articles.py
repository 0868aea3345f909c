"""The fields of an article as they come in from outside (standard §6.2): one table for import, check and schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentdesk.domain.content import ARTICLE_KINDS
from agentdesk.domain.vocabulary import SUB_TYPES
from agentdesk.text.web_address import MAX_LENGTH

AUDIENCES: Final = ("internal", "may_quote")
"""Who may read the words of an article: the desk alone, or the customer too."""

MAX_ARTICLE: Final = 50_000
"""Longest article body in characters: knowledge is imported, and longer than what a person types."""

MAX_WORDS: Final = 20
"""Words in one list: a new version may take all of them back and set as many, and a change holds 40."""


@dataclass(frozen=True, slots=True)
class ArticleField:
    """One field. `kind`: line, text, url, enum, date, list (in order), set (without order)."""

    code: str
    kind: str
    longest: int
    required: bool = False
    values: tuple[str, ...] = ()
    default: str = ""


FIELDS: Final = (
    ArticleField("id", "line", 200, required=True),
    ArticleField("title", "line", 200, required=True),
    ArticleField("body", "text", MAX_ARTICLE, required=True),
    ArticleField("kind", "enum", 0, values=ARTICLE_KINDS, default="faq"),
    ArticleField("title_en", "line", 200),
    ArticleField("plain_summary", "text", 5_000),
    ArticleField("plain_summary_en", "text", 5_000),
    ArticleField("steps", "list", 500),
    ArticleField("category", "enum", 0, values=SUB_TYPES),
    ArticleField("product", "line", 200),
    ArticleField("keywords", "set", 40),
    ArticleField("synonyms", "set", 40),
    ArticleField("tags", "set", 40),
    ArticleField("audience", "enum", 0, values=AUDIENCES, default="internal"),
    ArticleField("industry", "line", 40),
    ArticleField("url", "url", MAX_LENGTH),
    ArticleField("attachments", "list", 600),
    ArticleField("effective_from", "date", 40),
    ArticleField("effective_to", "date", 40),
)
FIELD: Final[dict[str, ArticleField]] = {field.code: field for field in FIELDS}
SETS: Final = tuple(field.code for field in FIELDS if field.kind == "set")


def needs_legal(version: Mapping[str, Any]) -> bool:
    """Whether legal must approve this version beside the reviewer: a policy, or anything of finance (§6.1)."""
    return version.get("kind") == "policy" or version.get("industry") == "finance"
