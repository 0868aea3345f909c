"""The life of a lint rule: proposed with its tests, tried on what was sent, approved by another, retired, put back.

A proposal is a version of the rule that is not in force yet. It reaches every desk of the site, and only the step
`publish` by a person who may approve, and who did not write it, makes it count (standard §8: forbidden list).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState, instant
from agentdesk.changes.ids import derived_id
from agentdesk.desk import library, sent_texts
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may
from agentdesk.text.lexicon import LexiconError, Rule, parse_table, rule_from
from agentdesk.text.lint import Linter
from agentdesk.text.privacy import find_private
from agentdesk.text.proving import Gap, asking, failing_tests, gaps

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

AREA = "forbidden_list"
EXAMPLES = 5
MAX_SOURCE = 40_000
"""Characters of a rule's text: the largest that ships has a quarter of it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a site's rule: who wrote it, when, and whether it is the one in force."""

    id: str
    rule: Rule
    at: datetime
    author: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class SiteRule:
    """A rule that the site wrote, or wrote over one that ships."""

    entity_id: str
    rule_id: str
    state: str
    versions: tuple[Version, ...]

    @property
    def proposed(self) -> Version | None:
        """The latest version, where it waits for approval."""
        latest = self.versions[-1] if self.versions else None
        return latest if latest is not None and not latest.in_force and self.state != "retired" else None


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a rule would have found: how many of the texts sent in the last days, and some of them."""

    days: int
    texts: int
    found: int
    examples: tuple[str, ...]


def read(source: str) -> tuple[dict[str, Any], Rule]:
    """A rule from its TOML text, proven by its own tests. Raises Refusal rule.<problem> (rule, detail)."""
    try:
        if len(source) > MAX_SOURCE:
            raise LexiconError("?", "too_long", str(MAX_SOURCE))
        table = parse_table(source)
        rule = rule_from(table)
        if any(find_private(source, contacts=False)):
            raise LexiconError(rule.id, "private")
        if {test.hit for test in rule.tests} != {True, False}:
            raise LexiconError(rule.id, "no_tests")
        if failing := failing_tests(rule):
            raise LexiconError(rule.id, "test_failed", failing[0])
        if rule.replacement and Linter([rule]).check(rule.replacement):
            raise LexiconError(rule.id, "replacement", rule.replacement)
    except LexiconError as error:
        raise Refusal(f"rule.{error.problem}", rule=error.rule, detail=error.detail) from error
    return table, rule


def unproven(rule: Rule) -> list[Gap]:
    """What the rule's tests leave open: worth a look, no reason to refuse."""
    return list(gaps(rule))


def shadow(desk: Desk, rule: Rule, days: int = sent_texts.DAYS) -> Shadow:
    """Try a rule on what was sent in the last days, before it goes live."""
    linter, where = Linter([rule]), asking(rule)
    texts = found = 0
    examples: list[str] = []
    for text in sent_texts.since(desk, days):
        texts += 1
        if linter.check(text, where):
            found += 1
            if len(examples) < EXAMPLES:
                examples.append(text)
    return Shadow(days, texts, found, tuple(examples))


def propose(desk: Desk, source: str) -> SiteRule:
    """Write a new rule, or a new version of one, that waits for approval.

    Raises Refusal: role.denied (who may create or approve), rule.<problem> (rule, detail).
    """
    if not may(desk.me.roles, AREA, "C"):
        require(desk.me.roles, AREA, "A")
    table, rule = read(source)
    entity_id = rule_entity(rule.id)
    with desk.journal.transaction() as txn:
        begins = _begins(txn, entity_id)
        version = {"rule": table, "effective_from": txn.now(), "at": txn.now()}
        txn.write("lexicon_rule", entity_id, root=entity_id, patch={"version": version})
        if begins:
            txn.transition("lexicon_rule", entity_id, "status", "draft")
    return site_rule(desk, rule.id)


def approve(desk: Desk, rule_id: str) -> SiteRule:
    """Put the proposed version in force. Raises Refusal role.denied, rule.unknown, rule.nothing_proposed, rule.own."""
    found = site_rule(desk, rule_id)
    if found.proposed is None:
        raise Refusal("rule.nothing_proposed", rule=rule_id)
    return _put_in_force(desk, found, found.proposed)


