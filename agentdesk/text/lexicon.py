"""The lexicon: lint rules as data (TEXT §5, standard §5.4), read from TOML or from synced records of the same shape.

A rule holds terms (`patterns`), bounded regular expressions (`regex`), a request and its object (`pair`) or a detector
of `text.privacy` (`detect`), what to say instead, and its own exceptions. Exceptions belong to one rule (or to some
terms of it), never to all: global ones excuse polite requests for secrets. A rule ships with tests in both directions;
`text.proving` says what they leave unproven.

A rule may ask for words instead of forbidding them (standard §5.1, §5.5): its `needs` are groups of which each must
stand somewhere in the text, and what it finds is silent once they do. A group with a `part` is named to the agent as
the part that is missing; a plain list of words is one group without a name.

    needs = ["风险", "波动"]
    needs = [{ part = "reason", words = ["因为", "由于"], say = "原因是{reason}。" }, …]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import index
from typing import Any

from agentdesk.text.patterns import PatternError, is_plain, parse
from agentdesk.text.templates import stray_braces

SEVERITIES = ("hint", "warn", "block")
"""Rising: shown · confirmed with one key · cannot be sent."""
DETECTORS = ("id_card", "bank_card", "mobile", "landline", "email", "address", "foreign", "unfilled", "repeated")
EMOTIONS = ("calm", "anxious", "dissatisfied", "angry")
"""What a customer may feel, as the intake record says it (standard §2.1)."""
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
    `later`: one of these words behind it, in the next 80 letters of its sentence: 我不清楚，我帮您查 says what is done.
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

    At most `within` characters lie between. A word of `between` there says that the thing is not asked for, and so
    does one of `instead` behind a request in the clause after the thing: 身份证号不用，告诉我订单号.
    """

    verb: str
    noun: str
    within: int = 12
    between: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Words of which one must stand in the text (patterns, `text.patterns`; a Latin one as a whole word).

    `part`: the code by which the missing group is named; "" leaves it unnamed. `say`: what one key puts behind the text
    for it, with variables where only the agent knows. `emotions`: asked only of who feels so; empty: of everybody.
    `unless`: longer words that hold one of `words` and are none (申请 is no 请).
    """

    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    part: str = ""
    say: str = ""
    emotions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A sentence that the rule must hit, or must not, told to somebody who feels so (empty: as the rule asks)."""

    text: str
    hit: bool
    emotion: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One lint rule. `gaps`: foreign characters allowed between two characters of a term; `repeats`: 不不知道 counts;
    `homophone`: what only sounds like a term is hinted at (never more, since it may be another word).

    `needs`: the rule asks for words; where each group has one anywhere in the text, its hits say nothing. `emotions`:
    it counts only for who feels so. `least`: Chinese characters and Latin words below which a text is left alone.
    `per_phase`: it has nothing to find but asks of a text as a whole, until a message of the present phase of the
    contact had the words.

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
    needs: tuple[Need, ...] = ()
    emotions: tuple[str, ...] = ()
    least: int = 0
    per_phase: bool = False
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
    rule = rule_as_written(data)
    _validate(rule)
    _validate_needs(rule)
    return rule


def rule_as_written(data: Mapping[str, Any]) -> Rule:
    """The same for reading alone: whether its patterns can be used is not asked, which takes most of the time."""
    name = str(data.get("id", "?"))
    if not data.keys() <= _KEYS:
        raise LexiconError(name, "unknown_key", ", ".join(sorted(data.keys() - _KEYS)))
    try:
        values: dict[str, Any] = {key: value for key, value in data.items() if key in _WORDS}
        for key in data.keys() & _LISTS:
            values[key] = tuple(data[key])
        if pair := data.get("pair"):
            values["pair"] = Pair(**_tuples(pair))
        if allow := data.get("allow"):
            values["allow"] = tuple(Allow(**_tuples(item)) for item in allow)
        if "needs" in data:
            values["needs"] = _needs(data["needs"])
        if "least" in data:
            values["least"] = index(data["least"])
        if "per_phase" in data:
            values["per_phase"] = bool(data["per_phase"])
        if tests := data.get("test"):
            values["tests"] = tuple(RuleTest(**item) for item in tests)
        for key, value in dict(data.get("match", ())).items():
            values[key] = _MATCH[key](value)
        rule = Rule(**values)
    except KeyError as error:
        raise LexiconError(name, "unknown_key", str(error.args[0])) from error
    except (TypeError, ValueError) as error:
        raise LexiconError(name, "malformed", str(error)) from error
    if rule.severity not in SEVERITIES:
        raise LexiconError(name, "severity", str(rule.severity))
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
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError("?", "not_toml", str(error)) from error
    tables, words = document.get("rule", []), document.get("words", {})
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise LexiconError("?", "malformed", "[[rule]]")
    if not isinstance(words, dict) or not all(isinstance(listed, list) for listed in words.values()):
        raise LexiconError("?", "malformed", "[words]")
    for table in tables:
        for allow in table.get("allow", ()):
            _write_out(allow, words, str(table.get("id", "?")))
    return tables


