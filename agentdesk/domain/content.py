"""The starter pack as facts: phrases, articles and synonyms read from text (SYNC 2.1).

Every item has fixed ids, so that a desk and the centre, which never send it to each other, mean the same thing by it.
The pack is a layer of changes that no journal holds: `starter_states` folds them at the very beginning of the merge
order, and whatever people write about an item lies on top. Pure: the caller hands in the text of the files.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from agentdesk.changes import Change, EntityState, Registry
from agentdesk.changes.fold import Stamp, fold
from agentdesk.changes.ids import derived_id
from agentdesk.domain import macros
from agentdesk.domain.vocabulary import CHANNELS, EMOTIONS, REQUEST_TYPES, SCENARIO_STEPS, STEPS, SUB_TYPES
from agentdesk.text import templates

PACK: Final = UUID("5f0c2a64-0d0b-5b57-9b6e-0a1c3c9d7e11")
"""The namespace of the pack's ids; altering it would turn every shipped item into another one."""
RELEASED: Final = "2026-01-01T00:00:00.000+08:00"
"""The time at which the first pack takes effect."""
PACK_RULES: Final = "1"
KNOWLEDGE_BASE: Final = "kb:main"
ARTICLE_KINDS: Final = (
    "product",
    "faq",
    "solution",
    "policy",
    "policy_qa",
    "case",
    "template",
    "emergency",
    "glossary",
)
"""Kinds of articles, standard §6.2."""

LANGUAGES: Final = ("zh-CN", "zh-TW", "en")
"""The languages in which every shipped phrase speaks."""
VARIABLES: Final = frozenset(
    "agent_name work_no customer_title need product reason eta next_update option_a option_b recommend department"
    " minutes compensation request_no feeling action policy_name policy_version effective_date supervisor_title"
    " order_no channel".split()
)
"""The variables of phrases, standard §5.1, and the two that this desk adds."""

ENGLISH: Final = "en"
"""The tag of an article that is written in English."""

_VERSION_TAG: Final = re.compile(r"v\d+")
_GROUPS, _SAME = re.compile(r"[;\uff1b\n]"), re.compile(r"[=\uff1d]")
_FENCE: Final = "+++\n"


@dataclass(frozen=True, slots=True)
class StarterPhrase:
    """A shipped phrase (standard §5.1). `titles` and `bodies` by language; empty tuples mean: fits everything.

    `variants` are further bodies by language, as many in each, that take turns with the first.
    """

    code: str
    scenario: str
    step: str
    titles: Mapping[str, str]
    bodies: Mapping[str, str]
    variables: tuple[str, ...]
    channels: tuple[str, ...]
    request_types: tuple[str, ...]
    emotions: tuple[str, ...]
    tags: tuple[str, ...]
    industry: str
    revision: int
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    actions: tuple[macros.Action, ...] = ()

    @property
    def id(self) -> str:
        """The entity id."""
        return _fixed("phrase", self.code)

    @property
    def version(self) -> str:
        """The id of the version event, which changes with `revision`."""
        return _fixed("phrase", self.code, self.revision)

    def change(self) -> Change:
        """Return the change that publishes this phrase."""
        value: dict[str, Any] = {
            "code": self.code,
            "scenario": self.scenario,
            "step": self.step,
            "title": dict(self.titles),
            "body": dict(self.bodies),
            "variables": list(self.variables),
            "channels": list(self.channels),
            "request_types": list(self.request_types),
            "emotions": list(self.emotions),
            "industry": self.industry,
            "effective_from": RELEASED,
            "at": RELEASED,
        }
        if self.variants:
            value["variants"] = {language: list(bodies) for language, bodies in self.variants.items()}
        if self.actions:
            value["actions"] = [action.as_data() for action in self.actions]
        return _published("phrase", self.id, self.version, value, {"tags": self.tags})


