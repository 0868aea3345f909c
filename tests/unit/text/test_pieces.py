"""Contacts that are hardly any: lint is silent about them, masking is not, and real ones beside others are told."""

from __future__ import annotations

import pytest

from agentdesk.domain.masking import mask_contacts
from agentdesk.text.privacy import find_private

ONES = "1 3 8 0 0 0 0 5 6 7 8"


def kinds(text: str) -> list[str]:
    return [one.kind for one in find_private(text)]


@pytest.mark.parametrize(
    "text",
    [
        "订单 1749 0358 9681 2742", "2026 1103 0914 5588 221", "工单号 2611 0309 5598 0138 27",
        "Q-0448-9165-7038", "交易参考号为 082736451928", "流水号：０８２７３６４５１９２８",
        "4 7 1 8 5 3 6 1 5 8 3 6 1", f"9 5 {ONES} 3 0", "Trip ID 138-2710-4827-19",
        "条码４　７　１　８　５　３　６　１　５　８　３　６　１", "征收机关代码14403070000",
    ],
)  # fmt: skip
def test_a_piece_of_another_number_is_not_told_but_masked(text: str) -> None:
    assert kinds(text) == []
    assert mask_contacts(text) != text


@pytest.mark.parametrize("before", ["", "8 6 ", "0 0 8 6 ", "1 3 9 0 0 0 0 0 0 0 2 ", "打 ", "7 "])
@pytest.mark.parametrize("behind", ["", " 9点", " 1 3 9 0 0 0 0 0 0 0 2", " 0755-23456789", "\n1 2 3"])
def test_a_mobile_digit_by_digit_is_told_beside_others(before: str, behind: str) -> None:
    if before == "7 " and behind == " 9点":
        return  # two digits too many
    told = kinds(before + ONES + behind)
    assert told.count("mobile") == 1 + before.startswith("1") + behind.startswith(" 1")
    assert told.count("landline") == behind.startswith(" 0")


@pytest.mark.parametrize(
    "number", ["0358 9681 2742", "0358-9681-2742", "0358-96812742", "035896812742", "0358 9681274"]
)
@pytest.mark.parametrize(
    "before",
    [
        "", "工号8021，", "工号8021电话", "工号8021转", "二楼 ", "Tel-", "T-", "F-", "138 0000 5678 ", "13800005678 ",
        "0755 2345 6789 ", "0755-2345-6789，", "18:30 ", "订单2026 ，", "号码", "座机号码是", "电话号：",
    ],
)  # fmt: skip
def test_a_landline_is_told_beside_others(before: str, number: str) -> None:
    assert kinds(before + number)[-1:] == ["landline"]


@pytest.mark.parametrize("before", ["订单号", "单号：", "手机号", "号码", "联系编号 ", "工号 "])
@pytest.mark.parametrize("number", ["13800005678", "138-0000-5678", "138-0000-5678-1234", "138 0000 5678 9点"])
def test_a_mobile_is_told_whatever_it_is_called(before: str, number: str) -> None:
    assert kinds(before + number) == ["mobile"]
