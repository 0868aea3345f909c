"""Lint of a reply that is being typed, and of a whole one, beside one regular expression over the same terms."""

from __future__ import annotations

import random
import re

from agentdesk.text.lint import Linter, LintSession
from agentdesk.text.synthetic import synthetic_reply, synthetic_rules
from measure.figures import Result, Sizes, percentile, side_by_side, timed_ms

LENGTH = 2_000


def lint(sizes: Sizes) -> list[Result]:
    """A key press anywhere in a 2,000-character reply, then the whole of it, with synthetic rules."""
    rules = synthetic_rules(sizes.rules)
    linter = Linter(rules)
    terms = sorted((term for rule in rules for term in rule.patterns), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, terms)))
    return [_key_presses(sizes, linter, pattern), _whole_texts(sizes, linter, pattern)]


def _key_presses(sizes: Sizes, linter: Linter, pattern: re.Pattern[str]) -> Result:
    chance = random.Random(7)
    text = synthetic_reply(LENGTH, seed=3)
    session = LintSession(linter)
    session.check(text)
    ours, control = [], []
    for _ in range(sizes.edits):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice("好的请稍等为您查询") + text[at + 1 :]
        ours.append(timed_ms(lambda: session.check(text)))  # noqa: B023 - called at once
        control.append(timed_ms(lambda: list(pattern.finditer(text))))  # noqa: B023
    return Result(
        "lint-key", f"a key press in {LENGTH:,} characters, {sizes.rules:,} rules", "ms", ours,
        "one regular expression, whole text", control, percentile(ours, 95), 1.0, "p95 <= 1 ms", tail=95,
    )  # fmt: skip


def _whole_texts(sizes: Sizes, linter: Linter, pattern: re.Pattern[str]) -> Result:
    texts = [synthetic_reply(LENGTH, seed=100 + number) for number in range(max(2, sizes.edits // 5))]
    ours, control = side_by_side(
        len(texts), lambda number: linter.check(texts[number]), lambda number: list(pattern.finditer(texts[number]))
    )
    return Result(
        "lint-whole", f"a whole text of {LENGTH:,} characters, {sizes.rules:,} rules", "ms", ours,
        "one regular expression", control, percentile(ours, 95), 10.0, "p95 <= 10 ms", tail=95,
    )  # fmt: skip
