"""What of an article or a phrase can be found: a published version becomes an item of the search index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from agentdesk.changes import EntityState, instant
from agentdesk.domain import article_links
from agentdesk.store.projections.search import Item

_MARKUP: Final = re.compile(r"^[ \t]*(?:#{1,6}|[-*+]|\d{1,3}[.)]|>)[ \t]+|\*\*|__|`", re.MULTILINE)


def article_item(state: EntityState, version_id: str, version: Mapping[str, Any]) -> Item:
    """Return an article as found: summary and text without marks; keywords, synonyms, product as further names.

    The English summary is one of the names: it can be found, but no snippet of a Chinese article is cut from it.
    """
    english = [version.get("title_en"), version.get("plain_summary_en")]
    names = [version.get("product"), *english, *_elements(state, "keywords", "synonyms", "tags")]
    body = [version.get("plain_summary"), plain(str(version.get("body") or ""))]
    facets = [(name, str(version[name])) for name in ("kind", "product", "audience") if version.get(name)]
    facets += [("tag", tag) for tag in _elements(state, "tags")]
    return Item(
        "article",
        state.id,
        str(version.get("title") or ""),
        _joined(body),
        _names(names),
        version_id,
        tuple(facets),
        starts=_seconds(version.get("effective_from")),
        ends=_seconds(version.get("effective_to")),
        at=_seconds(version.get("at")),
    )


def phrase_item(state: EntityState, version_id: str, version: Mapping[str, Any]) -> Item:
    """Return a phrase as found: Chinese title, every body and variant; other titles, code and tags as further names."""
    titles, bodies = version.get("title") or {}, version.get("body") or {}
    title = titles.get("zh-CN") or next(iter(titles.values()), "")
    names = [version.get("code"), *(other for other in titles.values() if other != title), *_elements(state, "tags")]
    variants = (text for texts in (version.get("variants") or {}).values() for text in texts)
    return Item("phrase", state.id, title, _joined((*bodies.values(), *variants)), _names(names), version_id)


def plain(markdown: str) -> str:
    """Return Markdown without its marks, line by line: what is indexed and cut into snippets."""
    for link in reversed(article_links.links(markdown)):
        markdown = markdown[: link.start] + (link.shown or link.id) + markdown[link.end :]
    return _MARKUP.sub("", markdown).strip()


def _seconds(at: Any) -> int:
    """Return an instant in seconds since the epoch, 0 where there is none that can be read."""
    try:
        return int(instant(str(at)).timestamp()) if at else 0
    except ValueError:
        return 0


def _elements(state: EntityState, *groups: str) -> list[str]:
    return [word for group in groups for word in state.elements(group)]


def _joined(texts: Iterable[Any]) -> str:
    return "\n".join(str(text) for text in texts if text)


def _names(names: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(name) for name in names if name))
