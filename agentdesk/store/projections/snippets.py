"""What of a text to show for a query, and which of its characters were meant: on the original, not on its fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agentdesk.text.fold import Folded, fold

Spans = tuple[tuple[int, int], ...]

MAX_NEEDLE: Final = 200
"""Characters of a query that are looked at."""
WIDTH: Final = 60
"""Length of a snippet in characters: two lines of a narrow screen."""
LEAD: Final = 8
"""Characters shown before the first match of a snippet."""
SCANNED: Final = 4_000
"""Characters of a body that are looked through for its best place; a hit further down shows the beginning."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text, line breaks as spaces; it begins at `at` of the original, `spans` count from there."""

    text: str
    at: int
    spans: Spans


def spans(text: str, needles: Sequence[str], marks: Sequence[tuple[int, int]] = ()) -> Spans:
    """Return where the folded `needles` stand in `text`, as original offsets, overlapping and touching ones joined.

    `marks` are places in the folded text that are shown besides.
    """
    return _spans(fold(text), needles, marks)


def snippet(text: str, needles: Sequence[str], width: int = WIDTH) -> Snippet:
    """Return the piece of `text` that holds most of what was looked for; its beginning if it holds nothing."""
    found = spans(text[:SCANNED], needles)
    at = _best(found, width)
    at = 0 if at <= LEAD else at - LEAD
    end = min(len(text), at + width)
    inside = tuple((max(start, at) - at, min(stop, end) - at) for start, stop in found if start < end and stop > at)
    return Snippet("".join(" " if char in "\r\n\t" else char for char in text[at:end]), at, inside)


def _best(found: Spans, width: int) -> int:
    """Return the start of the match from which a window covers most matched characters; the first one of equals."""
    best, covered = 0, 0
    for index, (start, _) in enumerate(found):
        inside = sum(min(stop, start + width) - begin for begin, stop in found[index:] if begin < start + width)
        if inside > covered:
            best, covered = start, inside
    return best


def _spans(folded: Folded, needles: Sequence[str], marks: Sequence[tuple[int, int]]) -> Spans:
    raw = [folded.span(start, end) for start, end in marks if end <= len(folded.text)]
    for needle in dict.fromkeys(needle for needle in needles if needle):
        at = folded.text.find(needle)
        while at >= 0:
            raw.append(folded.span(at, at + len(needle)))
            at = folded.text.find(needle, at + 1)
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(raw):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return tuple(joined)
