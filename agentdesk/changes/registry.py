"""What the engine is told about the trade: entities, their groups with merge kinds, and the lanes' transitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How the changes of one group merge (MODEL §1)."""

    EVENT = "E"
    REGISTER = "R"
    SET = "S"
    TEXT = "T"
    LANE = "M"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One transition that somebody tries, as a guard sees it."""

    t: str
    value: Mapping[str, Any]
    actor: str
    roles: frozenset[str]
    at: datetime
    entity_id: str
    received: datetime | None = None
    """When the centre got it, by its own clock; None at a desk."""


Guard = Callable[[Any, Attempt], Sequence[str]]
"""Facts and attempt in, codes of what is missing or violated out; nothing means legal."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a lane's table; `sources` holds None for "does not exist yet", `target` None means "stays"."""

    name: str
    sources: frozenset[str | None]
    targets: tuple[str, ...]
    by: frozenset[str] = frozenset()
    guard: Guard | None = None
    rebasable: bool = False
    starts_episode: bool = False
    available: bool = True
    """False: the row is law, but the form that performs it comes later; the desk says so when it is tried."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A state moved only by transitions; what is illegal becomes a proposal, or is refused (future effects only)."""

    transitions: Mapping[str, Transition]
    on_illegal: str = "proposal"


@dataclass(frozen=True, slots=True)
class Group:
    """The merge unit: fields that make sense only together, always written whole."""

    kind: Kind
    fields: tuple[str, ...] = ()
    lane: Lane | None = None
    kept: bool = False
    """A register whose overwritten values clocks and reports still need, by change id, beside the winner."""
    central_only: bool = False
    persons: tuple[str, ...] = ()
    """Where person ids stand in the value: `owner`, `steps[].owner`; rewritten when a desk joins (SYNC 2.9)."""
    teams: tuple[str, ...] = ()
    private_checked: tuple[str, ...] = ()
    """(field, flag): the field may hold a number that looks like a card if the flag says that somebody checked it."""
    max_text: int = 5_000
    """Longest text in characters anywhere inside the value."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of thing that is synchronised: its scope and its groups by name."""

    scope: str
    groups: Mapping[str, Group]
    own_root: bool = False
    """True: root of its own (a request, an article); False: it hangs on the request named as root."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The whole table. A group or lane that is not in it does not exist; unknown ones are kept raw, never folded."""

    version: int
    entities: Mapping[str, Entity]
    facts: Callable[[Sequence[Any], Any], Any] = field(default=lambda states, settings: states)
    """Turns the folded states of one root, and the site's settings in force, into what the guards read."""

    def group(self, entity: str, name: str) -> Group | None:
        """Return the group, or None where a newer version wrote it."""
        known = self.entities.get(entity)
        return known.groups.get(name) if known else None
