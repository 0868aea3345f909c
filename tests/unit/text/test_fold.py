"""Folding: both scripts, widths and cases meet, and every folded character leads back to the original."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.fold import fold, folded, simplify

MIXED = st.text(alphabet="聽不懂乾隆後面裡ＡＢab㎏①\u200b\ufe0f½ﬁİ-{}。！x1 ", max_size=40) | st.text(max_size=40)


@given(MIXED)
def test_offsets_lead_back(text: str) -> None:
    result = fold(text)
    offsets = list(result.offsets)
    assert len(offsets) == len(result.text) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert all(offset < len(text) for offset in offsets[:-1])
    assert folded(text) == result.text


@given(MIXED, st.data())
def test_spans_index_the_original(text: str, data: st.DataObject) -> None:
    result = fold(text)
    start = data.draw(st.integers(0, len(result.text)))
    end = data.draw(st.integers(start, len(result.text)))
    first, last = result.span(start, end)
    assert 0 <= first <= last <= len(text)
    if start < end:
        assert set(result.text[start:end]) <= set(folded(text))


def test_scripts_widths_and_cases_meet() -> None:
    assert folded("你聽不懂嗎ＡＢＣ") == folded("你听不懂吗abc") == "你听不懂吗abc"
    assert folded("沒\u200b辦法") == "没办法"
    assert fold("5㎏重").span(1, 3) == (1, 2)


def test_markup_of_the_converter_is_text() -> None:
    assert simplify("價格-{zh:x;}-後") == "价格-{zh:x;}-后"


@given(MIXED)
def test_script_conversion_keeps_the_length(text: str) -> None:
    assert len(simplify(text)) == len(text)
