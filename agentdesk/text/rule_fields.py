"""A rule as a form holds it, one text a field, and back: what the form does not show stays as it was.

Lists stand one entry a line. The form shows of the exceptions the words around and before a hit that count for every
term, and whether a quotation is free; all else of a rule (expressions, pairs, exceptions of single terms) is carried
along untouched, so that a rule opened and saved without a change is the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from agentdesk.text.clean import clean
from agentdesk.text.lexicon import Allow, Need, Rule, RuleTest

LISTS = ("patterns", "replace", "plain", "hits", "passes", "around", "before", "channels", "industries")
LINES = ("id", "category", "severity", "why")
EVERYWHERE = "*"
EMPTY = Rule(id="", category="", severity="warn", why="")

Fields = dict[str, str | bool]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two versions of a rule differ: what went and what came."""

    field: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def fields_of(rule: Rule) -> Fields:
    """The fields of the form for a rule."""
    lists = {name: "\n".join(entries) for name, entries in _lists(rule).items()}
    return {**{name: getattr(rule, name) for name in LINES}, **lists, "quoted": _quoted(rule)}


def rule_of(form: Mapping[str, str | bool], base: Rule = EMPTY) -> Rule:
    """The rule that the fields say, over the one that the form was opened with. Nothing is checked here."""
    told = {name: _entries(str(form.get(name) or ""), known) for name, known in _lists(base).items()}
    said = {name: str(form.get(name) or "").strip() for name in LINES}
    made = replace(
        base,
        id=said["id"],
        category=said["category"],
        severity=said["severity"],
        why=said["why"],
        patterns=told["patterns"],
        replace=told["replace"],
        plain=told["plain"],
        channels=told["channels"] or (EVERYWHERE,),
        industries=told["industries"] or (EVERYWHERE,),
        tests=_tests(base.tests, told["hits"], told["passes"]),
    )
    allow = _with_words(base.allow, "around", told["around"])
    allow = _with_words(allow, "before", told["before"])
    return replace(made, allow=_with_quotes(allow, bool(form.get("quoted")), _quoted(base)))


def table_of(rule: Rule) -> dict[str, Any]:
    """The table that a record keeps of a rule, as `rule_from` reads it: without what is as everywhere."""
    made: dict[str, Any] = {name: getattr(rule, name) for name in LINES}
    for name in ("patterns", "regex", "replace", "plain", "channels", "industries", "emotions"):
        if (value := getattr(rule, name)) != getattr(EMPTY, name):
            made[name] = list(value)
    for name in ("detect", "least", "per_phase"):
        if value := getattr(rule, name):
            made[name] = value
    if rule.needs:
        made["needs"] = [_unlike(need, Need(())) for need in rule.needs]
    if rule.pair:
        made["pair"] = _plain(rule.pair)
    match = {name: getattr(rule, name) for name in ("gaps", "repeats", "homophone")}
    if changed := {name: value for name, value in match.items() if value != getattr(EMPTY, name)}:
        made["match"] = changed
    if rule.allow:
        made["allow"] = [_unlike(allow, Allow()) for allow in rule.allow]
    if rule.tests:
        made["test"] = [{"text": test.text, "hit": test.hit, **_felt(test)} for test in rule.tests]
    return made


def _felt(test: RuleTest) -> dict[str, str]:
    return {"emotion": test.emotion} if test.emotion else {}


def unseen(rule: Rule) -> int:
    """How many parts of a rule the form does not show: expressions, a pair, needed words and for whom, exceptions."""
    parts = len(rule.regex) + sum(map(bool, (rule.pair, rule.needs, rule.emotions, rule.least, rule.detect)))
    shown = {_place(rule.allow, "around"), _place(rule.allow, "before")}
    return parts + sum(
        at not in shown or any((one.terms, one.after, one.later, one.inside, one.unless, one.quoted_after))
        for at, one in enumerate(rule.allow)
        if not (one.quoted and one == Allow(quoted=True))
    )


def differences(old: Rule, new: Rule) -> list[Difference]:
    """The fields in which a rule differs from an earlier version."""
    names = [field.name for field in fields(Rule) if field.name != "tests"]
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in names]
    pairs += [(name, _lists(old)[name], _lists(new)[name]) for name in ("hits", "passes")]
    return [_difference(name, _told(before), _told(after)) for name, before, after in pairs if before != after]


