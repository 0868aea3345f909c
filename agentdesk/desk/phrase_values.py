"""One phrase of the site from outside: its fields cleaned, judged and linted, and back again as fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentdesk.desk import columns, own_phrases
from agentdesk.desk.context import Desk
from agentdesk.domain import macros
from agentdesk.domain.content import LANGUAGES
from agentdesk.domain.macros import MacroError
from agentdesk.domain.phrases import CODE, FIELDS, MAX_WORD, MAX_WORDS, SUFFIXES, PhraseField
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import SCENARIO_STEPS
from agentdesk.text import templates
from agentdesk.text.clean import clean, clean_line
from agentdesk.text.privacy import find_private

if TYPE_CHECKING:
    from agentdesk.text.lint import Finding

SETS = ("tags",)
"""Fields that lie beside the version."""
MAX_VARIANTS = 9
"""Further wordings of a phrase in one language."""
BETWEEN = "\n---\n"
"""What stands between the wordings of a body that take turns; a line of three or more dashes is read as it."""
MAX_BODIES = (own_phrases.MAX_BODY + len(BETWEEN)) * (MAX_VARIANTS + 1)
"""Characters of a body with all its wordings."""
_BETWEEN = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that cannot stand: the code of the reason, and what it is about (names of variables, rules, a line)."""

    field: str
    problem: str
    about: str = ""


@dataclass(slots=True)
class Checked:
    """A phrase that was looked at: its version's value without the time, its tags, what is wrong, what lint says."""

    value: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    wrong: list[Wrong] = field(default_factory=list)
    warned: list[tuple[str, Finding]] = field(default_factory=list)
    """(field, finding) of the lint's warnings: they want a second look."""


def check(desk: Desk, row: Mapping[str, Any], verbs: Mapping[str, str] | None = None) -> Checked:
    """Look at all fields of a phrase. `verbs`: words of a macro's actions -> code."""
    made = Checked()
    taken = {one.code: _taken(made, one, row.get(one.code)) for one in FIELDS}
    if taken["code"] and not CODE.fullmatch(taken["code"]):
        made.wrong.append(Wrong("code", "phrase_code"))
    made.wrong += [Wrong(name, "missing") for name in ("code", "scenario") if not taken[name]]
    titles, wordings = _texts(desk, made, taken)
    ways = [dict(zip(wordings, texts, strict=True)) for texts in zip(*wordings.values(), strict=False)]
    for way in ways:
        _same_blanks(made, way)
    made.tags = tuple(taken["tags"])
    actions = _actions(made, taken["actions"], verbs)
    made.value = {
        "code": taken["code"],
        "scenario": taken["scenario"],
        "step": taken["step"] or SCENARIO_STEPS.get(taken["scenario"], ""),
        "title": titles,
        "body": {language: texts[0] for language, texts in wordings.items()},
        "variants": {language: texts[1:] for language, texts in wordings.items() if texts[1:]},
        "variables": templates.variables("".join(next(iter(way.values())) for way in ways)),
        "channels": taken["channels"],
        "request_types": taken["request_types"],
        "emotions": taken["emotions"],
        "industry": taken["industry"],
        "actions": actions,
    }
    return made


def fields_of(value: Mapping[str, Any], tags: Sequence[str]) -> dict[str, Any]:
    """The fields of a version as `check` takes them: in a body all wordings that take turns."""
    found: dict[str, Any] = {name: value.get(name) or "" for name in ("code", "scenario", "step", "industry")}
    for language, suffix in SUFFIXES.items():
        titles, bodies, further = (_by_language(value.get(name)) for name in ("title", "body", "variants"))
        found[f"title_{suffix}"] = str(titles.get(language) or "")
        found[f"body_{suffix}"] = BETWEEN.join(
            (str(bodies.get(language) or ""), *map(str, further.get(language) or ()))
        )
    found |= {name: sorted(value.get(name) or ()) for name in ("channels", "request_types", "emotions")}
    try:
        actions = macros.lines(macros.of_data(value.get("actions")))
    except MacroError:
        actions = ""
    return {**found, "tags": sorted(tags), "actions": actions}


def _by_language(texts: Any) -> Mapping[str, Any]:
    return texts if isinstance(texts, dict) else {}


def said_of(value: Mapping[str, Any], tags: Sequence[str]) -> dict[str, Any]:
    """The fields of a version as they are read: the wordings of a body in one line."""
    found = fields_of(value, tags)
    for suffix in SUFFIXES.values():
        found[f"body_{suffix}"] = found[f"body_{suffix}"].replace(BETWEEN, " / ")
    return found


def same(value: Mapping[str, Any], tags: Sequence[str], made: Checked) -> bool:
    """Whether a version says what was looked at."""
    return fields_of(value, tags) == fields_of(made.value, made.tags)


def _taken(made: Checked, one: PhraseField, value: Any) -> Any:
    """A field of its kind; what is wrong is noted, and the field is empty then."""
    if one.kind == "set":
        parts = columns.parts(value) if isinstance(value, str) else value or ()
        if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
            made.wrong.append(Wrong(one.code, "not_texts"))
            return []
        return _words(made, one, sorted({clean_line(part, 200) for part in parts} - {""}))
    if value is not None and not isinstance(value, str):
        made.wrong.append(Wrong(one.code, "not_a_text"))
        return ""
    text = str(value or "")
    # One more than is allowed, so that what is too long is said rather than cut.
    text = clean(text, MAX_BODIES + 1).strip() if one.kind == "text" else clean_line(text, 200).strip()
    if one.kind == "enum" and text and text not in one.values:
        made.wrong.append(Wrong(one.code, "not_a_value"))
        return ""
    if not one.language and any(find_private(text, contacts=False)):
        made.wrong.append(Wrong(one.code, "private"))
        return ""
    if one.code == "industry" and len(text) > MAX_WORD:
        made.wrong.append(Wrong(one.code, "too_long"))
    return text


