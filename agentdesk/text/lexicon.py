"""The lexicon: lint rules as data (TEXT §5, standard §5.4), read from TOML or from synced records of the same shape.

A rule holds terms (`patterns`), bounded regular expressions (`regex`), a request and its object (`pair`) or a detector
of `text.privacy` (`detect`), what to say instead, and its own exceptions. Exceptions belong to one rule (or to some
terms of it), never to all: global ones excuse polite requests for secrets. A rule ships with tests in both directions;
`text.proving` says what they leave unproven.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agentdesk.text.patterns import PatternError, parse

SEVERITIES = ("hint", "warn", "block")
"""Rising: shown · confirmed with one key · cannot be sent."""
DETECTORS = ("id_card", "bank_card", "mobile", "landline", "email", "foreign", "unfilled")
MAX_REGEX = 8
"""Regular expressions a rule may have; each is bounded, so that its time stays linear in the sentence."""
_UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})")
_BACK_REFERENCE = re.compile(r"\\\d|\(\?P=")


class LexiconError(ValueError):
    """A rule cannot be used: `rule` is its id, `problem` a code, `detail` the offending part."""

    def __init__(self, rule: str, problem: str, detail: str = "") -> None:
        super().__init__(f"{rule}: {problem} {detail}".rstrip())
        self.rule, self.problem, self.detail = rule, problem, detail


@dataclass(frozen=True, slots=True)
class Allow:
    """One group of exceptions of a rule; each key alone excuses a hit.

    `around`: a longer word that covers the hit. `before`: one of these words within `within` characters before the hit,
    in the same clause, once the words of `unless` are taken out. `after`: the same behind the hit (0: directly behind).
    `later`: one of these words anywhere behind it in the sentence: 我不清楚，我帮您查 says what is done about it.
    `inside`: one of them within the hit: 密码不要发给我.
    `quoted`: the hit stands in quotation marks or a `>` line; `quoted_after`: and one of these words leads to it.
    `terms`: the exception counts for these terms alone.
    """

    around: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    within: int = 4
    unless: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    after_within: int = 0
    later: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    quoted: bool = False
    quoted_after: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A request (`verb`) next to what is asked for (`noun`), both regular expressions on folded text.

    At most `within` characters lie between. A word of `between` there says that the thing is not asked for.
    """

    verb: str
    noun: str
    within: int = 12
    between: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A sentence that the rule must hit, or must not."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One lint rule. `gaps`: foreign characters allowed between two characters of a term; `repeats`: 不不知道 counts;
    `homophone`: what only sounds like a term is hinted at (never more, since it may be another word).

    `needs`: the rule asks for these words; one of them anywhere in the text, and its hits say nothing.

    `patterns` follow `text.patterns`. `replace` may hold variables; `plain` says the same without them and is what one
    key inserts.
    """

    id: str
    category: str
    severity: str
    why: str
    patterns: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()
    pair: Pair | None = None
    detect: str = ""
    needs: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    channels: tuple[str, ...] = ("*",)
    industries: tuple[str, ...] = ("*",)
    gaps: int = 3
    repeats: bool = True
    homophone: bool = True
    allow: tuple[Allow, ...] = ()
    tests: tuple[RuleTest, ...] = ()

    @property
    def replacement(self) -> str:
        """The text that one key puts in place of the hit, free of variables; "" if there is none."""
        return next(iter(self.plain or self.replace), "")

    @property
    def template(self) -> str:
        """The replacement with its variables, for who wants to ask for them."""
        return next(iter(self.replace or self.plain), "")


def rule_from(data: Mapping[str, Any]) -> Rule:
    """A rule from a TOML table or a record's value. LexiconError names what is wrong; unknown keys are refused."""
    known = {*Rule.__dataclass_fields__, "test", "match"} - {"tests", *_MATCH}
    name = str(data.get("id", "?"))
    if unknown := set(data) - known:
        raise LexiconError(name, "unknown_key", ", ".join(sorted(unknown)))
    try:
        match = dict(data.get("match", {}))
        if unknown := set(match) - set(_MATCH):
            raise LexiconError(name, "unknown_key", ", ".join(sorted(unknown)))
        pair = data.get("pair")
        rule = Rule(
            id=data["id"],
            category=data["category"],
            severity=data["severity"],
            why=data["why"],
            detect=data.get("detect", ""),
            pair=Pair(**_tuples(pair)) if pair else None,
            allow=tuple(Allow(**_tuples(item)) for item in data.get("allow", ())),
            tests=tuple(RuleTest(**item) for item in data.get("test", ())),
            gaps=int(match.get("gaps", 3)),
            repeats=bool(match.get("repeats", True)),
            homophone=bool(match.get("homophone", True)),
            **{key: tuple(data[key]) for key in _LISTS if key in data},
        )
    except (KeyError, TypeError) as error:
        raise LexiconError(name, "malformed", str(error)) from error
    _validate(rule)
    return rule


def parse_rules(source: str) -> list[Rule]:
    """The rules of one TOML text (`[[rule]]` tables)."""
    return [rule_from(table) for table in _tables(source)]


def parse_table(source: str) -> dict[str, Any]:
    """The one rule of a TOML text, as the table that a record keeps."""
    tables = _tables(source)
    if len(tables) != 1:
        raise LexiconError("?", "not_one", str(len(tables)))
    return tables[0]


def _tables(source: str) -> list[dict[str, Any]]:
    import tomllib

    try:
        tables = tomllib.loads(source).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise LexiconError("?", "not_toml", str(error)) from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise LexiconError("?", "malformed", "[[rule]]")
    return tables


def load(sources: Iterable[str]) -> list[Rule]:
    """The rules of several TOML texts, ids unique."""
    rules = [rule for source in sources for rule in parse_rules(source)]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise LexiconError(rule.id, "duplicate_id")
        seen.add(rule.id)
    return rules


_MATCH = ("gaps", "repeats", "homophone")
_LISTS = ("patterns", "needs", "regex", "replace", "plain", "channels", "industries")


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def _validate(rule: Rule) -> None:
    if rule.severity not in SEVERITIES:
        raise LexiconError(rule.id, "severity", rule.severity)
    if rule.detect and rule.detect not in DETECTORS:
        raise LexiconError(rule.id, "detector", rule.detect)
    if any("{" in text or "}" in text for text in rule.plain):
        raise LexiconError(rule.id, "plain_has_variables")
    if any("{" in text for text in rule.replace) and not rule.plain:
        raise LexiconError(rule.id, "plain_missing")
    for pattern in rule.patterns:
        try:
            parse(pattern)
        except PatternError as error:
            raise LexiconError(rule.id, "pattern", str(error)) from error
    if len(rule.regex) > MAX_REGEX:
        raise LexiconError(rule.id, "too_many_regex")
    pair = (rule.pair.verb, rule.pair.noun) if rule.pair else ()
    for expression in (*rule.regex, *pair):
        if _UNBOUNDED.search(expression) or _BACK_REFERENCE.search(expression):
            raise LexiconError(rule.id, "regex_unbounded", expression)
        try:
            re.compile(expression)
        except re.error as error:
            raise LexiconError(rule.id, "regex", expression) from error
