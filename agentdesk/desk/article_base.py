"""What an import has to know of the articles that are there, without their texts: ten thousand would take 70 MB."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agentdesk.desk import library
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.domain.articles import FIELD, FIELDS, SETS
from agentdesk.domain.content import article_id, shipped_article_id
from agentdesk.text.fold import folded
from agentdesk.text.near_same import NearSame

_APART = ("id", "effective_from", *SETS)
"""Fields that are not compared as they stand: the id found the article, a file without a day of effect changes none."""
COMPARED = tuple(one.code for one in FIELDS if one.code not in _APART)


@dataclass(frozen=True, slots=True)
class Before:
    """An article as it was published last: its own id, a digest of what it says, its day of effect, its words."""

    id: str
    source_id: str
    kind: str
    said: bytes
    effective_from: str
    sets: Mapping[str, tuple[str, ...]]

    def same(self, values: Mapping[str, Any]) -> bool:
        """Whether what is in force says the same."""
        if values["effective_from"] and values["effective_from"] != self.effective_from:
            return False
        return said(values) == self.said and all(sorted(self.sets.get(name, ())) == values[name] for name in SETS)


@dataclass(slots=True)
class Base:
    """The articles that an import meets, those of the import itself too: by id, by title, by text."""

    by_id: dict[str, Before] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    texts: NearSame = field(default_factory=NearSame)

    def find(self, source: str) -> Before | None:
        """The article that an id means: the site's own of that id, one written here, which has no other id."""
        written = self.by_id.get(source)
        return self.by_id.get(article_id(source)) or (written if written and written.source_id == source else None)

    def says_already(self, source: str, values: Mapping[str, Any]) -> bool:
        """Whether the article that counts under this id says the same; a shipped one too, where the site has none."""
        counts = self.find(source) or self.by_id.get(shipped_article_id(source))
        return counts is not None and counts.same(values)

    def like(self, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """What seems to be there under another id: (field, code of what is alike, that id). Keeps this one, too."""
        source = values["id"]
        same_title = self.titles.setdefault(folded(values["title"]), source)
        near = self.texts.find_or_add(source, values["body"])
        found = [("title", "same_title", same_title)] if same_title != source else []
        return found + ([("body", "near_text", near)] if near not in ("", source, same_title) else [])


def base(desk: Desk) -> Base:
    """Read what is there, one at a time."""
    made = Base()
    for one in library.each_article(desk):
        source = str(one.value.get("source_id") or one.id)
        made.by_id[one.id] = _before(one, source)
        if not one.value.get("withdrawn"):
            made.titles[folded(str(one.value.get("title")))] = source
            made.texts.add(source, str(one.value.get("body") or ""))
    return made


def _before(one: Published, source: str) -> Before:
    kind, day = (str(one.value.get(name) or "") for name in ("kind", "effective_from"))
    return Before(one.id, source, kind, said(one.value), day, one.sets)


def said(value: Mapping[str, Any]) -> bytes:
    """A digest of what a version says beside its words and its day."""
    fields = [value.get(name) or ([] if FIELD[name].kind == "list" else "") for name in COMPARED]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")).digest()
