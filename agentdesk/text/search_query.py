"""What is typed into the knowledge search: words, and filters among them (`kind:policy #退款 product:"洗衣机"`).

The names and values of filters are given by the caller, codes as well as the reader's own words for them. A filter
never widens: one whose value nobody knows finds nothing, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agentdesk.text.fold import fold, folded

TAG: Final = "tag"
_TOKEN: Final = re.compile(r'(?<!\S)(?:#(?P<tag>[^\s#]+)|(?P<name>[^\s:"#]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>\S*)))')


@dataclass(frozen=True, slots=True)
class Wish:
    """One filter: its code, what was typed, and the values of which an item must have one (none: nothing fits)."""

    name: str
    said: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query taken apart: the words to look for, and the filters that every hit must meet."""

    words: str
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter that can be typed: further names for it, and (where its values are a fixed list) value by word."""

    code: str
    names: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


def facet(text: str) -> str:
    """Return a value as filters compare it: folded, without blanks."""
    return "".join(folded(text).split())


def take_apart(typed: str, filters: Sequence[Filter]) -> Asked:
    """Return the words and the filters of what was typed; `name:` of a name that is no filter stays among the words."""
    by_name = {facet(name): one for one in filters for name in (one.code, *one.names)}
    simple = fold(typed)
    wishes: dict[Wish, None] = {}
    kept, last = [], 0
    for match in _TOKEN.finditer(simple.text):
        wish = _wish(match, by_name)
        if wish is None:
            continue
        start, end = simple.span(*match.span())
        kept.append(typed[last:start])
        last = end
        if wish.said:
            wishes[wish] = None
    kept.append(typed[last:])
    return Asked(" ".join(part.strip() for part in kept if part.strip()), tuple(wishes))


def _wish(match: re.Match[str], by_name: Mapping[str, Filter]) -> Wish | None:
    if match["tag"]:
        return Wish(TAG, match["tag"], (facet(match["tag"]),))
    known = by_name.get(facet(match["name"]))
    if known is None:
        return None
    said = (match["quoted"] if match["quoted"] is not None else match["value"]).strip()
    return Wish(known.code, said, _values(known, facet(said)))


def _values(known: Filter, said: str) -> tuple[str, ...]:
    """The value itself; of a fixed list the one that is called so, else those whose name begins so."""
    if not known.values:
        return (said,)
    words = {facet(word): code for word, code in known.values.items()}
    if said in words:
        return (words[said],)
    return tuple(dict.fromkeys(code for word, code in words.items() if said and word.startswith(said)))
