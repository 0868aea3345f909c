"""The span of a finding is exactly the characters of the disguised word, whatever disguises it and stands around it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhconv_rs import zhconv

from agentdesk.text.fold import fold
from agentdesk.text.lanes import collapsed, letters, sounds, spoken
from agentdesk.text.lexicon import rule_from
from agentdesk.text.lint import Linter, LintSession

TERMS = ("保证收益", "不归我管", "稳赚不赔", "没门儿", "保证100%没问题", "noway保本")
LINTER = Linter(
    [rule_from({"id": "X-1", "category": "cold", "severity": "block", "why": "-", "patterns": list(TERMS)})]
)
APART = st.sampled_from(
    ["", "", "", " ", "　", "·", "*", "\u200b", "\u2060\ufeff", "\ufe0f", "\u00ad", "😀", "❤️", "👍🏽",
     "👨\u200d👩\u200d👧", "🇨🇳", "\u0301", "\u0301\u0308", "~", "/", "＊", "\u202e"]
)  # fmt: skip
AROUND = st.lists(
    st.sampled_from(
        ["您好", "，", "。", "\n", "ok ", "🙂", "👨\u200d👩\u200d👧", "🇨🇳", "e\u0301", "が", "か\u3099", "㎏", "㍿",
         "１２３号", "ﬁ", "\u200b", "乾隆", "頭髮", "𠮷", "𝒜 ", "ｶﾞ", "…", "?", "ﷺ", "\u0301", "\t", "½ ", "的的的"]
    ),
    max_size=8,
).map("".join)  # fmt: skip


def wide(char: str) -> str:
    """The full-width form of an ASCII character."""
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str, str]:
    """(before, a term in disguise, after): other script, width and case, repeats, signs and invisible ones between."""
    term = draw(st.sampled_from(TERMS))
    parts = []
    for place, char in enumerate(term):
        shown = draw(st.sampled_from([char, zhconv(char, "zh-Hant", False), wide(char), char.upper()]))
        # 问问 is a word of its own, which lint keeps: 没问问题 is not 没问题.
        times = 1 if char.isascii() else draw(st.sampled_from((1, 1, 3) if char == "问" else (1, 2, 3)))
        parts.append(shown * times)
        if place < len(term) - 1:
            parts.append("" if char.isascii() else draw(APART))
    return draw(AROUND) + "：", "".join(parts), "；" + draw(AROUND)


@settings(max_examples=300)
@given(disguised())
def test_the_finding_is_exactly_the_disguised_word(parts: tuple[str, str, str]) -> None:
    before, term, after = parts
    text = before + term + after
    found = LINTER.check(text)
    assert [(one.start, one.end, one.text) for one in found] == [(len(before), len(before) + len(term), term)]
    assert LintSession(LINTER).check(text) == found


@settings(max_examples=100)
@given(st.lists(disguised(), min_size=2, max_size=5))
def test_of_several_each_is_found_at_its_place(many: list[tuple[str, str, str]]) -> None:
    text, expected = "", []
    for before, term, after in many:
        start = len(text) + len(before)
        expected.append((start, start + len(term)))
        text += before + term + after
    assert [(one.start, one.end) for one in LINTER.check(text)] == expected


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_every_lane_leads_back_to_the_characters_it_shows(text: str) -> None:
    """Each letter of a lane comes from a character of the text, in order, and none from nowhere."""
    whole = fold(text)
    lane = letters(whole.text)
    for one in filter(None, (lane, collapsed(lane), spoken(lane), sounds(spoken(lane)))):
        assert len(one.text) == len(one.at) == len(one.ends)
        last = -1
        for start, end in zip(one.at, one.ends, strict=True):
            assert last <= start < end <= len(whole.text)
            last = start
            first, past = whole.span(start, end)
            assert 0 <= first < past <= len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("亲👨\u200d👩\u200d👧保👍🏽证🇨🇳收❤️益👍", "保👍🏽证🇨🇳收❤️益"),
        ("e\u0301e\u0301 保\u0301证收益\u0301", "保\u0301证收益"),
        ("㎏㎏㍿沒門兒。", "沒門兒"),
        ("放心：保證１００％沒問題", "保證１００％沒問題"),
        ("𠮷𠮷不歸歸我　管了", "不歸歸我　管"),
        ("请不归\u200b\u2060我管\u200b。", "不归\u200b\u2060我管"),
        ("。\n\n？穩穩賺不賠！！", "穩穩賺不賠"),
    ],
)
def test_what_is_underlined_is_what_is_seen(text: str, shown: str) -> None:
    [found] = LINTER.check(text)
    assert (found.text, text[found.start : found.end]) == (shown, shown)
