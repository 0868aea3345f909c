"""Changes, log rows and folded states: the values that everything else passes around."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agentdesk.changes.canonical import NotCanonical, canonical, check_plain, parse_canonical
from agentdesk.changes.hlc import hlc_from_hex, hlc_to_hex

PAYLOAD_MEMBERS = frozenset(
    ("id", "hlc", "root", "txn", "entity", "entity_id", "base", "patch", "rules_v", "v", "nonce")
)


def instant(text: str) -> datetime:
    """Read an `at`: ISO-8601 wall time with offset; ValueError without an offset, since times carry zones."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(f"no zone: {text[:40]}")
    return value


def stamp_time(at: datetime) -> str:
    """Write an `at` in the one form that facts use: local wall time, milliseconds, offset."""
    return at.isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Change:
    """An immutable fact: the payload's members and the canonical bytes that were made of them once."""

    id: str
    hlc: int
    root: str
    txn: str
    entity: str
    entity_id: str
    base: Mapping[str, Sequence[str]]
    patch: Mapping[str, Any]
    rules_v: str
    v: int
    nonce: str
    raw: bytes = field(repr=False)

    @classmethod
    def make(
        cls,
        *,
        id: str,
        hlc: int,
        root: str,
        txn: str,
        entity: str,
        entity_id: str,
        patch: Mapping[str, Any],
        base: Mapping[str, Sequence[str]],
        rules_v: str,
        v: int,
        nonce: str | None = None,
    ) -> Change:
        """Build a change and its bytes; NotCanonical if a value has no canonical form (float, lone surrogate)."""
        payload = {
            "id": id,
            "hlc": hlc_to_hex(hlc),
            "root": root,
            "txn": txn,
            "entity": entity,
            "entity_id": entity_id,
            "base": {group: list(ids) for group, ids in base.items()},
            "patch": dict(patch),
            "rules_v": rules_v,
            "v": v,
            "nonce": nonce or secrets.token_hex(16),
        }
        check_plain(payload)
        return cls.of_payload(payload, canonical(payload))

    @classmethod
    def of_payload(cls, payload: Any, raw: bytes) -> Change:
        """Wrap a parsed payload whose canonical bytes are known; NotCanonical if its shape is wrong."""
        if not isinstance(payload, dict) or payload.keys() != PAYLOAD_MEMBERS:
            raise NotCanonical("payload members")
        texts = ("id", "root", "txn", "entity", "entity_id", "rules_v", "nonce", "hlc")
        if not all(isinstance(payload[name], str) for name in texts) or type(payload["v"]) is not int:
            raise NotCanonical("payload types")
        base, patch = payload["base"], payload["patch"]
        if not isinstance(base, dict) or not isinstance(patch, dict):
            raise NotCanonical("payload base and patch")
        try:
            hlc = hlc_from_hex(payload["hlc"])
        except ValueError as error:
            raise NotCanonical(str(error)) from error
        return cls(
            payload["id"],
            hlc,
            payload["root"],
            payload["txn"],
            payload["entity"],
            payload["entity_id"],
            base,
            patch,
            payload["rules_v"],
            payload["v"],
            payload["nonce"],
            raw,
        )

    @classmethod
    def parse(cls, raw: bytes) -> Change:
        """Read stored payload bytes."""
        return cls.of_payload(parse_canonical(raw), raw)


@dataclass(frozen=True, slots=True)
class Row:
    """A change with its place in a scope's log, as the centre stamped it."""

    change: Change
    seq: int
    eff: int
    verdict: str
    row_hash: str
    device: str
    ctr: int
    actor: str
    adj: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, read out of an event group."""

    id: str
    entity: str
    entity_id: str
    group: str
    value: Mapping[str, Any]
    at: datetime
    actor: str
    seq: int


@dataclass(slots=True)
class EntityState:
    """One folded entity. Shapes of `values` and `stamps` by kind:

    E `{change id: value}` with `[eff, seq, actor]` · R value with `[eff, seq, change id, actor]` · S `{element: bool}`
    with `{element: [eff, seq, change id, actor]}` · T `{change id: text}` with `[eff, seq, actor]` · M the lane
    `{state, owner, episode, head, trail, …}` without stamps. `kept`: overwritten registers that clocks need.
    """

    entity: str
    id: str
    root: str
    scope: str
    author: str
    rules_v: str
    values: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def register(self, group: str) -> dict[str, Any]:
        """Return the register's value, or an empty one."""
        return self.values.get(group) or {}

    def events(self, group: str) -> list[Event]:
        """Return the events of a group in the order (at, seq, id)."""
        stamps = self.stamps.get(group, {})
        found = [
            Event(cid, self.entity, self.id, group, value, instant(value["at"]), stamps[cid][2], stamps[cid][1])
            for cid, value in self.values.get(group, {}).items()
        ]
        if len(found) > 1:
            found.sort(key=lambda event: (event.at, event.seq, event.id))
        return found

    def elements(self, group: str) -> list[str]:
        """Return the present elements of a set, sorted."""
        return sorted(element for element, there in self.values.get(group, {}).items() if there)

    def texts(self, group: str) -> list[str]:
        """Return the siblings of a text, oldest first; two or more mean that nobody has joined them yet."""
        stamps = self.stamps.get(group, {})
        siblings: dict[str, str] = self.values.get(group, {})
        return [siblings[cid] for cid in sorted(siblings, key=lambda cid: (stamps[cid][1], cid))]

    def text(self, group: str) -> str:
        """Return the text, siblings joined by a blank line."""
        return "\n\n".join(self.texts(group))

    def lane(self, group: str) -> dict[str, Any] | None:
        """Return the lane, or None before its first transition."""
        return self.values.get(group)

    def as_json(self) -> dict[str, Any]:
        """Return the comparable part: what two equal copies hold alike (MODEL §8, digest)."""
        return {
            "author": self.author,
            "entity": self.entity,
            "id": self.id,
            "kept": self.kept,
            "root": self.root,
            "rules_v": self.rules_v,
            "stamps": self.stamps,
            "values": self.values,
        }
