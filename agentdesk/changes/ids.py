"""Identifiers: time-ordered ones made anywhere, derived ones where two makers must agree."""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_RANDOM_BITS = 74
_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """Return a uuid7 (lower case, hyphens) that is greater than every earlier one of this process."""
    global _last
    with _lock:
        candidate = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        _last = max(candidate, _last + 1)
        value = _last
    millis, rest = value >> _RANDOM_BITS, value & ((1 << _RANDOM_BITS) - 1)
    high, low = rest >> 62, rest & ((1 << 62) - 1)
    return str(uuid.UUID(int=(millis << 80) | (7 << 76) | (high << 64) | (0b10 << 62) | low))


def derived_id(*parts: str) -> str:
    """Return a uuid5 of the parts, for things that two makers must name alike (starter pack, settings, imports).

    Never feed it a phone number or a name: such an id can be guessed back.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "agentdesk:" + "\x1f".join(parts)))
