"""Skeletons: what is left of a change after a value was taken out of it (SYNC 2.14).

A skeleton keeps id, root, txn, entity, base, group names and the shape of every value; the marked pieces of its texts
are gone, and so is the nonce, without which nobody can guess a value back from the row's hash. The hash stays that of
the change as it was pushed, so that chain and dedupe go on to hold. Pieces are named by the number of a text in the
order of `leaves`, never by a key, since a key (an element of a set) may itself hold the value.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from agentdesk.changes.canonical import canonical
from agentdesk.changes.hlc import hlc_to_hex
from agentdesk.changes.model import Change

MARK = "[REDACTED]"
"""What stands in the place of a piece that was taken out."""

Cut: TypeAlias = "tuple[int, int, int]"
"""(number of the text, start, end): one piece, in code points, end exclusive."""

_ERASED = re.compile(r"r(\d{1,16})")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One text of a patch: its group, the field it stands in, and what it is (`key`: an object's key, `number`)."""

    at: int
    group: str
    field: str
    text: str
    kind: str = "text"


def leaves(patch: Mapping[str, Any]) -> Iterator[Leaf]:
    """Walk every text of a patch in the order of its canonical bytes: keys, strings, integers (as decimal text).

    The order depends on the patch alone, so that holders of different registries count alike.
    """
    counted = 0
    for group in sorted(patch):
        for field, text, kind in _walk(patch[group], ""):
            yield Leaf(counted, group, field, text, kind)
            counted += 1


def _walk(value: Any, field: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str):
        yield field, value, "text"
    elif isinstance(value, dict):
        for key in sorted(value):
            yield field, key, "key"
            yield from _walk(value[key], key)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, field)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield field, str(value), "number"


def cut_out(patch: Mapping[str, Any], cuts: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Return the patch with these pieces replaced by `MARK`; a number that is cut becomes 0."""
    by_leaf: dict[int, list[tuple[int, int]]] = {}
    for at, start, end in cuts:
        by_leaf.setdefault(at, []).append((start, end))
    counter = iter(range(1 << 62))

    def text_of(text: str) -> str:
        return without(text, by_leaf.get(next(counter), ()))

    def rebuilt(value: Any) -> Any:
        if isinstance(value, str):
            return text_of(value)
        if isinstance(value, dict):
            return {text_of(key): rebuilt(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return [rebuilt(item) for item in value]
        if isinstance(value, int) and not isinstance(value, bool):
            return 0 if by_leaf.get(next(counter)) else value
        return value

    return {group: rebuilt(patch[group]) for group in sorted(patch)}


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text with these pieces replaced by `MARK`; pieces that overlap or lie beyond the end become one."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if end <= done or start >= len(text):
            continue
        parts += (text[done:start], MARK) if start >= done else ()
        done = end
    return "".join((*parts, text[done:]))


def pieces(patch: Mapping[str, Any], cuts: Sequence[Sequence[int]]) -> set[str]:
    """Return the pieces that would be taken out: how a holder learns the value from its own copy."""
    texts = {leaf.at: leaf.text for leaf in leaves(patch)}
    return {texts[at][start:end] for at, start, end in cuts if at in texts} - {""}


def skeleton(change: Change, cuts: Sequence[Sequence[int]], seq: int) -> Change:
    """Return the skeleton that row `seq`, a redaction, makes of a change of the log."""
    return _remade(change, cut_out(change.patch, cuts), f"r{seq}")


def unseen(change: Change, patch: Mapping[str, Any]) -> Change:
    """Return a change that nobody else has seen with another patch: bytes and nonce are made anew, the id stays."""
    return _remade(change, patch, secrets.token_hex(16))


def erased_at(change: Change) -> int:
    """Return the seq of the redaction that was the last to take something out of a change; 0 where none was."""
    found = _ERASED.fullmatch(change.nonce)
    return int(found[1]) if found else 0


def find(patch: Mapping[str, Any], look: Callable[[Leaf], Sequence[tuple[int, int]]]) -> list[Cut]:
    """Return the pieces that `look` names in the texts of a patch."""
    return [(leaf.at, start, end) for leaf in leaves(patch) for start, end in look(leaf)]


def _remade(change: Change, patch: Mapping[str, Any], nonce: str) -> Change:
    payload = {
        "id": change.id,
        "hlc": hlc_to_hex(change.hlc),
        "root": change.root,
        "txn": change.txn,
        "entity": change.entity,
        "entity_id": change.entity_id,
        "base": {group: list(ids) for group, ids in change.base.items()},
        "patch": patch,
        "rules_v": change.rules_v,
        "v": change.v,
        "nonce": nonce,
    }
    return replace(change, patch=patch, nonce=nonce, raw=canonical(payload))
