"""The words and articles in force: the starter pack with what the site published on top, ready to choose from.

Phrases and rules are read once and kept until one is written (`Desk.kept`); articles are read by their ids.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState, instant
from agentdesk.desk.context import Desk
from agentdesk.text.lexicon import LexiconError, Rule, load, rule_from

if TYPE_CHECKING:
    from agentdesk.text.lint import Linter


@dataclass(frozen=True, slots=True)
class Published:
    """A phrase or article in the version in force. `value` is the version's value; `order` its place in the pack;
    `sets` an article's words by group; `versions` the ids of all its versions, whose uses are counted as one."""

    id: str
    version: str
    value: dict[str, Any]
    tags: tuple[str, ...]
    words: tuple[str, ...]
    at: datetime
    order: int
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    versions: tuple[str, ...] = ()


def phrases(desk: Desk) -> dict[str, Published]:
    """The phrases in force by id, in the order of the contact steps, then those of the site.

    A site's phrase stands in the place of the shipped one of its code; one that is `withdrawn` leaves that place empty.
    """
    return desk.kept("phrase", lambda: _site_over_shipped(_published(desk, "phrase")))


def _site_over_shipped(found: Mapping[str, Published]) -> dict[str, Published]:
    from agentdesk.domain.content import phrase_id
    from agentdesk.domain.macros import MacroError, of_data

    usable: dict[str, Published] = {}
    for one in found.values():
        try:
            of_data(one.value.get("actions"))
        except MacroError as error:  # of a newer version of the program: half of a macro must not be said
            logging.getLogger(__name__).warning("phrase %s cannot be used: %s", one.id, error.problem)
            continue
        usable[one.id] = one
    for one in [one for one in usable.values() if one.id != phrase_id(str(one.value.get("code")))]:
        shipped = usable.pop(phrase_id(str(one.value.get("code"))), None)
        if shipped is not None:
            usable[one.id] = replace(one, order=shipped.order)
    # Nobody but its author has seen what is withdrawn: it is never said, wherever it stands.
    offered = [one for one in usable.values() if not one.value.get("withdrawn")]
    return {one.id: one for one in sorted(offered, key=lambda one: one.order)}


def articles(desk: Desk, ids: Iterable[str]) -> dict[str, Published]:
    """Those of these articles that are in force, by id. Read when asked for: ten thousand of them would take 70 MB."""
    from agentdesk.store import entities, starter

    wanted = [("article", one) for one in dict.fromkeys(ids)]
    if not wanted:
        return {}
    with desk.store.read() as conn:
        found = entities.load(conn, wanted)
    if len(found) < len(wanted):  # of the pack, which the first search writes into the store
        found = {key: state for key in wanted if (state := found.get(key) or starter.by_key().get(key))}
    at = desk.now()
    usable = (item for state in found.values() if (item := _in_force(state, 0, at)))
    return {item.id: item for item in usable if not item.value.get("withdrawn")}


def take_over(desk: Desk) -> None:
    """Bring the pack into the store, once a process; a desk that only reads takes it as it is.

    What else the index lacks is only noted: it is filled in steps (`desk.indexing`).
    """
    from agentdesk.store import upkeep

    def catch_up() -> None:
        upkeep.prepare(desk.store)
        desk.forget("article")  # the pack's policies were not there before

    if desk.store.writable:
        desk.kept("index", catch_up)


def written_over(desk: Desk, found: Mapping[str, Published]) -> set[str]:
    """The ids of those shipped articles in whose place the site has one of its own, or wants none.

    A policy gives way at its own time (`policy_terms.overtaken`).
    """
    from agentdesk.domain.content import article_id
    from agentdesk.store import entities, starter
    from agentdesk.store.projections.contents import in_force

    pack = starter.by_key()
    ours = [one for one in found.values() if ("article", one.id) in pack and one.value.get("kind") != "policy"]
    shipped = {one.id: article_id(str(one.value.get("source_id"))) for one in ours}
    if not shipped:
        return set()
    with desk.store.read() as conn:
        own = entities.load(conn, [("article", entity_id) for entity_id in shipped.values()])
    return {
        shipped_id
        for shipped_id, over in shipped.items()
        if (state := own.get(("article", over))) and in_force(state)[0]
    }


def all_articles(desk: Desk) -> dict[str, Published]:
    """Every article as published last, by id, for an import; nothing of it is kept.

    Of a policy that is the version that was announced: a file that is read again announces nothing twice.
    """
    return {one.id: one for one in each_article(desk)}


def each_article(desk: Desk) -> Iterator[Published]:
    """The same one at a time, the pack's first: ten thousand of them would take 70 MB."""
    for state in _states(desk, "article"):
        version, value = last_published(state)
        if value is not None:
            yield published(state, version)


