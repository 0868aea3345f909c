"""A policy changes over at desks with a real centre, online and offline: at the same second, never two, never none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentdesk.changes import stamp_time
from agentdesk.desk import article_review, articles, capture, knowledge, library, policies, reply, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.views import Citation
from agentdesk.domain.content import article_id
from agentdesk.domain.refusal import Refusal
from agentdesk.store.exchange import Exchange
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.join import join
from tests.sync.centres import CentreProcess
from tests.sync.joined_desks import Make, sync
from tests.sync.test_rule_lane import older_desk_approves
from tests.unit.desk.conftest import ROW_B
from tests.unit.desk.test_policies import NEW, OLD, row

RULE = article_id("exchange-rule")
AHEAD = timedelta(hours=73)
SECOND = timedelta(seconds=1)


class Clock:
    """One wall clock for all desks; it stands still until a test sets it."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def at_clock(centre: CentreProcess, tmp_path: Path, clock: Clock) -> Iterator[Make]:
    """Make joined desks whose clock the test moves."""
    made: list[Desk] = []

    def make(name: str, role: str) -> Desk:
        desk = open_desk(tmp_path / name, now=clock.now)
        made.append(desk)
        setup.first_run(desk, name, f"{len(made):04d}", "客服一组", "zh_CN")
        join(desk.store, desk.journal, centre.url, centre.code(role=role))
        desk.forget("identity")
        return desk

    yield make
    for desk in made:
        desk.close()


def shown(desk: Desk) -> list[str]:
    """The texts of the rule that a desk reads and finds: one of each where all is well."""
    read = [one.value["plain_summary"] for one in library.articles(desk, [RULE]).values()]
    found = [hit.plain_summary for hit in knowledge.search(desk, "换货期限规则") if hit.id == RULE]
    listed = [one.now.plain_summary for one in policies.listing(desk) if one.id == RULE and one.now is not None]
    assert read == found == listed
    return read


def refused(call: Callable[[], object]) -> bool:
    """Whether a call is refused since another version is in force."""
    try:
        call()
    except Refusal as refusal:
        assert refusal.code == "policy.superseded"
        return True
    return False


def test_two_desks_change_over_at_the_same_second_online_and_offline(at_clock: Make, clock: Clock) -> None:
    author, online, offline = at_clock("李四", "legal"), at_clock("王五", "rep"), at_clock("赵六", "rep")
    late = at_clock("孙七", "rep")
    articles.import_articles(author, [row(OLD)])
    sync(author, online, offline, late)
    change = clock.at + AHEAD
    articles.import_articles(author, [row(NEW, effective_from=stamp_time(change))])
    sync(author, online, offline)

    for desk in (online, offline):
        [notice] = policies.notices(desk)
        assert (notice.read, notice.number, notice.start, notice.customer_text) == (False, 2, change, NEW)
    policies.acknowledge(online, policies.notices(online)[0])
    sync(online, author)
    lead = at_clock("周八", "supervisor")
    sync(lead)
    [rate] = policies.rates(lead)
    assert (rate.acknowledged, rate.agents) == (1, 4)
    assert {one.name for one in rate.missing} == {"赵六", "孙七", "周八"}
    assert [policies.count_unread(desk) for desk in (online, offline, lead)] == [0, 1, 1]

    requests = {desk: capture.record(desk, dict(ROW_B)).request_id for desk in (online, offline)}
    cites = {desk: next(one.hit for one in policies.listing(desk) if one.id == RULE) for desk in requests}
    moments = [-AHEAD, -SECOND * 3_600, -SECOND, 0 * SECOND, SECOND, SECOND * 86_400]
    for moment in [*moments, *reversed(moments)]:
        clock.at = change + moment
        for desk in (online, offline):
            assert shown(desk) == [OLD if moment < 0 * SECOND else NEW], f"{moment} at {desk.me.name}"

    for moment in (-SECOND, SECOND):
        clock.at = change + moment
        for desk, request_id in requests.items():
            hit = cites[desk]
            assert hit is not None
            cited = [hit.citation]

            def say(desk: Desk = desk, request_id: str = request_id, text: str = OLD) -> None:
                reply.send(desk, request_id, text, confirmed=True)

            def cite(desk: Desk = desk, request_id: str = request_id, cited: list[Citation] = cited) -> None:
                reply.send(desk, request_id, "可以换货。", articles=cited, confirmed=True)

            assert [refused(say), refused(cite)] == [moment > 0 * SECOND] * 2, f"{moment} at {desk.me.name}"
            assert not refused(lambda say=say: say(text="请稍等。"))

    assert shown(late) == [OLD], "what was never told of cannot be known"
    clock.at = change + SECOND
    assert policies.copy_age(late) == AHEAD + SECOND
    sync(late)
    assert policies.copy_age(late) is None and shown(late) == [NEW]
    assert [one.read for one in policies.notices(late)] == [False]
    policies.acknowledge(late, policies.notices(late)[0])
    sync(online, offline, late, lead)
    [rate] = policies.rates(lead)
    assert rate.acknowledged == 1, "an acknowledgement after the change comes too late for the rate"
    assert [policies.count_unread(desk) for desk in (online, offline, late)] == [0, 1, 0]