@dataclass(frozen=True, slots=True)
class StarterArticle:
    """A shipped article (standard §6.2): the title is the question, `plain_summary` may be sent as it stands.

    One that is tagged `en` is English throughout; its title and summary serve as the English ones too.
    """

    code: str
    kind: str
    title: str
    title_en: str
    body: str
    plain_summary: str
    plain_summary_en: str
    steps: tuple[str, ...]
    category: str
    product: str
    keywords: tuple[str, ...]
    synonyms: tuple[str, ...]
    tags: tuple[str, ...]
    audience: str
    industry: str
    effective_from: str
    effective_to: str
    revision: int

    @property
    def id(self) -> str:
        """The entity id."""
        return _fixed("article", self.code)

    @property
    def version(self) -> str:
        """The id of the version event, which changes with `revision`; this is what a citation names."""
        return _fixed("article", self.code, self.revision)

    def change(self) -> Change:
        """Return the change that publishes this article."""
        value = {
            "kind": self.kind,
            "source_id": self.code,
            "title": self.title,
            "title_en": self.title_en,
            "body": self.body,
            "plain_summary": self.plain_summary,
            "plain_summary_en": self.plain_summary_en,
            "steps": list(self.steps),
            "category": self.category,
            "product": self.product,
            "audience": self.audience,
            "industry": self.industry,
            "effective_from": self.effective_from,
            "effective_to": self.effective_to,
            "at": RELEASED,
        }
        sets = {"keywords": self.keywords, "synonyms": self.synonyms, "tags": self.tags}
        return _published("article", self.id, self.version, value, sets)


def article_id(source_id: str) -> str:
    """The entity id of a site's article with an id of its own: imported, or written over the shipped one of that code.

    The same id of the same base is the same article everywhere.
    """
    return derived_id("article", KNOWLEDGE_BASE, source_id)


def shipped_article_id(code: str) -> str:
    """The entity id of the shipped article with this code, whether there is one or not."""
    return _fixed("article", code)


def phrase_id(code: str) -> str:
    """The entity id of the shipped phrase with this code, whether there is one or not."""
    return _fixed("phrase", code)


def parse_phrases(text: str) -> list[StarterPhrase]:
    """Read a TOML file of `[[phrase]]` tables; ValueError names the phrase and what is wrong with it."""
    return [_phrase(table) for table in tomllib.loads(text).get("phrase", [])]


def parse_article(text: str) -> StarterArticle:
    """Read a Markdown file whose TOML head stands between two lines `+++`; ValueError says what is wrong."""
    if not text.startswith(_FENCE) or text.count(_FENCE) < 2:
        raise ValueError("an article begins with a TOML head between two lines of +++")
    _, head, body = text.split(_FENCE, 2)
    table = tomllib.loads(head)
    code = str(table["code"])
    _require(code, table.get("kind") in ARTICLE_KINDS, "kind")
    _require(code, table.get("category") in SUB_TYPES, "category")
    _require(code, bool(body.strip()), "body")
    versioned = any(_VERSION_TAG.fullmatch(tag) for tag in _words(table, "tags"))
    _require(code, table["kind"] != "policy" or (versioned and "effective_from" in table), "version")
    english = ENGLISH in table.get("tags", ())
    return StarterArticle(
        code=code,
        kind=table["kind"],
        title=table["title"],
        title_en=table.get("title_en", table["title"] if english else ""),
        body=body.strip(),
        plain_summary=table["plain_summary"],
        plain_summary_en=table.get("plain_summary_en", table["plain_summary"] if english else ""),
        steps=_words(table, "steps"),
        category=table["category"],
        product=table.get("product", ""),
        keywords=_words(table, "keywords"),
        synonyms=_words(table, "synonyms"),
        tags=_words(table, "tags"),
        audience=table.get("audience", "may_quote"),
        industry=table.get("industry", ""),
        effective_from=table.get("effective_from", RELEASED),
        effective_to=table.get("effective_to", ""),
        revision=int(table.get("revision", 1)),
    )


def parse_synonyms(text: str) -> list[tuple[str, ...]]:
    """Read the groups of words that mean the same; ValueError for a group of fewer than two."""
    groups = [tuple(map(str, group)) for group in tomllib.loads(text).get("groups", [])]
    for group in groups:
        _require("/".join(group), len(set(group)) == len(group) >= 2, "group")
    return groups


def site_synonyms(text: str) -> list[tuple[str, ...]]:
    """Read a site's own groups, `退钱=返钱; 总部=集团`; what is no group of two words says nothing."""
    groups = [tuple(filter(None, map(str.strip, _SAME.split(group)))) for group in _GROUPS.split(text)]
    return [group for group in groups if len(set(group)) >= 2]