def each_in_use(desk: Desk) -> Iterator[Published]:
    """Every article that counts, as published last: not what the site took away, nor what ships and it wrote over."""
    from agentdesk.domain.content import article_id
    from agentdesk.store import starter

    over: set[str] = set()
    shipped: list[Published] = []
    for one in each_article(desk):
        if ("article", one.id) in starter.by_key():
            shipped.append(one)
            continue
        over.add(one.id)
        if not one.value.get("withdrawn"):
            yield one
    yield from (one for one in shipped if article_id(str(one.value.get("source_id"))) not in over)


def steps(desk: Desk) -> dict[str, str]:
    """The step K1–K7 that each phrase in force walks, by version."""
    return {phrase.version: phrase.value.get("step") or "" for phrase in phrases(desk).values()}


def in_language(texts: Any, language: str) -> str:
    """One text of `{language: text}`: the user's language, else zh-CN, else whatever is there."""
    if not isinstance(texts, dict):
        return str(texts or "")
    return str(texts.get(language.replace("_", "-")) or texts.get("zh-CN") or next(iter(texts.values()), ""))


def _published(desk: Desk, entity: str) -> dict[str, Published]:
    found: dict[str, Published] = {}
    at = desk.now()
    for order, state in enumerate(_states(desk, entity)):
        item = _in_force(state, order, at)
        if item is not None:
            found[state.id] = item
    return found


def _states(desk: Desk, entity: str) -> Iterator[EntityState]:
    """The pack's states, those that the store holds in their place, then what only the store holds."""
    from agentdesk.store import entities, starter

    pack = {state.id: state for state in starter.states() if state.entity == entity}
    with desk.store.read() as conn:
        stored = entities.load(conn, [(entity, state_id) for state_id in pack])
        yield from (stored.get((entity, state_id), state) for state_id, state in pack.items())
        yield from (state for state in entities.each(conn, entity) if state.id not in pack)


def _in_force(state: EntityState, order: int, now: datetime) -> Published | None:
    """The version that counts now: of a policy by the clock, of anything else the published one."""
    from agentdesk.domain import policies

    if state.entity == "article" and policies.is_policy(state):
        term = policies.in_force(policies.terms(policies.approvals(state)), now)
        return None if term is None else published(state, term.version, order)
    version, value = last_published(state)
    return None if value is None else published(state, version, order)


def last_published(state: EntityState) -> tuple[str, Mapping[str, Any] | None]:
    """The version published last, with its value."""
    from agentdesk.store.projections.contents import in_force

    return in_force(state)


def published(state: EntityState, version: str, order: int = 0) -> Published:
    """A phrase or article in one of its versions; the tag that numbers a policy is that of the version."""
    value = state.values["version"][version]
    sets = {name: tuple(state.elements(name)) for name in ("keywords", "synonyms", "tags")}
    words = (*sets["keywords"], *sets["synonyms"])
    versions = tuple(state.values["version"])
    tags = sets["tags"] if value.get("kind") != "policy" else _numbered(state, version, sets["tags"])
    return Published(state.id, version, dict(value), tags, words, instant(str(value["at"])), order, sets, versions)


def _numbered(state: EntityState, version: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    from agentdesk.domain import policies

    number = policies.numbers(state).get(version)
    others = tuple(tag for tag in tags if not policies.NUMBER_TAG.fullmatch(tag))
    return others if number is None else (*others, f"v{number}")


def rules(desk: Desk) -> list[Rule]:
    """The lint rules in force: shipped ones, replaced or joined by the site's published ones of the same id."""
    found = {rule.id: rule for rule in shipped_rules()}
    for item in _published(desk, "lexicon_rule").values():
        try:
            rule = rule_from(item.value["rule"])
        except LexiconError as error:  # of a newer version of the program: the other rules go on
            logging.getLogger(__name__).warning("rule %s cannot be used: %s", error.rule, error.problem)
            continue
        found[rule.id] = rule
    return list(found.values())


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules of the starter pack; they need no store, so that `agentdesk lint` works before the first run."""
    folder = files("agentdesk").joinpath("content", "lexicon")
    sources = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(load(entry.read_text(encoding="utf-8") for entry in sorted(sources, key=lambda entry: entry.name)))


@cache
def shipped_linter() -> Linter:
    """The shipped rules compiled, once a process: it takes a quarter of a second."""
    from agentdesk.text.lint import Linter

    return Linter(shipped_rules(), yielding=yielding(shipped_rules()))


def yielding(found: Iterable[Rule]) -> frozenset[str]:
    """The rules that yield where what is around sounds right: shipped ones; who writes a rule for a site means it."""
    shipped = {rule.id: rule for rule in shipped_rules()}
    return frozenset(rule.id for rule in found if shipped.get(rule.id) is rule)