def put_back(desk: Desk, rule_id: str, version_id: str) -> SiteRule:
    """Put an earlier version in force again (roll back). Refusals as `approve`, and rule.no_version."""
    found = site_rule(desk, rule_id)
    wanted = [one for one in found.versions if one.id.startswith(version_id) and not one.in_force]
    if len(wanted) != 1 or not version_id:
        raise Refusal("rule.no_version", rule=rule_id, version=version_id)
    return _put_in_force(desk, found, wanted[0])


def _put_in_force(desk: Desk, found: SiteRule, version: Version) -> SiteRule:
    require(desk.me.roles, AREA, "A")
    # A person alone at a desk that never joined has nobody to ask.
    if version.author == desk.me.person_id and desk.me.joined:
        raise Refusal("rule.own", rule=found.rule_id)
    with desk.journal.transaction() as txn:
        txn.transition("lexicon_rule", found.entity_id, "status", "publish", {"current": version.id})
    return site_rule(desk, found.rule_id)


def send_back(desk: Desk, rule_id: str, why: str) -> SiteRule:
    """Return a proposed new rule to its author. Raises Refusal role.denied, rule.unknown, flow.<code>."""
    require(desk.me.roles, AREA, "A")
    found = site_rule(desk, rule_id)
    with desk.journal.transaction() as txn:
        txn.transition("lexicon_rule", found.entity_id, "status", "return", {"why": why})
    return site_rule(desk, rule_id)


def retire(desk: Desk, rule_id: str, why: str) -> SiteRule:
    """Take a site's rule out of force; a shipped one of the same id counts again. Refusals as `send_back`."""
    require(desk.me.roles, AREA, "A")
    found = site_rule(desk, rule_id)
    with desk.journal.transaction() as txn:
        txn.transition("lexicon_rule", found.entity_id, "status", "retire", {"why": why})
    return site_rule(desk, rule_id)


def site_rules(desk: Desk) -> list[SiteRule]:
    """Every rule that the site wrote, by id."""
    from agentdesk.store import entities

    with desk.store.read() as conn:
        found = [_site_rule(state) for state in entities.each(conn, "lexicon_rule")]
    return sorted((one for one in found if one.versions), key=lambda one: one.rule_id)


def site_rule(desk: Desk, rule_id: str) -> SiteRule:
    """One of them. Raises Refusal rule.unknown."""
    found = next((one for one in site_rules(desk) if one.rule_id == rule_id), None)
    if found is None:
        raise Refusal("rule.unknown", rule=rule_id)
    return found


def search(desk: Desk, words: str) -> Iterator[Rule]:
    """The rules in force whose id, category or words hold what was typed, in the order of their ids."""
    wanted = words.casefold()
    for rule in sorted(library.rules(desk), key=lambda rule: rule.id):
        if not wanted or any(wanted in text.casefold() for text in (rule.id, rule.category, rule.why, *rule.patterns)):
            yield rule


def rule_entity(rule_id: str) -> str:
    """The entity of a rule: one rule id is one rule on every desk."""
    return derived_id("lexicon_rule", rule_id)


def _site_rule(state: EntityState) -> SiteRule:
    from agentdesk.store.projections.contents import in_force

    current, _ = in_force(state)
    lane = state.lane("status")
    versions = []
    for event in state.events("version"):
        try:
            rule = rule_from(event.value["rule"])
        except LexiconError:
            continue  # of a newer version of the program: `library.rules` says so in the log
        versions.append(Version(event.id, rule, instant(str(event.value["at"])), event.actor, event.id == current))
    name = versions[-1].rule.id if versions else ""
    return SiteRule(state.id, name, str(lane["state"]) if lane else "draft", tuple(versions))


def _begins(txn: Transaction, entity_id: str) -> bool:
    """Whether the rule enters its lane now: it is new, or was returned. An own step that still waits for the centre
    shows no effect, so a lane without a state is not enough to tell."""
    state = txn.state("lexicon_rule", entity_id)
    lane = state.lane("status") if state else None
    return state is None or (lane is not None and lane["state"] == "returned")
