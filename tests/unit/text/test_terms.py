"""Search terms: both sides make the same ones, whatever the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.terms import COMMON_FLOOR, KEEP, MAX_WORD, Term, compact, index_terms, prune, query_terms


def test_runs_become_pairs_and_their_last_character() -> None:
    assert index_terms("洗衣机漏水 APP登录，水") == ["洗衣", "衣机", "机漏", "漏水", "水", "app", "登录", "录", "水"]


def test_a_query_looks_for_pairs_and_for_what_is_being_typed() -> None:
    assert query_terms("漏水漏水") == [Term("漏水"), Term("水漏")]
    assert query_terms("退") == [Term("退", prefix=True)]
    assert query_terms("wifi 设置") == [Term("wifi"), Term("设置")]
    assert query_terms("设置 wif") == [Term("设置"), Term("wif", prefix=True)]
    assert query_terms("空调 x") == [Term("空调"), Term("x")]
    assert query_terms("！？ \x00") == []


def test_scripts_widths_and_case_meet() -> None:
    assert index_terms("電飯煲ＡＰＰ") == index_terms("电饭煲app")
    assert compact("换 绑-手機號！") == "换绑手机号"


def test_long_words_and_queries_are_cut_alike() -> None:
    assert index_terms("a" * 1000) == ["a" * MAX_WORD]
    assert query_terms("a" * 1000) == [Term("a" * MAX_WORD)]
    assert len(query_terms("天地玄黄宇宙洪荒" * 10_000)) < 200


@given(st.text(max_size=60))
def test_every_text_finds_itself(text: str) -> None:
    index = index_terms(text)
    for term in query_terms(text):
        assert any(one.startswith(term.text) for one in index) if term.prefix else term.text in index


@given(st.text(max_size=60))
def test_terms_hold_nothing_that_a_query_language_could_read(text: str) -> None:
    for term in [*index_terms(text), *(term.text for term in query_terms(text))]:
        assert term and not [char for char in term if char.isascii() and not char.isalnum()]


def test_the_rarest_are_kept_and_common_ones_left_out() -> None:
    terms = [Term(f"t{at}") for at in range(30)]
    counts = {term: 5 * at for at, term in enumerate(terms)}
    assert prune(terms, counts, 1_000_000) == terms[1 : KEEP + 1]
    common, rare, never = Term("怎么"), Term("漏水"), Term("量子")
    assert prune([common, rare, never], {common: 5_000, rare: 40}, 100_000) == [rare]
    assert prune([common], {common: 5_000}, 100_000) == [common]
    assert prune([common, rare], {common: COMMON_FLOOR, rare: 1}, 300) == [rare, common]
