"""Contacts in free texts, masked as in their field: whatever their spelling, nothing else touched, once is enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain.masking import mask_contacts, uncalled
from agentdesk.text.contacts import find_contacts


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请打13912344321", "请打139****4321"),
        ("请打１３９ 1234-4321！", "请打139****4321！"),
        ("打一三九一二三四四三二一", "打139****4321"),
        ("座机（021）6543 2198转801", "座机021****98转801"),
        ("写信到zhang.san@example.com", "写信到z***@example.com"),
        ("写信到 ｚｈａｎｇ＠example.com 吧", "写信到 z***@example.com 吧"),
        ("139****4321 z***@example.com", "139****4321 z***@example.com"),
        ("订单 O-20240428-31，工单 AD-K7-20260128-0007，2026-11-27 05:41", None),
        ("型号KFR-35GW，价格12999元，时间20261127054102", None),
        ("", None),
    ],
)
def test_contacts_in_a_text(text: str, masked: str | None) -> None:
    assert mask_contacts(text) == (text if masked is None else masked)


def test_an_account_is_known_by_its_record_alone() -> None:
    assert mask_contacts("加我wang_xiao88就好", "wang_xiao88") == "加我w***就好"
    assert mask_contacts("加我wang_xiao88就好") == "加我wang_xiao88就好"


@given(st.text(max_size=60), st.sampled_from(["13912344321", "021-65432198", "a.b@example.com"]), st.text(max_size=60))
def test_what_is_left_holds_no_contact(before: str, contact: str, after: str) -> None:
    once = mask_contacts(f"{before} {contact} {after}")
    assert not find_contacts(once)
    assert mask_contacts(once) == once


@given(st.text(max_size=200))
def test_what_holds_no_contact_is_left_alone(text: str) -> None:
    if not find_contacts(text):
        assert mask_contacts(text) == text


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("王先生您好", "王小明", "***先生您好"),
        ("王*先生您好，王*女士也在", "王小明", "***先生您好，***女士也在"),
        ("欧阳*老师，欧阳老师", "欧阳锋", "***老师，***老师"),
        ("王*收，王牌产品", "王小明", None),
        ("先生您好", "", None),
    ],
)
def test_nobody_is_called_by_a_name_whole_or_masked(text: str, name: str, told: str | None) -> None:
    assert uncalled(text, name, "***") == (text if told is None else told)
