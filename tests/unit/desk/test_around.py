"""What a request that is being captured may be a second one of; nothing is blocked by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentdesk.desk import around, capture, resolve
from agentdesk.desk.around import CUSTOMER, MATTER, ORDER
from agentdesk.desk.context import Desk
from agentdesk.desk.views import ResolveForm
from agentdesk.store import migrations, open_store
from tests.unit.desk.conftest import Clock
from tests.unit.desk.test_words import with_roles


def told(desk: Desk, values: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(one.brief.id, one.why) for one in around.look(desk, values, **more).near]


def test_the_same_order_is_told_whoever_asks_and_however_old(
    desk: Desk, row_a: dict[str, Any], request_a: str, clock: Clock
) -> None:
    clock.go(90 * 86400)
    assert told(desk, {"order_no": " o-20240428-31 ", "contact": "13711112222"}) == [(request_a, ORDER)]
    assert told(desk, {"order_no": "O-20240428-3"}) == [] and told(desk, {"order_no": ""}) == []


def test_the_customers_open_ones_are_told_and_the_closed_ones_only_when_alike(
    desk: Desk, row_b: dict[str, Any], request_b: str, clock: Clock
) -> None:
    contact = {"contact": row_b["contact"]}
    assert told(desk, contact) == [(request_b, CUSTOMER)]
    form = ResolveForm(solution_text="安装免费。", own_knowledge=True, verdict="satisfied", survey="declined")
    resolve.resolve(desk, request_b, form)
    assert told(desk, contact) == []
    assert told(desk, {**contact, "product_service": "空调", "description": "又来问空调的安装费用和能效等级"}) == [
        (request_b, CUSTOMER)
    ]
    clock.go(2 * 86400)
    assert told(desk, row_b) == []


def test_the_same_matter_of_somebody_else_is_told_for_a_day(
    desk: Desk, row_b: dict[str, Any], request_b: str, clock: Clock
) -> None:
    other = {**row_b, "contact": "13711112222", "description": "请问空调安装费用和能效等级是怎样的"}
    assert told(desk, other) == [(request_b, MATTER)]
    assert told(desk, {**other, "product_service": "洗衣机"}) == []
    assert told(desk, {**other, "description": "遥控器没有反应，换了电池还是不行"}) == []
    clock.go(86401)
    assert told(desk, other) == []


def test_what_is_linked_is_told_only_where_it_is_asked_for(desk: Desk, row_b: dict[str, Any], request_b: str) -> None:
    number = capture.open_requests(desk, row_b)[0].number
    assert told(desk, {**row_b, "related_request": [number]}) == []
    assert told(desk, {**row_b, "related_request": [number]}, linked=True) == [(request_b, CUSTOMER)]


def test_many_alike_in_a_short_time_are_told_to_the_supervisor(desk: Desk, row_b: dict[str, Any], clock: Clock) -> None:
    for turn in range(3):
        capture.record(desk, {**row_b, "contact": f"1390000020{turn}"})
    assert around.look(desk, row_b).batch == 0, "with this one there are four"
    capture.record(desk, {**row_b, "contact": "13900000209"})
    assert around.look(desk, row_b).batch == 5
    clock.go(15 * 60 + 1)
    assert around.look(desk, row_b).batch == 0


def test_only_what_one_may_see_is_told(desk: Desk, row_b: dict[str, Any], request_b: str) -> None:
    with_roles(desk, "legal")
    assert told(desk, row_b) == []


@pytest.mark.parametrize("values", [{}, {"description": "空"}, {"order_no": "11010519491231002X"}, {"contact": "?"}])
def test_what_says_nothing_finds_nothing(desk: Desk, request_a: str, values: dict[str, Any]) -> None:
    assert around.look(desk, values) == around.Around()


def test_an_older_store_gets_the_order_numbers_when_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = {name: one for name, one in migrations.MIGRATIONS.items() if name != "0022_order_numbers"}
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", older)
        open_store(tmp_path / "desk.db").close()
    with open_store(tmp_path / "desk.db") as store:
        plan = store.raw().execute(
            "EXPLAIN QUERY PLAN SELECT id FROM request WHERE upper(json_extract(\"order\", '$.order_no')) = 'A'"
            " AND upper(json_extract(\"order\", '$.order_no')) <> ''"
        )
        assert "request_order_no" in str(plan.fetchall())
