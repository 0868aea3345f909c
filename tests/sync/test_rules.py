"""A rule's way: one supervisor proposes, another approves, a third desk underlines it after one sync."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentdesk.desk import rules, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.domain.refusal import Refusal
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.join import join
from tests.sync.centres import CentreProcess
from tests.unit.desk.test_rules import SOURCE

Make = Callable[[str, str], Desk]


@pytest.fixture
def joined(centre: CentreProcess, tmp_path: Path) -> Iterator[Make]:
    """Make desks that have joined, by name and role."""
    made: list[Desk] = []

    def make(name: str, role: str) -> Desk:
        desk = open_desk(tmp_path / name)
        made.append(desk)
        setup.first_run(desk, name, f"{len(made):04d}", "客服一组", "zh_CN")
        join(desk.store, desk.journal, centre.url, centre.code(role=role))
        desk.forget("identity")
        return desk

    yield make
    for desk in made:
        desk.close()


def sync(desk: Desk) -> None:
    identity = desk.journal.identity
    assert identity is not None
    report = sync_once(desk.store, desk.journal, identity)
    assert not report.error and not report.parked


def words(desk: Desk) -> list[str]:
    return [one.rule for one in desk.linter.check("您这是没事找事吧")]


def test_a_rule_counts_at_every_desk_once_another_has_approved_it(joined: Make) -> None:
    author, approver, rep = joined("张三", "supervisor"), joined("李四", "supervisor"), joined("王五", "rep")
    rules.propose(author, SOURCE)
    with pytest.raises(Refusal, match="rule.own"):
        rules.approve(author, "FP-06.site")
    for desk in (author, approver, rep):
        sync(desk)
    assert words(rep) == words(approver) == [], "what waits for approval counts nowhere"
    with pytest.raises(Refusal, match="role.denied"):
        rules.approve(rep, "FP-06.site")
    rules.approve(approver, "FP-06.site")
    sync(approver)
    sync(rep)
    assert words(rep) == words(approver) == ["FP-06.site"]
    rules.retire(approver, "FP-06.site", "误报太多")
    sync(approver)
    sync(rep)
    assert words(rep) == []
