"""Titles by the sound of their characters: every reading, every usual way to type it, and where it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text import pinyin, sounds
from agentdesk.text.fold import fold

TITLES = {
    "chongzhimima": "怎样重置密码",
    "zhongliang": "重量超标的包裹",
    "yinhangka": "解绑银行卡",
    "xingcheng": "补打行程单",
    "changan": "长按电源键",
    "chengzhang": "成长值",
    "yinyue": "音乐会员",
    "kuaile": "快乐宝贝",
    "tiaohuan": "调换颜色",
    "huankuan": "还款日",
    "xyjls": "洗衣机漏水",
    "xiyjlou": "洗衣机漏水",
    "xiyijil": "洗衣机漏水",
    "xian": "西安仓",
    "fangan": "方案说明",
    "lvxing": "旅行险",
    "azfw": "安装服务",
}
HAN = st.text("洗衣机漏水重行长乐西安会员退款的AB12 ，", max_size=25)


@pytest.mark.parametrize(("typed", "title"), TITLES.items())
def test_a_title_is_read_as_it_is_typed(typed: str, title: str) -> None:
    fitting = [sounds.place(title, cut) for _, cut in sounds.cuts(typed)]
    assert any(fitting)


@pytest.mark.parametrize("typed", ["wifi", "usb", "", "x1", "XYJ", "ü", "iphone", "洗"])
def test_what_is_no_pinyin_has_no_cut(typed: str) -> None:
    assert sounds.cuts(typed) == []


def test_a_place_is_where_it_stands() -> None:
    title = fold("全新 洗衣機，漏水").text
    ((_, cut), *_) = sounds.cuts("xiyiji")
    place = sounds.place(title, cut)
    assert place is not None and title[slice(*place)] == "洗衣机"
    assert sounds.place("洗衣", cut) is None


@given(HAN, st.data())
def test_every_term_of_a_fitting_cut_is_in_the_index(title: str, data: st.DataObject) -> None:
    """Whatever reading of whatever stretch is typed, in full or by initials, MATCH finds the title."""
    text = fold(title).text
    characters = sounds.spelled(text)
    if len(characters) < 2:
        return
    first = data.draw(st.integers(0, len(characters) - 2))
    stretch = characters[first : first + data.draw(st.integers(2, 8))]
    whole = data.draw(st.booleans())
    readings = [data.draw(st.sampled_from(sorted(found))) for _, found in stretch]
    cut = tuple(sounds.Sound(one if whole else one[0], whole and len(one) > 1) for one in readings)
    terms = sounds.spelling_terms(title)
    wanted = re.findall(r'"(\w+)"(\*?)', sounds.expression(cut))
    assert wanted and all(any(term.startswith(one) for term in terms) if star else one in terms for one, star in wanted)
    assert sounds.place(text, cut) is not None


@given(HAN)
def test_homophones_have_the_same_terms(text: str) -> None:
    wrong = text.replace("机", "鸡").replace("水", "谁" if "shui" in pinyin.syllables("谁")[:1] else "水")
    assert sounds.sound_terms(wrong) == sounds.sound_terms(text)


def test_heard_pairs_are_shown_where_they_stand() -> None:
    assert sounds.heard("修洗衣机吧", {"yiji"}) == [(2, 4)]
    assert sounds.sound_of("衣鸡") == "yiji" and sounds.sound_of("a鸡") == ""
    assert sounds.is_spelled("鸡") and not sounds.is_spelled("a")
