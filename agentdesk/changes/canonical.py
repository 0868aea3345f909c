"""Canonical bytes: the one spelling of a JSON value, so that a hash means the same everywhere (SYNC 2.2)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

MAX_INTEGER = 2**53
"""Greatest magnitude of an integer: beyond it common JSON readers round."""

# Made once: `json.dumps` would make one a call, which costs half as much again as the writing.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class NotCanonical(ValueError):
    """The value or the bytes cannot be, or are not, canonical JSON."""


def canonical(value: Any) -> bytes:
    """Return UTF-8 JSON with sorted keys and no spaces; raise `NotCanonical` for what has no canonical form.

    Callers pass plain dicts, lists, strings, integers, booleans and None; floats are refused by `check_plain`,
    which runs where values enter, not on every serialisation.
    """
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except (RecursionError, TypeError, ValueError) as error:
        raise NotCanonical(str(error)) from error


def check_plain(value: Any) -> None:
    """Raise `NotCanonical` if a float, an integer beyond 2^53 or a non-string key is anywhere inside."""
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical("integer beyond 2^53")
    elif isinstance(value, list | tuple):
        for item in value:
            check_plain(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical("key is not a string")
            check_plain(item)
    else:
        raise NotCanonical(f"{type(value).__name__} has no canonical form")


def parse_canonical(data: bytes) -> Any:
    """Parse JSON bytes, refusing floats, NaN and integers beyond 2^53; does not prove that the bytes are canonical."""
    try:
        return json.loads(data, parse_float=_no_float, parse_constant=_no_float, parse_int=_bounded_int)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


def payload_hash(raw: bytes) -> str:
    """Return the row hash: SHA-256 of the payload's bytes, in hex."""
    return hashlib.sha256(raw).hexdigest()


def _no_float(text: str) -> NoReturn:
    raise NotCanonical(f"not an integer: {text[:40]}")


def _bounded_int(text: str) -> int:
    if len(text) > 17 or abs(number := int(text)) > MAX_INTEGER:
        raise NotCanonical("integer beyond 2^53")
    return number
