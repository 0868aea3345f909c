"""What was solved like this before: found, counted by the way it was solved, and nobody's data in it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentdesk.desk import alike, articles, capture, knowledge, moving, resolve, workspace
from agentdesk.desk.context import Desk
from agentdesk.desk.views import Citation, ResolveForm
from agentdesk.domain.redaction import order as redaction_order
from agentdesk.domain.refusal import Refusal
from agentdesk.store import alike as near
from agentdesk.store import erasing, upkeep
from agentdesk.text.foreign import _bare
from tests.unit.desk.test_words import with_roles

FREE = "能效为一级，安装免费，师傅会与您约时间。"


def solved(desk: Desk, row: dict[str, Any], solution: str = FREE, **more: Any) -> str:
    """A request that was resolved with these words."""
    request_id = capture.record(desk, row).request_id
    resolve.resolve(
        desk, request_id, ResolveForm(solution_text=solution, **{"own_knowledge": True, **more}), confirmed=True
    )
    return request_id


def said_anyhow(desk: Desk, row: dict[str, Any], solution: str) -> str:
    """The same past the lint, as a fact of another desk may come."""
    request_id = capture.record(desk, row).request_id
    with desk.journal.transaction() as txn:
        message = {"body": solution, "channel": "online", "at": txn.now()}
        txn.write("entry", txn.new_id(), root=request_id, patch={"message_sent": message})
        version = {"outcome": "solved", "solution_text": solution, "own_knowledge": True, "at": txn.now()}
        resolution = txn.write("resolution", txn.new_id(), root=request_id, patch={"version": version})
        moving.move(txn, request_id, "T3", {"resolution_id": resolution})
    return request_id


def row(row_b: dict[str, Any], turn: int, **more: Any) -> dict[str, Any]:
    return {**row_b, "contact": f"13900001{turn:03}", "category": "simple", **more}


def test_what_was_solved_so_before_is_counted_by_the_way_it_was_solved(desk: Desk, row_b: dict[str, Any]) -> None:
    for turn in range(3):
        solved(desk, row(row_b, turn), FREE.replace("师傅", "工程师") if turn else FREE, verdict="satisfied")
    other = solved(desk, row(row_b, 4), "这一款需要专业测量，已为您登记上门。")
    here = capture.record(desk, row(row_b, 5, description="想问一下空调的能效等级，还有安装费用多少")).request_id
    found = alike.solved(desk, here)
    assert found.count == 4 and [way.count for way in found.ways] == [3, 1]
    best, rest = found.ways
    assert "能效为一级" in best.solution and (best.outcome, best.verdict, best.content) == ("solved", "satisfied", 3)
    assert best.likeness.percent >= 40 and best.likeness.grounds == ("text", "product", "kind", "category")
    assert (rest.best.id, rest.content) == (other, 0)


def test_what_cited_the_same_article_is_one_way_and_only_what_is_in_force_is_cited(
    desk: Desk, row_b: dict[str, Any]
) -> None:
    articles.import_articles(desk, [{"id": "a-1", "title": "空调安装收费", "body": "安装免费。"}])
    (hit, *_) = knowledge.search(desk, "空调安装收费")
    for turn, words in enumerate(("安装不收费。", "您好，这款机器由我们的人员上门装好，费用全免。")):
        solved(desk, row(row_b, turn), words, articles=(hit.citation,), own_knowledge=False)
    here = capture.record(desk, row(row_b, 5)).request_id
    (way,) = alike.solved(desk, here).ways
    assert way.count == 2 and way.articles == (Citation(hit.id, hit.version, "空调安装收费"),)
    assert [one.citation for one in alike.hits(desk, way)] == [hit.citation]


def test_what_is_open_dissatisfied_or_about_something_else_is_not_there(
    desk: Desk, row_a: dict[str, Any], row_b: dict[str, Any]
) -> None:
    capture.record(desk, row(row_b, 1))
    solved(desk, row(row_b, 2, product_service="路由器", description="家里的网络晚上总是断开"))
    here = capture.record(desk, row(row_b, 3)).request_id
    assert alike.solved(desk, here) == alike.Alike()
    assert alike.solved(desk, capture.record(desk, row_a).request_id) == alike.Alike()
    with pytest.raises(Refusal, match=r"request\.unknown"):
        alike.solved(desk, "nobody")


def test_it_follows_what_the_record_says_now(desk: Desk, row_b: dict[str, Any]) -> None:
    solved(desk, row(row_b, 1))
    before = {"product_service": "路由器", "description": "家里的网络晚上总是断开"}
    here = capture.record(desk, row(row_b, 2, **before)).request_id
    assert not alike.solved(desk, here).count
    with desk.journal.transaction() as txn:
        patch = {"description": row_b["description"], "product_service": {"product_service": "空调"}}
        txn.write("request", here, root=here, patch=patch)
    assert alike.solved(desk, here).count == 1


def test_nothing_of_the_other_customer_is_in_it(desk: Desk, row_b: dict[str, Any]) -> None:
    solution = "欧阳先生您好，订单O-2024-777已按13911112222登记，回信请寄lili@example.com，地址锦绣路8813弄，欧阳锋收，欧阳锋先生。"  # noqa: E501
    solved(desk, row(row_b, 1, customer_name="欧阳锋", contact="13911112222", order_no="O-2024-777",
                     place="锦绣路8813弄"), solution)  # fmt: skip
    here = capture.record(desk, row(row_b, 2)).request_id
    (way,) = alike.solved(desk, here).ways
    assert way.solution == "***先生您好，订单***已按***登记，回信请寄***，地址***，欧阳*收，***先生。"


@pytest.mark.parametrize(
    ("role", "sees"),
    [("rep", True), ("specialist", True), ("qa_trainer", True), ("analyst", True), ("legal", False), ("admin", False),
     ("tech", False)],
)  # fmt: skip
def test_only_who_may_see_a_request_sees_how_it_was_solved(
    desk: Desk, row_b: dict[str, Any], role: str, sees: bool
) -> None:
    other = solved(desk, row(row_b, 1))
    with desk.store.plain_write() as conn:  # somebody else's
        conn.execute("UPDATE request SET flow = json_set(flow, '$.owner', 'x'), created = replace(created, ?, 'x')",
                     (desk.me.person_id,))  # fmt: skip
    here = capture.record(desk, row(row_b, 2)).request_id
    with_roles(desk, role)
    assert alike.solved(desk, here).count == int(sees)
    record = near.records(desk.store.raw(), [other])[other]
    assert alike.sight(desk)(record) is sees


def test_a_technician_sees_their_own(desk: Desk, row_b: dict[str, Any]) -> None:
    solved(desk, row(row_b, 1))
    here = capture.record(desk, row(row_b, 2)).request_id
    with_roles(desk, "tech")
    assert alike.solved(desk, here).count == 1


def test_a_redacted_value_leads_nowhere_and_is_told_nowhere(desk: Desk, row_b: dict[str, Any]) -> None:
    value = "凤凰牌压缩机QZ8813"
    other = solved(desk, row(row_b, 1, description=f"{value}有异响怎么处理"), f"{value}属于返修批次，已登记。")
    here = capture.record(desk, row(row_b, 2, description=f"{value}有异响怎么处理")).request_id
    assert value in alike.solved(desk, here).ways[0].solution
    erasing.erase_home(desk.journal, redaction_order(other, value, "客户要求删除"))
    assert value not in str(alike.solved(desk, here))
    while upkeep.drain(desk.store, ("request",)):
        pass
    assert other not in near.like(desk.store.raw(), value, near.SOLVED)


SAID = ("空调", "安装费用", "能效等级", "13912344321", "lili@example.com", "怎么处理", "电话021-65432198", "洗衣机")
WORDS = st.lists(st.sampled_from(SAID), min_size=3, max_size=6).map("，".join)
MARKED = ("13912344321", "lili@example.com", "021-65432198", "13900001")
TURNS = itertools.count()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=4))
def test_the_list_never_holds_the_request_itself_nor_a_contact(
    desk: Desk, row_b: dict[str, Any], texts: list[tuple[str, str]]
) -> None:
    made = [said_anyhow(desk, row(row_b, next(TURNS), description=f"{said}想知道"), told) for said, told in texts]
    for request_id in made:
        found = alike.solved(desk, request_id)
        number = workspace.view(desk, request_id).short_number
        assert all(way.best.id != request_id and number not in way.numbers for way in found.ways)
        assert sum(way.count for way in found.ways) <= found.count
        shown = _bare("".join(f"{way.best.title}{way.solution}{way.actions}" for way in found.ways))
        assert not any(_bare(one) in shown for one in MARKED)


def test_articles_beside_a_request_fit_its_product_type_and_tags(desk: Desk, row_b: dict[str, Any]) -> None:
    rows = [
        {"id": f"fit-{name}", "title": f"安装费用说明{name}", "body": "安装费用按面积计算。", **more}
        for name, more in (("甲", {}), ("乙", {"product": "空调", "category": "product", "tags": ["新品"]}))
    ]
    articles.import_articles(desk, rows)
    here = capture.record(desk, row(row_b, 1, description="想了解安装费用怎么计算", tags=["新品"])).request_id
    fits = [hit for hit in knowledge.for_request(desk, here) if hit.source_id.startswith("fit-")]
    assert [hit.source_id for hit in fits] == ["fit-乙", "fit-甲"]
    codes = {ground.code: ground.by for ground in fits[0].grounds}
    assert codes["tag"] == ("新品",) and {"product", "category"} <= codes.keys()
    assert not {"product", "category", "tag"} & {ground.code for ground in fits[1].grounds}
