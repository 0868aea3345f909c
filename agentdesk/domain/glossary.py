"""Jargon and what to say instead: the terms of a glossary article (§6.2) as rules of the lint (JG-01).

A term stands in bold at the beginning of an item, its plain words behind a colon: `- **揽收**：快递员把包裹收走了`;
two may share a line, with a semicolon between. An article without such items explains its title by its summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from agentdesk.text.lexicon import Allow, Rule
from agentdesk.text.patterns import is_plain

KIND: Final = "glossary"
RULE: Final = "JG-01"
SHORTEST: Final = 2
"""Letters of a term: one character alone stands in too many words that are no jargon."""
MAX_TERM: Final = 30
MAX_PLAIN: Final = 200
MAX_TERMS: Final = 5_000

_TERM: Final = re.compile(
    r"(?:^[ \t]*[-*+][ \t]+|[;；][ \t]*)\*\*(?P<term>[^*\n]{1,40})\*\*"
    r"(?:（[^（）\n]{0,30}）|\([^()\n]{0,30}\))?[ \t]*[:：][ \t]*(?P<plain>[^；;\n]{1,400})",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the trade and its plain words, which may be said in its place."""

    word: str
    plain: str


def terms(version: Mapping[str, Any]) -> Iterator[Term]:
    """The terms that a version of a glossary article explains; those that no rule can be made of are left out."""
    body = str(version.get("body") or "")
    found = [(one["term"], one["plain"]) for one in _TERM.finditer(body)]
    for word, plain in found or [(str(version.get("title") or ""), str(version.get("plain_summary") or ""))]:
        term = Term(word.strip(), plain.replace("**", "").strip().rstrip("。.；;").strip())
        if _usable(term):
            yield term


def _usable(term: Term) -> bool:
    letters = sum(map(str.isalnum, term.word))
    fits = SHORTEST <= letters and len(term.word) <= MAX_TERM and 0 < len(term.plain) <= MAX_PLAIN
    return fits and is_plain(term.word) and is_plain(term.plain)


def rules(found: Iterable[Term], base: Rule) -> list[Rule]:
    """The rules that hint at these terms: JG-01 as the site has it, each with its own plain words, a term once.

    Said beside its plain words a term is no jargon.
    """
    once: dict[str, Term] = {}
    for term in found:
        if len(once) < MAX_TERMS:
            once.setdefault(term.word.casefold(), term)
    return [_rule(term, base) for term in once.values()]


def _rule(term: Term, base: Rule) -> Rule:
    said = () if term.word.casefold() in term.plain.casefold() else (term.plain,)
    beside = Allow(around=(term.plain + term.word,), later=(term.plain,))
    return replace(
        base, patterns=(term.word,), replace=said, allow=(*base.allow, beside), tests=(), gaps=0, homophone=False
    )
