"""The fields of the editor of rules: what they are, what stands in them, and which one a refusal speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agentdesk.desk.rules import MAX_SOURCE
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import CHANNELS
from agentdesk.present.i18n import t
from agentdesk.present.labels import label
from agentdesk.present.rule_words import CATEGORIES, INDUSTRIES
from agentdesk.text.clean import clean_line
from agentdesk.text.lexicon import SEVERITIES, Rule
from agentdesk.text.rule_fields import fields_of, rule_of
from agentdesk.widgets.choice import Option, choices
from agentdesk.widgets.record_form import FieldSpec, Value

FIRST_FIELDS = ("id", "category", "severity", "why", "patterns", "hits", "passes")
"""What a rule must say."""
LONGEST_EXAMPLE = 80
"""Characters of a sent text up to which it becomes a test as a whole."""
_BETWEEN = re.compile(r"[\s,，、;；]+")
_FIELD_OF = {
    "id": "id", "severity": "severity", "pattern": "patterns", "no_patterns": "patterns", "replacement": "replace",
    "plain_missing": "plain", "plain_has_variables": "plain", "incomplete": "why",
}  # fmt: skip


def specs(rule: Rule) -> list[FieldSpec]:
    """The fields in the order in which a rule is thought out; the tests beside it where there is room."""
    categories = CATEGORIES if rule.category in ("", *CATEGORIES) else (*CATEGORIES, rule.category)
    return [
        FieldSpec("id", "text", "field.rule_id", limit=40, hint="field.rule_id.hint"),
        FieldSpec("category", "choice", "field.rule_category", _categories(categories)),
        FieldSpec("severity", "choice", "field.rule_severity", choices("severity", SEVERITIES)),
        FieldSpec("why", "text", "field.rule_why", limit=200, hint="field.rule_why.hint"),
        _lines("patterns", "field.rule_patterns.hint", rows=2),
        _lines("replace", "field.rule_replace.hint"),
        _lines("plain", "field.rule_plain.hint"),
        _lines("hits", "field.rule_hits.hint", rows=2, column=2),
        _lines("passes", "field.rule_passes.hint", rows=2, column=2),
        _lines("before", "field.rule_before.hint", column=2),
        _lines("around", "field.rule_around.hint", column=2),
        FieldSpec("quoted", "check", "field.rule_quoted", column=2, hint="field.rule_quoted.hint"),
        FieldSpec("channels", "text", "field.rule_channels", column=2, limit=200, hint="rule.everywhere.hint"),
        FieldSpec("industries", "text", "field.rule_industries", column=2, limit=200, hint="rule.everywhere.hint"),
    ]


def _categories(codes: tuple[str, ...]) -> tuple[Option, ...]:
    return choices("lint", codes)


def _lines(name: str, hint: str, rows: int = 1, column: int = 1) -> FieldSpec:
    return FieldSpec(name, "lines", f"field.rule_{name}", rows=rows, column=column, limit=MAX_SOURCE, hint=hint)


def form_of(rule: Rule, pattern: str = "", example: str = "") -> dict[str, Value]:
    """What stands in the fields; codes of channels and industries as words. A suggestion's wording goes in too."""
    form = dict(fields_of(rule))
    for name, kind in (("channels", "channel"), ("industries", "industry")):
        codes = str(form[name]).split("\n") if form[name] else []
        form[name] = t("list.comma").join(label(kind, code) for code in codes)
    if pattern:
        told = clean_line(example, LONGEST_EXAMPLE + 1)
        form["patterns"] = _with(str(form["patterns"]), pattern)
        form["hits"] = _with(str(form["hits"]), told if pattern in told and len(told) <= LONGEST_EXAMPLE else pattern)
    return form


def _with(lines: str, added: str) -> str:
    return f"{lines}\n{added}".strip("\n")


def rule_of_form(values: Mapping[str, Value], base: Rule) -> Rule:
    """The rule that the fields say, over the one that the editor was opened with."""
    form = dict(values)
    form["channels"] = _codes(str(values["channels"]), "channel", (*CHANNELS, *base.channels))
    form["industries"] = _codes(str(values["industries"]), "industry", (*INDUSTRIES, *base.industries))
    return rule_of(form, base)


def _codes(text: str, kind: str, codes: tuple[str, ...]) -> str:
    """Codes, one a line, for words or codes in one line; a word that is no code is taken as one."""
    known_words = {label(kind, code): code for code in codes}
    return "\n".join(known_words.get(word, word) for word in _BETWEEN.split(text) if word)


def field_of(refusal: Refusal, values: Mapping[str, Value]) -> str:
    """The field in which to put right what a refusal of `rules.check` speaks of."""
    problem, detail = refusal.code.removeprefix("rule."), str(refusal.args.get("detail") or "")
    if problem == "no_tests":
        return "passes" if str(values["hits"]).strip() else "hits"
    if problem == "test_failed":
        return "hits" if detail in str(values["hits"]).split("\n") else "passes"
    return _FIELD_OF.get(problem, "patterns")
