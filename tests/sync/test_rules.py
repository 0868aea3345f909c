"""A rule's way: one supervisor proposes, another approves, a third desk underlines it after one sync."""

from __future__ import annotations

import pytest

from agentdesk.desk import rules
from agentdesk.domain.refusal import Refusal
from tests.sync.joined_desks import Make, sync, words
from tests.unit.desk.test_rules import SOURCE


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
