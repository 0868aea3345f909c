"""Redaction after the fact: who may order it, what of a change holds the value, what the order leaves behind.

The value itself is in none of the records made here: a redaction names changes, numbers of texts and offsets, from
which a holder of the change learns what to take out, and a newcomer nothing (SYNC 2.14).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from agentdesk.changes import Change, Kind, Registry
from agentdesk.changes.skeleton import Cut, Leaf, find, leaves, without
from agentdesk.domain import roles, vocabulary
from agentdesk.domain.refusal import Refusal
from agentdesk.text import erasing
from agentdesk.text.clean import clean, clean_line
from agentdesk.text.privacy import redact

ENTITY: Final = "redact"
GROUP: Final = "redact"
MAX_VALUE: Final = 200
MAX_WHY: Final = 500
TARGETS_AT_ONCE: Final = 200
"""Changes that one redaction names at most; more of them make several, in one transaction."""

_STRUCTURE: Final = frozenset(("t", "to", "at"))
"""Parts of a value that are never a person's words: what a lane and a clock read."""

_MACHINE: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[+-]\d\d:\d\d|Z)"
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be taken out of everything under a root, and why. Its text form tells nothing of the value."""

    root: str
    value: str = field(repr=False)
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """How many places hold the value, in how many changes, and in which fields (`entity.group`)."""

    places: int = 0
    changes: int = 0
    fields: tuple[str, ...] = ()


def may_redact(held: Iterable[str]) -> bool:
    """Whether somebody with these roles may order a redaction: who may release a block, or administers (§8)."""
    mine = tuple(held)
    return roles.may(mine, "block_release", "A") or roles.may(mine, "administration", "E")


def order(root: str, value: str, why: str) -> Order:
    """Check an order. Raises Refusal: redact.no_value, redact.too_short, redact.too_long (most), redact.no_why."""
    wanted = clean(value, None).strip()
    if not wanted:
        raise Refusal("redact.no_value")
    if len(wanted) > MAX_VALUE:
        raise Refusal("redact.too_long", most=MAX_VALUE)
    if erasing.too_short(wanted):
        raise Refusal("redact.too_short", least=erasing.LEAST_LATIN)
    reason = redact(clean_line(why))[0].strip()
    reason = without(reason, erasing.spans(wanted, reason))[:MAX_WHY]
    if not reason:
        raise Refusal("redact.no_why")
    return Order(root, wanted, reason)


def cuts(change: Change, value: str, registry: Registry) -> list[Cut]:
    """Return the pieces of a change that hold the value. Codes, ids, instants and names of fields stay untouched."""

    def look(leaf: Leaf) -> Sequence[tuple[int, int]]:
        if leaf.field in _STRUCTURE or _MACHINE.fullmatch(leaf.text) or leaf.text in _codes():
            return ()
        if leaf.kind == "key":
            known = registry.group(change.entity, leaf.group)
            if known is not None and known.kind is not Kind.SET:
                return ()
        found = erasing.spans(value, leaf.text)
        # Part of a number is no text: only one that is the value, digit for digit, goes.
        return found if leaf.kind != "number" or found == [(0, len(leaf.text))] else ()

    return [] if change.entity == ENTITY else find(change.patch, look)


def targets(changes: Iterable[Change], value: str, registry: Registry) -> dict[str, tuple[Change, list[Cut]]]:
    """Return the changes that hold the value, by id, each with the pieces to take out."""
    return {change.id: (change, found) for change in changes if (found := cuts(change, value, registry))}


def found_in(held: Mapping[str, tuple[Change, Sequence[Cut]]]) -> Found:
    """Count what was found."""
    named = {
        f"{change.entity}.{leaf.group}"
        for change, pieces in held.values()
        for leaf in _cut_leaves(change, {piece[0] for piece in pieces})
    }
    return Found(sum(len(pieces) for _, pieces in held.values()), len(held), tuple(sorted(named)))


def record(
    held: Mapping[str, tuple[Change, Sequence[Cut]]], *, by: str, why: str, at: str, local: bool = False
) -> dict[str, Any]:
    """Return what the redaction says of itself: who, when, why, which fields; `local`: its targets need no naming."""
    found = found_in(held)
    named = {} if local else {id_: [list(piece) for piece in pieces] for id_, (_, pieces) in held.items()}
    return {
        "at": at, "by": by, "why": why, "fields": list(found.fields), "places": found.places, "targets": named
    }  # fmt: skip


def named_targets(change: Change) -> dict[str, list[list[int]]]:
    """Return the targets of a redaction as it was pulled; what is misshapen names nothing."""
    value = change.patch.get(GROUP)
    listed = value.get("targets") if isinstance(value, dict) else None
    if not isinstance(listed, dict):
        return {}
    return {id_: pieces for id_, pieces in listed.items() if _well_formed(pieces)}


def _well_formed(pieces: Any) -> bool:
    return isinstance(pieces, list) and all(
        isinstance(piece, list) and len(piece) == 3 and all(type(part) is int and part >= 0 for part in piece)
        for piece in pieces
    )


def _cut_leaves(change: Change, wanted: set[int]) -> list[Leaf]:
    return [leaf for leaf in leaves(change.patch) if leaf.at in wanted]


@cache
def _codes() -> frozenset[str]:
    """Every code of the trade: a value that reads like one must not turn a state or a channel into a mark."""
    named = [value for name, value in vars(vocabulary).items() if name.isupper() and not name.startswith("_")]
    found: set[str] = set()
    for value in named:
        found.update(value if isinstance(value, tuple) else ())
        found.update(value if isinstance(value, dict) else ())
    return frozenset(code for code in found if isinstance(code, str))
