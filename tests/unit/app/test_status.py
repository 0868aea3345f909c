"""The word of the top line for how the exchange stands."""

from __future__ import annotations

import pytest

from agentdesk.app.loading import exchange_state
from agentdesk.sync.faces import SyncStatus


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (None, "alone"),
        (SyncStatus(), "alone"),
        (SyncStatus(joined=True), "offline"),
        (SyncStatus(joined=True, busy=True), "syncing"),
        (SyncStatus(joined=True, online=True), "synced"),
        (SyncStatus(joined=True, online=True, problem="busy"), "offline"),
        (SyncStatus(joined=True, online=True, problem="unknown_token"), "stopped"),
        (SyncStatus(joined=True, online=True, busy=True, problem="unknown_token"), "stopped"),
        (SyncStatus(joined=True, problem="storage"), "stopped"),
        (SyncStatus(joined=True, online=True, stopped=(("team", "fork"),)), "stopped"),
    ],
)
def test_it_never_says_synced_where_something_is_wrong(status: SyncStatus | None, word: str) -> None:
    assert exchange_state(status) == word
