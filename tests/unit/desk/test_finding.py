"""Quick find: one field over numbers, phones, names, customer numbers and words, in both scripts."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture, finding, workspace
from agentdesk.desk.context import Desk


@pytest.mark.parametrize(
    "typed",
    [
        "{number}", "{short}", "{last}", "0001", "1380000", "5678", "005678", "+86 138-0000-5678", "c-5678", "张",
        "漏水", "洗衣机用了三天", "洗衣機", "漏水三天沒人答覆", "O-20240428-31",
    ],
)  # fmt: skip
def test_a_request_is_found_by_whatever_one_knows_of_it(desk: Desk, request_a: str, request_b: str, typed: str) -> None:
    view = workspace.view(desk, request_a)
    last = view.number[-4:]
    words = typed.format(number=view.number, short=view.short_number.lower(), last=last)
    assert finding.find(desk, words)[0].id == request_a


@pytest.mark.parametrize("typed", ["", "  ", "11010519491231002X", "6222021234567890123", "火星", "9999", "%", "_"])
def test_what_fits_nothing_or_is_private_finds_nothing(desk: Desk, request_a: str, typed: str) -> None:
    assert finding.find(desk, typed) == []


def test_a_correction_is_found_by_its_new_words_only(desk: Desk, row_b: dict[str, Any], request_b: str) -> None:
    assert finding.find(desk, "能效")
    with desk.journal.transaction() as txn:
        txn.write("request", request_b, root=request_b, patch={"description": "想问油烟机的清洗"})
    assert [row.id for row in finding.find(desk, "油烟机")] == [request_b]
    assert finding.find(desk, "能效") == []


def test_many_at_once_wait_for_the_worker(desk: Desk, row_b: dict[str, Any]) -> None:
    for turn in range(3):
        capture.record(desk, {**row_b, "contact": f"1390000000{turn}"})
    desk.store.raw().execute("DELETE FROM search_item")
    desk.store.raw().execute("INSERT INTO index_queue SELECT 'request', root FROM queue_row")
    assert finding.index_some(desk) == 0
    assert len(finding.find(desk, "能效等级")) == 3
