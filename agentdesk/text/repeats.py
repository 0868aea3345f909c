"""The same sentence again and again in one contact (standard §5.1: adapt, do not recite), however it was put in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from agentdesk.text.fold import folded
from agentdesk.text.lanes import letters_of

OFTEN = 3
"""Uses of one sentence or phrase in a contact from which the agent is reminded to adapt it."""
LEAST = 8
"""Letters below which a sentence is said as often as anybody likes: 好的, 请稍等."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")


def said_often(texts: Iterable[str]) -> frozenset[str]:
    """The sentences that stand in so many of these messages that the next one makes it `OFTEN`."""
    counted = Counter(key for text in texts for key in {_key(found.group()) for found in _SENTENCE.finditer(text)})
    return frozenset(key for key, count in counted.items() if count >= OFTEN - 1 and len(key) >= LEAST)


def find_repeated(text: str, often: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where a sentence stands that was said often, without the blanks around it."""
    for found in _SENTENCE.finditer(text):
        if _key(found.group()) in often:
            body = found.group()
            start = found.start() + len(body) - len(body.lstrip())
            yield start, start + len(body.strip())


def _key(sentence: str) -> str:
    """What two spellings of a sentence have in common: their letters, folded."""
    return letters_of(folded(sentence))
