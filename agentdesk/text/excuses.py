"""Whether what is around a hit excuses it: words before it, behind it, within it, or later in its sentence."""

from __future__ import annotations

import re
from bisect import bisect_right

from agentdesk.text import lanes
from agentdesk.text.compiled import LATER, LEAD, Exceptions
from agentdesk.text.lanes import Lane

CLAUSE_MARK = re.compile(rf"[，,:：—…|。!?;\n]|{lanes.FULL_STOP}")
"""What ends a clause of a folded text."""


def excused(text: str, lane: Lane, start: int, end: int, allows: tuple[Exceptions, ...]) -> bool:
    """Whether a word before or behind the hit, in the same clause, or later on makes the hit harmless."""
    return led_in(text, lane, start, allows) or made_good(text, lane, start, end, allows)


def led_in(text: str, lane: Lane, anchor: int, allows: tuple[Exceptions, ...]) -> bool:
    """The same of the words before the anchor."""
    return any(allow.before is not None and _said_before(text, lane, anchor, allow, allow.before) for allow in allows)


def made_good(text: str, lane: Lane, start: int, end: int, allows: tuple[Exceptions, ...]) -> bool:
    """The same of the words behind the hit or within it."""
    for allow in allows:
        if allow.after is not None and _said_behind(text, lane, end, allow, allow.after):
            return True
        if allow.inside is not None and allow.inside.search(lane.text, start, end):
            return True
        if allow.later is not None and allow.later.search(lane.text, end, _sentence_end(lane, end)):
            return True
    return False


def _sentence_end(lane: Lane, end: int) -> int:
    """Where the sentence of a hit that ends here is over, as far as anybody writes one."""
    border = lane.text.find(lanes.BORDER, end, end + LATER)
    return end + LATER if border < 0 else border


def _said_before(text: str, lane: Lane, anchor: int, allow: Exceptions, before: re.Pattern[str]) -> bool:
    """`before` within the window; words of `unless` are looked for in what leads up to it too, and taken out."""
    if not before.search(lane.text, max(0, anchor - allow.within), anchor):
        return False
    first = _clause_start(text, lane, anchor, anchor - allow.within - LEAD)
    begin = max(first, anchor - allow.within)
    if allow.unless is None:
        return before.search(lane.text, begin, anchor) is not None
    # The hit itself may complete such a word: 是不|是你弄坏的 is a reproach, not a denial.
    window = allow.unless.sub(lambda found: "\0" * len(found.group()), lane.text[first : anchor + 2])
    return before.search(window, begin - first, anchor - first) is not None


def _said_behind(text: str, lane: Lane, end: int, allow: Exceptions, after: re.Pattern[str]) -> bool:
    """`after` within its reach behind the hit."""
    found = after.search(lane.text, end, end + allow.after_reach)
    if found is None or found.start() > end + allow.after_within:
        return False
    found = after.search(lane.text, end, _clause_end(text, lane, end - 1, end + allow.after_reach))
    return found is not None and found.start() <= end + allow.after_within


def _clause_start(text: str, lane: Lane, anchor: int, least: int) -> int:
    """Where the clause of a letter begins in the lane; not before `least`."""
    first, at = max(0, least), lane.at
    if not CLAUSE_MARK.search(text, at[first], at[anchor] + 1):
        return first
    for index in range(anchor, first, -1):
        if lane.text[index - 1] == lanes.BORDER:
            return index
        if at[index] - at[index - 1] > 1 and CLAUSE_MARK.search(text, at[index - 1] + 1, at[index] + 1):
            return index
    return first


def _clause_end(text: str, lane: Lane, last: int, reach: int) -> int:
    stop = min(reach, len(lane.at))
    found = CLAUSE_MARK.search(text, lane.at[last] + 1, lane.at[stop - 1] + 1 if stop else 0)
    return min(stop, bisect_right(lane.at, found.start())) if found else stop
