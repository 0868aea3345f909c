"""The small language of a rule's patterns (TEXT §5): words, `(a|b)` for either, `{m,n}` for m to n letters.

`(我|我们|)保证{0,6}(不会|不)坏` stands for six words with a slot each. Everything is bounded, so that no text can make
a pattern slow: at most 64 words of one pattern, slots of at most 12 letters, two slots a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

MAX_WORDS = 64
"""Words that one pattern may stand for."""
MAX_SLOT = 12
"""Letters that a slot may take: more lets words of two clauses meet."""
MAX_SLOTS = 2

_MARK = re.compile("[(){}|]")
_TOKEN = re.compile(r"\(([^(){}]*)\)|\{(\d{1,2}),(\d{1,2})\}|([^(){}|]+)")


class PatternError(ValueError):
    """A pattern does not follow the language."""


@dataclass(frozen=True, slots=True)
class Word:
    """What is looked for: literal parts, and between two of them the least and most letters of the slot."""

    parts: tuple[str, ...]
    slots: tuple[tuple[int, int], ...] = ()


def is_plain(pattern: str) -> bool:
    """Whether a pattern is a word as it stands."""
    return _MARK.search(pattern) is None


def words_of(pattern: str) -> list[Word]:
    """The words that a pattern stands for, each once. PatternError where it does not follow the language."""
    if is_plain(pattern):
        return [Word((pattern,))]
    choices: list[list[str | tuple[int, int]]] = []
    at = 0
    for found in _TOKEN.finditer(pattern):
        if found.start() != at:
            break
        at = found.end()
        if found.group(2):
            least, most = int(found.group(2)), int(found.group(3))
            if least > most or most > MAX_SLOT:
                raise PatternError(found.group())
            choices.append([(least, most)])
        else:
            choices.append([*found.group(1).split("|")] if found.group(4) is None else [found.group(4)])
    if at != len(pattern):
        raise PatternError(pattern[at:])
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_WORDS:
        raise PatternError(f"{count} > {MAX_WORDS}")
    return list(dict.fromkeys(_word(pattern, tokens) for tokens in product(*choices)))


def _word(pattern: str, tokens: tuple[str | tuple[int, int], ...]) -> Word:
    parts, slots = [""], []
    for token in tokens:
        if isinstance(token, str):
            parts[-1] += token
        else:
            slots.append(token)
            parts.append("")
    if len(slots) > MAX_SLOTS or not all(any(char.isalnum() for char in part) for part in parts):
        raise PatternError(pattern)
    return Word(tuple(parts), tuple(slots))
