"""What an article refers to outside itself: images and files by reference. Nothing of it is ever fetched.

In a text `![shown](place)` is an image, a place is a path or an address. An attachment is one text of a list:
`place | name | sha256:…`, of which only the place is needed; the checksum tells whether a file is the one meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_PLACE: Final = 1_000
SHA256: Final = "sha256:"

_REFERENCE = re.compile(rf"(!?)\[([^\[\]\n]{{0,300}})\]\(([^()\s<>]{{1,{MAX_PLACE}}})\)")


@dataclass(frozen=True, slots=True)
class Reference:
    """An image, or a link to something else, as it stands in a text."""

    is_image: bool
    shown: str
    place: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to an article: where it is, what it is called, the SHA-256 of its content in hex or ""."""

    place: str
    name: str = ""
    sha256: str = ""


def references(text: str) -> list[Reference]:
    """All images and links of a text in their order; links between articles are of `article_links`."""
    if "](" not in text:
        return []
    return [
        Reference(bool(found[1]), found[2].strip(), found[3], found.start(), found.end())
        for found in _REFERENCE.finditer(text)
    ]


def images(text: str) -> list[Reference]:
    """The images of a text."""
    return [one for one in references(text) if one.is_image]


def attachment(text: str) -> Attachment:
    """Read one of the list; what is no checksum is part of the name."""
    place, *rest = (part.strip() for part in text.split("|"))
    sums = [part for part in rest if re.fullmatch(rf"{SHA256}[0-9a-f]{{64}}", part)]
    name = " ".join(part for part in rest if part and part not in sums)
    return Attachment(place, name or place.rpartition("/")[2], sums[0].removeprefix(SHA256) if sums else "")


def as_text(one: Attachment) -> str:
    """An attachment as it stands in the list."""
    parts = [one.place, one.name.replace("|", " ")] + ([SHA256 + one.sha256] if one.sha256 else [])
    return " | ".join(parts)
