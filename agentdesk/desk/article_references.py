"""What a page or Markdown file of an import points to: other pages, files beside it, addresses elsewhere.

A name is only a label: it is resolved in its text, and a file is looked at only inside the folder or archive that is
imported, for its checksum.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final, Protocol
from urllib.parse import quote, unquote, urlsplit

from agentdesk.domain.article_links import MAX_ID, MAX_SHOWN
from agentdesk.domain.article_media import Attachment, as_text, references
from agentdesk.domain.articles import MAX_WORDS
from agentdesk.text.clean import clean_line

PAGES: Final = (".html", ".htm", ".xhtml")
MARKDOWN: Final = (".md", ".markdown")
_SCHEMES = ("http", "https", "mailto", "tel")
"""What a link may lead to; anything else (javascript, data, file …) leaves its words only."""
_NOT_IN_PLACE = re.compile(r"[\s()<>\[\]|\\\"'`]")
_NOT_IN_LINK = re.compile(r"[\[\]|\n]+")
MAX_PLACE: Final = 300
MAX_ADDRESS: Final = 4_000


class Folder(Protocol):
    """What is imported as a whole."""

    @property
    def pages(self) -> frozenset[str]:
        """The names of all its pages, without suffix."""

    def digest(self, name: str) -> str:
        """SHA-256 of a file inside in hex, "" where it is not there or too large."""


def stem_of(name: str) -> str:
    """The name of a page without its suffix, by which it is the id of an article."""
    root, suffix = posixpath.splitext(name)
    return root if suffix.lower() in (*PAGES, *MARKDOWN) else name


class References:
    """Takes what one page refers to, says what stands for it in Markdown, and keeps its attachments."""

    def __init__(self, name: str, folder: Folder | None) -> None:
        """`name` of the page inside the folder."""
        self._at, self._folder = posixpath.dirname(name), folder
        self._attached: dict[str, Attachment] = {}

    @property
    def attachments(self) -> list[str]:
        """What belongs to the article, at most as many as a list may hold."""
        return [as_text(one) for one in self._attached.values()][:MAX_WORDS]

    def link(self, href: str, shown: str) -> str:
        """What stands for a link."""
        address = _address(href)
        if (elsewhere := _elsewhere(address)) is not None:
            return f"[{_words(shown)}]({elsewhere})" if elsewhere else shown
        path = self._inside(address)
        if not path:
            return shown
        page = self._page(path)
        if page:
            return f"[[{page}|{_NOT_IN_LINK.sub(' ', shown).strip()[:MAX_SHOWN]}]]" if _may_be_id(page) else shown
        return f"[{_words(shown)}]({self._attach(path, shown)})"

    def image(self, source: str, shown: str) -> str:
        """What stands for an image."""
        address = _address(source)
        if (elsewhere := _elsewhere(address)) is not None:
            return f"![{_words(shown)}]({elsewhere})" if elsewhere else shown
        path = self._inside(address)
        return f"![{_words(shown)}]({self._attach(path, shown)})" if path else shown

    def of_markdown(self, body: str) -> None:
        """Keep the files to which a Markdown text refers; its words stay as they are."""
        for one in references(body):
            if _elsewhere(one.place) is None and (path := self._inside(one.place)) and not self._page(path):
                self._attach(path, one.shown)

    def _inside(self, address: str) -> str:
        """The path inside the folder that an address means, "" for a place in the page or outside of the folder."""
        path = unquote(re.split(r"[?#]", address, maxsplit=1)[0]).replace("\\", "/")
        if not path:
            return ""
        whole = path.lstrip("/") if path.startswith("/") else posixpath.join(self._at, path)
        inside = clean_line(posixpath.normpath(whole), MAX_PLACE)
        return "" if inside in (".", "..") or inside.startswith("../") else inside

    def _page(self, path: str) -> str:
        """The id of the page that a path means, "" where it is a file."""
        if stem_of(path) != path:
            return stem_of(path)
        pages = self._folder.pages if self._folder is not None else frozenset()
        return next((one for one in (path, f"{path}/index") if one in pages), "")

    def _attach(self, path: str, shown: str) -> str:
        place = _NOT_IN_PLACE.sub(lambda found: quote(found.group()), path)
        if place not in self._attached and len(self._attached) < MAX_WORDS:
            sha256 = self._folder.digest(path) if self._folder is not None else ""
            name = clean_line(shown, 80) or posixpath.basename(path)
            self._attached[place] = Attachment(place, name, sha256)
        return place


def _address(text: str) -> str:
    """An address as a browser would read it: line ends and tabs inside it do not count."""
    return clean_line(re.sub(r"[\t\r\n]", "", text[:MAX_ADDRESS]), MAX_ADDRESS)


def _elsewhere(address: str) -> str | None:
    """An address outside as it may stand, "" for one that may not; None for what is inside."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not parts.scheme and not parts.netloc:
        return "" if ":" in address.partition("/")[0].partition("#")[0].partition("?")[0] else None
    if parts.scheme and parts.scheme not in _SCHEMES:
        return ""
    whole = _NOT_IN_PLACE.sub(lambda found: quote(found.group()), address)
    return whole if len(whole) <= MAX_PLACE * 3 else ""


def _words(shown: str) -> str:
    return shown.replace("[", "(").replace("]", ")")[:MAX_SHOWN]


def _may_be_id(name: str) -> bool:
    return 0 < len(name) <= MAX_ID and not _NOT_IN_LINK.search(name)
