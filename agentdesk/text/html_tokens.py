"""HTML as a stream of tags and texts, in time linear in its length whatever stands there.

Tree builders take quadratic time for deep nesting, and the standard library's parser does for unclosed constructs on
some of the Pythons that run this; a page from outside must cost neither. Nothing is nested here, so nothing is deep.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

RAW: Final = frozenset(("script", "style", "textarea", "title", "iframe", "noframes", "xmp", "noembed"))
"""Elements whose content is a text up to their end, whatever it looks like."""
_UNREADABLE = frozenset(("script", "style"))
MAX_ATTRIBUTES: Final = 50

# Each alternative either fails before the next `<` outside quotes or takes what it read: no place is read three times.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_ASIDE = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<[!?/][^>]*+(?:>|\Z)", re.DOTALL)
_ATTRIBUTE = re.compile(r"([^\s=/\"'<>]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_IN_VALUE = re.compile(r"=[^\s\"'=]*+$")
"""The end of a tag within a value without quotes, of which a slash is a part."""
_LONG_NUMBER = re.compile(r"&#(?:0*+[0-9]{8,}|[xX]0*+[0-9A-Fa-f]{7,});?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag, or an end tag."""

    name: str
    closes: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


def tokens(source: str) -> Iterator[Tag | str]:
    """Tags and texts in their order; the text of a raw element comes between its tags; comments are left out.

    A tag that closes itself (`<svg/>`) is a start and an end; a raw element without an end is one like any other,
    but for scripts and styles, whose text nobody wants.
    """
    place = 0
    endless: set[str] = set()
    while (at := source.find("<", place)) >= 0:
        if at > place:
            yield unescaped(source[place:at])
        if (found := _TAG.match(source, at)) is not None:
            name = found[2].lower()
            yield Tag(name, bool(found[1]), {} if found[1] else _attributes(found[3]))
            place = found.end()
            if not found[1] and _closes_itself(found[3]):
                yield Tag(name, True)
            elif name in RAW and not found[1] and name not in endless:
                end = _end_of(source, name, place)
                if end < 0:
                    endless.add(name)
                    end = len(source) if name in _UNREADABLE else place
                if end > place:
                    yield unescaped(source[place:end])
                place = end
        elif (aside := _ASIDE.match(source, at)) is not None:
            place = aside.end()
        else:
            yield "<"
            place = at + 1
    if place < len(source):
        yield unescaped(source[place:])


def unescaped(text: str) -> str:
    """A text with its entities as what they mean; a number too long to be a character is a replacement mark."""
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


def _closes_itself(attributes: str) -> bool:
    return attributes.endswith("/") and not _IN_VALUE.search(attributes)


def _end_of(source: str, name: str, start: int) -> int:
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, start)
    return -1 if found is None else found.start()


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(text):
        if len(found) >= MAX_ATTRIBUTES:
            break
        found.setdefault(one[1].lower(), unescaped(one[2] or one[3] or one[4] or ""))
    return found
