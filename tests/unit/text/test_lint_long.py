"""A long sentence that repeats itself: it is judged by what was seen before, and the answer stays the same."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.text.lexicon import Rule, rule_from
from agentdesk.text.lint import Finding, Linter

MANY = 1_500
"""Far more than is looked at before what surrounds it is remembered."""


def rule(name: str, *patterns: str, severity: str = "warn", **allow: Any) -> Rule:
    given = {"id": name, "category": "promise", "severity": severity, "why": "-", "patterns": list(patterns)}
    return rule_from({**given, "allow": [allow]} if allow else given)


def found(text: str, *rules: Rule) -> list[Finding]:
    return Linter(rules).check(text)


def test_every_one_of_many_is_found() -> None:
    assert [finding.start for finding in found("包过的" * MANY, rule("X-1", "包过"))] == list(range(0, 3 * MANY, 3))


def test_what_is_found_often_hides_no_graver_rule_behind_it() -> None:
    rules = rule("X-1", "包过", severity="hint"), rule("X-2", "包{0,2}退款", severity="block")
    assert found("包过的" * MANY + "包过退款", *rules)[-1].rule == "X-2"


@pytest.mark.parametrize("end", ["肯定包过", "肯定包{0,3}过"])
def test_excused_hits_do_not_excuse_the_one_that_follows_them(end: str) -> None:
    excused = "不肯定包过吧" * MANY
    one = rule("X-1", end, before=["不"], within=2)
    assert found(excused, one) == []
    assert [finding.start for finding in found(excused + "他肯定包过", one)] == [len(excused) + 1]


def test_an_exception_far_behind_excuses_only_what_it_reaches() -> None:
    """The last hits have other surroundings than those before them, which were seen often."""
    one = rule("X-1", "肯定包过", later=["再查"])
    starts = [finding.start for finding in found("肯定包过吧" * 200 + "我再查", one)]
    assert starts == list(range(0, 1_000 - 80, 5))


def test_gaps_are_part_of_the_surroundings() -> None:
    one = rule("X-1", "肯定包过")
    text = "肯定包过吧" * 200 + "肯·定·包·过吧" + "肯······定包过吧"
    assert [finding.lane for finding in found(text, one)] == ["text"] * 200 + ["apart"]
