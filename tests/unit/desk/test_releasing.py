"""Releasing a blocked text: who may ask and grant, what a grant covers, what is counted (standard §5.3, §5.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentdesk.desk import contacts, lint_counts, releases, releasing, reply, workspace
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal

BLOCKED = "我们是全网最好的，您放心。"
NEVER = "保证产品100%无故障"
WARNED = "这个我不知道"


def refused(call: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def granted(desk: Desk, request: str, text: str = BLOCKED) -> None:
    releasing.ask(desk, request, text, "公司宣传页的原文")
    (waiting,) = releasing.waiting(desk)
    releasing.decide(desk, waiting.release, grant=True, why="原文已核对")


def test_a_released_text_is_sent_once_and_says_who_released_it(desk: Desk, request_b: str) -> None:
    assert refused(lambda: reply.send(desk, request_b, BLOCKED)).args["release"] == "open"
    granted(desk, request_b)
    sent = reply.send(desk, request_b, BLOCKED)
    assert (sent.text, sent.confirmed) == (BLOCKED, 0)
    told = [(item.kind, item.data.get("text")) for item in workspace.view(desk, request_b).timeline]
    assert ("release_asked", "RL-03.best  公司宣传页的原文") in told
    assert ("release_granted", "原文已核对") in told
    assert refused(lambda: reply.send(desk, request_b, BLOCKED)).args["release"] == "open", "a grant counts once"


def test_a_grant_covers_the_very_text_alone(desk: Desk, request_b: str) -> None:
    granted(desk, request_b)
    for other in (BLOCKED + "绝对正品假一赔百。", BLOCKED + "谢谢您。", BLOCKED + NEVER):
        assert refused(lambda other=other: reply.send(desk, request_b, other)).code == "lint.blocked"
    assert reply.send(desk, request_b, f"  {BLOCKED}\n").text == BLOCKED


def test_a_grant_counts_on_its_own_request_alone(desk: Desk, request_b: str, request_a: str) -> None:
    granted(desk, request_a)
    assert refused(lambda: reply.send(desk, request_b, BLOCKED)).code == "lint.blocked"


def test_a_warning_beside_a_released_block_is_confirmed_all_the_same(desk: Desk, request_b: str) -> None:
    both = BLOCKED + WARNED
    granted(desk, request_b, both)
    assert refused(lambda: reply.send(desk, request_b, both)).code == "lint.confirm"
    assert reply.send(desk, request_b, both, confirmed=True).confirmed == 1


@pytest.mark.parametrize("text", [NEVER, "这款理财稳赚不赔", "麻烦您把银行卡密码发我", "您好，{customer_title}"])
def test_some_blocks_are_released_by_nobody(desk: Desk, request_b: str, text: str) -> None:
    assert refused(lambda: reply.send(desk, request_b, text)).args["release"] == "never"
    assert refused(lambda: releasing.ask(desk, request_b, text, "请放行")).code == "release.never"
    assert refused(lambda: releasing.ask(desk, request_b, BLOCKED + text, "请放行")).code == "release.never"
    assert releasing.waiting(desk) == []


def test_what_is_asked_for_has_a_reason_and_a_block_and_is_asked_once(desk: Desk, request_b: str) -> None:
    assert refused(lambda: releasing.ask(desk, request_b, BLOCKED, "  ")).code == "release.no_reason"
    assert refused(lambda: releasing.ask(desk, request_b, "您好，请讲。", "请放行")).code == "release.not_blocked"
    releasing.ask(desk, request_b, BLOCKED, "请放行")
    assert refused(lambda: releasing.ask(desk, request_b, BLOCKED, "请放行")).code == "release.asked"
    (waiting,) = releasing.waiting(desk)
    assert refused(lambda: releasing.decide(desk, waiting.release, grant=True, why="")).code == "release.no_reason"


def test_what_was_denied_stays_blocked_and_may_be_asked_for_again(desk: Desk, request_b: str) -> None:
    releasing.ask(desk, request_b, BLOCKED, "请放行")
    (waiting,) = releasing.waiting(desk)
    releasing.decide(desk, waiting.release, grant=False, why="没有依据")
    assert refused(lambda: reply.send(desk, request_b, BLOCKED)).args["release"] == "denied"
    error = refused(lambda: releasing.decide(desk, waiting.release, grant=True, why="再看看"))
    assert error.code == "flow.state"
    granted(desk, request_b)
    assert reply.send(desk, request_b, BLOCKED).text == BLOCKED


def test_a_private_number_in_a_reason_is_replaced(desk: Desk, request_b: str) -> None:
    releasing.ask(desk, request_b, BLOCKED, "客户证件 11010519491231002X 已核对")
    (waiting,) = releasing.waiting(desk)
    assert waiting.release.why == "客户证件 [ID] 已核对"


def test_counters_tell_what_was_confirmed_released_and_replaced(desk: Desk, request_b: str) -> None:
    granted(desk, request_b)
    reply.send(desk, request_b, BLOCKED)
    reply.send(desk, request_b, WARNED, confirmed=True, replaced=["FP-02", "FP-02"])
    counted = {one.key: (one.confirmed, one.released, one.replaced) for one in lint_counts.counted(desk, 1)}
    assert counted == {"RL-03.best": (0, 1, 0), "FP-01": (1, 0, 0), "FP-02": (0, 0, 2)}
    by_category = {one.key: one for one in lint_counts.counted(desk, 1, "category")}
    assert by_category["evasion"] == lint_counts.Counted("evasion", 1, 0, 2)
    (agent,) = lint_counts.counted(desk, 1, "agent")
    assert (agent.key, agent.confirmed, agent.released, agent.replaced) == ("张敏 8021", 1, 1, 2)


def test_counters_end_with_the_days_asked_for(desk: Desk, request_b: str, clock: Any) -> None:
    reply.send(desk, request_b, WARNED, confirmed=True)
    clock.go(2 * 86_400)
    assert lint_counts.counted(desk, 1) == []
    assert len(lint_counts.counted(desk, 3)) == 1


def test_the_end_of_a_contact_tells_its_own_counters(desk: Desk, request_b: str, clock: Any) -> None:
    reply.send(desk, request_b, WARNED, confirmed=True, replaced=["FP-02"])
    clock.go(5)
    contacts.end(desk, request_b, confirmed=True)
    clock.go(5)
    contacts.hear(desk, request_b, "又坏了")
    reply.send(desk, request_b, "好的，我来处理。")
    clock.go(5)
    contacts.end(desk, request_b, confirmed=True)
    first, second = (item for item in workspace.view(desk, request_b).timeline if item.kind == "ended")
    assert first.data["lint"] == {"confirmed": 1, "released": 0, "replaced": 1}
    assert "lint" not in second.data


def test_a_release_of_another_kind_of_approval_is_none(desk: Desk, request_b: str) -> None:
    with desk.journal.transaction() as txn:
        other = txn.new_id()
        asked = {"kind": "compensation", "subject": {}, "amount_minor": 100, "at": txn.now()}
        txn.write("approval", other, root=request_b, patch={"asked": asked})
        txn.transition("approval", other, "status", "ask")
    from agentdesk.desk import reading

    assert releases.of(reading.load(desk, request_b)) == []
    assert releasing.count_waiting(desk) == 0
