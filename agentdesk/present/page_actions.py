"""The rows of the table of keys for the pages about the desk itself: the exchange, the policies, the preferences."""

from __future__ import annotations

from agentdesk.present.action import Action

PAGE_ACTIONS: tuple[Action, ...] = (
    Action("sync-now", ("f8", "ctrl+s"), "sync", "sync_now", label="key.exchange", help="key.exchange.why", footer=3),
    Action(
        "preferences-save",
        ("f8", "ctrl+s"),
        "preferences",
        "save",
        label="key.save",
        help="key.preferences.save.why",
        footer=3,
    ),
    Action(
        "policies-acknowledge",
        ("f8", "ctrl+s"),
        "policies",
        "acknowledge",
        label="key.acknowledge",
        help="key.acknowledge.why",
        footer=3,
        priority=True,
    ),
    Action(
        "policies-customer-text",
        ("ctrl+t",),
        "policies",
        "customer_text",
        label="key.customer_text",
        help="key.customer_text.why",
        footer=6,
        priority=True,
    ),
    Action(
        "policies-announce",
        ("ctrl+n",),
        "policies",
        "announce",
        label="key.announce",
        help="key.announce.why",
        footer=7,
        priority=True,
    ),
    Action("policies-recall", (), "policies", "recall", label="key.recall", help="key.recall.why"),
    Action("policies-waive", (), "policies", "waive", label="key.waive", help="key.waive.why"),
    Action(
        "notice-give",
        ("f8", "ctrl+s"),
        "notice",
        "save",
        label="key.give",
        help="key.give.why",
        footer=3,
        priority=True,
    ),
    Action("preferences-reset", ("ctrl+r",), "preferences", "reset", label="key.reset", help="key.reset.why", footer=6),
    Action("preferences-reset-all", (), "preferences", "reset_all", label="key.reset_all", help="key.reset_all.why"),
)
