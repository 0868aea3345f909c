"""Who sees a contact in full, for how long, and what is written down of it; what a customer may be told (§5.7, §8)."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from agentdesk.desk import capture, editing, phrases, reply, revealing, rows
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import ROLES
from tests.unit.desk.conftest import Clock
from tests.unit.desk.test_words import with_roles

FULL, MASKED = "13900000002", "139****0002"
ALWAYS = {"qa_trainer", "supervisor", "manager"}
OWN = {"rep", "specialist", "super_agent", "tech"}


def views(desk: Desk) -> list[str]:
    found = desk.store.raw().execute("SELECT viewed FROM log_fact WHERE viewed IS NOT NULL ORDER BY id")
    return [value["what"] for (row,) in found for value in json.loads(row).values()]


def contact(desk: Desk, request_id: str) -> str:
    return str(revealing.view(desk, request_id).value("contact"))


def test_masked_until_revealed_and_again_after_a_time(desk: Desk, request_b: str, request_a: str, clock: Clock) -> None:
    assert contact(desk, request_b) == MASKED and views(desk) == []
    assert revealing.reveal(desk, request_b) == 60
    assert contact(desk, request_b) == FULL and contact(desk, request_a) == "138****5678"
    clock.go(59.9)
    assert contact(desk, request_b) == FULL
    clock.go(0.2)
    assert contact(desk, request_b) == MASKED
    assert views(desk) == [f"request:{request_b}"]


def test_a_clock_that_goes_on_by_itself_reveals_nothing(desk: Desk, request_b: str) -> None:
    """As real time does: two looks at it are never the same."""
    ticks = itertools.count()
    desk.mono = lambda: float(next(ticks))
    assert contact(desk, request_b) == MASKED
    revealing.reveal(desk, request_b)
    assert contact(desk, request_b) == FULL


def test_hiding_masks_at_once_one_or_all(desk: Desk, request_a: str, request_b: str) -> None:
    for one in (request_a, request_b):
        revealing.reveal(desk, one)
    revealing.hide(desk, request_b)
    assert contact(desk, request_b) == MASKED and "*" not in contact(desk, request_a)
    revealing.hide(desk)
    assert "*" in contact(desk, request_a)


def test_a_copy_and_an_edit_are_views_too(desk: Desk, request_b: str) -> None:
    assert revealing.copied(desk, request_b) == FULL
    assert editing.begin(desk, request_b).values["contact"] == FULL
    assert views(desk) == [f"request:{request_b}:copied", f"request:{request_b}:edit"]
    assert contact(desk, request_b) == MASKED


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_role_decides(role: str, own: bool, desk: Desk, request_b: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_roles(desk, role)
    if not own:
        monkeypatch.setattr(
            "agentdesk.desk.revealing.roles.may",
            lambda mine, area, right, own, may=revealing.roles.may: may(mine, area, right, own=False),
        )
    if role in ALWAYS or (own and role in OWN):
        assert revealing.reveal(desk, request_b) and contact(desk, request_b) == FULL
        assert rows.shown(desk, request_b)["record"]["contact"] == FULL
    else:
        for call in (revealing.reveal, revealing.copied):
            with pytest.raises(Refusal) as refused:
                call(desk, request_b)
            assert refused.value.code == "contact.denied"
        assert contact(desk, request_b) == MASKED and views(desk) == []
        assert rows.shown(desk, request_b)["record"]["contact"] == MASKED


def test_who_may_edit_but_not_see_leaves_the_contact_as_it_is(
    desk: Desk, request_b: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revealing, "may_see", lambda *_: False)
    form = editing.begin(desk, request_b)
    assert form.masked and form.values["contact"] == MASKED
    editing.save(desk, form, {**form.values, "customer_name": "王芳"})
    monkeypatch.undo()
    again = editing.begin(desk, request_b)
    assert (again.values["contact"], again.values["customer_name"]) == (FULL, "王芳")


def test_every_text_of_the_view_is_masked(desk: Desk, row_b: dict[str, Any]) -> None:
    said = "请打15887654329或021-65432198，或写 li.si@example.com"
    made = capture.record(desk, {**row_b, "description": f"{said}，想了解安装费用"})
    reply.receive(desk, made.request_id, said)
    reply.note(desk, made.request_id, said)
    reply.send(desk, made.request_id, "我们会拨打15887654329，谢谢您。", confirmed=True)
    told = json.dumps(rows.plain(revealing.view(desk, made.request_id)), ensure_ascii=False)
    shown = json.dumps(rows.plain(phrases.known(desk, made.request_id)), ensure_ascii=False)
    for secret in ("15887654329", "65432198", "li.si@", FULL):
        assert secret not in told
        assert secret not in shown
    revealing.reveal(desk, made.request_id)
    assert "15887654329" in json.dumps(rows.plain(revealing.view(desk, made.request_id)), ensure_ascii=False)


def test_all_numbers_of_the_customer_may_be_told_those_of_others_not(
    desk: Desk, row_a: dict[str, Any], request_a: str, request_b: str
) -> None:
    second = {**row_a, "contact": "021-65432198", "order_no": "O-20240501-12", "product_service": "冰箱"}
    made = capture.record(desk, second)
    for text in (
        "您的订单O-20240501-12和O-20240428-31都已登记",
        f"您的工单{made.number}已受理，我们会拨打13800005678或021-65432198",
    ):
        assert reply.send(desk, request_a, text, confirmed=True)
    for text in ("他的电话是13900000002", "请打010-65551234", "他的订单O-20240501-13", "一三九零零零零零零零二"):
        with pytest.raises(Refusal) as refused:
            reply.send(desk, request_a, text, confirmed=True)
        assert [one.rule for one in refused.value.args["findings"]] == ["PV-03"], text
        assert "13900000002" not in str(refused.value)


def test_the_services_numbers_are_a_setting(desk: Desk, request_a: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from agentdesk.domain.settings import Settings

    text = "请拨打我们的门店电话021-61234567"
    assert "PV-03" in {one.rule for one in reply.findings(desk, request_a, text)}
    site = Settings({"privacy.service_numbers": "010-88886666，021-6123 4567"})
    monkeypatch.setattr(Desk, "settings", site)
    assert "PV-03" not in {one.rule for one in reply.findings(desk, request_a, text)}


def test_what_the_customer_wrote_may_be_said_back(desk: Desk, request_b: str) -> None:
    text = "我们已联系快递员15887654329"
    assert "PV-03" in {one.rule for one in reply.findings(desk, request_b, text)}
    reply.receive(desk, request_b, "快递员的电话是158 8765 4329")
    assert "PV-03" not in {one.rule for one in reply.findings(desk, request_b, text)}
