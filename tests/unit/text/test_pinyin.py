"""Names in Latin letters: every reading, full and by initials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text import pinyin

CHARS = "张敏单曾仇解王李欧阳吕乐盖朴区查张長单單"


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张敏", "zhangmin", "zm"),
        ("單雄", "shanxiong", "sx"),
        ("曾强", "zengqiang", "zq"),
        ("仇英", "qiuying", "qy"),
        ("解晓", "xiexiao", "xx"),
        ("吕布", "lvbu", "lb"),
        ("欧阳锋", "ouyangfeng", "oyf"),
        ("朴树", "piaoshu", "ps"),
    ],
)
def test_surnames_are_read_as_surnames_too(name: str, full: str, initials: str) -> None:
    spelled, letters = pinyin.spellings(name)
    assert full in spelled and initials in letters


def test_other_readings_stay() -> None:
    assert {"danmin", "shanmin", "chanmin"} <= pinyin.spellings("单敏")[0]


def test_a_name_without_chinese_has_no_spelling() -> None:
    assert pinyin.spellings("Ann Lee") == (frozenset(), frozenset())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("ZM", "zm"), (" zhang min ", "zhangmin"), ("lü bu", "lvbu"), ("Lyu", "lv"), ("xi'an", "xian"), ("z1", "")],
)
def test_typed_letters(typed: str, stored: str) -> None:
    assert pinyin.typed(typed) == stored


def test_chinese_is_not_taken_for_letters() -> None:
    assert pinyin.typed("张") == "" and pinyin.typed("") == "" and pinyin.typed("   ") == ""


@given(st.text(alphabet=CHARS, min_size=1, max_size=3))
def test_every_reading_of_every_character_is_among_the_spellings(name: str) -> None:
    full, initials = pinyin.spellings(name)
    for place, char in enumerate(name):
        for syllable in pinyin.syllables(char):
            before = "".join(pinyin.syllables(one)[0] for one in name[:place])
            after = "".join(pinyin.syllables(one)[0] for one in name[place + 1 :])
            assert before + syllable + after in full
            letters = [pinyin.syllables(one)[0][0] for one in name]
            assert "".join([*letters[:place], syllable[0], *letters[place + 1 :]]) in initials


@given(st.text(max_size=30))
def test_no_text_breaks_it_and_no_name_has_too_many(name: str) -> None:
    full, initials = pinyin.spellings(name)
    assert len(full) <= pinyin.MAX_SPELLINGS and len(initials) <= pinyin.MAX_SPELLINGS
    assert all(pinyin.typed(one) in (one, one.replace("lyu", "lv").replace("nyu", "nv")) for one in full | initials)
