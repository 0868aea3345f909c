"""The way from the bare command to the first paint. Nothing heavy is imported here; every import has its reason."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from agentdesk import preferences
from agentdesk.app import opening
from agentdesk.app.clearing import wait_for_rest

if TYPE_CHECKING:
    from agentdesk.app.main import AgentDesk
    from agentdesk.desk.context import Desk
    from agentdesk.desk.queue import QueuePage
    from agentdesk.preferences import Loaded, Paths, Preferences
    from agentdesk.screens.session import Session

FIRST_PAGE = 100
"""Rows read before the first paint: one page of the list."""

SWITCH_S = 0.0005
"""How long a worker may compute before a key gets its turn. A key crosses three threads until it is painted, and each
would wait Python's 5 ms for a search at work: 45 ms a key in the middle (docs/search.md)."""


PAINTS_A_SECOND = "250"
"""How often Textual may paint. With its own 60 a key just after a paint waits one turn or two, 17 to 33 ms: so it was
with one key in ten while results came. A turn without changes paints nothing, so that it costs no more."""


def paint_at_once() -> None:
    """Let a paint wait 4 to 8 ms at most for the one before, unless somebody chose otherwise."""
    os.environ.setdefault("TEXTUAL_FPS", PAINTS_A_SECOND)


def keep_iterm_input() -> None:
    """iTerm2 drops what an input method commits under Textual's key flags: switch them off there, unless chosen."""
    if os.environ.get("TERM_PROGRAM") == "iTerm.app" and not os.environ.get("TMUX"):
        os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")


def open_session(desk: Desk, chosen: Preferences) -> Session:
    """Read what the first paint shows: who sits here, in which language, and the top of the queue."""
    from agentdesk.present import i18n
    from agentdesk.screens.session import Session
    from agentdesk.store.identity import demo_centre
    from agentdesk.widgets.status_bar import Status

    fresh = setup_needed(desk)
    language = chosen.language or ("" if fresh else desk.me.language) or i18n.system_wish()
    desk.spoken = i18n.use(i18n.served(language))
    session = Session(raw_desk=desk, language=desk.spoken)
    if not fresh:
        page = first_page(desk)
        me = desk.me
        session.first_page = page
        session.status = Status(
            name=me.name,
            work_no=me.work_no,
            team=me.team_name,
            p1=page.p1,
            breached=page.overdue,
            demo=bool(demo_centre(desk.store.raw())),
        )
    return session


def setup_needed(desk: Desk) -> bool:
    """Return whether nobody has worked at this desk yet (as `desk.setup.needed`, whose import costs 5 ms)."""
    return desk.identity is None


def first_page(desk: Desk) -> QueuePage:
    """Read the top of the queue over the raw connection."""
    from agentdesk.desk import queue

    return queue.page(desk, 0, FIRST_PAGE)


def run(home: Path | None = None) -> int:
    """Open the desk on this terminal and return the exit code once it is left. Refusals go to stderr as a sentence."""
    paint_at_once()  # Textual reads both variables when it is imported
    keep_iterm_input()
    from agentdesk.desk.context import open_desk
    from agentdesk.present import i18n, keymap

    paths = preferences.paths() if home is None else preferences.paths({preferences.HOME_VARIABLE: str(home)})
    loaded = keymap.usable(preferences.load(paths.preferences))
    i18n.use(i18n.served(loaded.preferences.language or i18n.system_wish()))
    if wrong := opening.terminal_problem():
        return opening.refuse(*wrong)
    try:
        with closing(open_desk(home)) as desk:
            return _run_app(desk, paths, loaded)
    except Exception as error:  # the first page may be what cannot be read of a store that opened
        if not opening.refuse_error(error, paths):
            raise
        return 1


def _run_app(desk: Desk, paths: Paths, loaded: Loaded) -> int:
    chosen = loaded.preferences
    session = open_session(desk, chosen)
    session.faults = loaded.faults
    from agentdesk.app.choosing import AGAIN
    from agentdesk.app.logbook import close_logbook, open_logbook
    from agentdesk.app.main import make_app
    from agentdesk.desk import exported

    logbook = open_logbook(paths.log)
    app = make_app(session, paths, chosen)
    try:
        code = _run_on_terminal(app)
        while code == AGAIN:
            session.first_page = None if setup_needed(desk) else first_page(desk)
            app = make_app(session, paths, app.chosen)
            code = _run_on_terminal(app)
        if app.fault:
            sys.stderr.write(app.fault + "\n")
        return app.return_code or code or 0
    finally:
        if session.sync is not None:
            session.sync.stop()
        if session.is_ready:
            exported.take_over(desk)
        close_logbook(logbook)


def _run_on_terminal(app: AgentDesk) -> int | None:
    """Run the app; on Unix with a driver that bears what terminals do. Windows reads no bytes."""
    sys.setswitchinterval(SWITCH_S)
    wait_for_rest()
    if sys.platform != "win32":
        from agentdesk.app.terminal_input import TerminalDriver

        app.driver_class = TerminalDriver
    return app.run()
