"""A page of a help centre as an article: its title, its text as Markdown; what leads about and what runs is dropped.

Kept: headings, paragraphs, lists, tables, quotes, code, links and images by reference. The result is text like any
other from outside and is cleaned by whoever stores it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from agentdesk.text import html_words
from agentdesk.text.html_drops import BLOCKS, VOID, Drop
from agentdesk.text.html_tokens import Tag, tokens

Reference = Callable[[str, str], str]
"""(place, shown text) -> what stands in the Markdown."""

MAX_TEXT: Final = 400_000
"""Characters after which the rest of a page is left: far more than an article may have, which then says so."""
MUCH: Final = 300
"""Characters of text that are left out without a word."""
MAX_READINGS: Final = 3
MAX_COLUMNS: Final = 50
MAX_INDENT: Final = 6
MAX_DIGITS: Final = 3

_NEVER = frozenset(
    "script style noscript template svg math iframe object embed canvas button select textarea head".split()
)
_CODE = ("script", "style")
_UNSAID = frozenset(
    (*_CODE, "noscript", "template", "svg", "math", "head", "select", "nav", "footer", "aside", "header")
)
"""What is left out of a page without a word."""
_ABOUT = frozenset(("nav", "footer", "aside", "header"))
"""Dropped around the text of a page, unless nothing would be left."""
_HEADING = re.compile(r"h[1-6]")
_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0]+")
_SPACES = re.compile(r"[ \t]{2,}")
_LINE_ENDS = re.compile(r"[ \t]*\n[ \t]*")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LETTERS = re.compile(r"[A-Za-z]")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BETWEEN_TITLES = " \t-_|\u2013\u2014\u00b7\u300b\u300a>:\uff1a\u2022/"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what it is called, its text, whether that is English, whether it had much more that was left out."""

    title: str
    body: str
    english: bool
    lost: bool = False


def page(source: str, link: Reference, image: Reference) -> Page:
    """Read a page; `link` and `image` say what becomes of what it points to. Never raises for what stands in it."""
    made, there = _Writer(link, image), source.lower()
    for only, dropped in (("main", _ABOUT), ("article", _ABOUT), ("", _ABOUT), ("", frozenset[str]())):
        if only and f"<{only}" not in there:
            continue
        made = _read(source, link, image, only, dropped)
        if made.body():
            break
    title = _title(made.page_title, made.heading)
    lost = made.left_out > max(MUCH, len(made.body()))
    return Page(title, _without_heading(made.body(), title), _english(made.language, made.body()), lost)


def _read(source: str, link: Reference, image: Reference, only: str, dropped: frozenset[str]) -> _Writer:
    """Read it again where something that is left out had no end, and could have taken the text along."""
    loose: frozenset[str] = frozenset()
    for _ in range(MAX_READINGS):
        made = _Writer(link, image, only, dropped, loose)
        made.read(source)
        if made.unclosed <= loose:
            break
        loose |= made.unclosed
    return made


def _title(of_page: str, heading: str) -> str:
    """The heading, or the page's title without the name of the help centre, which may stand as its heading as well."""
    of_page, heading = (_SPACE.sub(" ", one).strip() for one in (of_page, heading))
    if of_page and heading and of_page != heading and of_page.endswith(heading):
        return of_page[: -len(heading)].strip(_BETWEEN_TITLES) or heading
    return heading or of_page


def _without_heading(body: str, title: str) -> str:
    first, _, rest = body.partition("\n")
    return rest.strip() or body if first == f"# {title}" else body


def _english(language: str, body: str) -> bool:
    """By what the page says of itself, unless its letters say otherwise."""
    han, letters = len(_HAN.findall(body)), len(_LETTERS.findall(body))
    return han * 10 < letters and language.lower().split("-")[0] in ("", "en")


_Table = list[list[list[str]]]
"""Rows of cells of texts."""


