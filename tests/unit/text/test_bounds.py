"""A long text full of hits: what is looked for no longer is never graver than what is told, and comes up later."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.desk import forms
from agentdesk.text.bounds import LONG, MANY
from agentdesk.text.hard_texts import endless, fragments
from agentdesk.text.lexicon import SEVERITIES, Rule, rule_from
from agentdesk.text.lint import Context, Linter, LintSession
from agentdesk.widgets import text_area

WORDS = {"hint": "包过的", "warn": "不归我", "block": "稳赚钱"}


def rule(severity: str, **allow: Any) -> Rule:
    given = {"id": severity, "category": "promise", "severity": severity, "why": "-", "patterns": [WORDS[severity]]}
    return rule_from({**given, "allow": [allow]} if allow else given)


RULES = [rule(severity) for severity in SEVERITIES]
ALL = Linter(RULES)


def filled(word: str, count: int) -> str:
    return f"{word}，" * count


@pytest.mark.parametrize(("many", "grave"), [("hint", "warn"), ("hint", "block"), ("warn", "block")])
def test_what_is_graver_is_found_behind_many(many: str, grave: str) -> None:
    found = ALL.check(filled(WORDS[many], 3_000) + WORDS[grave])
    assert [one.severity for one in found] == [many] * MANY + [grave]
    assert found.judged == found[MANY - 1].start


def test_what_is_told_away_brings_up_the_rest() -> None:
    text = filled(WORDS["warn"], 2_500)
    told = []
    while found := ALL.check(text):
        told.append(len(found))
        text = text[found[-1].end :]
    assert told == [MANY, MANY, 500]


def test_a_text_of_a_field_is_judged_to_its_end() -> None:
    """A shorter text holds more hits than a long one is judged by, and all are told."""
    text = endless(WORDS["warn"], LONG)
    found = ALL.check(text)
    assert len(found) == LONG // 3 > MANY
    assert found.judged == LONG
    assert LintSession(ALL).check(text) == found


def test_no_reply_is_longer_than_what_is_judged_to_its_end() -> None:
    """So the composer never has to say that a text was judged in part."""
    assert max(text_area.MAX_CHARACTERS, forms.MAX_CHARACTERS) <= LONG
    area = text_area.PlainArea("长" * (LONG + 1))
    area.insert_text_at_caret("短")
    assert len(area.document.text) == LONG


def test_a_session_answers_for_a_long_text_as_for_a_whole_one() -> None:
    text = filled(WORDS["hint"], 1_500) + WORDS["block"]
    session = LintSession(ALL)
    session.check(text[:LONG])
    assert (session.check(text), session.check(text).judged) == (ALL.check(text), ALL.check(text).judged)


def test_excused_hits_bound_nothing() -> None:
    """What stands in a quotation is no finding, so that a thousand of them must not hide one."""
    linter = Linter([rule("block", quoted=True), rule("warn")])
    found = linter.check("“稳赚钱”" * 2_000 + "稳赚钱，不归我")
    assert [one.severity for one in found] == ["block", "warn"]


def test_a_rule_of_another_channel_bounds_nothing() -> None:
    elsewhere = rule_from(
        {
            "id": "X",
            "category": "promise",
            "severity": "block",
            "why": "-",
            "patterns": ["包过的"],
            "channels": ["store"],
        }
    )
    found = Linter([elsewhere, rule("warn")]).check(filled("包过的", 2_000) + "不归我", Context(channel="online"))
    assert [one.severity for one in found] == ["warn"]


@settings(max_examples=15)
@given(st.data())
def test_the_gravest_finding_of_any_text_is_told(linter: Linter, rules: list[Rule], data: st.DataObject) -> None:
    """The text in parts that are each judged to their end says how grave it is."""
    pieces = st.lists(st.sampled_from(fragments(rules)), min_size=1, max_size=12)
    line = "，".join(data.draw(pieces)) + "。\n"
    tail = "，".join(data.draw(pieces)) + "。\n"
    text = line * (LONG * 2 // len(line) + 1) + tail

    def gravest(*texts: str) -> int:  # but for what a text lacks, which the other part may say
        found = (one for each in texts for one in linter.check(each) if not one.adds)
        return max((SEVERITIES.index(one.severity) for one in found), default=-1)

    assert gravest(text) == gravest(line, tail)
