"""Whatever stands in a text, one of its sentences has the sign of it; so a session need not look through the rest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.addresses import find_addresses
from agentdesk.text.digit_runs import dense
from agentdesk.text.foreign import OpenRequest, find_foreign
from agentdesk.text.lint import _sentences
from agentdesk.text.privacy import find_private
from agentdesk.text.quotes import find_quotes
from agentdesk.text.signs import ALL, NUMBER, OPEN, ORDER, PLACE, QUOTE, signs_of
from agentdesk.text.unfilled import find_unfilled

PIECES = [
    *"。！？!?；;\n\t -,，.·“”\"「」>一二三○①１１3456_ー@xX*",
    "138", "0000", "5678", "13800005678", "a@b.cn", "订单", "号", "O-20240428-31", "-20240428", "A1234567",
    "幸福", "路", "5号", "栋", "3", "张杨", "街道", "{eta}", "{?a", "}", "尊敬的", "先生", "客服", "XX", "元", "Dear",
    "Hi Mr", "【姓名】", "好的",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


def shown(text: str) -> int:
    """The signs of all sentences."""
    signs = 0
    for _, sentence in _sentences(text):
        signs |= signs_of(sentence)
    return signs


@given(TEXTS)
def test_what_stands_in_a_text_shows_in_a_sentence(text: str) -> None:
    signs = shown(text)
    assert signs & QUOTE or not find_quotes(text)
    assert signs & NUMBER or not (dense(text) or find_private(text))
    assert signs & OPEN or not list(find_unfilled(text))
    assert signs & PLACE or not list(find_addresses(text))
    assert signs & ORDER or not list(find_foreign(text, OpenRequest(), []))


def test_a_number_over_many_lines_shows() -> None:
    assert shown("1\n3\n8\n0\n0\n0\n0\n5\n6\n7\n8") & NUMBER


def test_an_ordinary_sentence_shows_nothing() -> None:
    assert shown("您好，我查一下这一路的进度，今天下午给您回复。") == 0
    assert shown("“尊敬的先生”，订单在幸福路5号，电话13800005678。") == ALL
