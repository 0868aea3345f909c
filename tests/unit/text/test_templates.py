"""Phrase variables: filled as data, never left as braces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.templates import (
    Blank,
    blanks,
    fill,
    needs,
    open_variables,
    pieces,
    stray_braces,
    unknown_formats,
    variables,
)
from agentdesk.text.unfilled import find_unfilled


def test_known_and_open_variables() -> None:
    greeting = "您好，这里是客服{agent_name}，工号{work_no}，{agent_name}为您服务"
    assert variables(greeting) == ["agent_name", "work_no"]
    assert open_variables(greeting, {"agent_name": "张敏", "work_no": " "}) == ["work_no"]
    assert fill(greeting, {"agent_name": "张敏", "work_no": "8021"}) == "您好，这里是客服张敏，工号8021，张敏为您服务"


def test_values_are_data() -> None:
    assert fill("{need}", {"need": "{work_no}", "work_no": "8021"}) == "（work_no）"


@given(st.text(alphabet="{}ab_1您 ", max_size=40), st.dictionaries(st.sampled_from("ab"), st.text(max_size=8)))
def test_never_a_brace(template: str, values: dict[str, str]) -> None:
    assert not set(fill(template, values)) & set("{}")


def test_a_fallback_stands_where_nothing_is_known() -> None:
    assert fill("{customer_title|客户}您好", {}) == "客户您好"
    assert fill("{customer_title|客户}您好", {"customer_title": "李女士"}) == "李女士您好"
    assert open_variables("{customer_title|客户}您好{need}", {}) == ["need"]


def test_one_instant_has_faces_and_one_amount_has_none() -> None:
    template = "{eta:date}{eta:time}前退{compensation:money}，{minutes:number}分钟"
    assert [blank.key for blank in blanks(template)] == ["eta:date", "eta:time", "compensation", "minutes"]
    known = {
        "eta": "11月28日14:30",
        "eta:date": "11月28日",
        "eta:time": "14:30",
        "compensation": "50元",
        "minutes": "5",
    }
    assert fill(template, known) == "11月28日14:30前退50元，5分钟"


def test_a_question_is_asked_though_the_value_is_known() -> None:
    template = "订单{?order_no}，快递{?快递单号}，{?day:date|到货日}前"
    assert blanks(template) == [
        Blank("order_no", asked=True),
        Blank("快递单号", asked=True),
        Blank("day", "date", asked=True, label="到货日"),
    ]
    assert open_variables(template, {"order_no": "O-1"}) == ["?order_no", "?快递单号", "?day:date"]
    assert fill(template, {"order_no": "O-1"}, "_") == "订单O-1，快递_，_前", "what is known stands ready"
    assert open_variables(template, {"?order_no": "O-2", "?快递单号": "K", "?day:date": "1月3日"}) == []
    assert variables(template) == []


@pytest.mark.parametrize(
    "template", ["{need", "need}", "{Need}", "{need||}", "{?}", "{a{b}}", "｛need｝", "{need|a|b}"]
)
def test_a_broken_blank_is_seen(template: str) -> None:
    assert stray_braces(template)


def test_an_unknown_format_is_named() -> None:
    assert unknown_formats("{eta:day}{need:colour}{eta:date}") == ["day", "colour"]


TEMPLATES = st.text(alphabet="{}?|:ab_一二 ", max_size=30)


@given(TEMPLATES, st.dictionaries(st.sampled_from(["a", "b", "?a", "?一", "ab:date"]), st.text("x{} ", max_size=3)))
def test_what_is_counted_in_a_hurry_is_what_is_open(template: str, values: dict[str, str]) -> None:
    filled = frozenset(key for key, value in values.items() if value.strip())
    assert sum(map(filled.isdisjoint, needs(template))) == len(open_variables(template, values))
    assert "".join(piece if isinstance(piece, str) else "" for piece in pieces(template)) in template or blanks(
        template
    )


@pytest.mark.parametrize(
    "blank",
    ["{eta}", "{eta:time}", "{need|这件事}", "{?order_no}", "{?快递单号}", "{?day:date|到货日}", "｛？快递单号｝"],
)
def test_a_blank_that_was_not_filled_never_leaves(blank: str) -> None:
    text = f"您好，{blank}谢谢"
    assert [text[start:end] for start, end in find_unfilled(text)] == [blank]
