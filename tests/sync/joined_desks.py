"""Desks that have joined a real centre, for what goes from one to the other through the site's log."""

from __future__ import annotations

from collections.abc import Callable

from agentdesk.desk.context import Desk
from agentdesk.sync.exchange import sync_once

Make = Callable[[str, str], Desk]
"""Makes a desk by the name and the role of who sits there."""


def sync(*desks: Desk) -> None:
    """Each exchanges once with the centre, in this order; nothing is refused."""
    for desk in desks:
        identity = desk.journal.identity
        assert identity is not None
        report = sync_once(desk.store, desk.journal, identity)
        assert not report.error and not report.parked


def words(desk: Desk) -> list[str]:
    """The rules that find something in the sentence of the tests' rule."""
    return [one.rule for one in desk.linter.check("您这是瞎捣糨糊吧")]
