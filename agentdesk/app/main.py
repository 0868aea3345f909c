"""The Textual app: modes, themes, keys, and what stands between desk and screens.

It opens on the queue (or the first run), loads everything heavy in a thread once that is painted, and passes on what
the journal touched. It holds no rule and no layout.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import App
from textual.binding import Binding
from textual.message import Message

from agentdesk.app.choosing import ChoosingApp
from agentdesk.app.clearing import REST_S
from agentdesk.app.ending import end_when_told
from agentdesk.app.indexing import IndexingApp
from agentdesk.app.palette import ActionProvider, scope_of
from agentdesk.present import keys
from agentdesk.present.i18n import t
from agentdesk.screens.asking import first
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.queue import QueueScreen
from agentdesk.widgets.scroll_bar import whole_cells

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from agentdesk.preferences import Paths, Preferences
    from agentdesk.screens.session import Session
    from agentdesk.widgets.status_bar import Status

log = logging.getLogger(__name__)

TOUCH_DELAY = 0.12
"""Seconds in which several commits are told to the screens as one."""


class Touched(Message):
    """The journal wrote something; what it was is collected in the app until the screens are told."""

    def can_replace(self, message: Message) -> bool:
        """One of them says as much as many."""
        return isinstance(message, Touched)


class Loaded(Message):
    """The heavy parts of the desk are there, or could not be loaded."""

    def __init__(self, error: BaseException | None = None) -> None:
        super().__init__()
        self.error = error


class StatusChanged(Message):
    """The exchange with the centre stands differently."""

    def can_replace(self, message: Message) -> bool:
        """One of them says as much as many."""
        return isinstance(message, StatusChanged)


class StatusRead(Message):
    """The top line was read anew."""

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status


class AgentDesk(IndexingApp, ChoosingApp, inherit_bindings=False):
    """The desk on one terminal."""

    TITLE = "agentdesk"
    CSS_PATH = "desk.tcss"
    DEFAULT_MODE = "desk"
    COMMANDS = {ActionProvider}
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (80, "-narrow"), (100, "-medium"), (130, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-normal"), (32, "-tall")]
    NOTIFICATION_TIMEOUT = 6
    BINDINGS: ClassVar[list[Any]] = [
        *first(keys.bindings("app")),
        Binding("ctrl+c", "copy_hint", show=False, system=True),
    ]

    def __init__(self, session: Session, paths: Paths, chosen: Preferences, *, load: bool = True) -> None:
        """`load=False` leaves the loading of the heavy parts to a test."""
        super().__init__(session, paths, chosen)
        whole_cells()
        self.animation_level = "none"  # a list that glides is a list that cannot be read yet
        self._load = load
        session.touched, session.told = self.touch, self.tell_status
        self._touched: set[tuple[str, str]] = set()
        self._touched_lock = threading.Lock()
        self._touch_timer: Timer | None = None
        self.fault = ""
        """The one line to be said after a fault that ended the app."""
        self.add_mode("desk", lambda: self._dressed(QueueScreen()))
        self.add_mode("intake", lambda: self._dressed(_intake()))
        self.add_mode("workspace", lambda: self._dressed(_workspace()))

    def _dressed(self, screen: Screen[Any]) -> Screen[Any]:
        """Say of a mode's new screen that it knows the styles in force: Textual reads all of them anew otherwise."""
        screen._css_update_count = self._css_update_count
        return screen

    # -- starting -----------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Load what is heavy after the first paint."""
        end_when_told(self)
        if self._load:
            self.call_after_refresh(self._start_loading)

    def _start_loading(self) -> None:
        self.run_worker(self._load_all, name="load", group="load", thread=True, exit_on_error=False)

    def _load_all(self) -> None:
        """Load the heavy parts in this thread; what waits for them in `Session.desk()` then goes on."""
        from agentdesk.app.loading import load  # SQLAlchemy and all that stands on it

        if self.session.is_ready:  # the app was made anew over the same desk
            self.post_message(Loaded())
            return
        try:
            load(self.session)
        except Exception as error:  # the queue stays readable; every question gets this as its answer
            self.session.set_ready(error)
            self.post_message(Loaded(error))
        else:
            self.session.set_ready()
            self.post_message(Loaded())

    def on_loaded(self, message: Loaded) -> None:
        """Tell the screens that the desk answers now."""
        if message.error is not None:
            self.report_fault(message.error, "load")
            return
        self.set_interval(REST_S, self.clearing_up.look)
        self._read_status()
        for screen in self.living():
            ready = getattr(screen, "desk_ready", None)
            if ready is not None:
                ready()
        self.fill_index()
        self._go_on()

    def _go_on(self) -> None:
        """Open where the person stood before the screens were made anew."""
        place = self.session.place
        if place is not None and place.request:
            self.open_request(place.request)
        elif place is not None:
            self.open_mode(place.mode)

    # -- the top line -------------------------------------------------------------------------------------------------

    def tell_status(self) -> None:
        """The exchange stands differently; called from its thread."""
        self.post_message(StatusChanged())

    def on_status_changed(self) -> None:
        """Read the top line anew."""
        self._read_status()

    def _read_status(self) -> None:
        from agentdesk.app.loading import status

        session = self.session

        def read() -> None:
            try:
                read_status = status(session.desk(), session.sync)
            except Exception as error:  # the line then keeps what it last told
                log.error("status", exc_info=error)
            else:
                self.post_message(StatusRead(read_status))

        self.run_worker(read, name="status", group="status", thread=True, exclusive=True, exit_on_error=False)

    def on_status_read(self, message: StatusRead) -> None:
        """Show it on every screen."""
        self.session.status = message.status
        for screen in self.living():
            show = getattr(screen, "show_status", None)
            if show is not None:
                show()

    # -- what the journal touched -------------------------------------------------------------------------------------

    def touch(self, ids: set[tuple[str, str]]) -> None:
        """Collect what a commit or an exchange wrote; called from the thread that did it."""
        with self._touched_lock:
            self._touched |= ids
        self.post_message(Touched())

    def on_touched(self) -> None:
        """Wait a moment for more of the same."""
        if self._touch_timer is None:
            self._touch_timer = self.set_timer(TOUCH_DELAY, self._tell_touched)

    def _tell_touched(self) -> None:
        self._touch_timer = None
        with self._touched_lock:
            ids, self._touched = self._touched, set()
        if not ids:
            return
        self._read_status()
        self.fill_index()
        for screen in self.living():
            touched = getattr(screen, "touched", None)
            if touched is not None:
                touched(ids)

    # -- faults -------------------------------------------------------------------------------------------------------

    def report_fault(self, error: BaseException, during: str) -> None:
        """Say one line and go on: what the machine lacks, or else where the masked traceback stands."""
        from agentdesk.present import troubles  # needed only when something went wrong

        text = troubles.in_use(error, self.paths.data)
        if text is None:
            log.error("fault during %s", during, exc_info=error)
            text = t("fault.line", file=str(self.paths.log))
        else:
            log.error("%s: %s", during, text)
        screen = self.screen
        if isinstance(screen, FramedScreen):
            screen.say(text, "error")
        else:
            self.notify(text, severity="error", timeout=12, markup=False)

    def _handle_exception(self, error: Exception) -> None:
        """End the app after a fault in its own loop: a masked traceback in the log, one line for the person.

        Textual would print the traceback with all local variables, private numbers included. Drafts are on disk.
        """
        if self._exit:  # a late callback of a worker after the end is no fault
            log.info("after exit: %s", type(error).__name__)
            return
        log.error("fault in the event loop", exc_info=error)
        self.fault = t("fault.ended", file=str(self.paths.log))
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    # -- actions of the whole desk ------------------------------------------------------------------------------------

    def action_intake(self) -> None:
        """Begin or go on with a capture."""
        self.open_mode("intake")

    def action_parked(self) -> None:
        """Go on with the next capture that was put aside."""
        from agentdesk.screens.intake import IntakeScreen

        self.open_mode("intake")
        screen = self._screen_stacks["intake"][0]
        if isinstance(screen, IntakeScreen):
            screen.resume_parked()

    def open_mode(self, mode: str) -> None:
        """Show a mode; keys wait until its screen has the focus. What covers the mode that is shown already goes."""
        if self.current_mode == mode:
            self._uncover(mode)
            return
        self.hold_keys("mode")
        self.switch_mode(mode)
        self.call_after_refresh(self.release_keys, "mode")

    def open_request(self, request_id: str, then: str = "", *, number: str = "") -> None:
        """Show a request in the workspace; keys wait until it is painted."""
        from agentdesk.screens.workspace import WorkspaceScreen

        self.open_mode("workspace")
        self._uncover("workspace")
        screen = self._screen_stacks["workspace"][0]
        if isinstance(screen, WorkspaceScreen):
            screen.open(request_id, then, number=number)

    def _uncover(self, mode: str) -> None:
        """Close what stands over the mode that is shown; what is typed in it is stored as a draft."""
        for covering in self._screen_stacks[mode][:0:-1]:
            if isinstance(covering, FramedScreen):
                covering.go_back()
            else:
                covering.dismiss()

    def show_queue(self, done: str = "", *, said: str = "") -> None:
        """Show the queue; after `done` was closed with the next request focused."""
        self.open_mode("desk")
        screen = self.screen
        if isinstance(screen, QueueScreen):
            screen.show_next(done)
            if said:
                screen.say(said, "done")

    def action_back(self) -> None:  # type: ignore[override]  # Textual's is a coroutine; this one never waits
        """Close the panel on top, else go back to the queue."""
        back = getattr(self.screen, "go_back", None)
        if back is not None:
            back()
        elif len(self.screen_stack) > 1:
            self.screen.dismiss()
        else:
            self.open_mode("desk")

    def action_phrases(self) -> None:
        """Look through the phrases without a request; the same key closes it."""
        from agentdesk.screens.phrases import PhraseScreen

        self.show_or_close(PhraseScreen)

    def action_knowledge(self) -> None:
        """Search the knowledge without a request; the same key closes it."""
        from agentdesk.screens.knowledge import KnowledgeScreen

        self.show_or_close(KnowledgeScreen)

    def action_rules(self) -> None:
        """Look through the lint rules; the same key closes it."""
        from agentdesk.screens.rules import RulesScreen

        self.show_or_close(RulesScreen)

    def action_sync(self) -> None:
        """Show how the exchange with the centre stands; the same key closes it."""
        from agentdesk.screens.sync_status import SyncScreen

        self.show_or_close(SyncScreen)

    def action_help(self) -> None:
        """Show what can be done here."""
        from agentdesk.screens.help import HelpPanel

        if isinstance(self.screen, HelpPanel):
            self.screen.dismiss()
        else:
            self.push_screen(HelpPanel(scope_of(self.screen), self.focused))

    def action_command_palette(self) -> None:
        """Show every action of this screen to search in."""
        from agentdesk.app.palette_screen import CommandPalette  # costs 10 ms that the first paint need not pay

        if not CommandPalette.is_open(cast("App[object]", self)):
            self.push_screen(CommandPalette(placeholder=t("palette.placeholder")))

    def action_copy_hint(self) -> None:
        """Say how to leave: ctrl+c copies and never ends the desk."""
        self.notify(t("quit.hint"), timeout=4, markup=False)

    def end_now(self, code: int) -> None:
        """Store what was typed and leave without a question: somebody outside told this process to end."""
        from agentdesk.screens.quit_guard import delivered, stored

        async def end() -> None:
            await delivered(cast("App[Any]", self))
            self.store_drafts()
            await stored(cast("App[Any]", self))
            self.exit(code, return_code=code)

        self.store_drafts()
        self.run_worker(end(), group="ending", exclusive=True)

    def action_quit_guarded(self) -> None:
        """Leave; ask first when something was typed and not sent, or waits for the centre."""
        from agentdesk.screens.quit_guard import ask_and_quit

        ask_and_quit(self, self.living(), self.store_drafts)


def _intake() -> Screen[Any]:
    from agentdesk.screens.intake import IntakeScreen  # its parts are loaded with the first capture

    return IntakeScreen()


def _workspace() -> Screen[Any]:
    from agentdesk.screens.workspace import WorkspaceScreen  # loaded with the first request that is opened

    return WorkspaceScreen()


class FirstRunDesk(AgentDesk, inherit_bindings=True):
    """The desk on its very first start: it opens on the first run and goes on to the queue."""

    DEFAULT_MODE = "setup"

    def __init__(self, session: Session, paths: Paths, chosen: Preferences, *, load: bool = True) -> None:
        super().__init__(session, paths, chosen, load=load)
        from agentdesk.screens.first_run import FirstRunScreen  # only on the very first start

        self.add_mode("setup", lambda: self._dressed(FirstRunScreen()))


def make_app(session: Session, paths: Paths, chosen: Preferences, *, load: bool = True) -> AgentDesk:
    """Make the app for this session: on the first run where nobody has worked here yet."""
    kind = AgentDesk if session.first_page is not None else FirstRunDesk
    return kind(session, paths, chosen, load=load)
