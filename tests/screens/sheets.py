"""Style sheets are read once a process: all apps under Pilot read the same ones, and Textual keeps them for one app."""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_READ: dict[tuple[Any, ...], list[RuleSet]] = {}


def install() -> None:
    """Let all apps share what they read, and rules be told apart as objects are, not by a function of Python."""
    read = Stylesheet._parse_rules

    def parse_rules(self: Stylesheet, css: str, **told: Any) -> list[RuleSet]:
        key = (frozenset(self._variables.items()), css, *sorted(told.items()))
        if key not in _READ:
            _READ[key] = read(self, css, **told)
        return _READ[key]

    # The library's own methods are replaced, for which mypy has no way to say so.
    Stylesheet._parse_rules = parse_rules  # type: ignore[method-assign, assignment]
    RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]
