"""The frame of every screen: who works here on top, a notice line and the keys at the bottom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import ComposeResult
from textual.widgets import Static

from agentdesk.present import keys
from agentdesk.present.i18n import t
from agentdesk.present.safe import line
from agentdesk.screens.asking import DeskScreen
from agentdesk.widgets.footer import KeyFooter
from agentdesk.widgets.notice import NoticeLine
from agentdesk.widgets.status_bar import StatusBar

NOTICE_SECONDS = 8.0


class Foot(KeyFooter):
    """The keys of one scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope
        self._reasons: Mapping[str, str] = {}
        self.renew()

    def grey(self, reasons: Mapping[str, str]) -> None:
        """Show which actions cannot be used now, each with its reason."""
        self._reasons = reasons
        self.renew()

    def reason(self, action_id: str) -> str:
        """Return why an action is greyed, also one that the keys below do not show."""
        return self._reasons.get(action_id, "")

    def renew(self) -> None:
        """Show the keys again: they may be others now."""
        self.show(keys.footer(self._scope, self._reasons))


class FramedScreen(DeskScreen[Any]):
    """A screen with status bar, notice line and keys; `body()` gives what stands between."""

    _quiet_at = 0
    """Counts what was said and taken back: an older timer takes no newer notice away."""

    def body(self) -> ComposeResult:
        """Yield what stands between the frame's lines."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Put the frame round the body."""
        bar = StatusBar()
        bar.status = self.session.status
        yield bar
        yield from self.body()
        yield NoticeLine()
        yield Foot(self.SCOPE)
        yield Static(line(t("frame.too_small")), id="too-small")

    def go_back(self) -> None:
        """Escape: close this screen where it stands over another, else go to the queue."""
        if len(self.app.screen_stack) > 1:
            self.dismiss(None)
        else:
            self.desk_app.open_mode("desk")

    def show_status(self) -> None:
        """Show the session's status again; the app calls it when it has changed."""
        for bar in self.query(StatusBar):
            bar.show(self.session.status)

    def say(self, text: str, severity: str = "information") -> None:
        """Say one finished sentence in the notice line for a while."""
        kind = {"information": "info", "warning": "warn", "error": "error", "done": "done"}[severity]
        for notice in self.query(NoticeLine):
            notice.say(text, kind)  # type: ignore[arg-type]  # the table above has only its kinds
        self._quiet_at += 1
        turn = self._quiet_at
        self.set_timer(NOTICE_SECONDS, lambda: self._hush(turn))

    def hush_before(self, pressed: str) -> None:
        """Take the notice back before a key that does something else: it spoke of what was done before."""
        if any(notice.text for notice in self.query(NoticeLine)) and keys.acts(pressed):
            self._quiet_at += 1
            self._hush(self._quiet_at)

    def _hush(self, turn: int) -> None:
        if turn == self._quiet_at:
            for notice in self.query(NoticeLine):
                notice.say("")

    def renew_keys(self) -> None:
        """The person gave actions other keys: show those."""
        for foot in self.query(Foot):
            foot.renew()

    def grey(self, reasons: Mapping[str, str]) -> None:
        """Grey actions in the footer, each with the sentence that its key then says."""
        for foot in self.query(Foot):
            foot.grey(reasons)

    def greyed(self, action_id: str) -> bool:
        """Say why an action is greyed, if it is; return whether it was."""
        for foot in self.query(Foot):
            reason = foot.reason(action_id)
            if reason:
                self.say(reason, "warning")
                return True
        return False
