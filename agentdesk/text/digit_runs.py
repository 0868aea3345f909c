"""Runs of digits in a text, however they are written: full-width, circled, Chinese numerals, in groups, over lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, islice, starmap

GAP = (
    r"[\s\-\u00ad\u058a\u180e\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2043\u2060-\u2064\u2066-\u206f\u2212"
    r"\u2500\u2501\u30fc\ufe0e\ufe0f\ufe58\ufe63\ufeff\uff0d]"
)  # spaces, line breaks, dashes of all kinds, invisible characters
CHECK = "[xXｘＸ\u2169\u2179\u0425\u0445\u03a7\u03c7]"  # also the Roman ten, Cyrillic and Greek look-alikes
# At least 11 digits in one run: the shortest thing that interests is a mobile number.
_LONG_RUN = re.compile(rf"\d(?:{GAP}{{0,4}}\d){{10,}}(?:{GAP}{{0,4}}{CHECK})?")
_GROUP = re.compile(rf"\d+|{CHECK}")
_SIGNED = (
    "\u2460-\u2468\u24ea\u24f5-\u24fd\u2776-\u277e\u2780-\u2788\u278a-\u2792"
    "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089"
)
_ENCLOSED = re.compile(f"[{_SIGNED}]")
_NUMERALS = dict(
    zip("〇零○一二三四五六七八九幺两兩壹贰叁肆伍陆柒捌玖貳參陸", "000123456789122123456789236", strict=True)
)
_NUMERAL_RUN = re.compile(rf"[\d{''.join(_NUMERALS)}](?:{GAP}{{0,4}}[\d{''.join(_NUMERALS)}]){{10,}}")
"""Fewer numerals are words (一二三四季度); a date or a price is broken by 年 or 百."""
_ANY_NUMERAL = re.compile(f"[{''.join(_NUMERALS)}]")
_SPOKEN = str.maketrans(_NUMERALS)
_NUMERAL = f"[{''.join(_NUMERALS)}]"
_BESIDE = re.compile(
    rf"(?!{_NUMERAL})[\u4e00-\u9fff]{_NUMERAL}{GAP}{{0,4}}(?:\d|{_NUMERAL})"
    rf"|(?:\d|{_NUMERAL}){GAP}{{0,4}}{_NUMERAL}(?!{_NUMERAL})[\u4e00-\u9fff]"
)
"""A numeral between a Chinese character and a digit: 张三139…, …4321李四."""
_NUMBER = rf"\d{_SIGNED}{''.join(_NUMERALS)}"
"""Any digit, however it is written."""
_DENSE = re.compile(rf"[{_NUMBER}](?:(?:[^\w○]++|[_\u30fc])*+[{_NUMBER}]){{9}}[{_NUMBER}\W_\u30fc]*+")
"""Ten digits with nothing but signs between: no number that interests has fewer, or a letter within."""
_HALF_DENSE = re.compile(
    rf"[{_NUMBER}](?:(?:[^\w○]++|[_\u30fc])*+[{_NUMBER}]){{4}}"
    rf"|\A(?:[^\w○]|[_\u30fc])*+[{_NUMBER}][{_NUMBER}\W_\u30fc]*+\Z"
)
_AROUND = 16
"""Characters beside a number that may tell what it is."""
Edges = tuple[int, int]
Span = tuple[int, int]
_READINGS: tuple[tuple[Edges, Edges], ...] = (
    ((1, 1), (0, 0)),
    ((0, 0), (0, 0)),
    ((1, 0), (1, 1)),
    ((0, 1), (1, 0)),
    ((0, 0), (0, 1)),
)
_MANY = 50
"""Edges from which a text is no message of a person: it is read in two ways only, so that no text makes it slow."""
_SIGNS = "[.·•・_/,，、*＊~～|]"
_GROUPED = re.compile(rf"(?<!\d)(?:\d{{4}}(?P<sign>{_SIGNS})(?:\d{{4}}(?P=sign)){{2,3}}\d{{1,4}}(?!\d|(?P=sign)\d))")
"""A card number in groups of four with a sign between them; dates, versions and amounts have other groups."""


@dataclass(frozen=True, slots=True)
class Run:
    """The digits of one run (0–9, perhaps X last), their places, where groups begin and end, and their sizes."""

    digits: str
    places: list[int]
    starts: list[int]
    ends: list[int]
    sizes: list[int]
    text: str


def flatten(text: str, mixed: Edges = (0, 0), pure: Edges = (0, 0)) -> str:
    """Enclosed, raised and lowered digits and long runs of Chinese numerals as plain ones, groups with signs between
    them as groups with dashes; the length is kept.

    Edges (lead, tail; 1 or 0) say which numerals stay as they are where a Chinese character stands beside them: all
    before or behind the plain digits of a run, one of a run of numerals alone.
    """
    text = _GROUPED.sub(_dashed, text)
    if text.isascii():
        return text
    if _ANY_NUMERAL.search(text):
        text = _NUMERAL_RUN.sub(lambda found: _spoken(text, found.span(), mixed, pure), text)
    if not _ENCLOSED.search(text):
        return text
    return _ENCLOSED.sub(lambda found: str(unicodedata.digit(found.group(), 0)), text)


def dense(text: str) -> list[Span]:
    """The pieces of a text in which a number may stand, with what is around it: (start, end), in order, apart."""
    pieces: list[Span] = []
    for found in _DENSE.finditer(text):
        start, end = max(0, found.start() - _AROUND), min(len(text), found.end() + _AROUND)
        if pieces and start <= pieces[-1][1]:
            start = pieces.pop()[0]
        pieces.append((start, end))
    return pieces


def half_dense(sentence: str) -> bool:
    """Whether a sentence has five such digits or is made of digits and signs; dense pieces touch one that does."""
    return _HALF_DENSE.search(sentence) is not None


def flattenings(text: str, whole: Callable[[], str] | None = None) -> list[str]:
    """The ways to read the digits of a text, the likeliest first: 张三13912344321李四 is a number between two names.

    `whole`: what the text is a piece of, which says how many ways are worth it.
    """
    edges = _edges(text)
    if edges and whole is not None:
        edges = _edges(whole())
    readings = _READINGS if 0 < edges < _MANY else _READINGS[: 1 + bool(edges)]
    return list(dict.fromkeys(flatten(text, mixed, pure) for mixed, pure in readings))


def _edges(text: str) -> int:
    spoken = not text.isascii() and _ANY_NUMERAL.search(text)
    return sum(1 for _ in islice(_BESIDE.finditer(text), _MANY)) if spoken else 0


def _dashed(found: re.Match[str]) -> str:
    return found.group().replace(found.group("sign"), "-")


def _spoken(text: str, span: tuple[int, int], mixed: Edges, pure: Edges) -> str:
    """A run of digits and numerals as digits, but for edges that may belong to the words beside it."""
    start, end = span
    run = text[start:end]
    lead, tail = pure
    if any(char.isdecimal() for char in run):
        lead, tail = mixed[0] * _numerals(run), mixed[1] * _numerals(run[::-1])
    elif run[0] not in _NUMERALS or run[-1] not in _NUMERALS:
        lead = tail = 0
    first = lead if lead and _is_han(text[start - 1 : start]) else 0
    last = len(run) - (tail if tail and _is_han(text[end : end + 1]) else 0)
    return run[:first] + run[first:last].translate(_SPOKEN) + run[last:]


def _numerals(run: str) -> int:
    """How many numerals a run begins with."""
    return next((at for at, char in enumerate(run) if char not in _NUMERALS), len(run))


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def runs(text: str) -> Iterator[Run]:
    """Every run of at least 11 digits of a flattened text."""
    for match in _LONG_RUN.finditer(text):
        # "…453X": the digits may be a number of their own, so the X is a group of its own
        groups = [group.span() for group in _GROUP.finditer(text, *match.span())]
        places = list(chain.from_iterable(starmap(range, groups)))
        sizes = [end - start for start, end in groups]
        ends = list(accumulate(sizes))
        digits = "".join([text[start:end] for start, end in groups])
        if not (digits.isascii() and digits.isdigit()):
            digits = "".join(str(unicodedata.decimal(char, "X")) for char in digits)
        yield Run(digits, places, [0, *ends[:-1]], ends, sizes, text)
