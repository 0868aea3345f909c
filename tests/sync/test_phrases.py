"""A phrase through the centre: proposed at one desk, approved at another, offered at a third, put back, retired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentdesk.desk import library, phrase_review, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.domain.refusal import Refusal
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.join import join
from tests.sync.centres import CentreProcess
from tests.unit.desk.test_phrase_review import ROW

CODE = ROW["code"]
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


def sync(*desks: Desk) -> None:
    """Each exchanges with the centre, in this order."""
    for desk in desks:
        identity = desk.journal.identity
        assert identity is not None
        report = sync_once(desk.store, desk.journal, identity)
        assert not report.error and not report.parked


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
