"""Regular expressions of rules over a lane of many sentences, each of which is judged as if it stood alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from agentdesk.text.lanes import BORDER, Lane

_SEES_BORDER = re.compile(r"\(\?<?!(?:\(\?:)?(?:\[\^|\\[sWDSZA])|\\[ZA]")
"""Forms for which a border is not the same as the end of the text."""

_TOKEN = re.compile(
    r"(?P<word>[^\\\[\](){}|.^$*+?]+)|(?P<open>\((?!\?)|\(\?:)|(?P<look>\(\?<?[!=])|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<times>(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?)|(?P<other>\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[.^$])"
)
_BY_NUMBER = re.compile(r"\\[uUxN\d]")
"""A letter told by its number or name, or a group: what stands there is not in the expression."""

_Needed = tuple[str, ...]
Span = tuple[int, int]


class Expression:
    """One expression; its findings never run over a border."""

    def __init__(self, expression: str) -> None:
        """The borders are line breaks, so that `^`, `$` and `.` keep to a sentence."""
        self._pattern = re.compile(expression, re.MULTILINE)
        self._alone = re.compile(expression) if _SEES_BORDER.search(expression) else None
        self.needed = needed(expression)

    def may_stand(self, lane: Lane) -> bool:
        """Whether a word that it needs stands in a lane."""
        return not self.needed or lane.may_hold(self.needed)

    def spans(self, text: str) -> Iterator[Span]:
        """Where it stands in a lane."""
        if self._alone is not None:
            yield from self._one_by_one(self._alone, text)
            return
        at = 0
        # What is found in a sentence alone is found here too, at the same place or, over a border, before it.
        while found := self._pattern.search(text, at):
            end = _end(text, found.start())
            yield from self._within(text, found.start(), end)
            at = end + 1

    def spans_beside(self, others: Iterable[Span], text: str) -> Iterator[Span]:
        """Where it stands in the sentences that hold one of the other spans, which come in their order."""
        done = 0
        for start, _ in others:
            if start >= done:
                first, done = text.rfind(BORDER, 0, start) + 1, _end(text, start)
                if self._alone is None:
                    yield from self._within(text, first, done)
                else:
                    yield from ((first + a, first + b) for a, b in self._one_by_one(self._alone, text[first:done]))

    def _within(self, text: str, start: int, end: int) -> Iterator[Span]:
        return (found.span() for found in self._pattern.finditer(text, start, end))

    @staticmethod
    def _one_by_one(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
        start = 0
        for sentence in text.split(BORDER):
            yield from ((start + found.start(), start + found.end()) for found in pattern.finditer(sentence))
            start += len(sentence) + 1


def _end(text: str, at: int) -> int:
    """The end of the sentence that a place stands in."""
    end = text.find(BORDER, at)
    return len(text) if end < 0 else end


class Index:
    """Which of many expressions may stand in a text: those of which a needed word may, told by its letters."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._always = [number for number, one in enumerate(expressions) if not one.needed]
        self._words: dict[str, list[tuple[str, int]]] = {}
        for number, one in enumerate(expressions):
            for word in one.needed:
                self._words.setdefault(word[0], []).append((word, number))

    def possible(self, letters: frozenset[str]) -> list[int]:
        """The numbers, in order, of those for which a text has the letters; others find nothing in it."""
        begun = chain.from_iterable(map(self._words.__getitem__, self._words.keys() & letters))
        return sorted({*self._always, *(number for word, number in begun if letters.issuperset(word))})


def needed(expression: str) -> _Needed:
    """Words of which one stands in everything that an expression finds; none where that is not sure."""
    tokens = [(str(found.lastgroup), found.group()) for found in _TOKEN.finditer(expression)]
    if "".join(text for _, text in tokens) != expression or _BY_NUMBER.search(expression):
        return ()
    return _needed(iter(tokens))


def _needed(tokens: Iterator[tuple[str, str]]) -> _Needed:
    """The same of a group, up to its end; of several parts the one that stands somewhere by chance least."""
    branches: list[_Needed] = [()]
    last: _Needed = ()
    for kind, text in tokens:
        if kind == "times":
            last = last if text.startswith(("+", "{1,")) else ()
            continue
        branches[-1], last = max(branches[-1], last, key=_surely), ()
        if kind == "word":
            # Its last letter alone may be one that is missing: 不了? is 不.
            branches[-1], last = max(branches[-1], _word(text[:-1]), key=_surely), _word(text)
        elif kind in ("open", "look"):
            within = _needed(tokens)
            last = within if kind == "open" else ()
        elif kind == "bar":
            branches.append(())
        elif kind == "close":
            break
    branches[-1] = max(branches[-1], last, key=_surely)
    return tuple(dict.fromkeys(word for branch in branches for word in branch)) if all(branches) else ()


def _word(text: str) -> _Needed:
    return (text,) if text else ()


def _surely(words: _Needed) -> tuple[int, int]:
    return min(map(len, words), default=0), -len(words)
