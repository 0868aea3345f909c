"""The hybrid clock: wall time that never runs backwards on one desk, and never falls behind what it has seen."""

from __future__ import annotations

LOGICAL_BITS = 16


def hlc_to_hex(value: int) -> str:
    """Return the wire form, 16 hex digits: as a JSON number it would pass 2^53 and be rounded."""
    return f"{value:016x}"


def hlc_from_hex(text: str) -> int:
    """Read the wire form; raise ValueError unless it is 16 lower-case hex digits of a 63-bit number."""
    if len(text) != 16 or text != text.lower():
        raise ValueError("not a hybrid time")
    value = int(text, 16)
    if value < 0 or value >= 1 << 63:
        raise ValueError("not a hybrid time")
    return value


def hlc_millis(value: int) -> int:
    """Return the wall part in milliseconds since 1970, UTC."""
    return value >> LOGICAL_BITS


def hlc_at(millis: int) -> int:
    """Return the least hybrid time of that millisecond."""
    return millis << LOGICAL_BITS


class HybridClock:
    """48 bits of milliseconds and 16 of a counter; a full counter carries into the milliseconds (SYNC 2.15)."""

    def __init__(self, last: int = 0, offset_ms: int = 0) -> None:
        """Start after `last`, a hybrid time; `offset_ms` is the known difference centre minus this machine."""
        self.last = last
        self.offset_ms = offset_ms

    def tick(self, wall_ms: int) -> int:
        """Return the next time for a change written now: above all earlier ones and all that was observed."""
        self.last = max(self.last + 1, hlc_at(wall_ms + self.offset_ms))
        return self.last

    def observe(self, eff: int) -> None:
        """Take note of a merge time seen in a pulled row."""
        self.last = max(self.last, eff)

    def set_offset(self, offset_ms: int, wall_ms: int) -> None:
        """Adopt the offset that hello told and go to the centre's time, also downward: ctr orders pending work."""
        self.offset_ms = offset_ms
        self.last = hlc_at(wall_ms + offset_ms)
