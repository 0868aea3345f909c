"""Regular expressions of rules over a lane of many sentences, each of which is judged as if it stood alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agentdesk.text.lanes import BORDER

_SEES_BORDER = re.compile(r"\(\?<?!(?:\(\?:)?(?:\[\^|\\[sWDSZA])|\\[ZA]")
"""Forms for which a border is not the same as the end of the text."""

Span = tuple[int, int]


class Expression:
    """One expression; its findings never run over a border."""

    def __init__(self, expression: str) -> None:
        """The borders are line breaks, so that `^`, `$` and `.` keep to a sentence."""
        self._pattern = re.compile(expression, re.MULTILINE)
        self._alone = re.compile(expression) if _SEES_BORDER.search(expression) else None

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
