"""The life of an article at one desk: checked on writing, reviewed, flagged, returned, due again, retired."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import article_review, articles, knowledge
from agentdesk.desk.article_changes import differences
from agentdesk.desk.context import Desk
from agentdesk.domain.content import article_id
from agentdesk.domain.refusal import Refusal
from agentdesk.store import starter
from tests.unit.desk.conftest import Clock

ROW: dict[str, Any] = {
    "kind": "solution",
    "title": "龙卷风牌吹雪机打不着火",
    "plain_summary": "先看油箱，再拉三次启动绳。",
    "body": "第一，看油箱。\n第二，拉启动绳。\n第三，换火花塞。",
    "steps": "看油箱\n拉启动绳",
    "product": "吹雪机",
    "tags": "户外、冬季",
    "keywords": "点火",
    "audience": "may_quote",
}


def found(desk: Desk, words: str = "吹雪机") -> list[str]:
    return [hit.title for hit in knowledge.search(desk, words) if "吹雪机" in hit.title or words != "吹雪机"]


def stands(desk: Desk) -> list[tuple[str, str]]:
    return [(row.title, row.stands) for row in article_review.every(desk) if row.stands != "shipped"]


def test_an_article_counts_once_approved_and_each_version_says_what_it_changed(desk: Desk) -> None:
    proposed = article_review.propose(desk, ROW)
    assert proposed.stands == "waiting" and found(desk) == []
    first = article_review.approve(desk, proposed.entity_id)
    assert first.stands == "published" and found(desk) == [ROW["title"]]
    assert sorted(first.words["tags"]) == ["冬季", "户外"] and first.words["keywords"] == ("点火",)

    body = "第一，看油箱。\n第二，拉启动绳三次。\n第三，换火花塞。"
    second = article_review.propose(desk, {**ROW, "body": body, "keywords": "点火、熄火"}, proposed.entity_id)
    assert second.stands == "waiting" and second.words["keywords"] == ("点火",), "words wait with their version"
    changes = differences(second.versions[0].value, second.versions[1].value, second.words)
    assert [(one.field, one.lines) for one in changes] == [
        (
            "body",
            (
                (" ", "第一，看油箱。"),
                ("-", "第二，拉启动绳。"),
                ("+", "第二，拉启动绳三次。"),
                (" ", "第三，换火花塞。"),
            ),
        ),
        ("keywords", ((" ", "点火"), ("+", "熄火"))),
    ]
    in_force = article_review.approve(desk, proposed.entity_id)
    assert sorted(in_force.words["keywords"]) == ["点火", "熄火"]
    back = article_review.approve(desk, proposed.entity_id, first.versions[0].id)
    assert back.in_force == back.versions[0] and back.words["keywords"] == ("点火",) and back.proposed is None


def test_it_is_returned_with_a_reason_and_retired_with_one(desk: Desk) -> None:
    made = article_review.propose(desk, ROW)
    with pytest.raises(Refusal, match=r"article\.why"):
        article_review.send_back(desk, made.entity_id, " ")
    returned = article_review.send_back(desk, made.entity_id, "缺安全提示")
    assert (returned.stands, returned.why, returned.proposed) == ("returned", "缺安全提示", None)
    article_review.propose(desk, {**ROW, "body": "先断电。"}, made.entity_id)
    article_review.approve(desk, made.entity_id)
    retired = article_review.retire(desk, made.entity_id, "停产")
    assert (retired.stands, retired.why, found(desk)) == ("retired", "停产", [])


def test_what_is_flagged_goes_on_counting_until_somebody_decides(desk: Desk) -> None:
    made = article_review.propose(desk, ROW)
    with pytest.raises(Refusal, match=r"article\.state"):
        article_review.flag(desk, made.entity_id, "还没生效")
    article_review.approve(desk, made.entity_id)
    flagged = article_review.flag(desk, made.entity_id, "第二步不对")
    assert (flagged.stands, flagged.flag, found(desk)) == ("flagged", "第二步不对", [ROW["title"]])
    assert article_review.every(desk)[0].flag == "第二步不对", "the list shows it before what is in order"
    article_review.propose(desk, {**ROW, "body": "先断电。"}, made.entity_id)
    still = article_review.send_back(desk, made.entity_id, "原来就写着")
    assert (still.state, still.flag, still.why) == ("flagged", "第二步不对", "原来就写着")
    sound = article_review.confirm(desk, made.entity_id)
    assert (sound.state, sound.flag) == ("published", "")


def test_what_is_said_of_an_article_shows_no_contact(desk: Desk) -> None:
    said, shown = "客户13900001234说第二步不对", "客户139****1234说第二步不对"
    made = article_review.propose(desk, {**ROW, "industry": "finance"})
    article_review.give_legal_word(desk, made.entity_id, objection=said)
    assert article_review.site_article(desk, made.entity_id).legal[0].why == shown
    article_review.approve(desk, made.entity_id)
    assert article_review.flag(desk, made.entity_id, said).flag == shown
    assert article_review.find(desk, made.entity_id).flag == article_review.every(desk)[0].flag == shown
    assert article_review.retire(desk, made.entity_id, said).why == shown


def test_the_next_review_is_due_and_late_and_counts_anew_from_a_confirmation(desk: Desk, clock: Clock) -> None:
    made = article_review.propose(desk, {**ROW, "kind": "product"})
    article_review.approve(desk, made.entity_id)
    (row,) = [row for row in article_review.every(desk) if row.id == made.entity_id]
    assert row.due is not None and (row.due - desk.now()).days == 30 and not row.overdue
    clock.go(31 * 86_400)
    (late,) = article_review.every(desk, stands="overdue")
    assert late.id == made.entity_id and late.overdue
    article_review.confirm(desk, made.entity_id)
    assert article_review.every(desk, stands="overdue") == []


def test_what_cannot_stand_is_refused_and_a_warning_asks(desk: Desk) -> None:
    for change, field, problem in (
        ({"title": ""}, "title", "missing"),
        ({"kind": "novel"}, "kind", "not_a_value"),
        ({"effective_from": "2026-02-30"}, "effective_from", "bad_date"),
        ({"body": "证件 11010519491231002X 已核对"}, "body", "private"),
        ({"plain_summary": "我们是全网最好的"}, "plain_summary", "phrase_blocked"),
    ):
        with pytest.raises(Refusal, match=r"article\.wrong") as refused:
            article_review.propose(desk, {**ROW, **change})
        assert (refused.value.args["article_field"], refused.value.args["problem"]) == (field, problem)
    inside = {**ROW, "audience": "internal", "body": "旧页面写着我们是全网最好的。"}
    with pytest.raises(Refusal, match=r"article\.confirm"):
        article_review.propose(desk, inside)
    made = article_review.propose(desk, inside, confirmed=True)
    with pytest.raises(Refusal, match=r"article\.same"):
        article_review.propose(desk, inside, made.entity_id, confirmed=True)


def test_a_shipped_article_is_written_over_withdrawn_and_comes_back(desk: Desk) -> None:
    shipped = next(one for one in starter.articles() if one.kind == "faq")
    own = {**ROW, "title": shipped.title, "body": "本站的做法。"}
    made = article_review.propose(desk, own, shipped.id)
    assert made.entity_id == article_id(shipped.code)

    def hits() -> list[str]:
        return [hit.id for hit in knowledge.search(desk, shipped.title) if hit.title == shipped.title]

    assert hits() == [shipped.id], "what waits takes no place"
    article_review.approve(desk, made.entity_id)
    assert hits() == [made.entity_id]
    listed = [row.id for row in article_review.every(desk, shipped.title) if row.title == shipped.title]
    assert listed == [made.entity_id], "the shipped one stands behind it"
    article_review.retire(desk, made.entity_id, "还是原来的好")
    assert hits() == [shipped.id]
    gone = article_review.retire(desk, shipped.id, "不卖了")
    assert gone.stands == "withdrawn" and hits() == []
    article_review.retire(desk, shipped.id, "又卖了")
    assert hits() == [shipped.id]


def test_a_shipped_article_is_flagged_confirmed_and_flagged_once_more(desk: Desk) -> None:
    shipped = next(one for one in starter.articles() if one.kind == "faq")

    def row() -> tuple[str, str]:
        return next((one.stands, one.flag) for one in article_review.every(desk) if one.id == shipped.id)

    assert row() == ("shipped", "")
    with pytest.raises(Refusal, match=r"article\.shipped"):
        article_review.confirm(desk, shipped.id)
    for why in ("热线已经换了号码", "第二步与新机型不符"):
        told = article_review.flag(desk, shipped.id, why)
        assert (told.name, told.flag) == (shipped.title, why)
        assert row() == ("flagged", why) and article_review.find(desk, shipped.id).flag == why
    assert [hit.id for hit in knowledge.search(desk, shipped.title)][:1] == [shipped.id], "it goes on counting"
    assert article_review.confirm(desk, shipped.id).flag == ""
    assert row() == ("shipped", "")
    article_review.flag(desk, shipped.id, "又换了号码 11010519491231002X")
    assert row() == ("flagged", "又换了号码 [ID]")
    made = article_review.propose(desk, {**ROW, "title": shipped.title}, shipped.id)
    article_review.approve(desk, made.entity_id)
    assert article_review.every(desk, stands="flagged") == [], "a version of the site is the answer"


def test_an_import_keeps_its_way_and_what_it_brought_is_corrected_by_hand(desk: Desk) -> None:
    row = {"id": "KB-1", **{name: ROW[name] for name in ("title", "body", "kind")}, "title_en": "Snow blower"}
    articles.import_articles(desk, [row])
    assert stands(desk) == [(ROW["title"], "published")]
    made = article_review.propose(desk, {**ROW, "body": "先断电。"}, article_id("KB-1"))
    latest = made.versions[-1].value
    assert (latest["source_id"], latest["title_en"]) == ("KB-1", "Snow blower") and "imported" not in latest
    article_review.approve(desk, made.entity_id)
    assert articles.import_articles(desk, [row]).updated == 1


def test_after_a_write_only_what_changed_is_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of ten thousand takes most of a second to read whole, and an exchange comes in many batches."""
    made = [article_review.propose(desk, {**ROW, "title": f"第{at}条"}).entity_id for at in range(3)]
    assert {row.stands for row in article_review.every(desk) if row.id in made} == {"waiting"}
    read: list[str] = []
    site_article = article_review._site_article

    def counted(state: Any, waiting: bool) -> Any:
        read.append(state.id)
        return site_article(state, waiting)

    article_review.approve(desk, made[1])
    monkeypatch.setattr(article_review, "_site_article", counted)
    rows = {row.id: row.stands for row in article_review.every(desk)}
    assert [rows[one] for one in made] == ["waiting", "published", "waiting"]
    assert read == [made[1]]


def test_suggestions_are_not_counted_at_each_key_of_the_list(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from agentdesk.screens.articles import ArticlesScreen

    monkeypatch.setattr("agentdesk.desk.suggestions.count", lambda desk: pytest.fail("counted"))
    assert ArticlesScreen().read(desk, "退款", "")
