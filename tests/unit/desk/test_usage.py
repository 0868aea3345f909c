"""What is searched, used and solved, counted from the facts; what should be written, asked for once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from agentdesk.desk import article_review, capture, knowledge, reply, resolve, suggestions, usage
from agentdesk.desk.context import Desk
from agentdesk.desk.suggestions import Suggestion
from agentdesk.desk.views import Hit, ResolveForm
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.usage import Share
from tests.unit.desk.conftest import ROW_B, Clock
from tests.unit.desk.test_article_review import ROW
from tests.unit.desk.test_words import with_roles

DAY = 86_400


def search(desk: Desk, words: str, **more: Any) -> list[Hit]:
    hits = knowledge.search(desk, words)
    knowledge.solved(desk, words, hits, more.pop("opened", ""), more.pop("solved", None), **more)
    return hits


def facts(desk: Desk, group: str) -> list[dict[str, Any]]:
    rows = desk.store.raw().execute(f"SELECT {group} FROM log_fact WHERE {group} IS NOT NULL ORDER BY id")
    return [fact for (row,) in rows for fact in json.loads(row).values()]


def words(desk: Desk) -> list[tuple[str, int]]:
    return [(one.text, one.times) for one in suggestions.waiting(desk) if one.kind == suggestions.WORDS]


def test_one_fact_holds_what_was_found_opened_inserted_and_said(desk: Desk, request_b: str) -> None:
    (hit, *_) = knowledge.search(desk, "漏水")
    knowledge.solved(desk, "漏水", [hit], hit.id, True, inserted=hit.id, request=request_b)
    (searched,), (inserted,) = facts(desk, "searched"), facts(desk, "inserted")
    assert (searched["words"], searched["hits"], searched["opened"], searched["solved"]) == (
        "漏水", [hit.id], hit.id, True,
    )  # fmt: skip
    assert (inserted["article"], inserted["request"]) == (hit.id, request_b)
    found = usage.report(desk, 7)
    (article,) = found.articles
    assert (article.use.opened, article.use.inserted, article.use.helped) == (1, 1, 1)
    assert found.searched.answers == Share(1, 1) and found.searched.zero_hits == Share(0, 1)


def test_searches_of_the_period_are_counted(desk: Desk, clock: Clock) -> None:
    search(desk, "量子纠缠仪")
    clock.go(8 * DAY)
    search(desk, "量子糾纏儀")
    hits = search(desk, "退款", solved=False)
    week, month = usage.report(desk, 7), usage.report(desk, 30)
    assert [(one.words, one.searches) for one in month.terms] == [("量子纠缠仪", 2), ("退款", 1)]
    assert [(one.words, one.searches) for one in week.terms] == [("退款", 1), ("量子糾纏儀", 1)]
    assert {one.words for one in week.unhit} == {"退款", "量子糾纏儀"} and hits
    assert week.searched.zero_hits == Share(1, 2) and week.searched.answers == Share(0, 1)


def test_a_desk_without_facts_has_no_data(desk: Desk) -> None:
    found = usage.report(desk, 30)
    assert found.searched.zero_hits.rate is None and found.resolution.rate is None and found.timeliness.rate is None
    assert found.terms == found.unhit == found.weak == found.waiting == ()
    assert found.updated_at is None and not found.stale and found.products.rate is None
    assert [week.updates for week in found.weeks] == [0, 0, 0, 0], "what ships is nobody's update"


def test_citations_and_resolutions_are_counted(desk: Desk, request_b: str) -> None:
    (hit, *_) = knowledge.search(desk, "能效")
    reply.send(desk, request_b, "能效为一级，请放心。", articles=[hit.citation])
    found = usage.report(desk, 7)
    assert (found.articles[0].use.cited, found.articles[0].resolution) == (1, Share(0, 1))
    form = ResolveForm(solution_text="能效为一级，请放心。", articles=(hit.citation,), verdict="satisfied")
    resolve.resolve(desk, request_b, form)
    found = usage.report(desk, 7)
    assert (found.articles[0].resolution, found.resolution, found.requests) == (Share(1, 1), Share(1, 1), 1)


def test_freshness_counts_new_words_and_reviews_in_time(desk: Desk, clock: Clock) -> None:
    made = article_review.propose(desk, {**ROW, "kind": "product"})
    article_review.approve(desk, made.entity_id)
    found = usage.report(desk, 30)
    assert found.updated_at == clock.at and found.freshness == Share(1, 4) and found.products == Share(1, 1)
    clock.go(8 * DAY)
    assert usage.report(desk, 30).stale, "nothing was updated for more than seven days (CK-20)"
    clock.go(12 * DAY)
    article_review.confirm(desk, made.entity_id)
    confirmed = usage.report(desk, 30)
    assert confirmed.updated_at == clock.at - timedelta(days=20), "to look at it is no update"
    assert confirmed.timeliness.rate is None
    clock.go(11 * DAY)
    assert usage.report(desk, 30).timeliness == Share(1, 1)
    clock.go(25 * DAY)
    late = usage.report(desk, 30)
    assert late.products == Share(0, 1) and late.timeliness == Share(1, 2)
    assert [one.weak for one in late.weak] == [("overdue",)]


def test_words_in_vain_become_a_suggestion_on_the_second_day(desk: Desk, clock: Clock) -> None:
    for given in ("量子纠缠仪", "量子 糾纏儀 "):
        search(desk, given)
    assert words(desk) == [], "one person on one day has missed it once"
    clock.go(DAY)
    search(desk, "量子纠缠仪")
    assert words(desk) == [("量子纠缠仪", 2)]
    (one,) = suggestions.waiting(desk)
    assert (one.people, one.at) == (1, clock.at)


@pytest.mark.parametrize("given", ["退", "13900004321 换绑", "11010519491231002X 查询", "一" * 61, "订单20240428"])
def test_what_belongs_to_one_case_is_no_suggestion(desk: Desk, clock: Clock, given: str) -> None:
    for _ in range(3):
        knowledge.solved(desk, given, [], "", None)
        clock.go(DAY)
    assert words(desk) == []
    assert desk.store.raw().execute("SELECT count(*) FROM suggestion").fetchone() == (0,)


def test_what_fits_without_typing_is_no_suggestion(desk: Desk, clock: Clock) -> None:
    for _ in range(3):
        knowledge.solved(desk, "客户的原话", [], "", False, typed=False)
        clock.go(DAY)
    assert words(desk) == []


def test_nobody_is_asked_twice(desk: Desk, clock: Clock) -> None:
    def missed() -> None:
        for _ in range(2):
            search(desk, "量子纠缠仪")
            clock.go(DAY)

    missed()
    (one,) = suggestions.waiting(desk)
    with pytest.raises(Refusal, match="suggestion.no_why"):
        suggestions.decline(desk, one, "  ")
    suggestions.decline(desk, one, "不卖这种产品")
    missed()
    assert suggestions.waiting(desk) == []
    with pytest.raises(Refusal, match="suggestion.decided"):
        suggestions.take(desk, one, "x")


def resolved(desk: Desk, contact: str, **more: Any) -> str:
    request = capture.record(desk, {**ROW_B, "contact": contact}).request_id
    resolve.resolve(desk, request, ResolveForm(solution_text="能效为一级，安装免费。", **more))
    return request


def test_requests_without_a_citation_become_suggestions_until_somebody_writes_or_declines(desk: Desk) -> None:
    (hit, *_) = knowledge.search(desk, "能效")
    resolved(desk, "13900000011", articles=(hit.citation,))
    own = resolved(desk, "13900000012", own_knowledge=True)
    wanted = resolved(desk, "13900000013", own_knowledge=True, kb_candidate="联系13900000099问安装")
    first, second = suggestions.waiting(desk)
    assert (first.request, second.request) == (wanted, own)
    assert first.wanted == "联系139****0099问安装" and first.kind == suggestions.REQUEST and not second.wanted
    suggestions.decline(desk, second, "个案")
    assert [one.request for one in suggestions.waiting(desk)] == [wanted]
    article_review.propose(desk, ROW, source_request=wanted)
    assert suggestions.waiting(desk) == [] and suggestions.count(desk) == 0


@pytest.mark.parametrize(
    ("role", "sees", "decides"),
    [
        ("rep", False, False), ("admin", False, False), ("analyst", True, False), ("manager", True, False),
        ("specialist", True, True), ("tech", True, True), ("qa_trainer", True, True), ("supervisor", True, True),
        ("legal", True, True),
    ],
)  # fmt: skip
def test_who_sees_and_who_decides(desk: Desk, role: str, sees: bool, decides: bool) -> None:
    with_roles(desk, role)
    assert (suggestions.may_see(desk), suggestions.may_decide(desk)) == (sees, decides)
    if not sees:
        with pytest.raises(Refusal, match="role.denied"):
            usage.report(desk, 7)
    if not decides:
        one = Suggestion("x", suggestions.WORDS, "量子纠缠仪", desk.now())
        with pytest.raises(Refusal, match="role.denied"):
            suggestions.decline(desk, one, "不需要")


def test_the_head_of_a_private_number_is_no_search(desk: Desk) -> None:
    knowledge.solved(desk, "330106-1980121", [], "", None)
    assert facts(desk, "searched") == []
    knowledge.solved(desk, "漏水 330106-1980121", [], "", None)
    assert [one["words"] for one in facts(desk, "searched")] == ["漏水"]
