"""Which of the words that pass by while somebody types were a search: one fact a search as meant, none a key press."""

from __future__ import annotations

from os.path import commonprefix
from typing import Final

_CORRECTED: Final = 1
"""Characters taken back that are a slip of the finger; more of them are other words."""


def began_anew(before: str, now: str) -> bool:
    """Whether `now` is another search than `before`, rather than the same one typed on, taken back or corrected."""
    if not before or before.startswith(now):
        return bool(before) and not now
    return len(before) - len(commonprefix((before, now))) > _CORRECTED
