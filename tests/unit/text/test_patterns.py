"""The pattern language: alternatives, slots, and what is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.lexicon import LexiconError, rule_from
from agentdesk.text.lint import Linter
from agentdesk.text.patterns import PatternError, Word, words_of

BASE = {"id": "X-1", "category": "cold", "severity": "warn", "why": "-"}


def linter(*patterns: str, **more: object) -> Linter:
    return Linter([rule_from({**BASE, "patterns": list(patterns), **more})])


def test_alternatives_stand_for_each_word_once() -> None:
    assert words_of("(我|我们|)没(办法|辙)") == [
        Word((text,)) for text in ("我没办法", "我没辙", "我们没办法", "我们没辙", "没办法", "没辙")
    ]
    assert words_of("不(知道|知道)") == [Word(("不知道",))]


def test_slots_stand_between_literal_parts() -> None:
    assert words_of("保证{0,4}(不|不会)坏") == [Word(("保证", "不坏"), ((0, 4),)), Word(("保证", "不会坏"), ((0, 4),))]


@pytest.mark.parametrize(
    "pattern",
    [
        "保证{0,13}坏", "保证{4,2}坏", "{0,2}坏", "坏{0,2}", "a{0,1}b{0,1}c{0,1}d", "(a|b", "a)b", "a{2}b", "a|b",
        "(a|b|c|d|e)(a|b|c|d|e)(a|b|c|d|e)", "a{0,2}！b{0,2}",
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        words_of(pattern)
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