def starter_states(
    phrases: Iterable[StarterPhrase], articles: Iterable[StarterArticle], registry: Registry
) -> list[EntityState]:
    """Return the pack as folded entities, phrases in `site`, articles in `kb:main`; eff and seq 0: below everything."""
    layer = [("site", phrase.change()) for phrase in phrases]
    layer += [(KNOWLEDGE_BASE, article.change()) for article in articles]
    return [fold(None, change, Stamp(0, 0, ""), scope, registry) for scope, change in layer]


def _phrase(table: Mapping[str, Any]) -> StarterPhrase:
    code, scenario = str(table["code"]), str(table["scenario"])
    _require(code, scenario in SCENARIO_STEPS, "scenario")
    step = str(table.get("step", SCENARIO_STEPS[scenario]))
    _require(code, step in ("", *STEPS), "step")
    titles, bodies = dict(table["title"]), dict(table["body"])
    _require(code, set(LANGUAGES) == titles.keys() == bodies.keys(), "languages")
    variants = {language: tuple(map(str, texts)) for language, texts in dict(table.get("variants", {})).items()}
    ways = _ways(code, bodies, variants)
    variables = tuple(dict.fromkeys(name for way in ways for name in templates.variables(way["zh-CN"])))
    phrase = StarterPhrase(
        code=code,
        scenario=scenario,
        step=step,
        titles=titles,
        bodies=bodies,
        variables=variables,
        channels=_words(table, "channels"),
        request_types=_words(table, "request_types"),
        emotions=_words(table, "emotions"),
        tags=_words(table, "tags"),
        industry=str(table.get("industry", "")),
        revision=int(table.get("revision", 1)),
        variants=variants,
        actions=macros.parse("\n".join(_words(table, "actions"))),
    )
    _require(code, set(phrase.channels) <= set(CHANNELS), "channels")
    _require(code, set(phrase.request_types) <= set(REQUEST_TYPES), "request_types")
    _require(code, set(phrase.emotions) <= set(EMOTIONS), "emotions")
    return phrase


def _ways(code: str, bodies: Mapping[str, str], variants: Mapping[str, tuple[str, ...]]) -> list[Mapping[str, str]]:
    """Return the bodies by language, the first and its variants; each says the same with the same blanks."""
    _require(code, not variants or set(LANGUAGES) == variants.keys(), "variant languages")
    _require(code, len({len(texts) for texts in variants.values()}) < 2, "variant count")
    further = [dict(zip(variants, texts, strict=True)) for texts in zip(*variants.values(), strict=True)]
    for way in (bodies, *further):
        keys = [{blank.source for blank in templates.blanks(body)} for body in way.values()]
        _require(code, all(found == keys[0] for found in keys), "variables")
        for body in way.values():
            _require(code, VARIABLES.issuperset(templates.variables(body)), "unknown variables")
            _require(code, not templates.stray_braces(body), "braces")
            _require(code, not templates.unknown_formats(body), "formats")
    return [bodies, *further]


def _published(
    entity: str, entity_id: str, version: str, value: dict[str, Any], sets: Mapping[str, tuple[str, ...]]
) -> Change:
    """Return one fixed change that holds the version, its sets and the step to published; every byte is repeatable."""
    patch: dict[str, Any] = {name: dict.fromkeys(words, True) for name, words in sets.items() if words}
    patch["version"] = value
    patch["status"] = {"t": "publish", "to": "published", "current": version, "at": RELEASED}
    return Change.make(
        id=version,
        hlc=0,
        root=entity_id,
        txn=version,
        entity=entity,
        entity_id=entity_id,
        patch=patch,
        base={},
        rules_v=PACK_RULES,
        v=1,
        nonce=version.replace("-", ""),
    )


def _fixed(entity: str, code: str, revision: int | None = None) -> str:
    return str(uuid5(PACK, f"{entity}:{code}" if revision is None else f"{entity}:{code}:{revision}"))


def _words(table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(map(str, table.get(name, ())))


def _require(code: str, holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"{code}: {what}")
