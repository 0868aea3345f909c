"""A release's way: an agent asks at one desk, a supervisor grants at another, the agent's desk lets the text pass."""

from __future__ import annotations

import pytest

from agentdesk.desk import capture, lint_counts, releasing, reply
from agentdesk.domain.refusal import Refusal
from agentdesk.sync.exchange import sync_once
from tests.sync.joined_desks import Make, sync
from tests.unit.desk.conftest import ROW_B
from tests.unit.desk.test_releasing import BLOCKED, refused


def test_an_agent_asks_and_a_supervisor_at_another_desk_grants(joined: Make) -> None:
    agent, chief = joined("王五", "rep"), joined("李四", "supervisor")
    request = capture.record(agent, dict(ROW_B)).request_id
    releasing.ask(agent, request, BLOCKED, "公司宣传页的原文")
    assert refused(lambda: reply.send(agent, request, BLOCKED)).args["release"] == "asked", "also off line"
    assert releasing.waiting(agent) == []
    sync(agent)
    sync(chief)
    (waiting,) = releasing.waiting(chief)
    assert (waiting.asked_by.name, waiting.release.text) == ("王五", BLOCKED)
    with pytest.raises(Refusal, match="role.denied"):
        releasing.decide(agent, waiting.release, grant=True, why="自己放行")
    releasing.decide(chief, waiting.release, grant=True, why="原文已核对")
    assert releasing.count_waiting(chief) == 0, "it is decided, though the centre does not know yet"
    sync(chief)
    sync(agent)
    assert reply.send(agent, request, BLOCKED).text == BLOCKED
    sync(agent)
    sync(chief)
    (counted,) = lint_counts.counted(chief, 1, "agent")
    assert (counted.key, counted.released) == ("王五 0001", 1)


def test_a_supervisor_does_not_release_an_own_text(joined: Make) -> None:
    chief = joined("李四", "supervisor")
    request = capture.record(chief, dict(ROW_B)).request_id
    releasing.ask(chief, request, BLOCKED, "公司宣传页的原文")
    sync(chief)
    (waiting,) = releasing.waiting(chief)
    with pytest.raises(Refusal, match="release.own"):
        releasing.decide(chief, waiting.release, grant=True, why="我自己看过了")


def test_the_centre_takes_no_grant_of_an_own_text_whatever_the_desk_that_sends_it_knows(joined: Make) -> None:
    chief, other = joined("李四", "supervisor"), joined("赵六", "supervisor")
    request = capture.record(chief, dict(ROW_B)).request_id
    asked = releasing.ask(chief, request, BLOCKED, "公司宣传页的原文")
    sync(chief)
    with chief.journal.transaction() as txn:  # as a desk writes it that knows no such rule
        granted = {"t": "grant", "to": "granted", "at": txn.now(), "why": "我自己看过了"}
        txn.write("approval", asked, root=request, patch={"status": granted})
    assert chief.journal.identity is not None
    assert sync_once(chief.store, chief.journal, chief.journal.identity).parked == 1
    sync(other)
    (waiting,) = releasing.waiting(other)
    releasing.decide(other, waiting.release, grant=True, why="原文已核对")
    sync(other)
    sync(chief)
    assert reply.send(chief, request, BLOCKED).text == BLOCKED


def test_two_supervisors_decide_at_once_and_the_first_one_counts(joined: Make) -> None:
    agent, first, second = joined("王五", "rep"), joined("李四", "supervisor"), joined("赵六", "supervisor")
    request = capture.record(agent, dict(ROW_B)).request_id
    releasing.ask(agent, request, BLOCKED, "公司宣传页的原文")
    for desk in (agent, first, second):
        sync(desk)
    for desk, grant in ((first, False), (second, True)):
        (waiting,) = releasing.waiting(desk)
        releasing.decide(desk, waiting.release, grant=grant, why="已看")
    sync(first)
    assert second.journal.identity is not None
    assert sync_once(second.store, second.journal, second.journal.identity).parked == 1
    sync(agent)
    assert refused(lambda: reply.send(agent, request, BLOCKED)).args["release"] == "denied"