def _words(made: Checked, one: PhraseField, words: list[str]) -> list[str]:
    if len(words) > MAX_WORDS:
        made.wrong.append(Wrong(one.code, "too_many"))
    elif one.values and not set(words) <= set(one.values):
        made.wrong.append(Wrong(one.code, "not_a_value"))
    elif any(len(word) > MAX_WORD for word in words):
        made.wrong.append(Wrong(one.code, "too_long"))
    elif any(True for word in words for _ in find_private(word, contacts=False)):
        made.wrong.append(Wrong(one.code, "private"))
    else:
        return words
    return []


def _texts(desk: Desk, made: Checked, taken: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Titles and wordings by language; a language without a body is left out, a missing title is the body's beginning.

    The wordings of a body take turns: there are as many in each language, and each is judged.
    """
    titles: dict[str, str] = {}
    wordings: dict[str, list[str]] = {}
    for language in LANGUAGES:
        title, body = (taken[f"{name}_{SUFFIXES[language]}"] for name in ("title", "body"))
        texts = [text for part in _BETWEEN.split(body) if (text := part.strip())]
        name = f"body_{SUFFIXES[language]}"
        if not texts:
            if title:
                made.wrong.append(Wrong(name, "missing"))
            continue
        if len(texts) != len(next(iter(wordings.values()), texts)) or len(texts) > 1 + MAX_VARIANTS:
            made.wrong.append(Wrong(name, "phrase_variants"))
        titles[language] = title or clean_line(texts[0], own_phrases.MAX_BODY)[:20]
        wordings[language] = texts
        for text in texts:
            _judge(desk, made, name, titles[language], text)
    if not wordings and not any(one.field.startswith("body_") for one in made.wrong):
        made.wrong.append(Wrong("body_zh_cn", "missing"))
    return titles, wordings


def _same_blanks(made: Checked, way: Mapping[str, str]) -> None:
    """Note the languages of one wording that use other variables than the first does."""
    spoken = {language: set(templates.variables(body)) for language, body in way.items()}
    first = next(iter(spoken.values()), set())
    made.wrong += [
        Wrong(f"body_{SUFFIXES[language]}", "phrase_languages", ", ".join(sorted(names ^ first)))
        for language, names in spoken.items()
        if names != first
    ]


def _judge(desk: Desk, made: Checked, name: str, title: str, body: str) -> None:
    try:
        own_phrases.check_text(title, body)
    except Refusal as refusal:
        made.wrong.append(Wrong(name, _PROBLEMS.get(refusal.code, "not_a_value"), str(refusal.args.get("names", ""))))
        return
    found = own_phrases.findings(desk, title, body)
    blocked = [one for one in found if one.severity == "block"]
    if blocked:
        made.wrong.append(Wrong(name, "phrase_blocked", own_phrases.rule_names(blocked)))
    made.warned += [(name, one) for one in found if one.severity == "warn"]


_PROBLEMS = {
    "text.empty": "missing",
    "text.too_long": "too_long",
    "phrase.private": "private",
    "phrase.variables": "phrase_variables",
    "phrase.formats": "phrase_formats",
    "phrase.braces": "phrase_braces",
}
"""Refusals of a personal phrase -> the reason of a field."""


def _actions(made: Checked, text: str, verbs: Mapping[str, str] | None) -> list[dict[str, str]]:
    try:
        return [action.as_data() for action in macros.parse(text, verbs)]
    except MacroError as error:
        made.wrong.append(Wrong("actions", error.problem, error.line))
        return []


def read_toml(source: str) -> dict[str, Any]:
    """The fields of one `[[phrase]]` as the shipped files write it, languages below `title` and `body`.

    Raises Refusal phrase.toml (detail), phrase.not_one (count).
    """
    import tomllib

    try:
        found = tomllib.loads(source).get("phrase")
    except tomllib.TOMLDecodeError as error:
        raise Refusal("phrase.toml", detail=str(error)) from error
    tables = found if isinstance(found, list) else [found] if isinstance(found, dict) else []
    if len(tables) != 1 or not isinstance(tables[0], dict):
        raise Refusal("phrase.not_one", count=len(tables))
    table = dict(tables[0])
    further = table.pop("variants", {})
    for name in ("title", "body"):
        texts = table.pop(name, {})
        texts = texts if isinstance(texts, dict) else {LANGUAGES[0]: texts}
        table |= {f"{name}_{SUFFIXES[language]}": texts[language] for language in LANGUAGES if language in texts}
    _join(table, further)
    if isinstance(table.get("actions"), list):
        table["actions"] = "\n".join(map(str, table["actions"]))
    return table


def _join(table: dict[str, Any], further: Any) -> None:
    """Put the further wordings of a file below the bodies. Raises Refusal phrase.toml."""
    for language, texts in further.items() if isinstance(further, dict) else [("", None)]:
        name = f"body_{SUFFIXES.get(language, '')}"
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in [table.get(name), *texts]):
            raise Refusal("phrase.toml", detail="variants")
        table[name] = BETWEEN.join((table[name], *texts))
