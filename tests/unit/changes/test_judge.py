"""Rulings: legal and fresh is applied; a stale or illegal one is a proposal, or is refused in a refusable lane."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.changes import EntityState, Ruling, fold_row, judge
from tests.unit.changes.toy import AT, FLOW, GATE, REGISTRY, change, row

SCOPE = "team:one"


class Log:
    """A lane moved step by step, remembering ids."""

    def __init__(self) -> None:
        self.state: EntityState | None = None
        self.seq = 0

    def move(self, t: str, to: str, **more: Any) -> str:
        item = change({"flow": {"t": t, "to": to, "at": AT, **more}})
        self.seq += 1
        self.state = fold_row(self.state, row(item, self.seq), SCOPE, REGISTRY)
        return item.id

    def rule(
        self, t: str, to: str, base: list[str], *, facts: Any = (), roles: str = "rep", member: bool = True
    ) -> Ruling:
        value = {"t": t, "to": to, "at": AT}
        return judge(
            FLOW, self.state, "flow", value, base, facts,
            actor="li", roles=frozenset({roles}), member=member, entity_id="thing-1",
        )  # fmt: skip


@pytest.fixture
def opened() -> Log:
    log = Log()
    log.move("open", "OPEN", owner="zhang")
    return log


def head(log: Log) -> list[str]:
    assert log.state is not None
    return [log.state.lane("flow")["head"]]  # type: ignore[index]


def test_legal_and_fresh_is_applied(opened: Log) -> None:
    assert opened.rule("take", "TAKEN", head(opened)) == Ruling("applied")


def test_a_state_left_and_entered_again_is_not_the_same_state(opened: Log) -> None:
    opened.move("take", "TAKEN")
    seen = head(opened)
    opened.move("wait", "WAITING")
    opened.move("back", "TAKEN")
    assert opened.rule("wait", "WAITING", seen) == Ruling("proposal", ("stale",))
    assert opened.rule("wait", "WAITING", head(opened)) == Ruling("applied")


def test_a_rebasable_transition_stands_on_owner_and_episode(opened: Log) -> None:
    seen = head(opened)
    opened.move("note", "OPEN")
    assert opened.rule("take", "TAKEN", seen).verdict == "applied"
    opened.move("note", "OPEN", owner="wang")
    assert opened.rule("take", "TAKEN", seen) == Ruling("proposal", ("stale",))


def test_a_base_that_was_never_applied_is_stale(opened: Log) -> None:
    assert opened.rule("take", "TAKEN", ["never"]).codes == ("stale",)


def test_guards_roles_targets_and_unknown_ones_say_their_codes(opened: Log) -> None:
    assert opened.rule("lead", "LED", head(opened)).codes == ("role",)
    assert opened.rule("lead", "LED", head(opened), roles="supervisor").verdict == "applied"
    assert opened.rule("take", "DONE", head(opened)).codes == ("target",)
    assert opened.rule("wait", "WAITING", head(opened)).codes == ("state",)
    assert opened.rule("fly", "SKY", head(opened)).codes == ("unknown", "stale")[:1]
    assert opened.rule("take", "TAKEN", head(opened), member=False).codes == ("member",)
    opened.move("take", "TAKEN")
    assert opened.rule("done", "DONE", head(opened)).codes == ("empty",)
    assert opened.rule("done", "DONE", head(opened), facts=["something"]).verdict == "applied"


def test_a_refusable_lane_refuses() -> None:
    value = {"t": "publish", "to": "OUT", "at": AT}
    ruling = judge(
        GATE, None, "gate", value, ["seen"], (), actor="li", roles=frozenset(), member=True, entity_id="thing-1"
    )
    assert ruling == Ruling("refused", ("stale",))
