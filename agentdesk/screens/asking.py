"""How a screen asks the desk: in a thread worker, with the answer as a message, stale answers dropped.

    self.ask("view", lambda desk: workspace.view(desk, rid), self._show)          # a reading: the latest one counts
    self.ask("send", call, self._sent, refused=self._refused, hold=True)          # a writing: keys wait until it ended

The event loop never touches the store (DESIGN law 8). `then` and `refused` run in the screen's own message handler.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from textual.binding import Binding
from textual.message import Message
from textual.screen import ModalScreen, Screen

from agentdesk.domain.refusal import Refusal
from agentdesk.present import keys
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.preferences import Paths, Preferences
    from agentdesk.screens.session import Session
    from agentdesk.widgets.fields import Noticed
    from agentdesk.widgets.long_text import LongText

T = TypeVar("T")
Result = TypeVar("Result")

log = logging.getLogger(__name__)


class DeskApp(Protocol):
    """What screens use of the app above them."""

    session: Session
    paths: Paths
    chosen: Preferences

    def choose(self, **changes: Any) -> None:
        """Take another theme, language or keys, and remember it."""

    def hold_keys(self, why: str) -> None:
        """Keep keys back until `release_keys` with the same reason."""

    def release_keys(self, why: str) -> None:
        """Let the kept keys go on in the order they were pressed."""

    def set_keys_aside(self) -> None:
        """Lay away what was typed ahead: a question comes up unasked."""

    def take_up_keys(self) -> None:
        """Let what was laid away go on."""

    def drop_kept_commands(self) -> None:
        """Forget commands pressed for a screen that does not come."""

    def open_mode(self, mode: str) -> None:
        """Show a mode: desk, intake or workspace."""

    def open_request(self, request_id: str, then: str = "", *, number: str = "") -> None:
        """Show a request in the workspace; `then` is recorded, resolve or follow."""

    def show_queue(self, done: str = "", *, said: str = "") -> None:
        """Show the queue; after `done` was closed with the next request focused."""

    def tell_status(self) -> None:
        """The top line has something new to tell."""

    def report_fault(self, error: BaseException, during: str) -> None:
        """Write a masked traceback to the log file and tell the agent in one line."""


@dataclass(eq=False, repr=False)  # no more methods than are used: each one made costs the start 1 ms
class Answered(Message):
    """The desk answered what a screen asked."""

    group: str
    serial: int
    then: Callable[[Any], None]
    value: Any
    hold: bool


@dataclass(eq=False, repr=False)
class Refused(Message):
    """A rule said no, or something unforeseen happened."""

    group: str
    serial: int
    refused: Callable[[Refusal], None] | None
    back: Callable[[], None] | None
    error: Exception
    hold: bool


class Asking:
    """The part that every screen shares. Mixed into `DeskScreen` and `DeskPanel`."""

    SCOPE = "app"
    """Scope of `present.keys` whose actions this screen has."""

    _serials: dict[str, int]
    _held: dict[str, int]
    """How many questions of a group keep keys back now."""
    _heirs: set[str]
    """The groups in which a later question holds them in the place of an earlier one."""
    _listing: dict[str, int]
    """The groups that list what fits typed words, with the question whose answer is awaited."""

    @property
    def desk_app(self) -> DeskApp:
        """The app, as screens know it."""
        return cast("DeskApp", cast("Screen[Any]", self).app)

    @property
    def session(self) -> Session:
        """What all screens share."""
        return self.desk_app.session

    def ask(
        self,
        group: str,
        call: Callable[[Desk], T],
        then: Callable[[T], None],
        refused: Callable[[Refusal], None] | None = None,
        *,
        back: Callable[[], None] | None = None,
        hold: bool = False,
        lists: bool = False,
        exclusive: bool = True,
        outlives: bool = False,
    ) -> None:
        """Run `call` with the desk in a worker thread; `then` gets its value unless a later question replaced it.

        `refused` gets a `Refusal`; without it the sentence is shown as a notice. `back` is called where no value comes,
        be it a refusal or a fault, and takes back what the screen did ahead of the answer. With `hold` the keys pressed
        meanwhile wait and the worker is never replaced: for writings, after which the screen changes; so do they for
        the next question of the group, which makes that answer stale. What `lists` what fits typed words lets more be
        typed: only commands wait that are meant for the new list. `exclusive=False` lets several run side by side in
        one group. A screen that closes takes its workers along, but not one that `outlives` it.
        """
        if not hasattr(self, "_serials"):
            self._serials, self._held, self._heirs, self._listing = {}, {}, set(), {}
        serial = self._serials[group] = self._serials.get(group, 0) + 1
        screen = cast("Screen[Any]", self)
        session = self.session
        if not hold and self._held.get(group) and group not in self._heirs:
            self._heirs.add(group)  # once: a stream of questions must not keep the keys for ever
            hold = True
        if hold:
            self._held[group] = self._held.get(group, 0) + 1
            self.desk_app.hold_keys(group)
        if lists:
            self._listing[group] = serial

        def work() -> None:
            try:
                value = call(session.desk())
            except Exception as error:  # every kind ends in a message: nothing a screen asks may end the app
                screen.post_message(Refused(group, serial, refused, back, error, hold))
            else:
                screen.post_message(Answered(group, serial, then, value, hold))

        owner = screen.app if outlives else screen
        kind = f"{group} held" if hold else group  # of their own: an exclusive one after it must not cancel it
        owner.run_worker(
            work, name=group, group=kind, thread=True, exclusive=exclusive and not hold, exit_on_error=False
        )

    @property
    def is_listing(self) -> bool:
        """Whether a list does not show yet what fits the typed words."""
        return bool(getattr(self, "_listing", ()))

    def forget(self, group: str) -> None:
        """Drop the answer to what was asked last in this group."""
        if hasattr(self, "_serials"):
            self._serials[group] = self._serials.get(group, 0) + 1
            self._listed(group, self._serials[group])

    def _listed(self, group: str, serial: int) -> None:
        """That question or a later one is answered: where others follow without end nobody waits for the last."""
        if serial >= self._listing.get(group, serial + 1):
            del self._listing[group]
            self.desk_app.release_keys("list")

    def on_unmount(self) -> None:
        """A screen that closes shows no list any more: what was pressed for it is not for the screen beneath."""
        if self.is_listing:
            self._listing.clear()
            self.desk_app.drop_kept_commands()
            self.desk_app.release_keys("list")

    def on_answered(self, message: Answered) -> None:
        """Hand a fresh answer to whoever asked."""
        message.stop()
        try:
            if self._serials.get(message.group) == message.serial:
                message.then(message.value)
        finally:
            self._let_go(message)

    def on_refused(self, message: Refused) -> None:
        """Show a refusal as a sentence; keep what was typed."""
        message.stop()
        if message.hold:
            self.desk_app.drop_kept_commands()
        try:
            if message.back is not None:
                message.back()
            if isinstance(message.error, Refusal):
                if message.refused is not None:
                    message.refused(message.error)
                else:
                    self.tell_refusal(message.error)
            else:
                self.desk_app.report_fault(message.error, message.group)
        finally:
            self._let_go(message)

    def _let_go(self, message: Answered | Refused) -> None:
        """The keys that waited for this go on."""
        group = message.group
        if message.hold:
            self._held[group] -= 1
            if not self._held[group]:
                self._heirs.discard(group)
            self.desk_app.release_keys(group)
        self._listed(group, message.serial)

    def on_noticed(self, message: Noticed) -> None:
        """Say what a field that stands in no form has to say: a paste it refused, a number it replaced."""
        message.stop()
        if message.text:
            self.say(message.text, "warning")

    def on_long_text_failed(self, message: LongText.Failed) -> None:
        """Tell a fault in laying a text out, which ran in a worker."""
        message.stop()
        self.desk_app.report_fault(message.error, "layout")

    def focus_when_shown(self, focus: Callable[[], object]) -> None:
        """Give the focus once what was brought up is laid out; a widget that is not yet seen cannot take it."""
        self.desk_app.hold_keys("focus")

        def give() -> None:
            focus()
            self.desk_app.release_keys("focus")

        cast("Screen[Any]", self).call_after_refresh(give)

    def tell_refusal(self, refusal: Refusal) -> None:
        """Show why a rule said no, as one notice."""
        from agentdesk.screens.refusals import sentence  # the codes' words are needed only when something is refused

        self.say(sentence(refusal), "warning")

    def say(self, text: str, severity: str = "information") -> None:
        """Show one line of our own words for a few seconds; never read as markup."""
        screen = cast("Screen[Any]", self)
        screen.app.clear_notifications()
        screen.notify(text, severity=cast(Any, severity), timeout=6, markup=False)

    def unavailable(self, reason_key: str, **args: object) -> None:
        """Say why an action cannot be used now."""
        self.say(t(reason_key, **args), "warning")


class DeskScreen(Asking, Screen[Result]):
    """A full screen of the desk."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Take the bindings of the screen's scope from the one table of keys."""
        if "SCOPE" in cls.__dict__:
            cls.BINDINGS = [*cls.__dict__.get("BINDINGS", []), *first(keys.bindings(cls.SCOPE))]
        super().__init_subclass__(**kwargs)


class DeskPanel(Asking, ModalScreen[Result]):
    """A panel over a screen; its escape is bound here again, since a modal hides the bindings of the app."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Take the bindings of the panel's scope, and those of the app for which the panel has a method."""
        if "SCOPE" in cls.__dict__:
            cls.BINDINGS = [*cls.__dict__.get("BINDINGS", []), *first(keys.bindings(cls.SCOPE)), *_of_app()]
        super().__init_subclass__(**kwargs)


def first(bound: list[Binding]) -> list[Binding]:
    """Let function keys and chords act before any field sees them, in the order they were pressed; escape acts last."""
    return [replace(one, priority=one.key != "escape") for one in bound]


def _of_app() -> list[Binding]:
    """Bindings of the app that work over a panel too; those with priority reach through by themselves."""
    return [binding for binding in keys.bindings("app") if binding.id == "app-back"]
