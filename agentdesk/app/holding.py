"""Keys wait their turn: while the desk is busy, and until what was pressed before has taken effect.

Between "send" and the next screen lie a commit and a paint, and even Tab works only once a few widgets have heard of
it. A practised agent, or a burst of bytes, is faster: the keys that arrive meanwhile are kept and go on in order. A
command behind words that a list is searched by waits for the list that they find: Enter and F3 mean no other one. A
limit in time keeps a fault from locking the keyboard; a machine that is merely slow is waited for, since keys that go
on before there is a field for them are lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.message_pump import MessagePump

LIMIT = 5.0
"""Seconds after which keys go on even if nobody released them and nothing is being done any more."""

LONGEST = 60.0
"""Seconds after which they go on although something is still being done: a worker that never ends locks no keyboard."""

ROUNDS = 2
"""How often a widget is asked whether it is through: what it did about a key may have sent itself a message."""


def is_text(event: events.Event, focused: object) -> bool:
    """Return whether an event only puts text into the field in hand: it needs no waiting for what follows."""
    if isinstance(event, events.Paste):
        return True
    return isinstance(event, events.Key) and event.is_printable and takes_text(focused)


def takes_text(focused: object) -> bool:
    """Return whether the field in hand is one for text."""
    # By their method: importing the text area would cost the first paint 10 ms, and no text field is there yet.
    return hasattr(focused, "insert_text_at_cursor") or hasattr(focused, "insert_text_at_caret")


def after_taken(start: DOMNode, then: Callable[[], None]) -> None:
    """Call `then` once `start` and everything above it have worked off what was sent to them before.

    The way of a message is from widget to parent; a callback goes the same way behind it. A key that no widget takes
    goes up to the app, whose binding may act on the widget: then its message goes all the way again.
    """
    way: list[MessagePump] = list(start.ancestors_with_self)
    nodes = way + [node for node in way for _ in range(ROUNDS)]

    def step() -> None:
        while nodes:
            if nodes.pop(0).call_later(step):
                return
        then()

    step()


class KeyHold:
    """The reasons for which keys are kept, and the keys. Used by the event loop only."""

    def __init__(self) -> None:
        self._reasons: dict[str, int] = {}
        self._kept: list[events.Key | events.Paste] = []
        self._aside: list[events.Key | events.Paste] = []

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

    def put_back(self, event: events.Event) -> None:
        """Keep a key before all others: its turn had come too early."""
        if isinstance(event, (events.Key, events.Paste)):
            self._kept.insert(0, event)

    def next_kept(self) -> events.Key | events.Paste | None:
        """Take the key whose turn it is; None while there is a reason to wait, or nothing waits."""
        if self._reasons or not self._kept:
            return None
        return self._kept.pop(0)

    @property
    def waiting(self) -> bool:
        """Whether keys wait."""
        return bool(self._kept)

    def drop_commands(self, spared: Callable[[str], bool]) -> None:
        """Forget the kept commands and all that was pressed after the first of them: they were meant for a screen that
        does not come. Text that belongs to the field in hand stays, and the first key that is `spared`."""
        for index, event in enumerate(self._kept):
            if isinstance(event, events.Key) and not event.is_printable:
                ahead = self._kept[index:]
                self._kept[index:] = [one for one in ahead if isinstance(one, events.Key) and spared(one.key)][:1]
                return

    def set_aside(self) -> None:
        """Lay away what waits: a question comes that whoever pressed it has not seen."""
        self._aside += self._kept
        self._kept = []

    def take_up(self) -> None:
        """What was laid away has its turn again, before what was pressed since."""
        self._kept = self._aside + self._kept
        self._aside = []

    def clear(self) -> None:
        """Give up every reason: the limit has passed."""
        self._reasons.clear()