class _Writer:
    """Takes the tokens of a page and keeps finished Markdown lines."""

    def __init__(
        self,
        link: Reference,
        image: Reference,
        only: str = "",
        dropped: frozenset[str] = frozenset(),
        loose: frozenset[str] = frozenset(),
    ) -> None:
        self.page_title = self.heading = self.language = ""
        self.left_out = 0
        self._link, self._image, self._only, self._dropped = link, image, only, dropped - loose
        self._hides, self._drop = bool(dropped), Drop(loose)
        self._blocks: list[tuple[str, bool]] = []  # a finished block, and whether it is of a list
        self._size = 0
        self._buffer: list[str] = []
        self._href: str | None = None
        self._link_at = 0
        self._inside = 0
        self._level = 0
        self._quotes = 0
        self._lists: list[int] = []  # of each open list the number of its last item, below 0 where it has none
        self._item = False
        self._pre = 0
        self._code = False
        self._table: _Table | None = None
        self._tables = 0
        self._raw = ""

    @property
    def unclosed(self) -> set[str]:
        """The elements that were left out and had no end."""
        return self._drop.unclosed

    def body(self) -> str:
        """All blocks, a blank line between them but not between the items of a list."""
        parts: list[str] = []
        after_item = False
        for text, in_list in self._blocks:
            parts += ["\n" if in_list and after_item else "\n\n", text] if parts else [text]
            after_item = in_list
        return "".join(parts)

    def read(self, source: str) -> None:
        """Take a whole page."""
        last = 0
        for token in tokens(source):
            last = len(token) if isinstance(token, str) else 0
            if self._size > MAX_TEXT:
                break
            if isinstance(token, str):
                self._text(token)
            elif token.closes:
                self._end(token.name)
            else:
                self._start(token)
        if self._drop.name in _CODE:  # it has no end and took the rest of the page
            self.left_out += last
        self._drop.finish()
        self._flush()
        self._end_table()

    # -- what is taken ------------------------------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        if self._raw == "title" and not self.page_title:
            self.page_title = text[:1_000]
        if self._drop.name and self._drop.name not in _UNSAID:
            self.left_out += len(text.strip())
        if self._raw or self._drop.name or not self._wanted:
            return
        self._buffer.append(text if self._pre else self._words(_SPACE.sub(" ", text)))
        self._size += len(text)

    def _words(self, text: str) -> str:
        if self._code:
            return text.replace("`", "'")
        return text if self._level == 1 or self._href is not None else html_words.words(text)

    @property
    def _wanted(self) -> bool:
        return not self._only or self._inside > 0

    def _start(self, tag: Tag) -> None:
        name, self._raw = tag.name, ""  # a title without an end ends with the next tag
        if name in ("title", "html"):
            self._about_page(tag)
            return
        self._drop.start(name)
        if self._drop.name:
            return
        if name not in VOID and self._is_dropped(tag):
            self._flush()
            self._drop.begin(name)
            return
        if name == self._only:
            self._inside += 1
        if self._wanted:
            self._open(tag)

    def _about_page(self, tag: Tag) -> None:
        if tag.name == "html":
            self.language = self.language or tag.attributes.get("lang", "")
        else:
            self._raw = tag.name

    def _is_dropped(self, tag: Tag) -> bool:
        if tag.name in _NEVER or (tag.name in self._dropped and not self._inside):
            return True
        hides = "hidden" in tag.attributes or tag.attributes.get("aria-hidden", "") == "true"
        return self._hides and (hides or bool(_HIDDEN.search(tag.attributes.get("style", ""))))

    def _end(self, name: str) -> None:
        if name == self._raw:
            self._raw = ""
        elif not self._drop.end(name) and self._wanted:
            self._close(name)
            if name == self._only:
                self._inside -= 1

    # -- elements -----------------------------------------------------------------------------------------------------

    def _open(self, tag: Tag) -> None:
        name = tag.name
        if name in BLOCKS:
            self._flush()
        if name == "a":
            self._end_link()
            self._switch_code(False)
            self._href, self._link_at = tag.attributes.get("href"), len(self._buffer)
        elif name == "img":
            self._buffer.append(self._image(tag.attributes.get("src", ""), _one_line(tag.attributes.get("alt", ""))))
        elif name == "br":
            within = self._code
            self._switch_code(False)
            self._buffer.append("\n")
            self._switch_code(within)
        elif name == "hr":
            self._flush()
            self._keep("---")
        elif name == "code" and not self._pre:
            self._switch_code(True)
        elif name in BLOCKS:
            self._open_block(tag)

    def _switch_code(self, on: bool) -> None:
        """Begin or end a piece of code; the words of a link are none, and an empty one leaves nothing."""
        if on == self._code or (on and self._href is not None):
            return
        self._code = on
        if not on and self._buffer and self._buffer[-1] == "`":
            self._buffer.pop()
        else:
            self._buffer.append("`")

    def _open_block(self, tag: Tag) -> None:
        name = tag.name
        if _HEADING.fullmatch(name):
            self._level = int(name[1])
        elif name in ("ul", "ol", "menu"):
            self._lists.append(_number(tag, "start", 1) - 1 if name == "ol" else -1)
        elif name in ("li", "dt", "dd"):
            self._item = True
            if self._lists and self._lists[-1] >= 0:
                self._lists[-1] = _number(tag, "value", self._lists[-1] + 1) - 1
        elif name == "blockquote":
            self._quotes += 1
        elif name == "pre":
            self._pre += 1
        elif name == "table":
            self._tables += 1
            self._table = [] if self._table is None else self._table
        elif self._table is not None and self._tables == 1:
            self._open_cell(self._table, name)

    @staticmethod
    def _open_cell(table: _Table, name: str) -> None:
        if name == "tr" or (name in ("td", "th") and not table):
            table.append([])
        if name in ("td", "th") and len(table[-1]) < MAX_COLUMNS:
            table[-1].append([])

    def _close(self, name: str) -> None:
        if name == "a":
            self._end_link()
        elif name == "code" and not self._pre:
            self._switch_code(False)
        elif name in BLOCKS:
            self._flush()
            self._close_block(name)

    def _close_block(self, name: str) -> None:
        if _HEADING.fullmatch(name):
            self._level = 0
        elif name in ("ul", "ol", "menu") and self._lists:
            self._lists.pop()
        elif name in ("li", "dt", "dd"):
            self._item = False
        elif name == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        elif name == "pre":
            self._pre = max(0, self._pre - 1)
        elif name == "table" and self._tables:
            self._tables -= 1
            if not self._tables:
                self._end_table()

    def _end_link(self) -> None:
        """Put what was shown of the open link in its place."""
        if self._href is not None:
            shown = _one_line("".join(self._buffer[self._link_at :]))
            self._buffer[self._link_at :] = [self._link(self._href, shown)] if shown else []
        self._href, self._link_at = None, 0

    # -- blocks -------------------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Finish what was read since the last block; a link that is still open goes on in the next one."""
        self._switch_code(False)
        href = self._href
        self._end_link()
        self._href = href
        whole = "".join(self._buffer)
        self._buffer = []
        if self._pre:
            self._keep_code(whole)
            return
        text = _LINE_ENDS.sub("\n", _SPACES.sub(" ", whole)).strip()  # no long run of spaces is looked at twice
        if not text:
            return
        if self._table is None or not self._table or not self._table[-1]:  # of a table only what stands in a cell
            self._block(text)
        else:
            self._table[-1][-1].append(text)
            self._size += len(text)

    def _block(self, text: str) -> None:
        if self._level:
            text = _one_line(text)
            self.heading = self.heading or (text if self._level == 1 else "")
            self._keep("#" * self._level + " " + text)
            return
        if not self._lists and not self._item:
            quote = "> " * min(self._quotes, MAX_INDENT)
            text = text if quote else html_words.lines(text)
            self._keep("\n".join(quote + line for line in text.split("\n")))
            return
        indent = "  " * min(len(self._lists) - 1, MAX_INDENT)
        mark = self._mark() if self._item else ""
        lead = indent + (mark or "  ")
        rest = indent + " " * len(mark or "  ")
        lines = (text if mark else html_words.lines(text)).split("\n")
        self._item = False
        self._keep("\n".join([lead + lines[0], *(rest + line for line in lines[1:])]), in_list=True)

    def _mark(self) -> str:
        if not self._lists or self._lists[-1] < 0:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _keep(self, text: str, *, in_list: bool = False) -> None:
        self._blocks.append((text, in_list))
        self._size += len(text)

    def _keep_code(self, whole: str) -> None:
        code = whole.strip("\n").rstrip()
        if code.strip():
            self._keep(html_words.code(code))

    def _end_table(self) -> None:
        table, self._table = self._table, None
        rows = [[_one_line(" ".join(parts)) for parts in row] for row in table or ()]
        rows = [row for row in rows if any(row)]
        columns = max(map(len, rows), default=0)
        if columns < 2 or len(rows) < 2:  # laid out with, not a table
            for cell in (cell for row in rows for cell in row if cell):
                self._keep(html_words.lines(cell))
            return
        lines = [html_words.row([*row, *[""] * (columns - len(row))]) for row in rows]
        self._keep("\n".join([lines[0], html_words.rule(columns), *lines[1:]]))


def _number(tag: Tag, name: str, otherwise: int) -> int:
    """The number that a list or its item says it has."""
    said = tag.attributes.get(name, "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= MAX_DIGITS else otherwise


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
