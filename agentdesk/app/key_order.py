"""The order of keys: an app that hands each key on only once the one before has taken effect.

See `app.holding` for why; here is how it sits in Textual's event loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import App

from agentdesk.app.clearing import ClearingUp
from agentdesk.app.holding import LIMIT, LONGEST, KeyHold, after_taken, is_text, takes_text
from agentdesk.present import keys

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.widget import Widget

KEY_LIMIT = 0.5
"""Seconds after which the next key goes on even if a widget has not answered for the last one."""

LIST_KEYS = frozenset({"enter", "up", "down", "pageup", "pagedown"})
"""Keys that mean a list on any screen; what else does is in the scope of the screen."""


class KeyOrderApp(App[int], inherit_bindings=False):
    """An app whose keys wait for one another, and for whoever holds them."""

    def __init__(self) -> None:
        super().__init__()
        self._hold = KeyHold()
        self.clearing_up = ClearingUp()
        self._limit: Timer | None = None
        self._text_under_way = False
        self._list_overdue = False
        self._key_turn = 0

    async def on_event(self, event: events.Event) -> None:
        """Keep keys back while something is under way, and let each command take effect before the next one."""
        keys_of_person = isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded
        if not keys_of_person:
            await super().on_event(event)
            return
        self.clearing_up.pressed()
        if not self._hold.keep(event):
            await self._take(event)

    async def _take(self, event: events.Event) -> None:
        """Hand a key on. Text follows text at once; a command waits for the text before it, and is waited for."""
        if is_text(event, self.focused):
            self._text_under_way = True
            await super().on_event(event)
        elif self._text_under_way:
            self._text_under_way = False
            self._hold.hold("key")
            self._hold.put_back(event)
            self._let_take_effect(self.focused)
        elif isinstance(event, events.Key) and self._waits_for_list(event):
            self.hold_keys("list")
            self._hold.put_back(event)
        else:
            self._hold.hold("key")
            hush = getattr(self.screen, "hush_before", None)
            if hush is not None and isinstance(event, events.Key):
                hush(event.key)
            before = self.focused
            await super().on_event(event)
            self._let_take_effect(before)

    def _waits_for_list(self, event: events.Key) -> bool:
        """Whether a command is meant for a list that is still being looked for: no leaving, no help, no mending is."""
        if not getattr(self.screen, "is_listing", False):
            self._list_overdue = False
            return False
        picks = event.is_printable and not takes_text(self.focused)
        of_screen = keys.does_in(getattr(self.screen, "SCOPE", "app"), event.key)
        return not self._list_overdue and (picks or of_screen or event.key in LIST_KEYS)

    def _let_take_effect(self, before: Widget | None) -> None:
        """Wait until the widgets have heard of what was pressed, then go on with the next key.

        Also the one that had the focus: what it does on losing it (ask about a number) comes before the next key.
        """
        self._key_turn += 1
        turn = self._key_turn

        def done() -> None:
            if turn == self._key_turn:
                self._key_turn += 1
                self._hold.release("key")
                self.call_later(self._replay)

        def left() -> None:
            after_taken(self.focused or self.screen, done)

        if before is None or before is self.focused or not before.is_attached:
            left()
        else:
            after_taken(before, left)
        self.set_timer(KEY_LIMIT, done)

    def hold_keys(self, why: str) -> None:
        """Keep keys back until `release_keys` with the same reason."""
        self._hold.hold(why)
        if self._limit is not None:
            self._limit.stop()
        self._limit = self.set_timer(LIMIT, lambda: self._hold_too_long(LIMIT))

    def release_keys(self, why: str) -> None:
        """Let the kept keys go on, one at a time, after what was changed is painted."""
        self._hold.release(why)
        if not self._hold.holding:
            if self._limit is not None:
                self._limit.stop()
                self._limit = None
            if self._hold.waiting:
                self.call_after_refresh(self._go_on_with_keys)

    def set_keys_aside(self) -> None:
        """A question comes up unasked: what was typed ahead answers it not, and goes on after it."""
        self._hold.set_aside()

    def take_up_keys(self) -> None:
        """The question is answered: what was typed ahead goes on where it was meant for."""
        self._hold.take_up()
        self.call_after_refresh(self._go_on_with_keys)

    def drop_kept_commands(self) -> None:
        """What was asked for is refused: commands pressed meanwhile were meant for what would have come.

        The key that leaves is meant for the desk, and asks where something was not sent or stored.
        """
        self._hold.drop_commands(keys.leaves)

    def _go_on_with_keys(self) -> None:
        after_taken(self.focused or self.screen, self._replay_soon)

    def _replay_soon(self) -> None:
        self.call_later(self._replay)

    def _hold_too_long(self, waited: float) -> None:
        if waited < LONGEST and any(not worker.is_finished for worker in self.workers):
            self._limit = self.set_timer(LIMIT, lambda: self._hold_too_long(waited + LIMIT))
            return
        self._limit = None
        self._list_overdue = True
        self._hold.clear()
        self.call_later(self._replay)

    async def _replay(self) -> None:
        """Hand on the keys that waited, until one of them is to be waited for."""
        while (event := self._hold.next_kept()) is not None:
            await self._take(event)