def test_a_recalled_change_never_holds_and_everybody_is_told(at_clock: Make, clock: Clock) -> None:
    author, rep = at_clock("李四", "legal"), at_clock("王五", "rep")
    lead = at_clock("周八", "supervisor")
    articles.import_articles(author, [row(OLD)])
    sync(author)
    change = clock.at + AHEAD
    articles.import_articles(author, [row(NEW, effective_from=stamp_time(change))])
    sync(author, rep, lead)
    policies.acknowledge(rep, policies.notices(rep)[0])
    assert policies.count_unread(rep) == 0
    [notice] = policies.notices(lead)
    with pytest.raises(Refusal, match=r"role\.denied"):
        policies.recall(rep, RULE, notice.version, "方案取消")
    policies.recall(lead, RULE, notice.version, "方案取消")
    sync(lead, rep)
    [back] = policies.notices(rep)
    assert (back.recalled, back.read, back.internal_text, back.customer_text) == (True, False, "方案取消", "")
    assert NEW not in [one.value["body"]["zh-CN"] for one in policies.phrases(rep).values()]
    policies.acknowledge(rep, back)
    sync(rep, lead, author)
    assert [one.acknowledged for one in policies.rates(lead)] == [1]
    assert [one.stands for one in article_review.every(author) if one.id == RULE] == ["returned"]
    late = at_clock("孙七", "rep")
    sync(late)
    for moment in (-SECOND, 0 * SECOND, AHEAD):
        clock.at = change + moment
        assert shown(rep) == shown(author) == [OLD]
        assert policies.count_unread(late) == 1, "who was off duty on that day hears of it, too"
    request = capture.record(rep, dict(ROW_B)).request_id
    assert refused(lambda: reply.send(rep, request, NEW, confirmed=True)), "a text begun from the notice stays here"
    clock.at = change + timedelta(days=15)
    assert policies.notices(rep) == []
    with pytest.raises(Refusal, match=r"policy\.not_announced"):
        policies.recall(lead, RULE, notice.version, "方案取消")


def test_the_centre_refuses_a_change_that_was_not_announced_in_time(at_clock: Make, clock: Clock) -> None:
    author, rep = at_clock("李四", "legal"), at_clock("王五", "rep")
    articles.import_articles(author, [row(OLD)])
    sync(author, rep)
    clock.at += SECOND
    with author.journal.transaction() as txn:
        value = {"kind": "policy", "source_id": "exchange-rule", "title": "换货期限规则", "plain_summary": NEW}
        value["imported"] = True  # what is written here would want another person's approval, too
        version = txn.write("article", RULE, root=RULE, patch={"version": {**value, "body": NEW, "at": txn.now()}})
    sync(author)
    with author.journal.transaction() as txn, pytest.raises(Refusal, match=r"flow\.notice"):
        txn.transition("article", RULE, "status", "publish", {"current": version})
    older_desk_approves(author, RULE, version, "article")
    identity = author.journal.identity
    assert identity is not None
    sync_once(author.store, author.journal, identity)
    assert [(one.code, one.args["codes"]) for one in Exchange(author.journal).parked()] == [("lane.notice", ["notice"])]
    sync(rep)
    assert shown(author) == shown(rep) == [OLD]
    manager = at_clock("吴九", "manager")
    sync(manager)
    with pytest.raises(Refusal, match=r"flow\.role"):
        policies.waive(rep, RULE, version, "监管要求当天执行")
    policies.waive(manager, RULE, version, "监管要求当天执行")
    sync(manager)
    sync_once(author.store, author.journal, identity)
    with author.journal.transaction() as txn:
        txn.transition("article", RULE, "status", "publish", {"current": version})
    sync_once(author.store, author.journal, identity)
    sync(rep)
    assert shown(author) == shown(rep) == [NEW]


def test_who_may_publish_and_not_announce_is_told_before_anything_is_written(at_clock: Make, clock: Clock) -> None:
    author, lead = at_clock("李四", "legal"), at_clock("周八", "supervisor")
    articles.import_articles(author, [row(OLD)])
    sync(author, lead)
    with pytest.raises(Refusal, match=r"import\.row") as told:
        articles.import_articles(lead, [row(NEW, effective_from=stamp_time(clock.at + AHEAD))])
    assert told.value.args["problem"] == "policy_role"
