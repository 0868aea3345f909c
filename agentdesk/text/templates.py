"""Blanks of a phrase: filled before it is inserted; an inserted text never holds braces (standard §5.1).

    {need}                 a variable; asked for where the desk does not know it
    {need|这件事}           with what stands there where nothing is known
    {eta:time}             in a format: date, time, moment, number, money (what is typed is read by `text.values`)
    {?order_no}            asked for always; what is known stands ready
    {?快递单号}             asked for under its own words; {?reason|要补的材料}, {?day:date|到货日} with a label

Values are data: a value that contains `{other}` is not filled again, and its own braces become round ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

FORMATS = ("date", "time", "moment", "number", "money")
"""What a value of a blank can be besides a plain text."""
FACES = ("date", "time", "moment")
"""Formats in which one instant is said differently: such blanks of one name are told apart."""

_BLANK = re.compile(
    r"\{(?:(?P<name>[a-z][a-z0-9_]{0,39})|\?[ \t]{0,3}(?P<asked>[^{}｛｝|:?\n]{1,24}))"
    r"(?::(?P<format>[a-z]{1,12}))?(?:\|(?P<rest>[^{}｛｝|\n]{1,40}))?\}"
)
_WIDE = str.maketrans("{}｛｝", "（）（）")
_MISSING = "……"  # stands where nobody gave a value; seen by the agent, harmless if sent


@dataclass(frozen=True, slots=True)
class Blank:
    """One place of a template that a value fills."""

    name: str
    format: str = ""
    """One of `FORMATS`, "" for any text."""
    fallback: str = ""
    """What stands there where nothing is known; a blank with one is never missing."""
    asked: bool = False
    """Asked for even where the value is known."""
    label: str = ""
    """What the template itself calls an asked one."""

    @property
    def key(self) -> str:
        """What its value is kept under: one name asked for and known, or in two faces, has two values."""
        return ("?" if self.asked else "") + self.source

    @property
    def source(self) -> str:
        """What the desk may know it by."""
        return f"{self.name}:{self.format}" if self.format in FACES else self.name

    @property
    def keys(self) -> tuple[str, ...]:
        """Where its value is looked for, in this order."""
        return tuple(dict.fromkeys((self.key, self.source, self.name)))

    def value(self, values: Mapping[str, str]) -> str:
        """What stands in its place, "" where nobody gave anything."""
        given = (values.get(key, "") for key in self.keys)
        return next((value for value in given if value.strip()), self.fallback)

    def is_open(self, values: Mapping[str, str]) -> bool:
        """Whether it must be asked for."""
        return not values.get(self.key, "").strip() if self.asked else not self.value(values).strip()


@lru_cache(maxsize=8192)
def pieces(template: str) -> tuple[str | Blank, ...]:
    """The template in order: texts as they stand, and blanks. Kept, as ranking asks for every phrase's at each key."""
    return tuple(_pieces(template))


def _pieces(template: str) -> Iterator[str | Blank]:
    done = 0
    for found in _BLANK.finditer(template):
        if found.start() > done:
            yield template[done : found.start()]
        done = found.end()
        yield _blank(found)
    if done < len(template):
        yield template[done:]


def _blank(found: re.Match[str]) -> Blank:
    form, rest = found["format"] or "", (found["rest"] or "").strip()
    if found["name"]:
        return Blank(found["name"], form, fallback=rest)
    return Blank(found["asked"].strip(), form, asked=True, label=rest)


def blanks(template: str) -> list[Blank]:
    """The blanks of a template in order, each key once."""
    found: dict[str, Blank] = {}
    for piece in pieces(template):
        if isinstance(piece, Blank):
            found.setdefault(piece.key, piece)
    return list(found.values())


def variables(template: str) -> list[str]:
    """The names of the variables of a template, each once, in order; blanks that are asked for anyway are none."""
    return list(dict.fromkeys(blank.name for blank in blanks(template) if not blank.asked))


def open_variables(template: str, values: Mapping[str, str]) -> list[str]:
    """The keys of those blanks that have no (or only an empty) value yet and must be asked for."""
    return [blank.key for blank in blanks(template) if blank.is_open(values)]


@lru_cache(maxsize=8192)
def needs(template: str) -> tuple[frozenset[str], ...]:
    """For each blank that may be open the keys of which one must have a value: how gaps are counted in a hurry."""
    found = (blank for blank in blanks(template) if blank.asked or not blank.fallback)
    return tuple(frozenset((blank.key,) if blank.asked else blank.keys) for blank in found)


def fill(template: str, values: Mapping[str, str], missing: str = _MISSING) -> str:
    """The template with its blanks filled; `missing` stands for open ones. The result holds no braces."""
    told = (piece if isinstance(piece, str) else piece.value(values) or missing for piece in pieces(template))
    return "".join(part.translate(_WIDE) for part in told)


def stray_braces(template: str) -> bool:
    """Whether a template holds a brace that is no part of a blank, as a misspelt one leaves."""
    return any(isinstance(piece, str) and piece.translate(_WIDE) != piece for piece in pieces(template))


def unknown_formats(template: str) -> list[str]:
    """The formats that a template names and nobody knows."""
    return list(dict.fromkeys(one.format for one in blanks(template) if one.format and one.format not in FORMATS))
