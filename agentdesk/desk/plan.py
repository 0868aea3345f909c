"""The plan: told (T5), declined (T6), agreed (T7), work accepted by its owner (T8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agentdesk.desk.context import Desk
from agentdesk.desk.views import Moved, PlanStep


def tell(desk: Desk, request_id: str, *, steps: Sequence[PlanStep], finish: datetime, verified_how: str,
         message: str = "", interim: str = "", owner: str = "", confirmed: bool = False) -> Moved:
    """T5: a plan version, the fact that it was told, that facts were verified, and for urgent the interim measure.

    `message` and `interim` are outgoing texts (linted, written to the timeline); empty `message`: told by voice.
    `interim` may be empty where one was told before. `owner` empty: me. Raises Refusal: flow.guard (missing),
    flow.illegal, lint.blocked, lint.confirm, plan.finish_past, role.denied.
    """
    raise NotImplementedError


def decline(desk: Desk, request_id: str, why: str) -> Moved:
    """T6: the customer declines the plan; `why` is kept. Raises Refusal: flow.guard, flow.illegal."""
    raise NotImplementedError


def agree(desk: Desk, request_id: str, how: str = "oral", *, owner: str = "", accept: bool = True) -> Moved:
    """T7: the customer agrees (`how`: oral, written); with `accept` and where I am the owner also T8, in one txn."""
    raise NotImplementedError


def accept(desk: Desk, request_id: str) -> Moved:
    """T8: the owner takes the work. Raises Refusal: flow.guard (not the owner), flow.illegal."""
    raise NotImplementedError
