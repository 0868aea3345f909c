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
    """The lines under the head: customers that match what is looked up; without any, requests that the one in the form
    may be a second one of."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.matches: Sequence[CustomerMatch] = ()
        self.at = 0
        self._near = Around()
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
        self._draw()

    def take(self, text: str, then: Callable[[CustomerMatch | None], None]) -> None:
        """Find what is typed now and give the customer in hand (None: nobody) to `then`; keys wait until it did."""
        wanted = text.strip()
        if not wanted:
            then(None)
            return

        def found(matches: Sequence[CustomerMatch]) -> None:
            same = [one.contact for one in matches] == [one.contact for one in self.matches]
            match = matches[self.at if same else 0] if matches else None
            self.matches, self.at = (), 0
            if match is not None:
                self._show_near(Around(tuple(Near(one, CUSTOMER, one.at) for one in match.open_requests)))
            then(match)

        self._asking.ask("find", lambda desk: capture.find_customer(desk, wanted), found, hold=True)

    def move(self, by: int) -> None:
        """Put the mark on another of the customers shown."""
        if self.matches:
            self.at = max(0, min(self.at + by, min(SHOWN, len(self.matches)) - 1))
            self._draw()

    def look_around(self, values: Mapping[str, Any]) -> None:
        """Show what the form may be a second one of, once the typing rests; an older answer is dropped."""
        self._rest()
        self._asking.forget("around")
        self._rests = self.set_timer(
            RESTS, lambda: self._asking.ask("around", lambda desk: around.look(desk, values), self._show_near)
        )

    def _show_near(self, found: Around) -> None:
        self._near = found
        self._draw()

    def _rest(self) -> None:
        if self._rests is not None:
            self._rests.stop()
            self._rests = None

    def clear(self) -> None:
        """Show nothing."""
        self._rest()
        self._asking.forget("around")
        self._asking.forget("find")
        self.matches, self.at, self._near = (), 0, Around()
        self._draw()

    @property
    def _cells(self) -> int:
        return max(20, self.screen.size.width - 2)

    def _draw(self) -> None:
        """Show the customers to choose from while there are any, as Enter takes the marked one; else what is near."""
        lines = self._customers() if self.matches else self._warnings()
        self.display = bool(lines)
        self.update(Content("\n").join(lines))

    def _customers(self) -> list[Content]:
        shown = enumerate(self.matches[:SHOWN])
        return [drawn.customer_match(one, index == self.at, self._cells) for index, one in shown]

    def _warnings(self) -> list[Content]:
        now, found = self._asking.session.now(), self._near
        told = [drawn.near(one, now, self._cells) for one in found.near[:SHOWN]]
        if not found.batch:
            return told
        window = self._asking.session.raw_desk.settings.seconds("alike.batch_window")
        return [drawn.batch(found.batch, window), *told[: SHOWN - 1]]