def _write_out(allow: Any, words: Mapping[str, list[Any]], rule_id: str) -> None:
    """Put the words of `[words]` in place of their names (`@name`): what several exceptions of a file share."""
    for key, listed in allow.items() if isinstance(allow, dict) else ():
        if isinstance(listed, list):
            allow[key] = [word for entry in listed for word in _named(entry, words, rule_id)]


def _named(entry: Any, words: Mapping[str, list[Any]], rule_id: str) -> Iterable[Any]:
    if not (isinstance(entry, str) and entry.startswith("@")):
        return (entry,)
    if entry[1:] not in words:
        raise LexiconError(rule_id, "unknown_words", entry)
    return words[entry[1:]]


def load(sources: Iterable[str]) -> list[Rule]:
    """The rules of several TOML texts, ids unique."""
    rules = [rule for source in sources for rule in parse_rules(source)]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise LexiconError(rule.id, "duplicate_id")
        seen.add(rule.id)
    return rules


_MATCH: dict[str, Callable[[Any], Any]] = {"gaps": int, "repeats": bool, "homophone": bool}
_LISTS = frozenset(("patterns", "regex", "replace", "plain", "channels", "industries", "emotions"))
_WORDS = frozenset(("id", "category", "severity", "why", "detect"))
_KEYS = _LISTS | _WORDS | {"needs", "least", "per_phase", "pair", "allow", "test", "match"}


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def _needs(given: Any) -> tuple[Need, ...]:
    """Groups of words; a plain list is one group without a name."""
    if not isinstance(given, list | tuple):
        raise TypeError("needs")
    if given and all(isinstance(word, str) for word in given):
        return (Need(tuple(given)),)
    return tuple(Need(**_tuples(group)) for group in given)


def _validate_needs(rule: Rule) -> None:
    parts = [need.part for need in rule.needs]
    if len(parts) != len(set(parts)) or (len(parts) > 1 and not all(parts)):
        raise LexiconError(rule.id, "need_part", ", ".join(parts))
    finds = bool(rule.patterns or rule.regex or rule.pair)
    if rule.per_phase and (finds or rule.detect or not rule.needs):
        raise LexiconError(rule.id, "per_phase")
    if rule.needs and not (finds or rule.per_phase):
        raise LexiconError(rule.id, "need_of_nothing")
    for need in rule.needs:
        if not need.words or not all(isinstance(word, str) and word.strip() for word in (*need.words, *need.unless)):
            raise LexiconError(rule.id, "need_words", need.part)
        if stray_braces(need.say):
            raise LexiconError(rule.id, "need_say", need.say)
        _check_patterns(rule.id, (*need.words, *need.unless))
    felt = (*rule.emotions, *(one for need in rule.needs for one in need.emotions))
    for emotion in (*felt, *(test.emotion for test in rule.tests if test.emotion)):
        if emotion not in EMOTIONS:
            raise LexiconError(rule.id, "emotion", str(emotion))


def _check_patterns(rule_id: str, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        if is_plain(pattern):
            continue
        try:
            parse(pattern)
        except PatternError as error:
            raise LexiconError(rule_id, "pattern", str(error)) from error


def _validate(rule: Rule) -> None:
    if rule.detect and rule.detect not in DETECTORS:
        raise LexiconError(rule.id, "detector", rule.detect)
    if any("{" in text or "}" in text for text in rule.plain):
        raise LexiconError(rule.id, "plain_has_variables")
    if not rule.plain and any("{" in text for text in rule.replace):
        raise LexiconError(rule.id, "plain_missing")
    _check_patterns(rule.id, rule.patterns)
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
