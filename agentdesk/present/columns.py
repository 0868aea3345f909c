"""The words by which columns and their values are known: codes, and the labels of every language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agentdesk.desk.columns import TARGETS, Words, key
from agentdesk.domain import articles, macros, phrases
from agentdesk.domain.intake import FIELD
from agentdesk.domain.vocabulary import TAGS
from agentdesk.present import i18n
from agentdesk.present.i18n import t

_KINDS = {"preferred_channel": "channel"}
"""Fields whose values are labelled as those of another."""


def words() -> Words:
    """Read all catalogues; 20 ms, for imports only."""
    catalogues = [i18n.open_catalogue(language) for language in i18n.LANGUAGES]
    headers: dict[str, str] = {}
    for code in sorted(TARGETS):
        for name in (code, *_texts(catalogues, f"field.{code}"), *_lists(catalogues, f"column.{code}")):
            headers.setdefault(key(name), code)
    values = {code: _values(catalogues, code) for code in sorted(TARGETS) if code in FIELD and FIELD[code].values}
    values["tags"] = _coded(catalogues, "tag", TAGS)
    yes, no = (frozenset(map(key, _lists(catalogues, name))) for name in ("column.yes", "column.no"))
    return Words(headers, values, yes, no)


def article_words() -> Words:
    """The same for articles."""
    catalogues = [i18n.open_catalogue(language) for language in i18n.LANGUAGES]
    headers: dict[str, str] = {}
    for one in articles.FIELDS:
        for name in (one.code, *_lists(catalogues, f"article.field.{one.code}")):
            headers.setdefault(key(name), one.code)
    kinds = {"kind": "article_kind", "category": "sub_type", "audience": "article.audience"}
    values = {code: _coded(catalogues, label, articles.FIELD[code].values) for code, label in kinds.items()}
    return Words(headers, values, frozenset(), frozenset())


def article_label(code: str) -> str:
    """The label of an article's field in the language in use: the first of its words."""
    name = f"article.field.{code}"
    return t(name).partition("|")[0] if i18n.known(name) else code


def phrase_words() -> Words:
    """The same for phrases; the values of `actions` are the words of what a macro may do.

    A column that is called title or text alone is in the language of whoever imports it.
    """
    catalogues = [i18n.open_catalogue(language) for language in i18n.LANGUAGES]
    headers: dict[str, str] = {}
    for one in phrases.FIELDS:
        for name in (one.code, *_lists(catalogues, f"phrase.field.{one.code}")):
            headers.setdefault(key(name), one.code)
    own = phrases.SUFFIXES[i18n.language().replace("_", "-")]
    for bare in ("title", "body"):
        for name in (bare, *_lists(catalogues, f"phrase.field.{bare}")):
            headers.setdefault(key(name), f"{bare}_{own}")
    kinds = {"scenario": "scenario", "step": "step", "channels": "channel", "request_types": "request_type"}
    kinds |= {"emotions": "emotion"}
    values = {code: _coded(catalogues, kind, phrases.FIELD[code].values) for code, kind in kinds.items()}
    values["actions"] = {
        word.casefold(): verb for verb in macros.VERBS for word in (verb, *_lists(catalogues, f"macro.verb.{verb}"))
    }
    return Words(headers, values, frozenset(), frozenset())


def phrase_label(code: str) -> str:
    """The label of a phrase's field in the language in use: the first of its words."""
    name = f"phrase.field.{code}"
    return t(name).partition("|")[0] if i18n.known(name) else code


def _values(catalogues: Iterable[Callable[[str], str]], field: str) -> dict[str, str]:
    return _coded(catalogues, _KINDS.get(field, field), FIELD[field].values)


def _coded(catalogues: Iterable[Callable[[str], str]], kind: str, codes: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in codes:
        label = f"{kind}.{code}"
        texts = _texts(catalogues, label)
        both = (f"{code} {text}" for text in texts)  # as priorities are shown: P1 and its word
        for name in (code, *texts, *both, *_lists(catalogues, f"column.{label}")):
            found.setdefault(key(name), code)
    return found


def _texts(catalogues: Iterable[Callable[[str], str]], name: str) -> list[str]:
    return [text for lookup in catalogues if (text := lookup(name)) != name]


def _lists(catalogues: Iterable[Callable[[str], str]], name: str) -> list[str]:
    return [word for text in _texts(catalogues, name) for word in text.split("|")]


def field_label(code: str) -> str:
    """The label of a field in the language in use; the code where there is none, a word for the whole row."""
    if not code:
        return t("import.whole_row")
    name = f"field.{code}"
    return t(name) if i18n.known(name) else code


def reason(problem: str) -> str:
    """Why a row was refused, in the language in use."""
    name = f"problem.{problem}"
    return t(name) if i18n.known(name) else problem
