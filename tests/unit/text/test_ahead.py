"""Looking ahead for what patterns need says no more than looking around each anchor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text import ahead, anchors, lanes
from agentdesk.text.ahead import Ahead, Needed
from agentdesk.text.lexicon import Rule
from agentdesk.text.lint import Linter
from agentdesk.text.patterns import Sought

REACH = 9


def linter() -> Linter:
    patterns = ("(我|我们){0,4}不会(坏|掉色)", "不会{0,3}(赔|退)(钱|款)", "(绝对|保证){0,2}(你|您)满意")
    return Linter([Rule(id="X-1", category="evasion", severity="warn", why="-", patterns=patterns, plain=("好",))])


@given(st.lists(st.sampled_from(["不会", "坏", "掉色", "赔", "钱", "我", "您", "满意", "好" * 7, "。"]), max_size=40))
def test_a_pattern_that_stands_is_possible(parts: list[str]) -> None:
    lane = lanes.letters("".join(parts))
    text = lane.text
    look = Ahead(lane, [Needed([("坏", "掉色"), ("我",)], REACH), Needed((), 0)])
    at = text.find("不会")
    while at >= 0:
        around = text[max(0, at + 2 - REACH) : at + REACH]
        clear = look.clear
        possible = look.possible(at, at + 2)
        assert 1 in possible and clear <= at
        assert (0 in possible) or not ("我" in around and ("坏" in around or "掉色" in around))
        at = text.find("不会", at + 1)


@given(st.lists(st.sampled_from(["不会", "坏", "掉色", "赔", "钱", "我", "您", "满意", "好" * 90, "。"]), max_size=60))
def test_the_findings_are_the_same_as_without(parts: list[str]) -> None:
    text = "".join(parts) * 3
    with_it = linter()
    before = anchors.SELDOM, ahead.AHEAD
    try:
        anchors.SELDOM, ahead.AHEAD = 2, 20
        found = with_it.check(text)
        anchors.SELDOM = 1_000_000
        assert linter().check(text) == found
    finally:
        anchors.SELDOM, ahead.AHEAD = before


def test_words_are_found_as_by_an_expression_before_and_after_it_is_compiled() -> None:
    sought = Sought(["不会", "会", "不会坏"])
    for _ in range(40):
        assert sought.find("他说不会坏", 0, 5) == 2
        assert sought.find("他说不会坏", 0, 4) == 2 and sought.find("他说不会坏", 0, 3) == -1
        assert sought.find("他说不会坏", 3, 5) == 3
    assert all(Sought([]).find("好", 0, 1) == -1 for _ in range(40))
