"""Finds the customer while a phone, number or name is typed, and warns of requests that may be the same one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import around, capture
from agentdesk.desk.around import CUSTOMER, Around, Near
from agentdesk.screens import drawn_intake as drawn

if TYPE_CHECKING:
    from textual.timer import Timer

    from agentdesk.desk.views import CustomerMatch
    from agentdesk.screens.asking import Asking

SHOWN = 3
"""Customers or requests shown at a time."""
RESTS = 0.3
"""Seconds the typing rests before one looks around."""


class CustomerFinder(Static):
    """The lines under the head: customers that match, or requests that the one in the form may be a second one of."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.matches: Sequence[CustomerMatch] = ()
        self.at = 0
        self.display = False
        self._rests: Timer | None = None

    @property
    def _asking(self) -> Asking:
        return cast("Asking", self.screen)

    def look_for(self, text: str) -> None:
        """Search for what is typed; an older answer is dropped."""
        wanted = text.strip()
        if not wanted:
            self._asking.forget("find")
            self._found([])
            return
        self._asking.ask("find", lambda desk: capture.find_customer(desk, wanted), self._found)

    def _found(self, matches: Sequence[CustomerMatch]) -> None:
        self.matches, self.at = matches, 0
        self._show(
            [drawn.customer_match(one, index == self.at, self._cells) for index, one in enumerate(matches[:SHOWN])]
        )

    def take(self, text: str, then: Callable[[CustomerMatch | None], None]) -> None:
        """Find what is typed now and give the customer in hand (None: nobody) to `then`; keys wait until it did."""
        wanted = text.strip()
        if not wanted:
            then(None)
            return

        def found(matches: Sequence[CustomerMatch]) -> None:
            same = [one.contact for one in matches] == [one.contact for one in self.matches]
            self.matches, self.at = matches, self.at if same else 0
            match = self.matches[self.at] if self.matches else None
            if match is not None:
                self._show_near(Around(tuple(Near(one, CUSTOMER, one.at) for one in match.open_requests)))
            then(match)

        self._asking.ask("find", lambda desk: capture.find_customer(desk, wanted), found, hold=True)

    def move(self, by: int) -> None:
        """Put the mark on another of the customers shown."""
        if self.matches:
            self.at = max(0, min(self.at + by, min(SHOWN, len(self.matches)) - 1))
            shown = enumerate(self.matches[:SHOWN])
            self._show([drawn.customer_match(one, index == self.at, self._cells) for index, one in shown])

    def look_around(self, values: Mapping[str, Any]) -> None:
        """Show what the form may be a second one of, once the typing rests; an older answer is dropped."""
        self._rest()
        self._asking.forget("around")
        self._rests = self.set_timer(
            RESTS, lambda: self._asking.ask("around", lambda desk: around.look(desk, values), self._show_near)
        )

    def _show_near(self, found: Around) -> None:
        now = self._asking.session.now()
        told = [drawn.near(one, now, self._cells) for one in found.near[:SHOWN]]
        if found.batch:
            window = self._asking.session.raw_desk.settings.seconds("alike.batch_window")
            told = [drawn.batch(found.batch, window), *told[: SHOWN - 1]]
        self._show(told)

    def _rest(self) -> None:
        if self._rests is not None:
            self._rests.stop()
            self._rests = None

    def clear(self) -> None:
        """Show nothing."""
        self._rest()
        self._asking.forget("around")
        self.matches, self.at = (), 0
        self._show([])

    @property
    def _cells(self) -> int:
        return max(20, self.screen.size.width - 2)

    def _show(self, lines: Sequence[Content]) -> None:
        self.display = bool(lines)
        self.update(Content("\n").join(lines))
