"""Search terms: Chinese text without word breaks becomes overlapping pairs of characters (TEXT.md §1 and §4).

Both sides, index and query, go through the same folding, so that both scripts, all widths and cases meet.
Index side: of every CJK run all pairs and its last character, so that every character begins a term and one character
can be searched as a prefix. Query side: the pairs alone; they say more than single characters do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agentdesk.text.fold import folded

KEEP: Final = 12
"""How many of a query's rarest terms are searched; fewer lose recall, more only cost time (TEXT.md §4)."""
COMMON_SHARE: Final = 0.02
"""Terms in more than this share of the documents are dropped as long as rarer ones remain."""
COMMON_FLOOR: Final = 2_000
"""A term in no more documents than this is never too common: it costs little, and small bases need every term (at 200,
pieces of body text were found first in 64 of 100 cases instead of 93: scripts/bench_search.py)."""
MAX_WORD: Final = 40
"""Characters of a Latin word that count; longer ones are keyboard noise and would only swell the index."""
MAX_QUERY: Final = 200
"""Characters of a query that are looked at; what is pasted beyond them does not make the search better."""

_CJK: Final = r"\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN: Final = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_CJK_START: Final = re.compile(rf"[{_CJK}]")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: a pair, a word, or (prefix) the beginning of terms. `text` holds only word characters."""

    text: str
    prefix: bool = False


def index_terms(text: str) -> list[str]:
    """Return the terms under which `text` is found, in reading order, repeats included (their number is weight)."""
    terms: list[str] = []
    for run in _RUN.findall(folded(text)):
        if _is_cjk(run):
            terms.extend(run[at : at + 2] for at in range(len(run)))
        else:
            terms.append(run[:MAX_WORD])
    return terms


def query_terms(words: str) -> list[Term]:
    """Return what a query looks for, each once, in reading order; empty if it holds no letter, digit or character.

    A CJK run of one character, and a Latin word still being typed at the end, are prefixes.
    """
    simple = folded(words[:MAX_QUERY])
    found: dict[Term, None] = {}
    for match in _RUN.finditer(simple):
        run = match.group()
        if not _is_cjk(run):
            found[Term(run[:MAX_WORD], prefix=1 < len(run) <= MAX_WORD and match.end() == len(simple))] = None
        elif len(run) == 1:
            found[Term(run, prefix=True)] = None
        else:
            found.update((Term(run[at : at + 2]), None) for at in range(len(run) - 1))
    return list(found)


def compact(text: str) -> str:
    """Return the folded letters, digits and characters of `text` without anything between: for "does it contain"."""
    return "".join(_RUN.findall(folded(text)))


def prune(terms: Sequence[Term], frequency: Mapping[Term, int], total: int, keep: int = KEEP) -> list[Term]:
    """Return the terms worth searching among `total` documents: the `keep` rarest, without common ones if rarer remain.

    `frequency` counts the documents of a term; a term that is in no document, or not counted, is dropped, since it
    can find nothing. Rarest first; equal ones in the order of the query.
    """
    present = sorted((term for term in terms if frequency.get(term)), key=lambda term: frequency[term])
    rare = [term for term in present if frequency[term] <= max(total * COMMON_SHARE, COMMON_FLOOR)]
    return (rare or present)[:keep]


def _is_cjk(run: str) -> bool:
    return _CJK_START.match(run) is not None
