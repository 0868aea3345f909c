"""What takes the workspace from request to request, and what ticks in it; mixed into its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.message_pump import MessagePump

from agentdesk.desk import queue
from agentdesk.present import timefmt

if TYPE_CHECKING:
    from agentdesk.desk.views import RequestView
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.store.queries import QueueRow


class MovesPart(MessagePump):
    """The way through the queue's view, and the clocks as they read now."""

    view: RequestView | None
    _request: str
    _ticked: tuple[str, ...] = ()

    @property
    def _framed(self) -> FramedScreen:
        return cast("FramedScreen", self)

    # -- from request to request --------------------------------------------------------------------------------------

    def action_following(self) -> None:
        """Open the next request of what the queue shows; the reply being written stays with its own."""
        self._go(forward=True)

    def action_previous(self) -> None:
        """Open the one before."""
        self._go(forward=False)

    def _go(self, *, forward: bool) -> None:
        here, wanted = self._request, self._framed.session.queue_filter
        if not here:
            return

        def found(row: QueueRow | None) -> None:
            if row is None:
                self._framed.unavailable("why.last_one" if forward else "why.first_one")
            else:
                self._framed.desk_app.open_request(row.id)

        self._framed.ask(
            "neighbour", lambda desk: queue.neighbour(desk, here, wanted, forward=forward), found, hold=True
        )

    # -- clocks -------------------------------------------------------------------------------------------------------

    def clocks_moved(self, now_ms: int) -> bool:
        """Whether a running clock reads differently than at the last tick: most stand still for a minute."""
        running = [clock for clock in self.view.clocks if clock.running] if self.view is not None else []
        words = tuple(timefmt.countdown(clock.due_at, now_ms) for clock in running)
        moved = words != self._ticked
        self._ticked = words
        return moved
