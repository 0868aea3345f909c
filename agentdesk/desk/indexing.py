"""The search index at the desk: filled in the background in short steps, checked against the texts, made anew.

What waits is a table of the store, so a desk that was killed goes on where it stopped. Checking and mending are
`agentdesk doctor` and `agentdesk kb reindex`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentdesk.desk import library, policy_terms
from agentdesk.desk.context import Desk

if TYPE_CHECKING:
    from agentdesk.store.index_check import Checked

STEP = 40
"""Items indexed in one transaction: some 20 ms, so that a save, and a key, get in between."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the articles are indexed."""

    left: int = 0
    total: int = 0

    @property
    def done(self) -> int:
        """So many of `total`."""
        return max(0, self.total - self.left)


def progress(desk: Desk) -> Progress:
    """How many articles still wait for the index, of how many. Cheap; reads only."""
    from agentdesk.store import queries

    return Progress(*queries.unindexed(desk.store.raw()))


def waiting(desk: Desk) -> int:
    """How much of all kinds waits for the index."""
    from agentdesk.store.projections import search

    return search.waiting(desk.store.raw())


def step(desk: Desk) -> int:
    """Index a few of whatever waits; returns how much is left. A desk that only reads leaves it to who writes."""
    from agentdesk.store.projections import search

    if not desk.store.writable:
        return 0
    library.take_over(desk)
    if not waiting(desk):
        return 0
    left = drain(desk, search.KINDS, STEP)
    if not left:
        policy_terms.turn_index(desk)
    return left


def drain(desk: Desk, kinds: Sequence[str], at_once: int = 200) -> int:
    """Index one slice of what waits of these kinds; returns how much is left.

    Articles are indexed as published: whoever indexes some has `policy_terms.turn_index` look again.
    """
    from agentdesk.store import upkeep

    left = upkeep.drain(desk.store, kinds, at_once)
    if "article" in kinds:
        policy_terms.turn_again(desk)
    return left


def check(desk: Desk) -> Checked:
    """Hold the index against the texts it was made from. Reads only, all of both: for a command or a worker."""
    from agentdesk.store import index_check

    return index_check.check(desk.store, desk.now())


def put_right(desk: Desk) -> Checked:
    """Check the index and note what is wrong for `step` to put right; returns what was found."""
    from agentdesk.store import index_check

    found = check(desk)
    if not found.sound:
        index_check.mend(desk.store, found)
    return found


def begin_anew(desk: Desk) -> None:
    """Throw the index away and have all of it made again, by `step`; until then searches find what is in it so far."""
    from agentdesk.store import upkeep

    upkeep.begin_anew(desk.store)
