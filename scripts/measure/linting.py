"""Lint of a reply that is being typed, of a whole one, and the making of the linter, beside other matchers.

The controls only find the words: one regular expression and an Aho–Corasick automaton of another make over the same
terms. Ours folds, sees through disguises and judges exceptions as well. Times are of the processor, since nothing here
waits and what else the machine does would fall on some samples only.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import ahocorasick  # type: ignore[import-not-found, unused-ignore]

from agentdesk.desk.library import shipped_rules
from agentdesk.text.hard_texts import hard_texts
from agentdesk.text.lexicon import Rule, rule_from
from agentdesk.text.lint import Context, Linter, LintSession, OpenRequest
from agentdesk.text.synthetic import synthetic_reply, synthetic_rules
from measure.figures import Result, Sizes, percentile

LENGTH = 2_000
HARD = 100_000
"""Characters of the texts that are meant to be slow."""
REQUEST = Context(OpenRequest(frozenset({"13900000002"}), frozenset({"O-20240428-31"})), "online", "finance")
"""Where a reply goes."""


@dataclass(frozen=True, slots=True)
class Others:
    """The same words in other matchers."""

    pattern: re.Pattern[str]
    automaton: Any

    def by_pattern(self, text: str) -> list[re.Match[str]]:
        """All that one regular expression finds."""
        return list(self.pattern.finditer(text))

    def by_automaton(self, text: str) -> list[Any]:
        """All that pyahocorasick finds."""
        return list(self.automaton.iter(text))


def lint(sizes: Sizes) -> list[Result]:
    """A key press, a whole text, the loading of the rules, and the slowest of many hard texts."""
    rules = synthetic_rules(sizes.rules)
    terms = sorted((term for rule in rules for term in rule.patterns), key=len, reverse=True)
    others = Others(_expression(terms), _automaton(terms))
    linter = Linter(rules)
    return [
        _key_presses(sizes, linter, others),
        _real_key_presses(sizes, others),
        _whole_texts(sizes, linter, others),
        _loading(sizes, rules, terms),
        _hard(sizes),
    ]


def _expression(terms: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, terms)))


def _automaton(terms: list[str]) -> Any:
    made = ahocorasick.Automaton()
    for term in terms:
        made.add_word(term, term)
    made.make_automaton()
    return made


def _key_presses(sizes: Sizes, linter: Linter, others: Others) -> Result:
    ours, control, third = _pressed(sizes, LintSession(linter, Context(likeness=True)), others)
    return Result(
        "lint-key", f"a key press in {LENGTH:,} characters, {sizes.rules:,} rules", "ms", ours,
        "one regular expression, whole text", control, percentile(ours, 95), 1.0, "p95 <= 1 ms", tail=95,
        notes=(_beside("pyahocorasick, whole text", third),),
    )  # fmt: skip


def _real_key_presses(sizes: Sizes, others: Others) -> Result:
    """The shipped rules among as many: with expressions, private numbers, addresses, and the open request."""
    shipped = shipped_rules()
    linter = Linter([*shipped, *synthetic_rules(max(1, sizes.rules - len(shipped)))])
    ours, control, third = _pressed(sizes, LintSession(linter, replace(REQUEST, likeness=True)), others)
    return Result(
        "lint-request", f"the same of a reply to a request, {len(shipped)} of them shipped", "ms", ours,
        "one regular expression, whole text", control, percentile(ours, 95), 1.0, "p95 <= 1 ms", tail=95,
        notes=(_beside("pyahocorasick, whole text", third),),
    )  # fmt: skip


def _pressed(sizes: Sizes, session: LintSession, others: Others) -> tuple[list[float], list[float], list[float]]:
    """What each of many key presses took: ours, the expression, the other automaton."""
    chance = random.Random(7)
    text = synthetic_reply(LENGTH, seed=3)
    session.check(text)
    ours, control, third = [], [], []
    for _ in range(sizes.edits):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice("好的请稍等为您查询") + text[at + 1 :]
        ours.append(_cpu_ms(lambda: session.check(text)))  # noqa: B023 - called at once
        control.append(_cpu_ms(lambda: others.by_pattern(text)))  # noqa: B023
        third.append(_cpu_ms(lambda: others.by_automaton(text)))  # noqa: B023
    return ours, control, third


def _whole_texts(sizes: Sizes, linter: Linter, others: Others) -> Result:
    texts = [synthetic_reply(LENGTH, seed=100 + number) for number in range(max(2, sizes.edits // 5))]
    ours = [_cpu_ms(lambda: linter.check(text)) for text in texts]  # noqa: B023 - called at once
    control = [_cpu_ms(lambda: others.by_pattern(text)) for text in texts]  # noqa: B023
    third = [_cpu_ms(lambda: others.by_automaton(text)) for text in texts]  # noqa: B023
    return Result(
        "lint-whole", f"a whole text of {LENGTH:,} characters, {sizes.rules:,} rules", "ms", ours,
        "one regular expression", control, percentile(ours, 95), 10.0, "p95 <= 10 ms", tail=95,
        notes=(_beside("pyahocorasick", third),),
    )  # fmt: skip


def _loading(sizes: Sizes, rules: list[Rule], terms: list[str]) -> Result:
    """From the rules to a linter that is ready; reading the rules from their records stands in the notes."""
    records = [_record(rule) for rule in rules]
    Linter(rules[:10]).check("zhidao")  # the table of sounds is read once a process, whatever the rules are
    rounds = max(2, sizes.edits // 30)
    ours = [_cpu_ms(lambda: Linter(rules)) for _ in range(rounds)]
    control = [_cpu_ms(lambda: _expression_anew(terms)) for _ in range(rounds)]
    third = [_cpu_ms(lambda: _automaton(terms)) for _ in range(rounds)]
    read = [_cpu_ms(lambda: [rule_from(record) for record in records]) for _ in range(rounds)]
    return Result(
        "lint-load", f"{sizes.rules:,} rules made ready", "ms", ours, "compiling one regular expression", control,
        statistics.median(ours), 100.0, "median <= 100 ms", tail=95,
        notes=(_beside("pyahocorasick", third), _beside("reading the rules from their records, before", read)),
    )  # fmt: skip


def _expression_anew(terms: list[str]) -> re.Pattern[str]:
    re.purge()
    return _expression(terms)


def _record(rule: Rule) -> dict[str, Any]:
    """A rule as the record of a site keeps it."""
    allow = [{"around": list(one.around), "before": list(one.before), "within": one.within} for one in rule.allow]
    return {
        "id": rule.id, "category": rule.category, "severity": rule.severity, "why": rule.why,
        "patterns": list(rule.patterns), "plain": list(rule.plain), **({"allow": allow} if allow else {}),
    }  # fmt: skip


def _hard(sizes: Sizes) -> Result:
    """The shipped rules on texts that are meant to be slow; judged before, as a rule's first hit compiles."""
    rules = shipped_rules()
    linter = Linter(rules)
    others = Others(_expression(terms := _plain(rules)), _automaton(terms))
    length = min(HARD, sizes.rules * 10)
    took: dict[str, float] = {}
    control = []
    for name, text in hard_texts(rules, length, drawn=max(2, sizes.edits // 20)):
        linter.check(text[: length // 20], REQUEST)
        took[name] = min(_times(3, lambda: linter.check(text, REQUEST)))  # noqa: B023 - called at once
        control.append(min(_times(2, lambda: others.by_pattern(text))))  # noqa: B023
    slowest = sorted(took, key=lambda name: -took[name])[:6]
    over = sum(spent > 250.0 for spent in took.values())
    return Result(
        "lint-hard", f"the slowest of {len(took)} texts of {length:,} characters, shipped rules", "ms",
        list(took.values()), "one regular expression of the plain words", control, max(took.values()), 250.0,
        "slowest <= 250 ms",
        notes=(f"over it: {over}; slowest: " + ", ".join(f"{name} {took[name]:.0f}" for name in slowest),),
    )  # fmt: skip


def _plain(rules: tuple[Rule, ...]) -> list[str]:
    terms = {pattern for rule in rules for pattern in rule.patterns if not set("({|") & set(pattern)}
    return sorted(terms, key=len, reverse=True)


def _times(rounds: int, call: Callable[[], object]) -> list[float]:
    return [_cpu_ms(call) for _ in range(rounds)]


def _cpu_ms(call: Callable[[], object]) -> float:
    """Run a call once and return the processor time that it took, in milliseconds."""
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


def _beside(what: str, samples: list[float]) -> str:
    return f"beside: {what}: median {statistics.median(samples):.2f} ms, p95 {percentile(samples, 95):.2f}"
