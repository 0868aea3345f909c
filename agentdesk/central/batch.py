"""A push after all that can be checked before the lock: shape, rights, private numbers (SYNC 2.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agentdesk.central.accounts import Author
from agentdesk.central.ledger import Refused
from agentdesk.central.problems import Problem
from agentdesk.central.rights import may_write
from agentdesk.changes import Change, NotCanonical, Registry, payload_hash, shape_problem
from agentdesk.changes.wire import Pushed, parse_push
from agentdesk.text.privacy import find_private

MAX_CHANGES = 500
MAX_TXN_CHANGES = 100
MAX_TXN_BYTES = 512 * 1024
LEAST_PRIVATE = 13
"""Fewest characters of a card number; shorter strings cannot hold one."""

_PASSING = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?[+-]\d\d:\d\d"
)
"""Ids and instants: full of digits, made by machines."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RULES = re.compile(r"[0-9A-Za-z.+-]{0,40}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Item:
    """One change of a push, with its hash and, where the first checks found something, the refusal."""

    ctr: int
    adj: int
    change: Change
    row_hash: str
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A push, ready for the lock: its items cut into txns."""

    scope: str
    epoch: str
    author: Author
    items: Sequence[Item]
    txns: Sequence[Sequence[Item]]


def read_batch(body: bytes, scope: str, author: Author, registry: Registry) -> Batch:
    """Read and check a push; `Problem` 400 for bytes that are no canonical push, 413 for too many changes."""
    try:
        epoch, pushed = parse_push(body)
    except NotCanonical as error:
        raise Problem(400, "not_canonical", detail=str(error)[:200]) from error
    if len(pushed) > MAX_CHANGES:
        raise Problem(413, "too_large", changes=MAX_CHANGES)
    if not pushed or pushed[0].ctr < 1:
        raise Problem(400, "counters")
    if any(item.ctr != pushed[0].ctr + place for place, item in enumerate(pushed)):
        raise Problem(400, "counters")
    if not all(_UUID.fullmatch(item.change.id) and _UUID.fullmatch(item.change.root) for item in pushed):
        raise Problem(400, "ids")
    items = [_checked(item, scope, author, registry) for item in pushed]
    return Batch(scope, epoch, author, items, _cut(items))


def _cut(items: Sequence[Item]) -> list[list[Item]]:
    """Cut into txns; their members must stand together, since a txn is judged as a whole."""
    txns: list[list[Item]] = []
    seen: set[str] = set()
    for item in items:
        if txns and txns[-1][0].change.txn == item.change.txn:
            txns[-1].append(item)
        elif item.change.txn in seen:
            raise Problem(400, "txn_torn")
        else:
            seen.add(item.change.txn)
            txns.append([item])
    return [_bounded(txn) for txn in txns]


def _bounded(txn: list[Item]) -> list[Item]:
    """Refuse a txn that is larger than one use case may be."""
    if len(txn) <= MAX_TXN_CHANGES and sum(len(item.change.raw) for item in txn) <= MAX_TXN_BYTES:
        return txn
    refused = Refused("shape", {"problem": "txn_too_large"})
    return [Item(item.ctr, item.adj, item.change, item.row_hash, refused) for item in txn]


def _checked(item: Pushed, scope: str, author: Author, registry: Registry) -> Item:
    change = item.change
    return Item(item.ctr, item.adj, change, payload_hash(change.raw), _find(change, scope, author, registry))


def _find(change: Change, scope: str, author: Author, registry: Registry) -> Refused | None:
    if problem := _envelope_problem(change, scope, registry) or shape_problem(change, registry):
        return Refused("shape", {"problem": problem})
    for name, value in change.patch.items():
        if not may_write(author.roles, change.entity, name, value, registry):
            return Refused("right", {"entity": change.entity, "group": name})
    for name, value in change.patch.items():
        if kind := _private_kind(change, name, value, registry):
            return Refused("private_number", {"group": name, "kind": kind})
    return None


def _envelope_problem(change: Change, scope: str, registry: Registry) -> str | None:
    """Check what surrounds the patch; free text there would pass every other check."""
    if not _NAME.fullmatch(change.entity) or not all(_NAME.fullmatch(name) for name in change.patch):
        return "name"
    if not _NONCE.fullmatch(change.nonce) or not _RULES.fullmatch(change.rules_v):
        return "envelope"
    for name, ids in change.base.items():
        if name not in change.patch or not isinstance(ids, list):
            return "base"
        if not all(isinstance(id_, str) and _UUID.fullmatch(id_) for id_ in ids):
            return "base"
    known = registry.entities.get(change.entity)
    if known is None:
        return None
    if known.scope != scope.partition(":")[0]:
        return "scope"
    return "root" if known.own_root and change.root != change.entity_id else None


def _private_kind(change: Change, name: str, value: Any, registry: Registry) -> str | None:
    """Return the kind of a private number in one group's value, unless it is a number that was confirmed (MODEL §6)."""
    group = registry.group(change.entity, name)
    if group is not None and group.private_checked and isinstance(value, dict):
        field, flag = group.private_checked
        if value.get(flag) is True:
            value = {key: item for key, item in value.items() if key != field}
    for text in _texts(value):
        if len(text) < LEAST_PRIVATE or _PASSING.fullmatch(text):
            continue
        if found := find_private(text, contacts=False):
            return found[0].kind
    return None


def _texts(value: Any) -> Iterator[str]:
    """Walk every string inside, names of members and long integers too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
