"""The record's form: what is required when, what counts as empty, the live figure, the way to the next gap."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain import vocabulary
from agentdesk.domain.contact import contact_kind, contact_problem, normal_contact
from agentdesk.domain.intake import (
    FIELD,
    FIELDS,
    INTAKE_CODES,
    Intake,
    Problem,
    completeness,
    gaps,
    is_blank,
    is_complete,
    is_filled,
    missing,
    next_gap,
    problems,
    required,
)
from agentdesk.domain.settings import Settings

ROW_A = Intake(
    channel="phone",
    customer_name="张*",
    contact="13800005678",
    customer_no="C-5678",
    request_type="complaint",
    sub_type="after_sales",
    product_service="洗衣机",
    order_no="O-20240428-31",
    occurred_at="2024-04-28",
    attribution="product_quality",
    description="购买的洗衣机用了三天就漏水，联系售后一直没人答复",
    anomaly="机身底部漏水",
    expected_outcome="尽快上门维修",
    emotion="anxious",
    category="urgent",
    priority="P1",
)
ROW_B = Intake(
    channel="online",
    customer_name="王*",
    contact="13900000002",
    unregistered=True,
    request_type="consult",
    sub_type="product",
    product_service="空调",
    description="想了解空调的能效等级和安装费用",
    emotion="calm",
    category="simple",
    priority="P3",
)


def test_both_rows_are_complete():
    for row in (ROW_A, ROW_B):
        filled, needed = completeness(row)
        assert is_complete(row) and filled == needed == len(required(row)) and next_gap(row) is None


def test_the_table_has_every_field_of_the_standard():
    numbered = 23 + 4  # rows 1-23 and 5a-5d
    assert len(FIELDS) == len(FIELD) == numbered
    ticks = {"contact_kind", "unregistered", "no_order", "unknown_why", "also_complex", "priority_why"}
    assert {field.name for field in fields(Intake)} == set(INTAKE_CODES)
    assert set(INTAKE_CODES) - set(FIELD) == ticks
    assert set(FIELD) - set(INTAKE_CODES) == {"recorder", "recorded_at", "number"}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"request_type": "complaint"}, {"occurred_at", "anomaly", "attribution", "expected_outcome"}),
        ({"request_type": "after_sales"}, {"occurred_at", "anomaly", "order_no"}),
        ({"category": "complex"}, {"anomaly", "expected_outcome"}),
        ({"category": "urgent"}, {"anomaly", "expected_outcome"}),
        ({"sub_type": "logistics"}, {"order_no"}),
        ({"sub_type": "refund"}, {"order_no"}),
        ({"sub_type": "refund", "no_order": True}, set()),
        ({"request_type": "suggestion", "product_service": ""}, set()),
        ({"request_type": "other", "product_service": ""}, set()),
        ({"product_service": ""}, {"product_service"}),
        ({"unregistered": False}, {"customer_no"}),
    ],
)
def test_conditions(change, codes):
    assert set(missing(replace(ROW_B, **change))) == codes


def test_every_required_field_is_named_when_empty():
    empty = Intake()
    assert missing(empty) == [
        "channel", "customer_name", "contact", "customer_no", "request_type", "description", "emotion", "category",
        "priority",
    ]  # fmt: skip
    assert completeness(empty) == (0, 9)


@pytest.mark.parametrize(
    "value", ["", " ", "无", "無", "不详", "-", "——", "n/a", "N/A", "ｎ／ａ", "xx", "1111", "。。。", "啊啊啊", "?"]
)
def test_placeholders_are_empty(value):
    assert is_blank(value) and "customer_name" in missing(replace(ROW_B, customer_name=value))


@pytest.mark.parametrize("value", ["张", "丽丽", "张*", "无锡张", "A1"])
def test_short_names_are_names(value):
    assert not is_blank(value)


def test_an_unknown_time_needs_its_reason():
    unknown = replace(ROW_A, occurred_at="不详")
    assert missing(unknown) == ["occurred_at"]
    assert is_filled(replace(unknown, unknown_why="客户记不清了"), "occurred_at")
    assert missing(replace(unknown, unknown_why="无")) == ["occurred_at"]


def test_the_category_may_be_assumed_before_it_is_chosen():
    open_form = replace(ROW_B, category="")
    assert missing(open_form) == ["category"]
    assert missing(open_form, "complex") == ["anomaly", "expected_outcome", "category"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"request_type": "question"}, Problem("request_type", "not_a_value")),
        ({"emotion": "sad"}, Problem("emotion", "not_a_value")),
        ({"customer_name": "张" * 41}, Problem("customer_name", "too_long")),
        ({"customer_no": "1" * 32 + "2", "unregistered": False}, Problem("customer_no", "too_long")),
        ({"description": "空调怎么样"}, Problem("description", "too_short")),
        ({"contact": "1390000000"}, Problem("contact", "bad_contact")),
        ({"contact_kind": "mobile", "contact": "a@b.cn"}, Problem("contact", "bad_mobile")),
        ({"tags": tuple(str(n) for n in range(41))}, Problem("tags", "too_many")),
        ({"tags": ("标" * 41,)}, Problem("tags", "too_long")),
    ],
)
def test_invalid_values_are_problems_and_gaps(change, problem):
    wrong = replace(ROW_B, **change)
    assert problems(wrong) == [problem] and gaps(wrong) == [problem.field] and not is_complete(wrong)


def test_the_shortest_description_is_a_setting():
    short = replace(ROW_B, description="空调怎么样")
    assert problems(short, Settings({"intake.description_min": 5})) == []


def test_next_gap_goes_round_the_form():
    half = replace(ROW_A, customer_name="", anomaly="", emotion="")
    assert next_gap(half) == "customer_name"
    assert next_gap(half, "customer_name") == "anomaly"
    assert next_gap(half, "sub_type") == "anomaly"
    assert next_gap(half, "emotion") == "customer_name"
    assert next_gap(half, "no such field") == "customer_name"


@pytest.mark.parametrize(
    ("contact", "kind"),
    [
        ("13800005678", "mobile"),
        ("+86 138-0000-5678", "mobile"),
        ("１３８００００５６７８", "mobile"),
        ("0912-345-678", "mobile"),
        ("010-12345678", "landline"),
        ("0571 8888 8888", "landline"),
        ("400-800-1234", "landline"),
        ("02-2345-6789", "landline"),
        ("+442071234567", "landline"),
        ("zhang.san@example.com.cn", "email"),
        ("weibo_user", "account"),
        ("@小王", "account"),
        ("1380000567", ""),
        ("a@b", ""),
        ("两个 词", ""),
        ("12345", ""),
    ],
)
def test_kinds_of_contact(contact, kind):
    assert contact_kind(contact) == kind
    assert contact_problem(contact) == ("" if kind else "bad_contact")
    if kind:
        assert contact_problem(contact, kind) == ""


def test_a_number_is_an_account_only_if_somebody_says_so():
    assert contact_problem("12345", "account") == "" and contact_problem("12345", "pager") == "bad_contact"


def test_spellings_of_one_contact_are_one_key():
    assert normal_contact("+86 138-0000-5678") == normal_contact("13800005678") == "13800005678"
    assert normal_contact("A@B.cn ") == "a@b.cn"


VALUES = {
    "customer_name": "李明",
    "contact": "13700000001",
    "customer_no": "C-1",
    "product_service": "冰箱",
    "order_no": "O-1",
    "occurred_at": "昨天",
    "description": "冰箱冷藏室温度一直降不下来",
    "anomaly": "冷藏室十五度",
    "expected_outcome": "上门检修",
    "attribution": "product_quality",
    "emotion": "calm",
    "channel": "phone",
}


@given(
    request_type=st.sampled_from(vocabulary.REQUEST_TYPES),
    category=st.sampled_from(vocabulary.CATEGORIES),
    sub_type=st.sampled_from(("", *vocabulary.SUB_TYPES)),
    filled=st.permutations(tuple(VALUES)),
)
def test_filling_in_never_makes_a_record_less_complete(request_type, category, sub_type, filled):
    intake = Intake(request_type=request_type, category=category, sub_type=sub_type, priority="P2")
    before, needed = completeness(intake)
    for code in filled:
        intake = replace(intake, **{code: VALUES[code]})
        now, still = completeness(intake)
        assert before <= now <= still == needed
        assert code not in gaps(intake)
        before = now
    assert is_complete(intake)
