"""What patterns need around their anchors, looked for far ahead: for texts in which an anchor comes again and again.

Most anchors of such a text have nothing of what their patterns need, and are done with by one comparison.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentdesk.text.lanes import Lane
from agentdesk.text.patterns import any_of

AHEAD = 512
"""Letters behind the last place where a word may stand in which it is looked for at once."""


class Needed:
    """The words of which one stands in every finding of a pattern, by part; how far a finding reaches at most."""

    def __init__(self, parts: Sequence[tuple[str, ...]], reach: int) -> None:
        self.words, self.reach = parts, reach
        self.parts: list[tuple[re.Pattern[str], int, int]] = []
        """What finds the words of a part, and the letters of the shortest and the longest."""
        for words in parts:
            if expression := any_of(words):
                sizes = [*map(len, words)]
                self.parts.append((expression, min(sizes), max(sizes)))


class Ahead:
    """Which patterns may stand around the anchors of a kind in one text; they are asked for in order."""

    __slots__ = ("_places", "_text", "clear", "reach")

    def __init__(self, lane: Lane, needs: Sequence[Needed]) -> None:
        self._text = lane.text
        near = [number for number, need in enumerate(needs) if all(map(lane.may_hold, need.words))]
        self._places = [(number, _Place(needs[number])) for number in near]
        self.reach = max((needs[number].reach for number in near), default=0)
        """Letters that the longest of them has at most."""
        self.clear = 0
        """No pattern stands around an anchor that begins before."""

    def possible(self, start: int, end: int) -> list[int]:
        """The numbers of the patterns that may stand around this anchor."""
        found = []
        clear = len(self._text)
        for number, place in self._places:
            if start >= place.clear and place.may_stand(self._text, start, end):
                found.append(number)
            if place.clear < clear:
                clear = place.clear
        self.clear = clear
        return found


class _Place:
    """Where the words that one pattern needs stand next."""

    __slots__ = ("_parts", "_reach", "clear")

    def __init__(self, need: Needed) -> None:
        self._parts = [_Part(*part) for part in need.parts]
        self._reach = need.reach
        self.clear = 0
        """The pattern stands around no anchor that begins before."""

    def may_stand(self, text: str, start: int, end: int) -> bool:
        first, last = max(0, end - self._reach), start + self._reach
        for part in self._parts:
            over = part.next(text, first, last) + part.least
            if over > last:
                self.clear = over - self._reach
                return False
        return True


class _Part:
    """Where a word of one part stands next."""

    __slots__ = ("_expression", "_found", "_most", "_next", "least")

    def __init__(self, expression: re.Pattern[str], least: int, most: int) -> None:
        self._expression, self.least, self._most = expression, least, most
        self._next, self._found = -1, False

    def next(self, text: str, first: int, last: int) -> int:
        """The first place from `first` on where a word begins; any place behind `last` where none is within."""
        if self._next < first or (self._next + self.least <= last and not self._found):
            far = last + AHEAD
            found = self._expression.search(text, first, far)
            unknown = far - self._most + 1  # a word may begin here and end behind what was looked at
            self._found = found is not None and found.start() < unknown
            self._next = found.start() if found and self._found else unknown
        return self._next
