"""The generic engine of facts: changes, hybrid clock, merge kinds, lanes, canonical bytes, chain, wire messages.

Pure and ignorant of the trade: what entities, groups and transitions exist is told by a `Registry` that every
function takes as an argument. It imports nothing of ours, so that desk, centre and simulation share one engine.
"""

from __future__ import annotations

from agentdesk.changes.canonical import NotCanonical, canonical, parse_canonical, payload_hash
from agentdesk.changes.chain import chain_next, chain_start
from agentdesk.changes.fold import PENDING_EFF, Stamp, fold, fold_pending, fold_row
from agentdesk.changes.hlc import HybridClock, hlc_from_hex, hlc_to_hex
from agentdesk.changes.ids import derived_id, new_id
from agentdesk.changes.judge import Ruling, judge
from agentdesk.changes.model import Change, EntityState, Event, Row, instant, stamp_time
from agentdesk.changes.registry import Attempt, Entity, Group, Kind, Lane, Registry, Transition
from agentdesk.changes.shape import shape_problem

__all__ = [
    "PENDING_EFF",
    "Attempt",
    "Change",
    "Entity",
    "EntityState",
    "Event",
    "Group",
    "HybridClock",
    "Kind",
    "Lane",
    "NotCanonical",
    "Registry",
    "Row",
    "Ruling",
    "Stamp",
    "Transition",
    "canonical",
    "chain_next",
    "chain_start",
    "derived_id",
    "fold",
    "fold_pending",
    "fold_row",
    "hlc_from_hex",
    "hlc_to_hex",
    "instant",
    "judge",
    "new_id",
    "parse_canonical",
    "payload_hash",
    "shape_problem",
    "stamp_time",
]
