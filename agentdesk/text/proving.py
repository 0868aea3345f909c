"""Whether a rule's own tests prove it: they hold and go both ways, and each pattern and part has one that needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agentdesk.text.lexicon import LexiconError, Rule, RuleTest

if TYPE_CHECKING:
    from agentdesk.text.lint import Context

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
    if not (rule.patterns or rule.regex or rule.pair or rule.needs):
        return
    for problem, hit in (("few_hits", True), ("few_passes", False)):
        count = sum(test.hit is hit for test in rule.tests)
        if count < LEAST_TESTS:
            yield Gap(rule.id, problem, f"{count} < {LEAST_TESTS}")
    if failing := failing_tests(rule):
        yield from (Gap(rule.id, "test_failed", text) for text in failing)
        return
    for pattern in dict.fromkeys(rule.patterns):
        if not _fails(without(rule, pattern), pattern):
            yield Gap(rule.id, "unproven", pattern)
    for need in rule.needs if len(rule.needs) > 1 else ():
        if not _fails(replace(rule, needs=tuple(one for one in rule.needs if one is not need))):
            yield Gap(rule.id, "unproven", need.part)


def without(rule: Rule, pattern: str) -> Rule:
    """The rule with one pattern less; exceptions that stood for it alone go with it."""
    allow = tuple(one for one in rule.allow if one.terms != (pattern,))
    return replace(rule, patterns=tuple(one for one in rule.patterns if one != pattern), allow=allow)


def failing_tests(rule: Rule) -> list[str]:
    """The sentences of a rule's own tests that it judges otherwise than they say."""
    return list(_failing(rule, rule.tests))


def _fails(rule: Rule, pattern: str = "") -> bool:
    """Whether any test fails; those with the pattern's words are asked first, and the first that fails is enough."""
    likely = sorted(rule.tests, key=lambda test: pattern not in test.text)
    return any(True for _ in _failing(rule, likely))


def _failing(rule: Rule, tests: Iterable[RuleTest]) -> Iterator[str]:
    from agentdesk.text.lint import Linter

    linter = Linter([rule])
    for test in tests:
        if any(linter.check(test.text, asking(rule, test.emotion))) is not test.hit:
            yield test.text


def asking(rule: Rule, emotion: str = "") -> Context:
    """The context in which a rule asks: to somebody who feels as it says, in a phase that still wants its words."""
    from agentdesk.text.lint import Context

    due = frozenset((rule.id,)) if rule.per_phase else frozenset()
    return Context(emotion=emotion or next(iter(rule.emotions), ""), due=due)


def verify(rule: Rule) -> None:
    """Run a rule's own tests, the rule alone; LexiconError `test_failed` names the first sentence that fails."""
    if failing := failing_tests(rule):
        raise LexiconError(rule.id, "test_failed", failing[0])
