"""Capture: proposal, completeness, private numbers, drafts, numbers, known customers, one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentdesk.desk import capture, workspace
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal

ID_CARD = "11010519491231002X"


def _card() -> str:
    """A number with a known issuer prefix, its length and a right check digit."""
    body = "622202123456789012"
    digits = [int(char) for char in reversed(body)]
    doubled = sum(sum(divmod(2 * digit, 10)) if index % 2 == 0 else digit for index, digit in enumerate(digits))
    return body + str(-doubled % 10)


def _other(row: dict[str, Any], index: int) -> dict[str, Any]:
    """The same matter of another customer: the same customer's second contact would be complex."""
    return {**row, "contact": f"1390000100{index}"}


def test_row_a_is_urgent_p1_and_goes_to_analysis(desk: Desk, row_a: dict[str, Any]) -> None:
    made = capture.record(desk, row_a)
    assert (made.state, made.category, made.priority) == ("ANALYSING", "urgent", "P1")
    view = workspace.view(desk, made.request_id)
    assert [(reason.rule, reason.words) for reason in view.reasons] == [("PR-01", ("漏水",)), ("PR-04", ("没人答复",))]
    assert {clock.code for clock in view.clocks} == {"CK-01", "CK-06", "CK-07", "CK-08", "CK-10"}
    assert view.missing == () and view.filled == view.required
    assert [item.data["t"] for item in view.timeline if item.kind == "transition"] == ["T1", "T2", "T4"]


def test_row_b_is_simple_p3_and_recorded(desk: Desk, row_b: dict[str, Any]) -> None:
    made = capture.record(desk, row_b)
    assert (made.state, made.category, made.priority) == ("RECORDED", "simple", "P3")
    assert [reason.rule for reason in workspace.view(desk, made.request_id).reasons] == ["PR-12"]


def test_everything_is_one_transaction(desk: Desk, row_a: dict[str, Any]) -> None:
    made = capture.record(desk, row_a)
    rows = desk.store.raw().execute("SELECT DISTINCT txn FROM change WHERE root = ?", (made.request_id,)).fetchall()
    assert len(rows) == 1


def test_incomplete_is_refused_with_the_missing_codes_and_writes_nothing(desk: Desk, row_a: dict[str, Any]) -> None:
    before = desk.store.raw().execute("SELECT count(*) FROM change").fetchone()
    row_a |= {"description": "无", "emotion": "", "anomaly": "-"}
    with pytest.raises(Refusal) as refused:
        capture.record(desk, row_a)
    assert refused.value.code == "capture.incomplete"
    assert refused.value.args["missing"] == ["description", "anomaly", "emotion"]
    assert desk.store.raw().execute("SELECT count(*) FROM change").fetchone() == before


def test_gaps_are_walked_in_form_order(desk: Desk, row_b: dict[str, Any]) -> None:
    row_b |= {"contact": "", "emotion": ""}
    assert capture.next_gap(desk, row_b) == "contact"
    assert capture.next_gap(desk, row_b, "contact") == "emotion"
    assert capture.next_gap(desk, row_b, "emotion") == "contact"
    row_b |= {"contact": "13900000002", "emotion": "calm"}
    assert capture.next_gap(desk, row_b) == ""


def test_another_priority_needs_a_reason(desk: Desk, row_b: dict[str, Any]) -> None:
    row_b |= {"priority": "P1", "anomaly": "没有空调", "expected_outcome": "今晚装好"}
    assert "priority_why" in [problem.code for problem in capture.check(desk, row_b).problems]
    with pytest.raises(Refusal) as refused:
        capture.record(desk, row_b | {"priority_why": "急"})
    assert refused.value.code == "capture.priority_why"
    made = capture.record(desk, row_b | {"priority_why": "客户今晚必须安装"})
    assert (made.priority, made.category) == ("P1", "urgent")
    view = workspace.view(desk, made.request_id)
    assert (view.proposed_priority, view.priority_why) == ("P3", "客户今晚必须安装")


def test_private_numbers_in_texts_are_replaced(desk: Desk, row_b: dict[str, Any], home: Path) -> None:
    made = capture.record(desk, row_b | {"description": f"我的证件{ID_CARD}和卡{_card()}都在这里"})
    assert [notice.kind for notice in made.notices] == ["id_card", "bank_card"]
    view = workspace.view(desk, made.request_id)
    assert view.value("description") == "我的证件[ID]和卡[CARD]都在这里"
    for notice, mask in zip(made.notices, ("[ID]", "[CARD]"), strict=True):
        assert view.value("description")[notice.position :].startswith(mask)
    raw = b"".join(path.read_bytes() for path in home.iterdir() if path.is_file())
    assert ID_CARD.encode() not in raw and _card().encode() not in raw


