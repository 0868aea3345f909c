"""A request that has ended, in the workspace: no reply to it, and one line that says what can still be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.message_pump import MessagePump

from agentdesk.domain.vocabulary import ENDED_STATES
from agentdesk.present import labels
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.views import RequestView
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.widgets.composer import Composer

REPLYING = ("send", "phrases", "articles", "resolve", "follow")
"""Actions of the footer that need a request which is still open."""


class EndedPart(MessagePump):
    """Mixed into the workspace's screen."""

    view: RequestView | None
    composer: Composer

    @property
    def ended(self) -> bool:
        """Whether nothing more is said on this request."""
        return self.view is not None and self.view.state in ENDED_STATES

    def stopped(self) -> bool:
        """Say why there is no reply, if so; return whether it is."""
        if self.ended:
            self._shown_in.say(self.why_ended(), "warning")
        return self.ended

    def why_ended(self) -> str:
        """Why there is no reply, as a sentence."""
        state = labels.label("state", self.view.state) if self.view is not None else ""
        return t("why.ended", state=state)

    def ended_reasons(self) -> dict[str, str]:
        """The actions that are greyed on a request that has ended, with the sentence each key then says."""
        return {f"workspace-{name}": self.why_ended() for name in REPLYING}

    def show_composer(self) -> None:
        """The composer stands where there is something to reply to; what is written in it stays."""
        was_in_it = self.composer.area.has_focus
        self._shown_in.set_class(self.ended, "-ended")
        self.composer.display = not self.ended
        if was_in_it and self.ended:
            self.focus_reply()

    def focus_reply(self) -> None:
        """Put the focus where the work goes on: into the reply, or on what happened where there is none."""
        if self.ended:
            self._shown_in.query_one("#ws-timeline").focus()
        else:
            self.composer.focus_text()

    @property
    def _shown_in(self) -> FramedScreen:
        return cast("FramedScreen", self)
