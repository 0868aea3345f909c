"""Evasions: the finding covers exactly the disguised word; what only sounds alike is a hint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhconv_rs import zhconv

from agentdesk.text.lexicon import rule_from
from agentdesk.text.lint import Finding, Linter
from agentdesk.text.pinyin import first_readings

TERMS = ("保证收益", "不归我管", "稳赚不赔", "没门儿")
LINTER = Linter(
    [rule_from({"id": "X-1", "category": "cold", "severity": "block", "why": "-", "patterns": list(TERMS)})]
)
SEPARATORS = st.sampled_from(["", "", " ", "·", "*", "\u200b", "\ufe0f", "😀", "…", "-", "　", "👨\u200d👩\u200d👧"])
AROUND = st.sampled_from(["", "您好", "亲，", "ok ", "🙂", "（", "e\u0301", "㎏", "好的：", "１２３号"])


def disguised(draw: st.DrawFn, term: str) -> str:
    """The term with each character repeated, in another script or apart from the next."""
    parts = []
    for place, char in enumerate(term):
        shown = draw(st.sampled_from([char, zhconv(char, "zh-Hant", False)]))
        parts.append(shown * draw(st.integers(1, 3)))
        if place < len(term) - 1:
            parts.append(draw(SEPARATORS))
    return "".join(parts)


@st.composite
def hidden(draw: st.DrawFn) -> tuple[str, str, str]:
    """(before, disguised term, after)."""
    return draw(AROUND), disguised(draw, draw(st.sampled_from(TERMS))), draw(AROUND)


@given(hidden())
def test_the_finding_is_exactly_the_disguised_word(parts: tuple[str, str, str]) -> None:
    before, term, after = parts
    [found] = LINTER.check(before + term + after)
    assert (found.start, found.end, found.text) == (len(before), len(before) + len(term), term)


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str, str]:
    """(before, the term with some characters in pinyin, after)."""
    term = draw(st.sampled_from(TERMS))
    reading = first_readings()
    kept = draw(st.integers(0, len(term) - 1))
    written = "".join(
        char if place == kept else draw(st.sampled_from([char, reading[char], reading[char].upper()]))
        for place, char in enumerate(term)
    )
    return draw(st.sampled_from(["", "您好", "亲，", "🙂"])), written, draw(st.sampled_from(["", "哦", "。", "🙂"]))


@given(spelled())
def test_pinyin_in_place_of_characters_is_found_where_it_stands(parts: tuple[str, str, str]) -> None:
    before, term, after = parts
    found = LINTER.check(before + term + after)
    assert [(one.start, one.end) for one in found] == [(len(before), len(before) + len(term))]
    assert found[0].severity == ("block" if term in TERMS else "hint")


def only(text: str) -> Finding:
    [found] = LINTER.check(text)
    return found


@pytest.mark.parametrize(
    ("text", "lane"),
    [
        ("不归我管", "text"), ("不歸我管", "text"), ("不 归 我 管", "apart"), ("不归归归我管", "repeats"),
        ("不龟我管", "sounds"), ("buguiwoguan", "sounds"), ("不gui我guan", "sounds"),
    ],
)  # fmt: skip
def test_each_finding_tells_how_it_was_seen(text: str, lane: str) -> None:
    assert only(text).lane == lane


def test_what_only_sounds_alike_is_never_more_than_a_hint() -> None:
    assert only("不龟我管").severity == "hint"
    assert only("不归我管").severity == "block"


@pytest.mark.parametrize("text", ["我们包本来就送", "bao ben", "这是报本", "我管不归", "不包本"])
def test_two_syllables_and_other_words_are_no_disguise(text: str) -> None:
    rule = rule_from({"id": "X-2", "category": "cold", "severity": "block", "why": "-", "patterns": ["保本"]})
    assert Linter([rule]).check(text) == []
    assert [one.lane for one in Linter([rule]).check("这款bao本")] == ["sounds"]


def test_digits_that_look_like_letters_are_read_as_digits() -> None:
    rule = rule_from({"id": "X-3", "category": "cold", "severity": "block", "why": "-", "patterns": ["100%没问题"]})
    assert [one.text for one in Linter([rule]).check("放心，1OO％没问题")] == ["1OO％没问题"]


def test_an_exception_covers_what_sounds_like_the_term() -> None:
    rule = rule_from(
        {
            "id": "X-4", "category": "cold", "severity": "block", "why": "-", "patterns": ["一定涨"],
            "allow": [{"around": ["一定掌握"]}],
        }
    )  # fmt: skip
    assert Linter([rule]).check("您一定掌握得很好") == []
    assert [one.lane for one in Linter([rule]).check("一定张的")] == ["sounds"]


def test_letters_beside_digits_of_another_word_stay_letters() -> None:
    rule = rule_from({"id": "X-5", "category": "cold", "severity": "warn", "why": "-", "patterns": ["all 16 digits"]})
    assert [one.text for one in Linter([rule]).check("Read me all 16 digits.")] == ["all 16 digits"]
