"""A phrase through the centre: proposed at one desk, approved at another, offered at a third, put back, retired."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentdesk.desk import library, phrase_review, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.domain.refusal import Refusal
from agentdesk.store.exchange import Exchange
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.join import join
from tests.sync.centres import CentreProcess
from tests.sync.joined_desks import Make, sync
from tests.sync.test_rule_lane import older_desk_approves
from tests.unit.desk.test_phrase_review import ROW

CODE = ROW["code"]


def offered(desk: Desk, code: str = CODE) -> list[str]:
    return [one.value["body"]["zh-CN"] for one in library.phrases(desk).values() if one.value["code"] == code]


def test_a_phrase_is_offered_at_every_desk_once_another_has_approved_it(joined: Make) -> None:
    author, approver, rep = joined("张三", "specialist"), joined("李四", "supervisor"), joined("王五", "rep")
    with pytest.raises(Refusal, match=r"role\.denied"):
        phrase_review.propose(rep, ROW)
    phrase_review.propose(author, ROW)
    with pytest.raises(Refusal, match=r"role\.denied"):
        phrase_review.approve(author, CODE)
    sync(author, approver, rep)
    assert [phrase_review.site_phrase(desk, CODE).stands for desk in (author, approver, rep)] == ["waiting"] * 3
    assert offered(rep) == offered(approver) == [], "what waits for approval is offered nowhere"

    phrase_review.send_back(approver, CODE, "请写明门店")
    sync(approver, author)
    returned = phrase_review.site_phrase(author, CODE)
    assert (returned.stands, returned.why) == ("returned", "请写明门店")
    first = "您的{product}已经到北门店，{eta}前都可以来取。"
    phrase_review.propose(author, {**ROW, "body_zh_cn": first})
    sync(author, approver)
    phrase_review.approve(approver, CODE)
    sync(approver, rep, author)
    assert offered(rep) == offered(author) == [first]

    phrase_review.propose(author, {**ROW, "body_zh_cn": "{product}到店了，{eta}前来取就行。"})
    sync(author, approver)
    changed = phrase_review.approve(approver, CODE)
    sync(approver, rep)
    assert offered(rep) == ["{product}到店了，{eta}前来取就行。"]
    phrase_review.put_back(approver, CODE, changed.versions[-2].id)
    sync(approver, rep)
    assert offered(rep) == [first]
    phrase_review.retire(approver, CODE, "不再自提")
    sync(approver, rep, author)
    assert offered(rep) == offered(author) == []
    phrase_review.propose(author, ROW)
    sync(author, approver)
    phrase_review.approve(approver, CODE)
    sync(approver, rep)
    assert offered(rep) == [ROW["body_zh_cn"]]


def test_who_wrote_it_does_not_approve_it_and_shipped_ones_are_written_over_and_withdrawn(joined: Make) -> None:
    one, other = joined("张三", "supervisor"), joined("李四", "qa_trainer")
    own = {**ROW, "code": "soothing", "scenario": "soothing", "actions": ""}
    phrase_review.propose(one, own)
    sync(one, other)
    with pytest.raises(Refusal, match=r"phrase\.own"):
        phrase_review.approve(one, "soothing")
    shipped = offered(one, "soothing")
    phrase_review.approve(other, "soothing")
    sync(other, one)
    assert offered(one, "soothing") == [ROW["body_zh_cn"]]
    phrase_review.retire(one, "soothing", "还是原来的好")
    sync(one, other)
    assert offered(other, "soothing") == shipped
    phrase_review.retire(other, "soothing", "都不要")
    sync(other, one)
    assert offered(one, "soothing") == []


def test_of_two_who_begin_the_same_phrase_at_once_the_second_one_is_parked_not_lost(joined: Make) -> None:
    one, two, approver = joined("张三", "specialist"), joined("李四", "specialist"), joined("王五", "supervisor")
    phrase_review.propose(one, ROW)
    phrase_review.propose(two, {**ROW, "body_zh_cn": "{product}到店了，{eta}前来取就行。"})
    sync(one)
    identity = two.journal.identity
    assert identity is not None
    report = sync_once(two.store, two.journal, identity)
    assert not report.error and report.parked == 2, "version and step wait on the second desk"
    sync(approver)
    found = phrase_review.site_phrase(approver, CODE)
    assert found.stands == "waiting" and len(found.versions) == 1
    phrase_review.approve(approver, CODE)
    sync(approver, one)
    assert len(offered(one)) == 1


def test_a_desk_that_lets_its_author_approve_a_phrase_is_told_no_and_it_is_offered_nowhere(joined: Make) -> None:
    author, approver = joined("张三", "supervisor"), joined("李四", "supervisor")
    found = phrase_review.propose(author, ROW)
    sync(author)
    with author.journal.transaction() as txn, pytest.raises(Refusal, match=r"flow\.own"):
        txn.transition("phrase", found.entity_id, "status", "publish", {"current": found.versions[0].id})
    older_desk_approves(author, found.entity_id, found.versions[0].id, "phrase")
    identity = author.journal.identity
    assert identity is not None
    sync_once(author.store, author.journal, identity)
    assert [(one.code, one.args["codes"]) for one in Exchange(author.journal).parked()] == [("lane.own", ["own"])]
    sync(approver)
    for desk in (author, approver):
        assert offered(desk) == [] and phrase_review.site_phrase(desk, CODE).stands == "waiting"
    phrase_review.approve(approver, CODE)
    sync(approver)
    sync_once(author.store, author.journal, identity)
    assert offered(author) == offered(approver) == [ROW["body_zh_cn"]]


def test_who_wrote_what_is_in_force_returns_what_another_proposes_over_it(joined: Make) -> None:
    one, other = joined("张三", "supervisor"), joined("李四", "supervisor")
    phrase_review.propose(one, ROW)
    sync(one, other)
    phrase_review.approve(other, CODE)
    phrase_review.propose(other, {**ROW, "body_zh_cn": "{product}到店了，{eta}前来取就行。"})
    sync(other, one)
    assert phrase_review.send_back(one, CODE, "语气太随便").waiting
    sync(one, other)
    for desk in (one, other):
        found = phrase_review.site_phrase(desk, CODE)
        assert (found.stands, found.state, found.why, found.waiting) == ("returned", "published", "语气太随便", False)
        assert offered(desk) == [ROW["body_zh_cn"]]


def test_phrases_that_a_person_alone_approved_wait_for_another_once_the_desk_has_joined(
    joined: Make, centre: CentreProcess, tmp_path: Path
) -> None:
    approver = joined("李四", "supervisor")
    alone = open_desk(tmp_path / "alone")
    try:
        setup.first_run(alone, "张三", "9001", "客服一组", "zh_CN")
        phrase_review.propose(alone, ROW)
        phrase_review.approve(alone, CODE)
        assert offered(alone) == [ROW["body_zh_cn"]]
        phrase_review.retire(alone, "soothing", "不要这一条")
        join(alone.store, alone.journal, centre.url, centre.code(role="supervisor"))
        alone.forget("identity")
        identity = alone.journal.identity
        assert identity is not None
        sync_once(alone.store, alone.journal, identity)
        sync(approver)
        for desk in (alone, approver):
            assert offered(desk) == [] and phrase_review.site_phrase(desk, CODE).stands == "waiting"
            assert offered(desk, "soothing") == [], "what was taken away puts no words in force"
        phrase_review.approve(approver, CODE)
        sync(approver)
        sync_once(alone.store, alone.journal, identity)
        assert offered(alone) == offered(approver) == [ROW["body_zh_cn"]]
    finally:
        alone.close()
