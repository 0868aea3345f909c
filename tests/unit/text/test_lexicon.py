"""The lexicon: what ships holds its own tests, what is malformed is refused with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agentdesk.text.fold import simplify
from agentdesk.text.lexicon import LexiconError, Rule, load, rule_from
from agentdesk.text.lint import Context, Linter
from agentdesk.text.proving import failing_tests, gaps, verify

PARTS = 6
"""Pieces in which the shipped rules are proven: it is long, and workers share it."""
BASE = {"id": "X-1", "category": "cold", "severity": "warn", "why": "-", "patterns": ["没门"]}


@pytest.mark.parametrize("part", range(PARTS))
def test_shipped_rules_hold_their_tests_and_each_pattern_is_proven_by_one(rules: list[Rule], part: int) -> None:
    """Taking a pattern away makes a test of its rule fail; three tests at least go each way."""
    assert [gap for rule in rules[part::PARTS] if not rule.detect for gap in gaps(rule)] == []


@pytest.mark.parametrize("change", ["regex", "allow"])
def test_other_parts_of_a_rule_are_proven_too(rules: list[Rule], change: str) -> None:
    """Each expression is needed by a test, and so are the exceptions."""
    rule = next(rule for rule in rules if rule.id == "RL-02")
    if change == "regex":
        for expression in rule.regex:
            less = replace(rule, regex=tuple(one for one in rule.regex if one != expression))
            assert failing_tests(less), expression
    else:
        assert failing_tests(replace(rule, allow=()))


def test_what_the_tests_leave_open_is_told() -> None:
    rule = rule_from({**BASE, "patterns": ["没门", "没戏"], "test": [{"text": "没门", "hit": True}]})
    assert [(gap.problem, gap.detail) for gap in gaps(rule)] == [
        ("few_hits", "1 < 3"),
        ("few_passes", "0 < 3"),
        ("unproven", "没戏"),
    ]


def family(rule: str) -> str:
    """The rule of the standard that a themed one belongs to."""
    return rule.split(".")[0]


def test_all_rules_of_the_standard_ship_and_themes_belong_to_one(rules: list[Rule]) -> None:
    expected = [f"FP-0{n}" for n in range(1, 9)] + [f"RL-0{n}" for n in range(1, 6)] + [f"PV-0{n}" for n in range(1, 9)]
    ours = ["FP-09", "JG-01", *(f"TX-0{n}" for n in range(1, 6))]
    assert {family(rule.id) for rule in rules} == {*expected, *ours}
    assert {*expected, *ours} <= {rule.id for rule in rules}
    assert {f"{rule}.en" for rule in (*expected[:13], "PV-04", "FP-09")} <= {rule.id for rule in rules}


def test_the_lexicon_is_deep(rules: list[Rule]) -> None:
    assert len(rules) >= 60
    assert sum(len(rule.patterns) + len(rule.regex) + bool(rule.pair) for rule in rules) >= 600


def test_an_english_rule_is_as_grave_as_its_counterpart_and_answers_in_english(rules: list[Rule]) -> None:
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        if ".en" in rule.id:
            counterpart = by_id[rule.id.partition(".en")[0]]
            assert (rule.category, rule.severity) == (counterpart.category, counterpart.severity), rule.id
            assert all(text.isascii() for text in (*rule.patterns, *rule.replace, *rule.plain)), rule.id


@pytest.mark.parametrize("wording", ["不知道", "不歸我管", "自己上網查", "沒辦法", "等通知", "您必須", "冷靜點"])
def test_rules_read_taiwan_as_they_read_the_mainland(linter: Linter, wording: str) -> None:
    found = [one.rule for one in linter.check(wording)]
    assert found == [one.rule for one in linter.check(simplify(wording))] != []


def test_word_rules_are_tested_in_both_directions(rules: list[Rule]) -> None:
    for rule in rules:
        if rule.patterns or rule.pair:
            assert {test.hit for test in rule.tests} == {True, False}, rule.id


def test_every_replacement_passes_lint(rules: list[Rule], linter: Linter) -> None:
    for rule in rules:
        for text in (*rule.plain, *rule.replace):
            assert linter.check(text, Context(industry="retail", template=True)) == [], rule.id
        assert "{" not in rule.replacement


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"severity": "fatal"}, "severity"),
        ({"homophone": "hint"}, "unknown_key"),
        ({"match": {"fold": True}}, "unknown_key"),
        ({"match": {"gaps": "many"}}, "malformed"),
        ({"match": "gaps"}, "malformed"),
        ({"regex": ["a+"]}, "regex_unbounded"),
        ({"regex": ["(ab"]}, "regex"),
        ({"regex": ["a"] * 9}, "too_many_regex"),
        ({"replace": ["{eta}"]}, "plain_missing"),
        ({"plain": ["{eta}"]}, "plain_has_variables"),
        ({"detect": "phone"}, "detector"),
        ({"allow": [{"near": ["x"]}]}, "malformed"),
        ({"test": [{"text": "有门", "hit": True}]}, "test_failed"),
        ({"needs": "有"}, "malformed"),
        ({"needs": [{"part": "cause"}]}, "malformed"),
        ({"needs": [{"words": ["因为"], "within": 3}]}, "malformed"),
        ({"least": "many"}, "malformed"),
        ({"needs": [{"part": "cause", "words": []}]}, "need_words"),
        ({"needs": [{"part": "cause", "words": [" "]}]}, "need_words"),
        ({"needs": [{"part": "cause", "words": ["a"]}, {"words": ["b"]}]}, "need_part"),
        ({"needs": [{"part": "cause", "words": ["a"]}, {"part": "cause", "words": ["b"]}]}, "need_part"),
        ({"needs": [{"part": "cause", "words": ["(因为"]}]}, "pattern"),
        ({"needs": [{"part": "cause", "words": ["因为"], "say": "{Cause}"}]}, "need_say"),
        ({"patterns": [], "needs": ["因为"]}, "need_of_nothing"),
        ({"needs": ["请"], "per_phase": True}, "per_phase"),
        ({"patterns": [], "per_phase": True}, "per_phase"),
        ({"emotions": ["sad"]}, "emotion"),
        ({"test": [{"text": "没门", "hit": True, "emotion": "sad"}]}, "emotion"),
    ],
)
def test_bad_rule_is_refused(change: dict[str, object], problem: str) -> None:
    with pytest.raises(LexiconError) as refused:
        verify(rule_from({**BASE, **change}))
    assert refused.value.problem == problem


def test_bad_sources_are_refused() -> None:
    source = '[[rule]]\nid="A"\ncategory="cold"\nseverity="warn"\nwhy="-"\npatterns=["x"]\n'
    with pytest.raises(LexiconError, match="duplicate_id"):
        load([source, source])
    with pytest.raises(LexiconError, match="not_toml"):
        load(["[[rule"])


def test_exceptions_of_a_file_share_words_by_name() -> None:
    rule = 'id = "X-1"\ncategory = "cold"\nseverity = "warn"\nwhy = "w"\npatterns = ["不行"]\n'
    shared = f'[words]\nours = ["我帮您", "我来"]\n[[rule]]\n{rule}[[rule.allow]]\nlater = ["@ours", "稍后"]\n'
    (found,) = load([shared])
    assert found.allow[0].later == ("我帮您", "我来", "稍后")
    with pytest.raises(LexiconError, match="unknown_words"):
        load([shared.replace("@ours", "@theirs")])
    with pytest.raises(LexiconError, match="malformed"):
        load(['words = "ours"\n[[rule]]\n' + rule])
