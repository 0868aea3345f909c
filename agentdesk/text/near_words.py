"""Words that differ by a slip of the finger: one character wrong, missing, too many, or two changed about."""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 4
"""Letters of a word that may hold a slip; a shorter one is another word."""
LONG: Final = 8
"""From so many letters on two slips are allowed."""


def slips(word: str) -> int:
    """Return how many slips a word may hold."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < LONG else 2


def within(typed: str, word: str, most: int) -> bool:
    """Say whether at most so many slips lead from one word to the other (optimal string alignment)."""
    if abs(len(typed) - len(word)) > most:
        return False
    before: list[int] = []
    row = list(range(len(word) + 1))
    for at, char in enumerate(typed, 1):
        older, before, row = before, row, [at]
        for to, other in enumerate(word, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (char != other))
            if at > 1 and to > 1 and char == word[to - 2] and typed[at - 2] == other:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


def near_piece(text: str, typed: str) -> tuple[int, int] | None:
    """Return (start, end) of the piece of a text, as long as what was typed, of which one character differs."""
    size = len(typed)
    for start in range(len(text) - size + 1):
        wrong = 0
        for at in range(size):
            wrong += text[start + at] != typed[at]
            if wrong > 1:
                break
        else:
            return start, start + size
    return None
