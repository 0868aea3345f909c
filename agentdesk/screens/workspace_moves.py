"""What takes the workspace from request to request, and what ticks in it; mixed into its screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.message_pump import MessagePump

from agentdesk.desk import queue
from agentdesk.present import timefmt
from agentdesk.present.i18n import t
from agentdesk.screens.refusals import needs

if TYPE_CHECKING:
    from agentdesk.desk.undo import Undone
    from agentdesk.desk.views import RequestView
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.store.queries import QueueRow


_FIELD = {"reporter": "customer_name", "type": "request_type", "occurred": "occurred_at", "order": "order_no"}
"""The field whose name stands for a group of several."""


def _redactions(view: RequestView) -> int:
    return sum(item.kind == "redact" for item in view.timeline)


class MovesPart(MessagePump):
    """The way through the queue's view, and the clocks as they read now."""

    view: RequestView | None
    _request: str
    _ticked: tuple[str, ...] = ()
    refresh_view: Callable[..., None]

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

    # -- taking back --------------------------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """Take back the last thing that I did on this request."""
        here = self._request
        if not here:
            return
        from agentdesk.desk import undo  # only when something is taken back

        def undone(done: Undone) -> None:
            said = needs(_FIELD.get(group, group) for group in done.groups)
            self._framed.say(t("undo.done", what=said), "done")
            self.refresh_view(moved=True)

        self._framed.ask("undo", lambda desk: undo.undo(desk, here), undone, hold=True)

    # -- taking out for good ------------------------------------------------------------------------------------------

    def action_redact(self) -> None:
        """Open the form that takes a value out of this request."""
        view = self.view
        if view is None:
            return
        from agentdesk.screens.redact import RedactScreen  # only when something is taken out

        def redacted(said: str | None) -> None:
            if said:
                self._framed.say(said, "done")
                self.refresh_view(moved=True)

        self._framed.app.push_screen(RedactScreen(view), redacted)

    def was_redacted(self, view: RequestView) -> bool:
        """Whether something was taken out of the request that is shown, here or at another desk, since it was read."""
        before = self.view
        if before is None or before.id != view.id:
            return False
        return _redactions(before) != _redactions(view)

    # -- clocks -------------------------------------------------------------------------------------------------------

    def clocks_moved(self, now_ms: int) -> bool:
        """Whether a running clock reads differently than at the last tick: most stand still for a minute."""
        running = [clock for clock in self.view.clocks if clock.running] if self.view is not None else []
        words = tuple(timefmt.countdown(clock.due_at, now_ms) for clock in running)
        moved = words != self._ticked
        self._ticked = words
        return moved
