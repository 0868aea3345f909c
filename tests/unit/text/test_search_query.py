"""Filters among the words of a search: what is one, what stays a word, and that nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.near_words import near_piece, slips, within
from agentdesk.text.search_query import Filter, Wish, facet, take_apart

KIND = Filter("kind", ("类型",), {"政策": "policy", "政策问答": "policy_qa", "policy": "policy", "faq": "faq"})
FILTERS = (KIND, Filter("product", ("产品",)), Filter("tag"))


@pytest.mark.parametrize(
    ("typed", "words", "wishes"),
    [
        ("退款 kind:policy 到账", "退款 到账", [("kind", ("policy",))]),
        ("類型：政策 退款", "退款", [("kind", ("policy",))]),
        ("kind:pol", "", [("kind", ("policy",))]),
        ("类型:政", "", [("kind", ("policy", "policy_qa"))]),
        ("#退款 #V2", "", [("tag", ("退款",)), ("tag", ("v2",))]),
        ('product:"洗衣机 XQG" 漏水', "漏水", [("product", ("洗衣机xqg",))]),
        ('产品:"洗衣', "", [("product", ("洗衣",))]),
        ("kind:nonsense a", "a", [("kind", ())]),
        ("kind: 退款", "退款", []),
        ("http://a.b 12:30 C#", "http://a.b 12:30 C#", []),
        ("tag:加急", "", [("tag", ("加急",))]),
        ("#退款 #退款", "", [("tag", ("退款",))]),
    ],
)
def test_what_is_typed_is_taken_apart(typed: str, words: str, wishes: list[tuple[str, tuple[str, ...]]]) -> None:
    asked = take_apart(typed, FILTERS)
    assert asked.words == words
    assert [(wish.name, wish.values) for wish in asked.wishes] == wishes


@given(st.text(max_size=60))
def test_without_filters_every_word_stays(typed: str) -> None:
    asked = take_apart(typed, ())
    if not any(wish.name == "tag" for wish in asked.wishes):
        assert asked.words == typed.strip()


@given(st.text(max_size=30), st.sampled_from(["policy", "faq"]), st.text("㎏ﬁＡ \u200b", max_size=4))
def test_characters_that_fold_to_more_or_fewer_do_not_shift_the_cut(before: str, kind: str, odd: str) -> None:
    asked = take_apart(f"{odd} kind:{kind} 漏水{odd}", FILTERS)
    assert Wish("kind", kind, (kind,)) in asked.wishes and "漏水" in asked.words and "kind" not in asked.words


def test_values_are_compared_folded() -> None:
    assert facet("洗衣機 ＸＱＧ") == "洗衣机xqg"


@pytest.mark.parametrize(
    ("typed", "word", "near"),
    [
        ("iphnoe", "iphone", True), ("iphone", "iphone", True), ("iphon", "iphone", True), ("iphonne", "iphone", True),
        ("iqhane", "iphone", False), ("bluetoohh", "bluetooth", True), ("a", "abcd", False),
    ],
)  # fmt: skip
def test_a_slip_is_one_letter_or_two_changed_about(typed: str, word: str, near: bool) -> None:
    assert within(typed, word, slips(typed)) is near


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(0, 3))
def test_slips_are_counted_alike_both_ways(one: str, other: str, most: int) -> None:
    assert within(one, other, most) == within(other, one, most)


def test_a_near_piece_differs_in_one_character() -> None:
    assert near_piece("我的洗衣机", "衣鸡") == (3, 5)
    assert near_piece("我的洗衣机", "依鸡") is None
    assert near_piece("", "依鸡") is None
