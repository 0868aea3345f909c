"""What is loaded behind the first paint: the store's tables, the journal, words, lint rules, the exchange loop."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from agentdesk.desk import capture, exported, policies, queue, releasing
from agentdesk.present import timefmt
from agentdesk.screens.session import Session
from agentdesk.store.identity import demo_centre
from agentdesk.sync.loop import SyncLoop
from agentdesk.widgets.status_bar import Status

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.sync.faces import SyncStatus

PASSES = ("", "offline", "busy", "repairing", "server")
"""Codes of problems that go away without a person; with any other one the exchange stands still until somebody acts."""


def load(session: Session) -> None:
    """Load everything heavy of the desk and start the exchange; runs in a thread.

    Raises what any part raises.
    """
    desk = session.raw_desk
    desk.journal.on_touched(lambda ids: session.touched(ids))
    capture.check(desk, {})  # settings, triage words and the form's rules
    _ = desk.linter
    exported.take_over(desk)
    loop = SyncLoop(desk.store, desk.journal, on_status=lambda _: session.told())
    loop.start()
    session.sync = loop
    # What is loaded now stays to the end. A full collection over all of it held a key back for 75 ms.
    gc.freeze()


def status(desk: Desk, loop: SyncLoop | None) -> Status:
    """Read what the top line tells; runs in a thread once the desk is loaded."""
    me = desk.identity
    if me is None:
        return Status()
    figures = queue.page(desk, 0, 0)
    exchange = loop.status() if loop is not None else None
    return Status(
        name=me.name,
        work_no=me.work_no,
        team=me.team_name,
        sync=exchange_state(exchange),
        sync_at=timefmt.clock(exchange.last_at) if exchange is not None else "",
        waiting=exchange.waiting if exchange is not None and exchange.joined else 0,
        parked=exchange.parked if exchange is not None else 0,
        p1=figures.p1,
        breached=figures.overdue,
        demo=is_demo(desk),
        drafts=capture.count_drafts(desk),
        releases=releasing.count_waiting(desk),
        notices=policies.count_unread(desk),
    )


def is_demo(desk: Desk) -> bool:
    """Whether everything at this desk is invented."""
    return bool(demo_centre(desk.store.raw()))


def exchange_state(exchange: SyncStatus | None) -> str:
    """Code of the word for how the exchange stands; what needs a person comes first."""
    if exchange is None or not exchange.joined:
        return "alone"
    if exchange.stopped or exchange.problem not in PASSES:
        return "stopped"
    if exchange.busy:
        return "syncing"
    return "synced" if exchange.online and not exchange.problem else "offline"
