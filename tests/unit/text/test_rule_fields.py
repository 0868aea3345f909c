"""A rule through the form and back: nothing is lost, and each field changes only what it names."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.desk.library import shipped_rules
from agentdesk.text.lexicon import Allow, Rule, RuleTest, rule_from
from agentdesk.text.rule_fields import EMPTY, differences, fields_of, rule_of, table_of, unseen

SHIPPED = shipped_rules()


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.id)
def test_a_shipped_rule_opened_and_saved_unchanged_is_the_same_rule(rule: Rule) -> None:
    made = rule_of(fields_of(rule), rule)
    assert made == rule and differences(rule, made) == []
    assert rule_from(json.loads(json.dumps(table_of(made)))) == rule


@given(
    rule=st.sampled_from(SHIPPED),
    field=st.sampled_from(("patterns", "hits", "passes", "around", "before", "industries", "replace")),
    word=st.text("甲乙丙丁戊", min_size=2, max_size=6),
)
def test_a_word_added_to_a_field_is_all_that_changes_and_goes_without_a_trace(
    rule: Rule, field: str, word: str
) -> None:
    form = fields_of(rule)
    if word in str(form[field]).split("\n"):
        return
    longer = rule_of({**form, field: f"{form[field]}\n{word}"}, rule)
    (found,) = differences(rule, longer)
    assert any(word in text for text in found.come)
    back = {**fields_of(longer), field: form[field]}
    assert rule_of(back, longer) == rule


def test_an_empty_form_makes_an_empty_rule_and_words_that_are_cleared_take_their_exception_along() -> None:
    assert rule_of(fields_of(EMPTY)) == EMPTY
    rule = Rule("X", "cold", "warn", "w", ("甲乙",), allow=(Allow(before=("不",)), Allow(quoted=True, terms=("甲乙",))))
    cleared = rule_of({**fields_of(rule), "before": "", "quoted": True}, rule)
    assert cleared.allow == (Allow(quoted=True, terms=("甲乙",)), Allow(quoted=True))
    assert unseen(rule) == 1


def test_a_sentence_that_changes_sides_is_another_test() -> None:
    rule = Rule("X", "cold", "warn", "w", ("甲乙",), tests=(RuleTest("甲乙", True), RuleTest("丙", False)))
    form = {**fields_of(rule), "hits": "甲乙\n 丙 ", "passes": ""}
    assert rule_of(form, rule).tests == (RuleTest("甲乙", True), RuleTest("丙", True))
