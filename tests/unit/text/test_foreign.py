"""PV-03: another person's phone or order number in a text for a customer; their own and the service's own pass."""

from __future__ import annotations

import pytest

from agentdesk.text.foreign import OpenRequest, find_foreign

MOBILE_OWN = OpenRequest(contacts=frozenset({"+86 139-1234-4321"}), orders=frozenset({"O-20240428-31"}))
LANDLINE_OWN = OpenRequest(contacts=frozenset({"021-65432198"}))
SERVICE = OpenRequest(
    contacts=frozenset({"someone@example.com"}), services=frozenset({"021-61234567", "010 8888 6666"})
)


def found(text: str, request: OpenRequest) -> list[str]:
    return [text[item.start : item.end] for item in find_foreign(text, request)]


@pytest.mark.parametrize(
    "text",
    [
        "我们会拨打13912344321", "我们会拨打 139 1234 4321", "我们会拨打１３９１２３４４３２１", "拨打+86 13912344321",
        "您的手机一三九一二三四四三二一还在用吗", "您的订单O-20240428-31已发货", "订单号：20240428-31",
        "拨打139-1234\n4321", "幺三九幺二三四四三二幺对吗",
    ],
)  # fmt: skip
def test_the_own_number_passes_in_every_spelling(text: str) -> None:
    assert found(text, MOBILE_OWN) == []


@pytest.mark.parametrize(
    "text", ["我们会拨打021-65432198", "(021)65432198", "021 6543 2198", "021-65432198-801", "+86 21 65432198"]
)
def test_the_own_landline_passes_in_every_spelling(text: str) -> None:
    assert found(text, LANDLINE_OWN) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("另一位客户的电话是13811112222", "13811112222"), ("收件人 138 1111 2222", "138 1111 2222"),
        ("您可以打他家座机010-65551234", "010-65551234"), ("（0755）2655 1234", "（0755）2655 1234"),
        ("一三八一一一一二二二二是他的", "一三八一一一一二二二二"), ("他的订单O-20240428-77", "O-20240428-77"),
        ("訂單編號：TW88990011", "TW88990011"), ("13912344322", "13912344322"), ("139123443210", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("own", [MOBILE_OWN, LANDLINE_OWN, SERVICE])
def test_another_ones_number_is_found(text: str, number: str, own: OpenRequest) -> None:
    assert found(text, own) == ([number] if number else [])


def test_the_services_own_phones_pass_and_others_do_not() -> None:
    assert found("请拨打021-61234567或010-88886666，分机801", SERVICE) == []
    assert found("请拨打400-810-1234、95588或12345", SERVICE) == []
    assert found("请拨打021-61234568", SERVICE) == ["021-61234568"]


def test_what_the_customer_said_is_no_secret_to_them() -> None:
    said = OpenRequest(said="快递员电话 158 8765 4329，订单号 TB99887766 也没到")
    assert found("我们已联系15887654329，订单TB99887766明天到", said) == []
    assert found("我们已联系15887654328，订单TB99887767明天到", said) == ["15887654328", "TB99887767"]


def test_nothing_is_known_of_a_request_without_a_contact() -> None:
    assert found("拨打13912344321", OpenRequest()) == ["13912344321"]
