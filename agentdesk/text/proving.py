"""Whether a rule's own tests prove it: they hold, they go both ways, and each pattern has one that fails without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from agentdesk.text.lexicon import LexiconError, Rule

LEAST_TESTS = 3
"""Tests in each direction that a shipped word rule must carry."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a rule's tests do not prove: `problem` is few_hits, few_passes, test_failed or unproven."""

    rule: str
    problem: str
    detail: str


def gaps(rule: Rule) -> Iterator[Gap]:
    """Everything that the tests of a word rule leave open; one without words yet (JG-01) has nothing to prove."""
    if not (rule.patterns or rule.regex or rule.pair):
        return
    for problem, hit in (("few_hits", True), ("few_passes", False)):
        count = sum(test.hit is hit for test in rule.tests)
        if count < LEAST_TESTS:
            yield Gap(rule.id, problem, f"{count} < {LEAST_TESTS}")
    if failing := failing_tests(rule):
        yield from (Gap(rule.id, "test_failed", text) for text in failing)
        return
    for pattern in dict.fromkeys(rule.patterns):
        if not failing_tests(without(rule, pattern)):
            yield Gap(rule.id, "unproven", pattern)


def without(rule: Rule, pattern: str) -> Rule:
    """The rule with one pattern less; exceptions that stood for it alone go with it."""
    allow = tuple(one for one in rule.allow if one.terms != (pattern,))
    return replace(rule, patterns=tuple(one for one in rule.patterns if one != pattern), allow=allow)


def failing_tests(rule: Rule) -> list[str]:
    """The sentences of a rule's own tests that it judges otherwise than they say."""
    from agentdesk.text.lint import Linter

    linter = Linter([rule])
    return [test.text for test in rule.tests if any(linter.check(test.text)) is not test.hit]


def verify(rule: Rule) -> None:
    """Run a rule's own tests, the rule alone; LexiconError `test_failed` names the first sentence that fails."""
    if failing := failing_tests(rule):
        raise LexiconError(rule.id, "test_failed", failing[0])