def _difference(name: str, gone: tuple[str, ...], come: tuple[str, ...]) -> Difference:
    return Difference(
        name, tuple(one for one in gone if one not in come), tuple(one for one in come if one not in gone)
    )


def strings(value: Any) -> Iterable[str]:
    """Every text inside a rule's table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def _lists(rule: Rule) -> dict[str, tuple[str, ...]]:
    around, before = _place(rule.allow, "around"), _place(rule.allow, "before")
    return {
        "patterns": rule.patterns,
        "replace": rule.replace,
        "plain": rule.plain,
        "hits": tuple(test.text for test in rule.tests if test.hit),
        "passes": tuple(test.text for test in rule.tests if not test.hit),
        "around": () if around is None else rule.allow[around].around,
        "before": () if before is None else rule.allow[before].before,
        "channels": () if rule.channels == (EVERYWHERE,) else rule.channels,
        "industries": () if rule.industries == (EVERYWHERE,) else rule.industries,
    }


def _entries(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The entries of a field: those that stood there as they were (a field shows them cleaned), new ones without blanks
    at their ends and once."""
    shown = {clean(one, None): one for one in known}
    kept: list[str] = []
    for line in text.split("\n"):
        entry = shown.get(line) or line.strip()
        if entry and (entry in known or entry not in kept):
            kept.append(entry)
    return tuple(kept)


def _tests(old: tuple[RuleTest, ...], hits: tuple[str, ...], passes: tuple[str, ...]) -> tuple[RuleTest, ...]:
    """The tests in the order in which they stood, new ones behind."""
    told = [*((text, True) for text in hits), *((text, False) for text in passes)]
    known = {(test.text, test.hit) for test in old}
    kept = (test for test in old if (test.text, test.hit) in told)
    return (*kept, *(RuleTest(text, hit) for text, hit in told if (text, hit) not in known))


def _place(allow: tuple[Allow, ...], name: str) -> int | None:
    """The group of exceptions whose words the form shows: the first that has such words for every term."""
    return next((at for at, one in enumerate(allow) if getattr(one, name) and not one.terms), None)


def _with_words(allow: tuple[Allow, ...], name: str, words: tuple[str, ...]) -> tuple[Allow, ...]:
    place = _place(allow, name)
    if place is None:
        return (*allow, _saying(Allow(), name, words)) if words else allow
    changed = _saying(allow[place], name, words)
    if words == getattr(allow[place], name):
        return allow
    return tuple(one for one in (*allow[:place], changed, *allow[place + 1 :]) if not _excuses_nothing(one))


def _saying(one: Allow, name: str, words: tuple[str, ...]) -> Allow:
    return replace(one, around=words) if name == "around" else replace(one, before=words)


def _excuses_nothing(one: Allow) -> bool:
    said = (one.around, one.before, one.after, one.later, one.inside, one.quoted_after)
    return not (one.quoted or any(said))


def _quoted(rule: Rule) -> bool:
    return any(one.quoted and not one.terms for one in rule.allow)


def _with_quotes(allow: tuple[Allow, ...], wanted: bool, before: bool) -> tuple[Allow, ...]:
    if wanted == before:
        return allow
    if wanted:
        return (*allow, Allow(quoted=True))
    without = tuple(one if one.terms else replace(one, quoted=False) for one in allow)
    return tuple(one for one in without if not _excuses_nothing(one))


def _plain(value: Any) -> dict[str, Any]:
    told = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in told.items()}


def _unlike(value: Any, usual: Any) -> dict[str, Any]:
    return {name: one for name, one in _plain(value).items() if one != _plain(usual)[name]}


def _told(value: Any) -> tuple[str, ...]:
    """The entries of a field as texts, for what differs."""
    if isinstance(value, tuple):
        return tuple(text for one in value for text in _told(one)) if value else ()
    if isinstance(value, Need):
        return tuple(strings(_unlike(value, Need(()))))
    if isinstance(value, Allow):
        return tuple(strings(_unlike(value, Allow()))) or (str(value.quoted),)
    if value is None or value == "":
        return ()
    return tuple(strings(_plain(value))) if hasattr(value, "verb") else (str(value),)
