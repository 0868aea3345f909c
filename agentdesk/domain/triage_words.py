"""The words of triage: read from data, matched on folded text, deaf to negations and look-alikes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentdesk.text.fold import fold

_SENTENCE_END: Final = "。！？!?；;\n"
_CLAUSE_END: Final = "，,。！？!?；;：:、\n"


@dataclass(frozen=True, slots=True)
class _WordList:
    """One list ready to match: `found` any of the words, `apart` what only looks like one."""

    found: re.Pattern[str]
    apart: re.Pattern[str] | None
    negatable: bool


@dataclass(frozen=True, slots=True)
class TriageWords:
    """All word lists by name: the rules' codes, `PR-06.unusable`, `PR-06.deadline` and `complex`."""

    version: int
    lists: Mapping[str, _WordList]
    negation: re.Pattern[str]
    double: tuple[str, ...]

    def prepare(self, texts: Iterable[str]) -> str:
        """Join and fold texts once for all lists; each keeps its own line, so that nothing matches across fields."""
        return "\n".join(fold(text).text for text in texts if text)

    def matches(self, name: str, text: str) -> tuple[str, ...]:
        """Return the words of a list that a prepared text contains and means, each once, in order of appearance."""
        words = self.lists.get(name)
        if words is None:
            return ()
        apart = [hit.span() for hit in words.apart.finditer(text)] if words.apart else []
        found: dict[str, None] = {}
        for hit in words.found.finditer(text):
            inside = any(start <= hit.start() and hit.end() <= end for start, end in apart)
            if not inside and not (words.negatable and self._negated(text, hit.start())):
                found[hit.group()] = None
        return tuple(found)

    def _negated(self, text: str, start: int) -> bool:
        """Return whether the clause before `start` ends in a negation, fillers allowed, that nothing cancels."""
        before = text[max(0, start - 16) : start]
        clause = before[max((before.rfind(mark) for mark in _CLAUSE_END), default=-1) + 1 :]
        hit = self.negation.search(clause)
        return hit is not None and not clause[: hit.start()].endswith(self.double)


def parse_words(data: Mapping[str, Any]) -> TriageWords:
    """Make the matcher from the parsed content of `triage.toml`; KeyError or re.error if the data are malformed."""
    gap = int(data["gap"])
    lists: dict[str, _WordList] = {}
    for rule in (*data["rule"], {"code": "complex", **data["complex"]}):
        negatable, apart = bool(rule["negatable"]), rule.get("except", ())
        for part, suffix in (("words", ""), ("unusable", ".unusable"), ("deadline", ".deadline")):
            if part in rule:
                apart_pattern = _pattern(apart, gap) if apart else None
                lists[rule["code"] + suffix] = _WordList(_pattern(rule[part], gap), apart_pattern, negatable)
    negation = data["negation"]
    before, fillers = _alternatives(negation["before"], gap), _alternatives(negation["fillers"], gap)
    return TriageWords(
        version=int(data["version"]),
        lists=lists,
        negation=re.compile(rf"(?:{before})(?:\s*(?:{fillers}))*\s*$"),
        double=tuple(fold(word).text for word in negation["double"]),
    )


def _pattern(words: Iterable[str], gap: int) -> re.Pattern[str]:
    return re.compile(_alternatives(words, gap))


def _alternatives(words: Iterable[str], gap: int) -> str:
    """Join words into one alternation, longest first, so that the fullest wording is what the agent is shown."""
    return "|".join(_word(fold(word.replace("…", "\0")).text, gap) for word in sorted(words, key=len, reverse=True))


def _word(folded: str, gap: int) -> str:
    inner = f"[^{re.escape(_SENTENCE_END)}]{{0,{gap}}}?".join(re.escape(part) for part in folded.split("\0"))
    ascii_word = folded.isascii() and folded[0].isalnum() and folded[-1].isalnum()
    return rf"(?<![0-9a-z]){inner}(?![0-9a-z])" if ascii_word else inner
