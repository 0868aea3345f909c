"""Where an element that is left out of a page ends: with its end tag, or where a browser ends it without one."""

from __future__ import annotations

from collections import Counter
from typing import Final

VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
BLOCKS: Final = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr"
    " ul".split()
)
_OF_HEAD = frozenset("base head html link meta noscript script style template title".split())
_DRAWN = ("svg", "math")
_ENDED_BY = {
    "p": BLOCKS,
    "li": frozenset(("li",)),
    "dt": frozenset(("dt", "dd")),
    "dd": frozenset(("dt", "dd")),
    "td": frozenset(("td", "th", "tr", "tbody", "tfoot")),
    "th": frozenset(("td", "th", "tr", "tbody", "tfoot")),
    "tr": frozenset(("tr", "tbody", "tfoot")),
    **dict.fromkeys(_DRAWN, BLOCKS),
}
"""Elements whose end tag may be left out, with the start tags that end them."""
_HOLDERS = ("ul", "ol", "menu", "dl", "table", "noscript", "template", "foreignobject")
"""What inside such an element has parts of its own."""


class Drop:
    """Follows the tags of a page; within what is left out `name` says what that is, else it is empty."""

    def __init__(self, loose: frozenset[str]) -> None:
        """`loose`: elements that are known to lack their end, and go no further than the next block."""
        self.name = ""
        self.unclosed: set[str] = set()
        self._loose = loose
        self._around: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()

    def begin(self, name: str) -> None:
        """Leave out the element that started last."""
        self.name, self._inside = name, Counter()
        self._around[name] -= 1

    def start(self, name: str) -> None:
        """Take a start tag, which may end what was left out."""
        if self.name and self._ended_by(name):
            self.name = ""
        if name in VOID:
            return
        if self.name:
            self._inside[name] += 1
            return
        if name in BLOCKS:
            self._around["p"] = 0
        self._around[name] += 1

    def _ended_by(self, name: str) -> bool:
        if self.name in self._loose and name in BLOCKS:
            return True
        if any(self._inside[one] for one in _HOLDERS):
            return False
        return name not in _OF_HEAD if self.name == "head" else name in _ENDED_BY.get(self.name, ())

    def end(self, name: str) -> bool:
        """Take an end tag; whether it belongs to what is left out. That of an element around it ends that too."""
        if not self.name:
            self._around[name] = max(0, self._around[name] - 1)
            return False
        if self._inside[name]:
            self._inside[name] -= 1
            return True
        if name == self.name:
            self.name = ""
            return True
        if not self._around[name]:
            return True
        self._around[name] -= 1
        self.finish()
        return False

    def finish(self) -> None:
        """What is still left out here had no end, and should have had one."""
        if self.name and self.name not in _ENDED_BY:
            self.unclosed.add(self.name)
        self.name = ""
