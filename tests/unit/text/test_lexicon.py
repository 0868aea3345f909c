"""The lexicon: what ships holds its own tests, what is malformed is refused with its reason."""

from __future__ import annotations

import pytest

from agentdesk.text.fold import simplify
from agentdesk.text.lexicon import LexiconError, Rule, load, rule_from
from agentdesk.text.lint import Linter
from agentdesk.text.proving import verify

BASE = {"id": "X-1", "category": "cold", "severity": "warn", "why": "-", "patterns": ["没门"]}


def test_shipped_rules_hold_their_tests(rules: list[Rule]) -> None:
    for rule in rules:
        verify(rule)


def test_all_rules_of_the_standard_ship(rules: list[Rule]) -> None:
    expected = [f"FP-0{n}" for n in range(1, 9)] + [f"RL-0{n}" for n in range(1, 6)] + [f"PV-0{n}" for n in range(1, 7)]
    english = [f"{rule}.en" for rule in (*expected[:13], "PV-04")]
    assert sorted(rule.id for rule in rules) == sorted([*expected, *english, "JG-01"])


def test_an_english_rule_is_as_grave_as_its_counterpart_and_answers_in_english(rules: list[Rule]) -> None:
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        if rule.id.endswith(".en"):
            counterpart = by_id[rule.id.removesuffix(".en")]
            assert (rule.category, rule.severity) == (counterpart.category, counterpart.severity), rule.id
            assert all(text.isascii() for text in (*rule.patterns, *rule.replace, *rule.plain)), rule.id


@pytest.mark.parametrize("wording", ["不知道", "不歸我管", "自己上網查", "沒辦法", "等通知", "您必須", "冷靜點"])
def test_rules_read_taiwan_as_they_read_the_mainland(linter: Linter, wording: str) -> None:
    assert [one.rule for one in linter.check(wording)] == [one.rule for one in linter.check(simplify(wording))] != []


def test_word_rules_are_tested_in_both_directions(rules: list[Rule]) -> None:
    for rule in rules:
        if rule.patterns or rule.pair:
            assert {test.hit for test in rule.tests} == {True, False}, rule.id


def test_every_replacement_passes_lint(rules: list[Rule], linter: Linter) -> None:
    for rule in rules:
        for text in (*rule.plain, *rule.replace):
            assert linter.check(text) == [], rule.id
        assert "{" not in rule.replacement


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"severity": "fatal"}, "severity"),
        ({"homophone": "hint"}, "unknown_key"),
        ({"match": {"fold": True}}, "unknown_key"),
        ({"regex": ["a+"]}, "regex_unbounded"),
        ({"regex": ["(ab"]}, "regex"),
        ({"regex": ["a"] * 9}, "too_many_regex"),
        ({"replace": ["{eta}"]}, "plain_missing"),
        ({"plain": ["{eta}"]}, "plain_has_variables"),
        ({"detect": "phone"}, "detector"),
        ({"allow": [{"near": ["x"]}]}, "malformed"),
        ({"test": [{"text": "有门", "hit": True}]}, "test_failed"),
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
