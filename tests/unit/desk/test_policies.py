"""Policies at a desk alone: what is read, found, cited and said changes at the second, without an exchange."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from agentdesk.changes import stamp_time
from agentdesk.desk import articles, indexing, knowledge, phrase_review, phrases, policies, reply, resolve, superseded
from agentdesk.desk.context import Desk
from agentdesk.desk.policies import PolicyView
from agentdesk.desk.views import Citation
from agentdesk.domain.content import article_id
from agentdesk.domain.refusal import Refusal
from agentdesk.store.exchange import Exchange
from agentdesk.store.projections import search
from tests.unit.desk.conftest import Clock

HOUR = 3_600
OLD = "换货满七天仍可申请，运费由我们承担，三天内上门取件。"
NEW = "换货满十五天仍可申请，运费由我们承担，两天内上门取件。"


def row(text: str, **more: Any) -> dict[str, Any]:
    made = {"id": "exchange-rule", "kind": "policy", "title": "换货期限规则", "body": text, "plain_summary": text}
    return {**made, "audience": "may_quote", **more}


def start(clock: Clock, hours: float) -> str:
    return stamp_time(clock.now() + timedelta(hours=hours))


def announce(desk: Desk, clock: Clock, hours: float = 73) -> None:
    """The old version in force, the new one announced to take force after so many hours."""
    articles.import_articles(desk, [row(OLD)])
    clock.go(1)
    articles.import_articles(desk, [row(NEW, effective_from=start(clock, hours))])


def policy(desk: Desk) -> PolicyView:
    return next(one for one in policies.listing(desk) if one.source_id == "exchange-rule")


def summaries(desk: Desk, words: str = "换货期限规则") -> list[str]:
    return [hit.plain_summary for hit in knowledge.search(desk, words) if hit.source_id == "exchange-rule"]


def test_reading_searching_and_listing_change_at_the_second(desk: Desk, clock: Clock) -> None:
    announce(desk, clock)
    assert summaries(desk) == [OLD]
    assert [(one.now.plain_summary, one.next.plain_summary) for one in [policy(desk)] if one.now and one.next] == [
        (OLD, NEW)
    ]
    clock.go(73 * HOUR - 1)
    assert summaries(desk) == [OLD]
    assert knowledge.article(desk, article_id("exchange-rule")).body == OLD
    clock.go(1)
    assert knowledge.article(desk, article_id("exchange-rule")).body == NEW
    assert summaries(desk) == summaries(desk, "满十五天") == [NEW]
    assert summaries(desk, "三天内上门") != [OLD]
    shown = policy(desk)
    assert shown.now is not None and shown.now.plain_summary == NEW and shown.next is None
    assert [one.plain_summary for one in shown.earlier] == [OLD]
    clock.go(-2)
    assert summaries(desk) == [OLD], "a clock that is put right goes back, too"


def test_a_desk_opened_anew_knows_what_is_in_force(opened: Callable[[], Desk], desk: Desk, clock: Clock) -> None:
    announce(desk, clock)
    desk.close()
    clock.go(80 * HOUR)
    assert summaries(opened()) == [NEW]


def test_what_cites_the_old_version_is_refused_one_second_after_the_change(
    desk: Desk, clock: Clock, request_a: str
) -> None:
    announce(desk, clock)
    [hit] = [one for one in knowledge.search(desk, "换货期限规则") if one.source_id == "exchange-rule"]
    clock.go(73 * HOUR - 1)
    reply.send(desk, request_a, OLD, articles=[hit.citation], confirmed=True)
    clock.go(2)
    for text, cited in (("您可以申请换货。", [hit.citation]), (f"您好，{OLD}", [])):
        with pytest.raises(Refusal, match=r"policy\.superseded") as refused:
            reply.send(desk, request_a, text, articles=cited, confirmed=True)
        assert (refused.value.args["title"], refused.value.args["new"]) == ("换货期限规则", NEW)
    taken = superseded.replaced(f"您好，{OLD}", refused.value)
    assert taken == f"您好，{NEW}"
    assert superseded.replaced("您可以申请换货。", refused.value) == f"您可以申请换货。\n{NEW}"
    reply.send(desk, request_a, taken, articles=[refused.value.args["citation"]], confirmed=True)


def test_a_request_answered_under_the_old_version_is_resolved_with_it_after_the_change(
    desk: Desk, clock: Clock, request_b: str
) -> None:
    announce(desk, clock)
    [hit] = [one for one in knowledge.search(desk, "换货期限规则") if one.source_id == "exchange-rule"]
    reply.send(desk, request_b, OLD, articles=[hit.citation], confirmed=True)
    clock.go(74 * HOUR)
    form = resolve.prefill(desk, request_b)
    assert form.articles == (Citation(hit.id, hit.version, "换货期限规则"),)
    assert resolve.resolve(desk, request_b, form, confirmed=True).state == "RESOLVED"


def test_a_change_that_comes_too_soon_is_not_imported_and_the_same_file_announces_once(
    desk: Desk, clock: Clock
) -> None:
    articles.import_articles(desk, [row(OLD)])
    clock.go(1)
    for when in ("", start(clock, 71.9)):
        with pytest.raises(Refusal, match=r"import\.row") as refused:
            articles.import_articles(desk, [row(NEW, effective_from=when)])
        assert refused.value.args["problem"] == "policy_too_soon"
    again = row(NEW, effective_from=start(clock, 72))
    assert articles.import_articles(desk, [again]).updated == 1
    clock.go(60)
    assert articles.import_articles(desk, [again]).unchanged == 1
    assert len(policies.notices(desk)) == 1


def test_a_notice_is_acknowledged_once_and_counted_for_the_team(desk: Desk, clock: Clock) -> None:
    announce(desk, clock)
    [notice] = policies.notices(desk)
    assert (notice.read, notice.number, notice.customer_text, policies.count_unread(desk)) == (False, 2, NEW, 1)
    assert [(one.acknowledged, one.agents, len(one.missing)) for one in policies.rates(desk)] == [(0, 1, 1)]
    policies.acknowledge(desk, notice)
    policies.acknowledge(desk, notice)
    assert policies.count_unread(desk) == 0 and policy(desk).unread == ()
    assert [(one.acknowledged, one.agents, one.missing) for one in policies.rates(desk)] == [(1, 1, ())]
    with desk.store.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM policy_ack").scalar() == 1


def test_an_acknowledgement_after_the_change_counts_for_reading_and_not_for_the_rate(desk: Desk, clock: Clock) -> None:
    announce(desk, clock)
    clock.go(73 * HOUR + 1)
    [notice] = policies.notices(desk)
    policies.acknowledge(desk, notice)
    assert policies.count_unread(desk) == 0
    assert [one.acknowledged for one in policies.rates(desk)] == [0]


def test_a_notice_is_given_by_who_may_with_both_texts(desk: Desk, clock: Clock) -> None:
    announce(desk, clock)
    shown = policy(desk)
    assert shown.next is not None
    with pytest.raises(Refusal, match=r"text\.empty"):
        policies.give_notice(desk, shown.id, shown.next.version, "内部说明", " ")
    with pytest.raises(Refusal, match=r"policy\.unknown"):
        policies.give_notice(desk, shown.id, "none", "内部说明", "客户说明")
    clock.go(1)
    policies.give_notice(desk, shown.id, shown.next.version, "内部说明", "客户说明，请留意。", ["换货"])
    [notice] = policies.notices(desk)
    assert (notice.internal_text, notice.customer_text, notice.topics) == ("内部说明", "客户说明，请留意。", ("换货",))


def test_what_still_speaks_of_the_old_version_is_named(desk: Desk, clock: Clock) -> None:
    announce(desk, clock)
    by_words = {"id": "faq-exchange", "title": "多久能换货", "body": f"答：{OLD}"}
    by_tag = {"id": "faq-tagged", "title": "换货要运费吗", "body": "不要", "tags": ["exchange-rule@v1"]}
    current = {"id": "faq-new", "title": "换货新规", "body": f"答：{NEW}", "tags": ["exchange-rule@v2"]}
    articles.import_articles(desk, [by_words, by_tag, current])
    assert superseded.citing(desk, article_id("exchange-rule")) == []
    clock.go(73 * HOUR)
    assert sorted(superseded.citing(desk, article_id("exchange-rule"))) == [
        ("article", "多久能换货"),
        ("article", "换货要运费吗"),
    ]


def test_a_desk_that_answers_to_nobody_has_no_old_copy(desk: Desk, clock: Clock) -> None:
    Exchange(desk.journal).note_exchanged()
    clock.go(72 * HOUR)
    assert policies.copy_age(desk) is None


def test_a_text_for_customers_that_no_reply_may_say_is_no_notice(desk: Desk, clock: Clock) -> None:
    announce(desk, clock)
    shown = policy(desk)
    assert shown.announced_next is not None
    with pytest.raises(Refusal, match=r"phrase\.blocked"):
        policies.give_notice(desk, shown.id, shown.announced_next.version, "内部说明", "我们是全网最好的，您放心。")
    policies.give_notice(desk, shown.id, shown.announced_next.version, "卡号6222021234567890128", "客户说明，请留意。")
    assert "6222021234567890128" not in policies.notices(desk)[0].internal_text


def test_the_pack_is_listed_also_where_the_top_line_read_first(desk: Desk, clock: Clock) -> None:
    assert policies.count_unread(desk) == 0
    clock.go(280 * 24 * HOUR)
    assert "points-policy" in [one.source_id for one in policies.listing(desk)]


def test_a_phrase_that_speaks_of_the_old_version_is_flagged_last_and_not_sent(
    desk: Desk, clock: Clock, request_a: str
) -> None:
    announce(desk, clock)
    made = {"scenario": "policy_explain", "title_zh_cn": "换货说明", "tags": ["exchange-rule@v1"]}
    phrase_review.propose(
        desk, {**made, "code": "site.exchange", "body_zh_cn": "换货可以在收货后一周内申请。"}, confirmed=True
    )
    phrase_review.approve(desk, "site.exchange")
    [shown] = [one for one in phrases.search(desk, "换货说明", request_a) if one.code == "site.exchange"]
    assert ("outdated", 0) not in shown.reasons
    clock.go(73 * HOUR)
    [shown] = [one for one in phrases.search(desk, "换货说明", request_a) if one.code == "site.exchange"]
    assert shown.reasons[0] == ("outdated", 0)
    assert phrases.fitting(desk, request_a, limit=999)[-1].code == "site.exchange"
    assert ("phrase", "换货说明") in superseded.citing(desk, article_id("exchange-rule"))
    with pytest.raises(Refusal, match=r"policy\.superseded"):
        reply.send(desk, request_a, shown.text, phrases=[shown.version], confirmed=True)


def test_the_text_for_customers_is_a_phrase_as_long_as_its_notice_stands(
    desk: Desk, clock: Clock, request_a: str
) -> None:
    def offered() -> list[str]:
        return [one.text for one in phrases.search(desk, "换货期限规则", request_a) if one.title == "换货期限规则"]

    articles.import_articles(desk, [row(OLD)])
    assert offered() == []
    clock.go(1)
    articles.import_articles(desk, [row(NEW, effective_from=start(clock, 73))])
    assert offered() == [NEW]
    [shown] = [one for one in phrases.fitting(desk, request_a, limit=999) if one.text == NEW]
    assert phrases.fill(desk, shown.id, {}, request_a).text == NEW
    reply.send(desk, request_a, shown.text, phrases=[shown.version], confirmed=True)
    clock.go(1)
    later = row("换货期限改为三十天，两天内上门取件。", effective_from=start(clock, 90))
    articles.import_articles(desk, [later])
    clock.go(91 * HOUR)
    assert offered() == ["换货期限改为三十天，两天内上门取件。"]


def test_a_policy_of_the_site_takes_the_place_of_the_shipped_one_once_it_is_in_force(
    desk: Desk, clock: Clock, request_a: str
) -> None:
    def found() -> list[str]:
        return [hit.plain_summary for hit in knowledge.search(desk, "会员积分规则") if hit.source_id == "points-policy"]

    clock.go(280 * 24 * HOUR)
    [shipped] = [one for one in policies.listing(desk) if one.source_id == "points-policy"]
    assert shipped.now is not None and found() == [shipped.now.plain_summary]
    own = row(
        "一百五十积分抵一元，每单最多抵一成。", id="points-policy", title="会员积分规则", effective_from=start(clock, 5)
    )
    articles.import_articles(desk, [own])
    assert found() == [shipped.now.plain_summary]
    clock.go(5 * HOUR)
    [after] = [one for one in policies.listing(desk) if one.source_id == "points-policy" and one.now]
    assert found() == ["一百五十积分抵一元，每单最多抵一成。"]
    assert after.id != shipped.id and shipped.hit is not None
    with pytest.raises(Refusal, match=r"policy\.superseded") as refused:
        reply.send(desk, request_a, "请看规则。", articles=[shipped.hit.citation], confirmed=True)
    assert refused.value.args["citation"].id == after.id


def test_the_version_in_force_is_found_whoever_fills_the_index(desk: Desk, clock: Clock) -> None:
    """A search may index the last of what waits: the articles among it are indexed as published."""
    announce(desk, clock)
    assert summaries(desk, "七天") == [OLD]
    with desk.store.write() as conn:  # as a pull of many articles does
        dbapi = conn.connection.driver_connection
        search.enqueue(dbapi, "article", [article_id("exchange-rule")])
    assert indexing.progress(desk).left == 1
    knowledge.search(desk, "洗衣机", patient=False)
    assert indexing.progress(desk).left == indexing.step(desk) == 0
    assert summaries(desk, "七天") == [OLD]
