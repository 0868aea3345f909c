"""Finding one given value in whatever form it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.erasing import MAX_GAP, spans, too_short

PHONE = "13800138001"


@pytest.mark.parametrize(
    "written",
    [
        PHONE, "138 0013 8001", "138-0013-8001", "１３８００１３８００１", "138\u200b0013\n8001",
        "一三八零零一三八零零一",
        "幺三八零零幺三八零零幺", "①③⑧⓪⓪①③⑧⓪⓪①",
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_was_typed(written: str) -> None:
    text = f"电话{written}，请回电"
    assert spans(PHONE, text) == [(2, 2 + len(written))]


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("浦东锦绣路88号", "住 浦東錦繡路 88號。", ["浦東錦繡路 88號"]),
        ("zhang@example.com", "Mail ZHANG@Example.com!", ["ZHANG@Example.com"]),
        (PHONE, f"{PHONE}{PHONE}", [PHONE, PHONE]),
        (PHONE, f"{PHONE} / {PHONE}", [PHONE, PHONE]),
        (PHONE, "138001380 年 01", []),
        (PHONE, "1380013" + " " * (MAX_GAP + 1) + "8001", []),
        ("110101199003070011", "1101 0119 9003 0700 11", ["1101 0119 9003 0700 11"]),
        ("张三", "客户张 三说", ["张 三"]),
        (PHONE, "", []),
    ],
)
def test_other_forms_and_what_is_none(value: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in spans(value, text)] == found


def test_a_short_value_would_hit_other_texts() -> None:
    assert too_short("12 3") and too_short("张") and too_short(" - ") and too_short("")
    assert not too_short("1234") and not too_short("张三")


@given(st.text(max_size=40), st.text(max_size=40))
def test_after_taking_out_it_is_not_found_again(before: str, after: str) -> None:
    text = f"{before}，{PHONE}，{after}"
    found = spans(PHONE, text)
    assert found
    for start, end in reversed(found):
        text = text[:start] + "[]" + text[end:]
    assert spans(PHONE, text) == []
