"""Finds the customer while a phone, number or name is typed, and warns of requests that are still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from textual.content import Content
from textual.widgets import Static

from agentdesk.desk import capture
from agentdesk.screens import drawn_intake as drawn

if TYPE_CHECKING:
    from agentdesk.desk.views import CustomerMatch, RequestBrief
    from agentdesk.screens.asking import Asking

SHOWN = 3
"""Customers shown at a time."""


class CustomerFinder(Static):
    """The lines under the head: customers that match, or the open requests of the one in the form."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.matches: Sequence[CustomerMatch] = ()
        self.at = 0
        self.display = False

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
                self._show_open(match.open_requests)
            then(match)

        self._asking.ask("find", lambda desk: capture.find_customer(desk, wanted), found, hold=True)

    def move(self, by: int) -> None:
        """Put the mark on another of the customers shown."""
        if self.matches:
            self.at = max(0, min(self.at + by, min(SHOWN, len(self.matches)) - 1))
            shown = enumerate(self.matches[:SHOWN])
            self._show([drawn.customer_match(one, index == self.at, self._cells) for index, one in shown])

    def warn_of_open(self, values: Mapping[str, Any]) -> None:
        """Show the open requests of the customer in the form."""
        self._asking.ask("open", lambda desk: capture.open_requests(desk, values), self._show_open)

    def _show_open(self, requests: Sequence[RequestBrief]) -> None:
        self._show([drawn.open_request(one, self._cells) for one in requests[:SHOWN]])

    def clear(self) -> None:
        """Show nothing."""
        self.matches, self.at = (), 0
        self._show([])

    @property
    def _cells(self) -> int:
        return max(20, self.screen.size.width - 2)

    def _show(self, lines: Sequence[Content]) -> None:
        self.display = bool(lines)
        self.update(Content("\n").join(lines))
