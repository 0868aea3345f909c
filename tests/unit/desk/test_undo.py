"""Taking back the last thing done: values return by a new change, notes are corrected, what was sent stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agentdesk.desk import capture, reading, reply, tagging, undo, workspace
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.store import queries


def write(desk: Desk, request_id: str, patch: dict[str, Any]) -> None:
    with desk.journal.transaction() as txn:
        txn.write("request", request_id, root=request_id, patch=patch)


def note(desk: Desk, request_id: str, text: str) -> None:
    with desk.journal.transaction() as txn:
        value = {"note": {"text": text, "at": txn.now()}}
        txn.write("entry", txn.new_id(), root=request_id, patch=value)


def changes(desk: Desk, request_id: str) -> int:
    return len(queries.history(desk.store.raw(), request_id))


def code_of(desk: Desk, request_id: str) -> str:
    with pytest.raises(Refusal) as refused:
        undo.undo(desk, request_id)
    return refused.value.code


def test_fields_and_texts_get_their_former_value_by_a_new_change(desk: Desk, request_a: str) -> None:
    write(desk, request_a, {"product_service": {"product_service": "烘干机"}, "anomaly": "异响"})
    had = changes(desk, request_a)
    assert undo.undo(desk, request_a).groups == ("anomaly", "product_service")
    view = workspace.view(desk, request_a)
    assert (view.value("product_service"), view.value("anomaly")) == ("洗衣机", "机身底部漏水")
    assert changes(desk, request_a) == had + 1


def test_a_field_that_was_empty_is_empty_again(desk: Desk, request_a: str) -> None:
    write(desk, request_a, {"place": {"place": "上海"}})
    undo.undo(desk, request_a)
    assert reading.load(desk, request_a).value("place") == ""


def test_a_tag_goes_and_comes_back(desk: Desk, request_a: str) -> None:
    tagging.tag(desk, [request_a], "物流")
    tagging.tag(desk, [request_a], "政策")
    assert undo.undo(desk, request_a).groups == ("tags",)
    assert reading.load(desk, request_a).request.elements("tags") == ["物流"]
    tagging.tag(desk, [request_a], "物流", there=False)
    undo.undo(desk, request_a)
    assert reading.load(desk, request_a).request.elements("tags") == ["物流"]


def test_a_note_stays_readable_and_is_told_to_be_taken_back(desk: Desk, request_a: str) -> None:
    note(desk, request_a, "写错了单子")
    assert undo.undo(desk, request_a).groups == ("note",)
    items = workspace.view(desk, request_a).timeline
    taken = next(item for item in items if item.kind == "note")
    assert taken.data["text"] == "写错了单子" and taken.data["taken_back"] is True
    assert code_of(desk, request_a) == "undo.already"


def test_what_reached_the_customer_or_moved_the_request_stays(desk: Desk, request_a: str, request_b: str) -> None:
    assert code_of(desk, request_a) == "undo.moved"  # recording it was the last thing
    reply.send(desk, request_b, "您好，马上为您查询。", confirmed=True)
    assert code_of(desk, request_b) == "undo.sent"


def test_what_a_colleague_wrote_afterwards_is_not_undone(desk: Desk, request_a: str) -> None:
    write(desk, request_a, {"place": {"place": "上海"}})
    me = desk.journal.identity
    desk.journal.identity = replace(me, person_id="018f0000-0000-7000-8000-000000000001")
    write(desk, request_a, {"place": {"place": "苏州"}})
    desk.journal.identity = me
    assert code_of(desk, request_a) == "undo.overtaken"
    assert reading.load(desk, request_a).value("place") == "苏州"


def test_with_nothing_of_mine_there_is_nothing_to_undo(desk: Desk, row_b: dict[str, Any]) -> None:
    me = desk.journal.identity
    desk.journal.identity = replace(me, person_id="018f0000-0000-7000-8000-000000000001")
    theirs = capture.record(desk, row_b).request_id
    desk.journal.identity = me
    assert code_of(desk, theirs) == "undo.nothing"
