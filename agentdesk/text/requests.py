"""Requests next to what must not be asked for: 发一下…验证码 (the pair of a rule)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from agentdesk.text import lanes
from agentdesk.text.compiled import Exceptions
from agentdesk.text.excuses import CLAUSE_MARK, led_in, made_good
from agentdesk.text.expressions import Expression, Span
from agentdesk.text.fold import Folded
from agentdesk.text.lanes import Lane
from agentdesk.text.lexicon import Pair

NEAR = 4
"""Letters over which a request belongs to a thing in another clause."""
_COMMA = re.compile("[，,—…|]")


def requests(
    whole: Folded,
    lane: Lane,
    verb: Expression,
    noun: Expression,
    pair: Pair,
    allows: tuple[Exceptions, ...],
) -> Iterator[Span]:
    """A request next to its object, in either order; across a comma only if almost nothing lies between."""
    verbs = list(verb.spans(lane.text))
    nouns = list(noun.spans_beside(verbs, lane.text))
    starts = [span[0] for span in nouns]
    for v_start, v_end in verbs:
        near = bisect_right(starts, v_start)
        close = nouns[max(0, near - 3) : near + 3]
        close = [span for span in close if _requested(whole.text, lane, (v_start, v_end), span, pair)]
        if not close or led_in(whole.text, lane, v_start, allows):
            continue
        for n_start, n_end in sorted(close, key=lambda span: abs(span[0] - v_start)):
            start, end = min(v_start, n_start), max(v_end, n_end)
            if not made_good(whole.text, lane, start, end, allows):
                yield start, end
                break


def _requested(text: str, lane: Lane, verb: Span, noun: Span, pair: Pair) -> bool:
    """Whether a verb and a noun stand close enough to belong together."""
    forth = verb[1] <= noun[0]
    first, last = (verb[1], noun[0]) if forth else (noun[1], verb[0])
    if not 0 <= last - first <= pair.within:
        return False
    between = lane.text[first:last]
    if lanes.BORDER in between or (forth and any(word in between for word in pair.between)):
        return False
    apart = text[lane.at[first - 1] + 1 : lane.at[last]]
    if not forth and lane.text.startswith(pair.instead, verb[1]) and CLAUSE_MARK.search(apart):
        return False
    return len(between) <= NEAR or not _COMMA.search(apart)
