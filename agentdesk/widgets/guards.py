"""What a screen hands to text widgets so that private numbers never stay in them.

Use: `guard = redacting(text.privacy.redact, notice)` in the screen's wiring, or any callable of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Guarded:
    """What a guard made of a text."""

    text: str
    caret: int
    """Where the caret belongs now, in code points."""
    notice: str = ""
    """One line for the agent, empty where nothing was found."""


Guard: TypeAlias = Callable[[str, int], Guarded]
"""(text, caret) -> what may stay of it. Called after each change of a field; must be fast and must not raise."""
