"""Keys pressed while the desk is busy wait their turn.

Between "send" and the next screen lie a commit and a paint. A practised agent is faster: the keys that arrive meanwhile
are kept and go on in order once whoever asked for it lets them. A limit in time keeps a fault from locking the keyboard.
"""

from __future__ import annotations

from textual import events

LIMIT = 5.0
"""Seconds after which keys go on even if nobody released them."""


class KeyHold:
    """The reasons for which keys are kept, and the keys. Used by the event loop only."""

    def __init__(self) -> None:
        self._reasons: dict[str, int] = {}
        self._kept: list[events.Key | events.Paste] = []

    @property
    def holding(self) -> bool:
        """Whether keys are kept now."""
        return bool(self._reasons)

    def hold(self, why: str) -> None:
        """Begin to keep keys for a reason; each hold needs its own release."""
        self._reasons[why] = self._reasons.get(why, 0) + 1

    def release(self, why: str) -> None:
        """Give up a reason; one that was not held is no fault, since the limit may have cleared it."""
        count = self._reasons.pop(why, 0) - 1
        if count > 0:
            self._reasons[why] = count

    def keep(self, event: events.Event) -> bool:
        """Keep a key or a paste while there is a reason or others wait before it; return whether it was kept."""
        waits = bool(self._reasons or self._kept)
        if waits and isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self._kept.append(event)
            return True
        return False

    def next_kept(self) -> events.Key | events.Paste | None:
        """Take the key whose turn it is; None while there is a reason to wait, or nothing waits."""
        if self._reasons or not self._kept:
            return None
        return self._kept.pop(0)

    @property
    def waiting(self) -> bool:
        """Whether keys wait."""
        return bool(self._kept)

    def clear(self) -> None:
        """Give up every reason: the limit has passed."""
        self._reasons.clear()
