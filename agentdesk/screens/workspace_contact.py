"""The customer's contact in the workspace: masked, in full by one key for a while, copied by another; mixed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.actions import SkipAction
from textual.message_pump import MessagePump

from agentdesk.desk import revealing
from agentdesk.present.i18n import t
from agentdesk.present.safe import STRONG, Piece

if TYPE_CHECKING:
    from agentdesk.desk.views import RequestView
    from agentdesk.screens.frame import FramedScreen


class ContactPart(MessagePump):
    """What is done with the contact; the desk decides who may see it and writes down that it was seen."""

    view: RequestView | None
    _request: str
    _in_full = False
    _show: Callable[[RequestView], None]
    refresh_view: Callable[..., None]

    @property
    def _over(self) -> FramedScreen:
        return cast("FramedScreen", self)

    def action_reveal(self) -> None:
        """Show the contact in full for a while; the same key masks it again."""
        view = self.view
        if view is None:
            return
        if self._in_full:
            self.mask()
            self._over.say(t("contact.masked"))
            return

        def shown(seconds: int) -> None:
            self._in_full = True
            if self._request == view.id and self._over.is_current:
                self._over.say(t("contact.revealed", seconds=seconds))
                self.refresh_view()
            else:
                self.mask()  # the answer came when the request was left

        self._over.ask("reveal", lambda desk: revealing.reveal(desk, view.id), shown, hold=True)

    def action_copy_contact(self) -> None:
        """Copy the contact in full, shown or not."""
        view = self.view
        if view is None:
            return

        def copied(contact: str) -> None:
            self._over.app.copy_to_clipboard(contact)
            self._over.say(t("contact.copied"), "done")

        self._over.ask("copied", lambda desk: revealing.copied(desk, view.id), copied, hold=True)

    def action_copy_text(self) -> None:
        """Copy what the mouse has marked; while the contact is shown in full that is a copy of it too."""
        marked, view = self._over.get_selected_text(), self.view
        if marked is None:
            raise SkipAction
        if not self._in_full or view is None:
            self._over.app.copy_to_clipboard(marked)
            return

        def copied(_: str) -> None:
            self._over.app.copy_to_clipboard(marked)
            self._over.say(t("contact.copied"), "done")

        self._over.ask("copied", lambda desk: revealing.copied(desk, view.id), copied, hold=True)

    def mask(self) -> None:
        """Mask the contact again, on the screen at once."""
        if not self._in_full:
            return
        self._in_full = False
        revealing.hide(self._over.session.raw_desk)
        if self.view is not None:
            self._show(revealing.masked(self.view))

    def mask_in_time(self) -> None:
        """Mask it once its time is over; called at each tick."""
        if self._in_full and not revealing.is_revealed(self._over.session.raw_desk, self._request):
            self.mask()

    def contact_pieces(self) -> list[Piece]:
        """The contact for the line under the timeline, which is seen at every size, while it is shown in full."""
        if not self._in_full or self.view is None:
            return []
        return [(str(self.view.value("contact")) + "   ", STRONG)]
