"""An article through the centre: four eyes, the word of legal, two desks without a line, flags from anybody."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import article_page, article_review, articles, capture, checklists, knowledge
from agentdesk.desk.context import Desk
from agentdesk.domain.content import shipped_article_id
from agentdesk.domain.refusal import Refusal
from agentdesk.store.exchange import Exchange
from agentdesk.sync.exchange import sync_once
from tests.screens.conftest import ROW_B
from tests.sync.joined_desks import Make, sync
from tests.unit.desk.test_article_review import ROW

POLICY: dict[str, Any] = {**ROW, "kind": "policy", "title": "吹雪机积分兑换规则", "body": "每一百分换一元。"}


def found(desk: Desk, words: str = "吹雪机") -> list[str]:
    return [hit.title for hit in knowledge.search(desk, words) if words in hit.title]


def test_a_draft_is_handed_in_approved_by_another_and_flagged_by_a_representative(joined: Make) -> None:
    author, approver, rep = joined("张三", "specialist"), joined("李四", "qa_trainer"), joined("王五", "rep")
    draft = article_review.propose(rep, ROW)
    sync(rep, author)
    assert article_review.site_article(author, draft.entity_id).stands == "draft"
    with pytest.raises(Refusal, match=r"role\.denied"):
        article_review.submit(rep, draft.entity_id)
    article_review.submit(author, draft.entity_id)
    sync(author, approver)
    assert article_review.site_article(approver, draft.entity_id).stands == "waiting"
    article_review.send_back(approver, draft.entity_id, "缺安全提示")
    sync(approver, rep)
    returned = article_review.site_article(rep, draft.entity_id)
    assert (returned.stands, returned.why) == ("returned", "缺安全提示")

    article_review.propose(author, {**ROW, "body": "先断电，再看油箱。"}, draft.entity_id)
    with pytest.raises(Refusal, match=r"role\.denied"):
        article_review.approve(author, draft.entity_id)
    sync(author, approver)
    assert found(approver) == []
    article_review.approve(approver, draft.entity_id)
    sync(approver, rep, author)
    assert found(rep) == found(author) == [ROW["title"]]
    assert set(article_review.site_article(rep, draft.entity_id).words["tags"]) == {"户外", "冬季"}

    article_review.flag(rep, draft.entity_id, "第二步不对")
    article_review.flag(author, draft.entity_id, "图也旧了")
    sync(rep, author, approver)
    flagged = article_review.site_article(approver, draft.entity_id)
    assert (flagged.stands, flagged.flag) == ("flagged", "图也旧了") and found(approver) == [ROW["title"]]
    article_review.confirm(approver, draft.entity_id)
    sync(approver, rep)
    assert article_review.site_article(rep, draft.entity_id).stands == "published"


def test_what_ships_is_flagged_by_two_and_confirmed_by_an_approver(joined: Make) -> None:
    one, two, approver = joined("张三", "rep"), joined("李四", "rep"), joined("王五", "supervisor")
    shipped = shipped_article_id("emergency-list")
    article_review.flag(one, shipped, "热线已经换了号码")
    article_review.flag(two, shipped, "缺少夜间值班")
    with pytest.raises(Refusal, match=r"role\.denied"):
        article_review.confirm(one, shipped)
    sync(one, two, approver, one)
    for desk in (approver, one):
        assert article_review.find(desk, shipped).flag == "缺少夜间值班"
        assert [row.id for row in article_review.every(desk, stands="flagged")] == [shipped]
    article_review.confirm(approver, shipped)
    sync(approver, one)
    assert article_review.every(one, stands="flagged") == []


def test_a_flag_that_the_answer_had_not_seen_is_open_again(joined: Make) -> None:
    one, two, approver = joined("张三", "rep"), joined("李四", "rep"), joined("王五", "supervisor")
    shipped = shipped_article_id("emergency-list")
    article_review.flag(one, shipped, "热线已经换了号码")
    sync(one, approver)
    article_review.confirm(approver, shipped)
    article_review.flag(two, shipped, "缺少夜间值班")  # heard neither of the flag nor of the answer
    sync(approver, two, approver, one)
    for desk in (one, two, approver):
        assert article_review.find(desk, shipped).flag == "缺少夜间值班"
    article_review.confirm(approver, shipped)
    sync(approver, two)
    for desk in (two, approver):
        assert article_review.find(desk, shipped).flag == ""
    article_review.flag(two, shipped, "又换了号码")
    sync(two, approver)
    assert article_review.find(approver, shipped).flag == "又换了号码"


def test_two_desks_without_a_line_change_one_article_and_the_reviewer_chooses(joined: Make) -> None:
    one, two, approver = joined("张三", "specialist"), joined("李四", "specialist"), joined("王五", "supervisor")
    made = article_review.propose(one, ROW)
    sync(one, approver)
    article_review.send_back(approver, made.entity_id, "再写细一点")
    sync(approver, one, two)
    article_review.propose(one, {**ROW, "body": "先断电。"}, made.entity_id)
    article_review.propose(two, {**ROW, "body": "先关火。"}, made.entity_id)
    sync(one, two, approver)
    waiting = article_review.site_article(approver, made.entity_id)
    assert waiting.stands == "waiting"
    assert [one.value["body"] for one in waiting.rivals] == ["先断电。", "先关火。"], "neither is lost"
    article_review.approve(approver, made.entity_id, waiting.rivals[0].id)
    sync(approver, one, two)

    article_review.propose(one, {**ROW, "body": "先断电，等十分钟。"}, made.entity_id)
    article_review.propose(two, {**ROW, "body": "先断电，等半小时。"}, made.entity_id)
    sync(two, one, approver)
    waiting = article_review.site_article(approver, made.entity_id)
    assert waiting.in_force is not None and waiting.in_force.value["body"] == "先断电。"
    assert {one.value["body"] for one in waiting.rivals} >= {"先断电，等十分钟。", "先断电，等半小时。"}
    chosen = next(one for one in waiting.rivals if one.value["body"] == "先断电，等半小时。")
    article_review.approve(approver, made.entity_id, chosen.id)
    sync(approver, one, two)
    for desk in (one, two):
        current = article_review.site_article(desk, made.entity_id).in_force
        assert current is not None and current.value["body"] == "先断电，等半小时。"


def test_a_policy_needs_the_word_of_legal_beside_the_approval(joined: Make) -> None:
    author, approver, legal = joined("张三", "specialist"), joined("李四", "supervisor"), joined("王五", "legal")
    made = article_review.propose(author, POLICY)
    sync(author, approver, legal)
    with pytest.raises(Refusal, match=r"article\.legal\b"):
        article_review.approve(approver, made.entity_id)
    with pytest.raises(Refusal, match=r"role\.denied"):
        article_review.give_legal_word(approver, made.entity_id)
    article_review.give_legal_word(legal, made.entity_id, objection="缺生效日期")
    sync(legal, approver)
    with pytest.raises(Refusal, match=r"article\.legal\b"):
        article_review.approve(approver, made.entity_id)
    article_review.give_legal_word(legal, made.entity_id)
    with pytest.raises(Refusal, match=r"article\.legal\b"):
        article_review.approve(legal, made.entity_id)
    sync(legal, approver)
    article_review.approve(approver, made.entity_id)
    sync(approver, author)
    assert found(author, POLICY["title"]) == [POLICY["title"]]

    plain = article_review.propose(author, ROW)
    sync(author, legal)
    with pytest.raises(Refusal, match=r"article\.not_legal"):
        article_review.give_legal_word(legal, plain.entity_id)
    with pytest.raises(Refusal, match=r"article\.legal_only"):
        article_review.approve(legal, plain.entity_id)


@pytest.mark.parametrize(("row", "code"), [(ROW, "own"), (POLICY, "legal")])
def test_the_centre_refuses_what_a_careless_desk_lets_through(joined: Make, row: dict[str, Any], code: str) -> None:
    author, other, reader = joined("张三", "supervisor"), joined("李四", "supervisor"), joined("王五", "rep")
    made = article_review.propose(author, row)
    sync(author, other)
    careless = author if code == "own" else other
    value = {"t": "publish", "to": "published", "at": made.versions[0].value["at"], "current": made.versions[0].id}
    with careless.journal.transaction() as txn:
        txn.write("article", made.entity_id, root=made.entity_id, patch={"status": value})
    identity = careless.journal.identity
    assert identity is not None
    sync_once(careless.store, careless.journal, identity)
    assert [(one.code, one.args["codes"]) for one in Exchange(careless.journal).parked()] == [(f"lane.{code}", [code])]
    sync(reader)
    assert found(reader, row["title"]) == []


def test_an_import_is_in_force_at_once(joined: Make) -> None:
    importer, reader = joined("张三", "supervisor"), joined("王五", "rep")
    articles.import_articles(importer, [{"id": "KB-1", "title": "吹雪机说明", "body": "见正文。", "kind": "policy"}])
    sync(importer, reader)
    assert found(reader) == ["吹雪机说明"]


def test_a_glossary_hints_at_every_desk_and_goes_with_its_article(joined: Make) -> None:
    author, approver, rep = joined("张三", "specialist"), joined("李四", "qa_trainer"), joined("王五", "rep")
    row = {"kind": "glossary", "title": "行话", "body": "- **揽收**：快递员把包裹收走了"}

    def hinted(desk: Desk) -> list[tuple[str, str]]:
        return [(one.rule, one.replacement) for one in desk.linter.check("您的包裹已揽收") if one.category == "jargon"]

    made = article_review.propose(author, row)
    sync(author, approver, rep)
    assert hinted(rep) == [], "what waits for approval counts nowhere"
    article_review.approve(approver, made.entity_id)
    sync(approver, rep, author)
    assert hinted(rep) == hinted(author) == [("JG-01", "快递员把包裹收走了")]
    article_review.retire(approver, made.entity_id, "客户都懂")
    sync(approver, rep)
    assert hinted(rep) == []


def test_a_tick_of_an_emergency_list_is_seen_at_every_desk_of_the_team(joined: Make) -> None:
    rep, other = joined("张三", "rep"), joined("李四", "rep")
    request = capture.record(rep, ROW_B).request_id
    sync(rep, other)
    page = article_page.read(rep, shipped_article_id("emergency-list"))
    checklists.tick(rep, page, 1, request, "第 2 步已完成")
    checklists.tick(rep, page, 0)
    sync(rep, other)
    seen = checklists.ticks(other, page, request)
    assert [(place, tick.who) for place, tick in seen.items()] == [(1, "张三")]
    assert checklists.ticks(other, page) == {}, "one's own list stays at home"
    with pytest.raises(Refusal, match=r"checklist\.ticked"):
        checklists.tick(other, page, 1, request, "第 2 步已完成")