def test_an_order_number_that_looks_private_is_asked_about(desk: Desk, row_a: dict[str, Any]) -> None:
    row_a["order_no"] = _card()
    assert capture.check(desk, row_a).asks == ("order_no",)
    with pytest.raises(Refusal) as refused:
        capture.record(desk, row_a)
    assert (refused.value.code, refused.value.args) == ("capture.ask", {"field": "order_no"})
    made = capture.record(desk, row_a, checked=("order_no",))
    order = desk.store.raw().execute('SELECT "order" FROM request WHERE id = ?', (made.request_id,)).fetchone()
    assert json.loads(order[0]) == {"order_no": _card(), "no_order": False, "checked": True}


def test_a_contact_that_is_a_card_number_does_not_land(desk: Desk, row_b: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        capture.record(desk, row_b | {"contact": _card()})
    assert (refused.value.code, refused.value.args["field"]) == ("capture.invalid", "contact")
    assert _card() not in str(refused.value)


def test_hostile_text_is_cleaned_or_refused(desk: Desk, row_b: dict[str, Any]) -> None:
    made = capture.record(desk, row_b | {"product_service": "[b]空调\x1b]8;;x\x07[/b]\u202e\ud800"})
    assert workspace.view(desk, made.request_id).value("product_service") == "[b]空调[/b]"
    with pytest.raises(Refusal) as refused:
        capture.record(desk, row_b | {"description": "长话" * 50_000})
    assert refused.value.args == {"field": "description", "problem": "too_long"}


# -- numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_count_by_day(desk: Desk, row_b: dict[str, Any], clock: Any) -> None:
    letters = desk.me.letters
    first, second = (capture.record(desk, _other(row_b, index)).number for index in range(2))
    assert (first, second) == (f"AD-{letters}-20260128-0001", f"AD-{letters}-20260128-0002")
    clock.go(24 * 3600)
    assert capture.record(desk, _other(row_b, 3)).number == f"AD-{letters}-20260129-0001"


def test_a_restored_store_does_not_repeat_a_number(
    opened: Callable[[], Desk], desk: Desk, row_b: dict[str, Any], home: Path
) -> None:
    capture.record(desk, row_b)
    desk.close()
    backup = (home / "desk.db").read_bytes()
    again = opened()
    assert capture.record(again, _other(row_b, 1)).number.endswith("-0002")
    again.close()
    for path in home.glob("desk.db*"):
        path.unlink()
    (home / "desk.db").write_bytes(backup)
    assert capture.record(opened(), _other(row_b, 2)).number.endswith("-0003")


def test_a_lost_counter_file_is_made_up_from_the_store(desk: Desk, row_b: dict[str, Any], home: Path) -> None:
    capture.record(desk, row_b)
    (home / "numbers").write_bytes(b"\x00garbage")
    assert capture.record(desk, _other(row_b, 1)).number.endswith("-0002")


def test_a_number_of_the_store_is_passed_over_when_the_counter_file_is_older(
    desk: Desk, row_b: dict[str, Any], home: Path
) -> None:
    capture.record(desk, row_b)
    before = (home / "numbers").read_bytes()
    for index in (1, 2):
        capture.record(desk, _other(row_b, index))
    (home / "numbers").write_bytes(before)
    assert capture.record(desk, _other(row_b, 3)).number.endswith("-0004")


# -- customers --------------------------------------------------------------------------------------------------------


def test_a_known_customer_is_found_by_number_phone_and_name(desk: Desk, row_a: dict[str, Any], request_a: str) -> None:
    for typed in ("13800005678", "138 0000 5678", "+86 13800005678", "c-5678", "张*", "张", "1380000"):
        (match,) = capture.find_customer(desk, typed)
        assert (match.customer_name, match.contact, match.customer_no) == ("张*", "13800005678", "C-5678")
        assert [brief.id for brief in match.open_requests] == [request_a]
    assert capture.find_customer(desk, "李") == []
    assert capture.find_customer(desk, "") == []
    assert capture.find_customer(desk, "\ud800") == []
    assert capture.find_customer(desk, ID_CARD) == []


def test_open_requests_warn_of_a_duplicate(desk: Desk, row_a: dict[str, Any], request_a: str) -> None:
    assert [brief.id for brief in capture.open_requests(desk, {"contact": "138-0000-5678"})] == [request_a]
    assert [brief.id for brief in capture.open_requests(desk, {"customer_no": "c-5678"})] == [request_a]
    assert capture.open_requests(desk, {"contact": "13900000009"}) == []


def test_a_second_contact_on_the_topic_is_complex_another_topic_is_not(desk: Desk, row_b: dict[str, Any]) -> None:
    capture.record(desk, row_b)
    again = capture.check(desk, row_b)
    assert (again.category, again.proposed.category_reason, again.priority) == ("complex", "repeat", "P3")
    other = capture.check(desk, row_b | {"product_service": "冰箱", "description": "想了解冰箱的保修期有多长"})
    assert other.category == "simple"


def test_the_third_contact_raises_by_one_step(desk: Desk, row_b: dict[str, Any], clock: Any) -> None:
    full = row_b | {"anomaly": "还没有答复", "expected_outcome": "答复"}
    for _ in range(2):
        capture.record(desk, full)
    assert capture.check(desk, full).proposed.modifiers == ("PM-3",)
    clock.go(31 * 24 * 3600)
    assert capture.check(desk, full).proposed.modifiers == ()


# -- drafts and waiting time ------------------------------------------------------------------------------------------


def test_the_draft_keeps_the_form_and_goes_with_the_record(
    desk: Desk, opened: Callable[[], Desk], row_b: dict[str, Any], clock: Any
) -> None:
    draft = capture.begin(desk)
    clock.go(5)
    capture.save_draft(desk, draft, row_b)
    desk.close()
    clock.go(60)
    clock.seconds = 0.0  # the machine was started anew: its monotonic clock too
    again = opened()
    (kept,) = capture.drafts(again)
    assert kept.values == row_b
    assert capture.waited_ms(again, kept) == 65_000
    capture.record(again, kept.values, draft=kept)
    assert capture.drafts(again) == []


def test_a_number_being_typed_is_held_out_of_the_draft(desk: Desk, row_b: dict[str, Any]) -> None:
    draft = capture.begin(desk)
    typed = "卡号" + _card()[:17]
    capture.save_draft(desk, draft, {"description": typed, "order_no": _card()}, ("description", len(typed)))
    (kept,) = capture.drafts(desk)
    assert kept.values == {"description": "卡号", "order_no": ""}
    capture.save_draft(desk, draft, {"description": f"卡号{_card()}，"})
    assert capture.drafts(desk)[0].values == {"description": "卡号[CARD]，"}
    capture.drop_draft(desk, draft)
    assert capture.drafts(desk) == []


def test_waiting_is_measured_on_the_monotonic_clock(desk: Desk, row_b: dict[str, Any], clock: Any) -> None:
    draft = capture.begin(desk, "online")
    clock.seconds += 8
    clock.at = clock.at.replace(minute=20)  # somebody put the wall clock back
    draft = capture.answered(desk, draft)
    clock.seconds += 100
    assert capture.waited_ms(desk, draft) == 8_000
    made = capture.record(desk, row_b, draft=draft)
    (answer,) = (item for item in workspace.view(desk, made.request_id).timeline if item.kind == "answered")
    assert answer.data["waited_ms"] == 8_000


def test_the_last_channel_is_preset(desk: Desk, request_a: str) -> None:
    assert capture.begin(desk).values == {"channel": "phone"}
    assert capture.begin(desk, "email").values == {"channel": "email"}


@pytest.mark.parametrize("typed", ["zm", "zhangmin", "zhangm", "張敏", "张", "1380000", "c-9"])
def test_a_customer_is_found_by_whatever_is_heard(desk: Desk, row_b: dict[str, Any], typed: str) -> None:
    capture.record(desk, row_b)
    capture.record(desk, row_b | {"customer_name": "张敏", "contact": "13800000009", "customer_no": "C-9"})
    assert [match.customer_name for match in capture.find_customer(desk, typed)] == ["张敏"]


def test_a_customer_with_many_requests_does_not_hide_another(desk: Desk, row_b: dict[str, Any]) -> None:
    capture.record(desk, row_b | {"customer_name": "单雄", "contact": "13800000008"})
    for _ in range(9):
        capture.record(desk, row_b | {"customer_name": "沈秀", "contact": "13800000009", "anomaly": "x" * 9,
                                      "expected_outcome": "y z", "product_service": f"空调{_}"})  # fmt: skip
    found = capture.find_customer(desk, "sx")
    assert {match.customer_name for match in found} == {"沈秀", "单雄"} and len(found[0].requests) == 9
