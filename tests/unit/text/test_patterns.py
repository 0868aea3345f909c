"""The pattern language: alternatives, slots, and what is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.lexicon import LexiconError, rule_from
from agentdesk.text.lint import Linter
from agentdesk.text.patterns import PatternError, parse

BASE = {"id": "X-1", "category": "cold", "severity": "warn", "why": "-"}


def linter(*patterns: str, **more: object) -> Linter:
    return Linter([rule_from({**BASE, "patterns": list(patterns), **more})])


def as_it_is(word: str) -> str:
    return word


def test_alternatives_stand_for_each_word_once() -> None:
    assert parse("(我|我们)没(办法|辙)").anchors(as_it_is) == (["我没办法", "我没辙", "我们没办法", "我们没辙"], True)
    assert parse("不(知道|知道)").anchors(as_it_is) == (["不知道"], True)


def test_the_longest_words_that_must_stand_are_the_anchors() -> None:
    assert parse("保证{0,4}(不|不会)坏").anchors(as_it_is) == (["保证"], False), "one word rather than two"
    many = "(" + "|".join("甲乙丙丁戊己庚辛壬癸") + ")"
    anchors, whole = parse(f"{many}{many}没办法").anchors(as_it_is)
    assert not whole and anchors == [f"{one}没办法" for one in "甲乙丙丁戊己庚辛壬癸"]


@given(st.text(alphabet="甲乙没办法的，x", max_size=20))
def test_a_pattern_too_large_to_be_spelled_out_finds_the_same(text: str) -> None:
    many = "(" + "|".join("甲乙丙丁戊己庚辛壬癸") + ")"
    found = linter(f"{many}{many}没办法", match={"repeats": False, "homophone": False, "gaps": 40}).check(text)
    assert bool(found) is bool(re.search("[甲乙]{2}没办法", text.replace("，", "")))


@pytest.mark.parametrize(
    "pattern",
    [
        "保证{0,13}坏", "保证{4,2}坏", "{0,2}坏", "坏{0,2}", "a{0,1}b{0,1}c{0,1}d", "(a|b", "a)b", "a{2}b", "a|b",
        "(a|b|c|d|e|f|g|h|i|j)" * 10, "a{0,2}！b{0,2}", "(a|)(b|)",
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse(pattern)
    with pytest.raises(LexiconError) as refused:
        rule_from({**BASE, "patterns": [pattern]})
    assert refused.value.problem == "pattern"


@given(st.text(alphabet="保证不会坏的。 x", max_size=30))
def test_a_slot_finds_what_an_expression_finds(text: str) -> None:
    bare = re.sub("[。 ]", "", text)
    found = linter("保证{0,3}坏", match={"repeats": False, "homophone": False, "gaps": 40}).check(
        text.replace("。", "")
    )
    expected = re.search("保证.{0,3}坏", bare)
    assert bool(found) is bool(expected)


def test_a_slot_takes_no_more_than_it_may_and_reports_the_whole() -> None:
    rule = linter("保证{0,4}不会坏")
    assert [one.text for one in rule.check("我保证它一定不会坏的")] == ["保证它一定不会坏"]
    assert [one.text for one in linter("保证{0,2}不会坏").check("保证保证用着不会坏")] == ["保证用着不会坏"]
    assert rule.check("保证您用了很久都不会坏") == []
    assert rule.check("保证。不会坏") == []


def test_exceptions_count_for_words_with_slots() -> None:
    rule = linter("保证{0,4}不会坏", allow=[{"before": ["不能"], "within": 4}])
    assert rule.check("我们不能保证它不会坏") == []
    assert rule.check("我们保证它不会坏")
