"""Edits after RECORDED: only what changed is written, required stays required, roles and reasons hold."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture, editing, history, reading, workspace
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.store.identity import save_identity


def edited(desk: Desk, request_id: str, **changes: Any) -> Any:
    """Open the form and save it with these values."""
    form = editing.begin(desk, request_id)
    return editing.save(desk, form, {**form.values, **changes})


def groups_since(desk: Desk, request_id: str, count: int) -> list[str]:
    return sorted(item.group for item in history.items(desk, request_id)[count:])


def test_only_the_changed_group_is_written(desk: Desk, request_b: str) -> None:
    before = len(history.items(desk, request_b))
    edited(desk, request_b, place="客厅", tags=("technical",))
    assert groups_since(desk, request_b, before) == ["place", "tags"]
    view = workspace.view(desk, request_b)
    assert view.value("place") == "客厅" and view.value("tags") == ("technical",)
    edited(desk, request_b, place="", tags=())
    assert workspace.view(desk, request_b).value("place") == ""


def test_nothing_changed_is_said(desk: Desk, request_b: str) -> None:
    with pytest.raises(Refusal, match="edit.nothing"):
        edited(desk, request_b)


def test_a_required_field_may_change_but_not_become_empty(desk: Desk, request_b: str) -> None:
    edited(desk, request_b, customer_name="王小明")
    with pytest.raises(Refusal) as refused:
        edited(desk, request_b, customer_name="")
    assert refused.value.code == "capture.incomplete" and refused.value.args["missing"] == ["customer_name"]
    with pytest.raises(Refusal) as refused:
        edited(desk, request_b, request_type="complaint")
    assert {"occurred_at", "attribution"} <= set(refused.value.args["missing"])
    with pytest.raises(Refusal) as refused:
        edited(desk, request_b, contact="12")
    assert refused.value.code == "capture.invalid"


def test_two_people_change_different_groups_and_fields(desk: Desk, request_b: str) -> None:
    mine, hers = editing.begin(desk, request_b), editing.begin(desk, request_b)
    editing.save(desk, mine, {**mine.values, "customer_name": "王小明"})
    editing.save(desk, hers, {**hers.values, "contact": "13900000077", "place": "厨房"})
    view = workspace.view(desk, request_b)
    assert [view.value(one) for one in ("customer_name", "contact", "place")] == ["王小明", "13900000077", "厨房"]


def test_two_texts_written_over_one_another_both_stand(desk: Desk, request_b: str) -> None:
    mine, hers = editing.begin(desk, request_b), editing.begin(desk, request_b)
    editing.save(desk, mine, {**mine.values, "description": "想了解空调的能效等级，另问安装时间"})
    editing.save(desk, hers, {**hers.values, "description": "想了解空调的能效等级，另问保修期限"})
    texts = reading.load(desk, request_b).request.texts("description")
    assert len(texts) == 2 and any("安装时间" in one for one in texts) and any("保修" in one for one in texts)


def test_a_priority_needs_its_reason_and_its_clock_follows(desk: Desk, request_b: str) -> None:
    more = {"priority": "P1", "anomaly": "没有空调可用", "expected_outcome": "今晚装好"}
    with pytest.raises(Refusal, match="capture.priority_why"):
        edited(desk, request_b, **more)
    moved = edited(desk, request_b, **more, priority_why="老人独居高温")
    assert moved.transitions and moved.state == "ANALYSING", "urgent goes on to analysis by itself"
    view = workspace.view(desk, request_b)
    assert (view.priority, view.category) == ("P1", "urgent")
    assert "CK-08" in {clock.code for clock in view.clocks if clock.running}


def test_who_may_not_change_a_priority_is_refused(desk: Desk, request_b: str) -> None:
    with desk.store.plain_write() as conn:
        save_identity(conn, desk.me.__class__(**{**_fields(desk), "roles": ("analyst",)}))
    with pytest.raises(Refusal, match="role.denied"):
        editing.begin(desk, request_b)


def _fields(desk: Desk) -> dict[str, Any]:
    me = desk.me
    return {name: getattr(me, name) for name in me.__dataclass_fields__}


def test_a_private_number_is_replaced_or_asked_about(desk: Desk, request_b: str) -> None:
    edited(desk, request_b, description="证件 11010519491231002X 想了解能效等级")
    assert "[ID]" in workspace.view(desk, request_b).value("description")
    with pytest.raises(Refusal, match="capture.ask"):
        edited(desk, request_b, order_no="6222021234567890128")


def test_what_stood_before_can_be_restored(desk: Desk, request_b: str) -> None:
    was = dict(reading.load(desk, request_b).request.register("emotion"))
    edited(desk, request_b, emotion="angry")
    item = next(one for one in reversed(history.items(desk, request_b)) if one.group == "emotion")
    assert (item.old, item.new) == (was, {"emotion": "angry"}) and item.actor.name == "张敏"
    editing.restore(desk, request_b, "emotion", was)
    assert workspace.view(desk, request_b).emotion == "calm"
    with pytest.raises(Refusal, match="edit.nothing"):
        editing.restore(desk, request_b, "emotion", was)


def test_a_related_request_is_named_by_its_number(desk: Desk, request_b: str, row_a: dict[str, Any]) -> None:
    other = capture.record(desk, row_a)
    edited(desk, request_b, related_request=(other.number,))
    assert editing.begin(desk, request_b).values["related_request"] == (other.number,)
    with pytest.raises(Refusal, match="request.unknown"):
        edited(desk, request_b, related_request=("AD-0000-0000",))


def test_what_is_restored_obeys_the_rules_of_an_edit(desk: Desk, row_a: dict[str, Any]) -> None:
    """A P1 said again makes the request urgent again, as a P1 that is chosen does (§2.4)."""
    made = capture.record(desk, {**row_a, "priority": "P1", "priority_why": "客户家中正在漏水，有触电危险"})
    was = dict(reading.load(desk, made.request_id).request.register("priority"))
    edited(desk, made.request_id, priority="P2", category="complex", priority_why="已关阀断电，没有危险了")
    assert reading.load(desk, made.request_id).facts.intake.category == "complex"
    editing.restore(desk, made.request_id, "priority", was)
    intake = reading.load(desk, made.request_id).facts.intake
    assert (intake.priority, intake.category) == ("P1", "urgent")


def test_what_became_required_since_is_not_emptied_by_restoring(desk: Desk, request_b: str) -> None:
    edited(desk, request_b, customer_no="C-0099", unregistered=False)
    empty = {**reading.load(desk, request_b).request.register("reporter"), "customer_name": ""}
    with pytest.raises(Refusal, match="capture.incomplete"):
        editing.restore(desk, request_b, "reporter", empty)
