"""Private numbers: found in every spelling, replaced whole, no heads in drafts; what only looks like one passes."""

from __future__ import annotations

import random
import re
from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentdesk.text import contacts, privacy
from agentdesk.text.privacy import find_private, hold_out, looks_like_private, redact, shown

from .numbers import cards, identities, luhn_complete, old_identities, spelled, with_check

ID = with_check("11010519491231002")
CARD = luhn_complete("622202123456789012")
WORDS = st.sampled_from(["", "身份证", "您的卡号是：", "请看 ", "ok,", "（", "。\n", "尾"])
SOUP = [
    "13800005678", "138 0000 5678", "4111.1111.1111.1111", CARD, ID, "010-65551234", "(021) 6555", "1234", "86",
    "0", "一三八", "○", "张三", "李", "①", "２", "X", "的", "tel", "AD-", " ", "\n", "-", "，", "。", "ー", "_",
    "\u200b", "(", "．",
]  # fmt: skip
NOISE = st.text(alphabet="您好订单a1 2-3\n4Ｘx9,。5", max_size=60)


def digits(text: str) -> str:
    """The digits of a text in order, full-width ones as plain."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


@given(spelled(identities() | old_identities()), WORDS, WORDS)
def test_identity_is_found_in_any_spelling(number: str, before: str, after: str) -> None:
    found = find_private(before + number + after)
    assert [(item.start, item.end, item.kind) for item in found] == [
        (len(before), len(before) + len(number), "id_card")
    ]


@given(spelled(cards()), WORDS, WORDS)
def test_card_is_found_in_any_spelling(number: str, before: str, after: str) -> None:
    found = find_private(before + number + after, contacts=False)
    assert [item.kind for item in found] == ["bank_card"]
    assert redact(before + number + after)[0] == before + "[CARD]" + after


@given(identities())
def test_identity_without_its_check_character_is_found(number: str) -> None:
    assume(number[0] != "9")  # a foreigner's, which only a checksum tells
    # A few of them are valid card numbers as well; what counts is that nothing stays.
    assert redact(f"证件{number[:17]}，")[0] in ("证件[ID]，", "证件[CARD]，")


@given(spelled(identities() | cards()), spelled(identities() | cards()))
def test_two_numbers_leave_nothing(first: str, second: str) -> None:
    kept = redact(f"{first}和{second}")[0]
    assert not digits(kept)


@given(identities(), cards())
def test_numbers_typed_without_a_gap_leave_nothing(first: str, second: str) -> None:
    assert not digits(redact(first + second)[0])
    assert not digits(redact(second + first)[0])


@given(NOISE | spelled(cards()), NOISE, st.integers(0, 200))
def test_redacting_twice_changes_nothing_and_the_caret_stays_inside(first: str, second: str, caret: int) -> None:
    text = first + second
    once, moved, found = redact(text, min(caret, len(text)))
    assert redact(once)[0] == once
    assert 0 <= moved <= len(once)
    for item in found:
        assert text[item.start].isdecimal()
        assert text[item.end - 1].isalnum()


def test_caret_keeps_its_place_among_the_words() -> None:
    text = f"号{ID}谢谢"
    assert redact(text, 0)[1] == 0
    assert redact(text, len(text))[1] == len("号[ID]谢谢")
    assert redact(text, 5)[1] == len("号[ID]")
    assert redact(text, 1)[1] == 1


@pytest.mark.parametrize(
    "text",
    [
        "O-20240428-31", "AD-K7-20260128-0007", "AD-36-20260128-0007", "1700000000000", "20260128103000123",
        ID[:17] + ("0" if ID[17] != "0" else "1"), ID[:6] + "19491331" + ID[14:], "110105491331002",
        CARD[:-1] + str((int(CARD[-1]) + 1) % 10), luhn_complete("712345678901234"), luhn_complete("62220212345678"),
        "4" * 16, "0000000000000000", "SF1234567890123", "2024-05-01 2024-05-02", "400-820-8820", "010-12345678",
        luhn_complete("411111111111") + "000", "3.14159265358979", "12:30 13:45 14:50 15:20 16:10",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_passes(text: str) -> None:
    assert find_private(text, contacts=False) == []


@pytest.mark.parametrize("head", ["201101", "700105", "470304", "991105", "010105"])
def test_an_order_number_with_date_and_checksum_begins_with_no_province(head: str) -> None:
    """What every identity number begins with: 20 is how a dated order number does."""
    assert find_private(with_check(f"{head}19491231002"), contacts=False) == []


@pytest.mark.parametrize("number", ["94222420220114856", "98367620221226299", "91100120260315001"])
def test_without_a_checksum_no_foreigner_is_read_into_a_number(number: str) -> None:
    assert find_private(f"订单号是{number}", contacts=False) == []


def test_random_order_numbers_are_hardly_ever_taken_for_cards() -> None:
    chance = random.Random(7)
    numbers = [str(chance.randrange(10 ** (size - 1), 10**size)) for size in range(12, 17) for _ in range(400)]
    assert sum(bool(find_private(number, contacts=False)) for number in numbers) < 0.02 * len(numbers)


def test_kinds_of_contacts_and_their_masks() -> None:
    text = "打13800005678或139-0000-0002，邮箱 li.ming@example.com"
    found = find_private(text)
    assert [item.kind for item in found] == ["mobile", "mobile", "email"]
    assert [shown(text[item.start : item.end], item.kind) for item in found] == [
        "138****5678",
        "139****0002",
        "l***@example.com",
    ]
    assert redact(text)[0] == text


@pytest.mark.parametrize("text", ["C13800005678", "138000056789", "12800005678", "a@b", "@", "a@@b.c", "1380000-56"])
def test_what_is_no_contact_passes(text: str) -> None:
    assert find_private(text) == []


def test_mobile_in_a_mail_address_is_one_finding() -> None:
    assert [item.kind for item in find_private("13800005678@163.com")] == ["email"]


@given(spelled(identities() | cards()), WORDS)
def test_a_draft_never_holds_twelve_digits_of_a_number_being_typed(number: str, before: str) -> None:
    for size in range(1, len(number) + 1):
        typed = before + number[:size]
        assert len(digits(hold_out(typed, len(typed)))) < 12


def test_draft_keeps_everything_else() -> None:
    assert hold_out("请查 6222 0212 3456 78", 20) == "请查 "
    assert hold_out("请查 6222 0212 34", 15) == "请查 6222 0212 34"
    assert hold_out("订单号123456789012，谢谢", 18) == "订单号123456789012，谢谢"
    assert hold_out("订单号123456789012，谢谢", 15) == "订单号，谢谢"
    assert hold_out(f"{ID}，谢谢", 20) == "[ID]，谢谢"
    assert hold_out(f"{ID}\n{CARD}", 40) == "[ID]\n"


@given(NOISE, st.integers(0, 80))
def test_holding_out_never_invents_text(text: str, caret: int) -> None:
    kept = re.sub(r"\[(ID|CARD)\]", "", hold_out(text, caret))
    rest = iter(text)
    assert all(char in rest for char in kept)


def test_order_number_that_must_be_asked_about() -> None:
    assert looks_like_private(CARD) == "bank_card"
    assert looks_like_private(ID) == "id_card"
    assert looks_like_private("O-20240428-31") is None


@pytest.mark.parametrize("text", ["1 " * 50_000, "1" * 100_000, "a@" * 50_000, "- " * 50_000, "４" * 100_000])
def test_hostile_length_comes_back(text: str) -> None:
    assert redact(text)[0] == text
    hold_out(text, len(text))


BETWEEN = st.sampled_from(
    [("张三", "李四"), ("星期三", "九点打"), ("王五", "，谢谢"), ("第一", "个"), ("", "六一儿童节到期"), ("卡", "一张")]
)


@given(identities() | cards(), BETWEEN, st.sampled_from(["", " ", "-"]))
def test_a_number_beside_a_numeral_of_a_word_leaves_nothing(number: str, words: tuple[str, str], gap: str) -> None:
    grouped = gap.join(number[at : at + 4] for at in range(0, len(number), 4))
    kept, _, found = redact(words[0] + grouped + words[1])
    assert found and not digits(kept)
    assert kept.startswith(words[0][:-1]) and kept.endswith(words[1][1:])


@given(st.integers(13_000_000_000, 19_999_999_999), BETWEEN)
def test_a_mobile_beside_a_numeral_of_a_word_is_found_alone(number: int, words: tuple[str, str]) -> None:
    for spelling in (str(number), f"{str(number)[:3]} {str(number)[3:7]} {str(number)[7:]}"):
        text = words[0] + spelling + words[1]
        assert [text[one.start : one.end] for one in find_private(text)] == [spelling]


def test_a_mobile_in_numerals_stands_beside_names() -> None:
    text = "张三一三九一二三四四三二一李四"
    assert [text[one.start : one.end] for one in find_private(text)] == ["一三九一二三四四三二一"]


@pytest.mark.parametrize("sign", ".,_/·、，*|")
def test_signs_between_the_groups_hide_nothing(sign: str) -> None:
    assert redact("卡" + sign.join(CARD[at : at + 4] for at in range(0, 19, 4)))[0] == "卡[CARD]"
    assert [one.kind for one in find_private(f"打138{sign}0000{sign}5678")] == ["mobile"]


@pytest.mark.parametrize(
    "text",
    [
        "2026.0501.1234", "1234,5678,9012,3456元", "138,000,056.78", "192.168.1.138", "张三2026年五一到十一都在",
        "SF1234567890123", "YT7654321098765", "JDVB01234567890", "20261127054102", "1764222062123", "3,138,000",
    ],
)  # fmt: skip
def test_amounts_dates_and_parcels_pass(text: str) -> None:
    assert find_private(text) == []


@given(st.lists(st.sampled_from(SOUP), max_size=30).map("".join))
def test_what_stands_between_letters_is_read_as_the_whole_text_would_be(text: str) -> None:
    """Only pieces with ten digits and no letter between them are looked at."""
    with patch.object(privacy, "dense", _whole), patch.object(contacts, "dense", _whole):
        whole = find_private(text)
    assert find_private(text) == whole


def _whole(text: str) -> list[tuple[int, int]]:
    return [(0, len(text))]
