"""The life of a lint rule: proposed with its tests, tried on what was sent, approved by another, retired, put back.

A proposal is a version of the rule that is not in force yet. It reaches every desk of the site, and only the step
`publish` by a person who may approve, and who did not write it, makes it count (standard §8: forbidden list).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState, instant
from agentdesk.changes.ids import derived_id
from agentdesk.desk import library, sent_texts
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.desk.rule_views import Shadow, SiteRule, Version
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may
from agentdesk.text.clean import clean_line
from agentdesk.text.lexicon import LexiconError, Rule, parse_table, rule_as_written, rule_from
from agentdesk.text.lint import Linter
from agentdesk.text.privacy import find_private, redact
from agentdesk.text.proving import Gap, asking, failing_tests, gaps
from agentdesk.text.rule_fields import strings

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

AREA = "forbidden_list"
RETURNED, ASIDE = "returned", "aside"
"""What a step of the lane may name beside the version in force: one that was returned, one that was replaced."""
EXAMPLES = 5
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MAX_SOURCE = 40_000
"""Characters of a rule's text: the largest that ships has a quarter of it."""
MAX_WHY = 200
"""Characters of the reason for a return or a retirement."""


def read(source: str) -> tuple[dict[str, Any], Rule]:
    """A rule from its TOML text, proven by its own tests. Raises Refusal rule.<problem> (rule, detail)."""
    if len(source) > MAX_SOURCE:
        raise Refusal("rule.too_long", rule="?", detail=str(MAX_SOURCE))
    try:
        table = parse_table(source)
    except LexiconError as error:
        raise Refusal(f"rule.{error.problem}", rule=error.rule, detail=error.detail) from error
    return table, check(table)


def check(table: Mapping[str, Any]) -> Rule:
    """A rule from its table, proven by its own tests. Raises Refusal rule.<problem> (rule, detail)."""
    try:
        rule = rule_from(table)
        _complete(rule)
        texts = list(strings(table))
        if sum(map(len, texts)) > MAX_SOURCE:
            raise LexiconError(rule.id, "too_long", str(MAX_SOURCE))
        if any(text for text in texts if any(find_private(text, contacts=False))):
            raise LexiconError(rule.id, "private")
        if {test.hit for test in rule.tests} != {True, False}:
            raise LexiconError(rule.id, "no_tests")
        if failing := failing_tests(rule):
            raise LexiconError(rule.id, "test_failed", failing[0])
        if rule.replacement and Linter([rule]).check(rule.replacement):
            raise LexiconError(rule.id, "replacement", rule.replacement)
    except LexiconError as error:
        raise Refusal(f"rule.{error.problem}", rule=error.rule, detail=error.detail) from error
    return rule


def _complete(rule: Rule) -> None:
    if not _ID.fullmatch(rule.id):
        raise LexiconError(clean_line(rule.id, 40) or "?", "id")
    if not (rule.category.strip() and rule.why.strip()):
        raise LexiconError(rule.id, "incomplete")
    if not (rule.patterns or rule.regex or rule.pair or rule.detect or rule.per_phase):
        raise LexiconError(rule.id, "no_patterns")


def unproven(rule: Rule) -> list[Gap]:
    """What the rule's tests leave open: worth a look, no reason to refuse."""
    return list(gaps(rule))


def shadow(desk: Desk, rule: Rule, days: int = sent_texts.DAYS) -> Shadow:
    """Try a rule on what was sent in the last days, before it goes live; its industries and channels count."""
    linter, where = Linter([rule]), asking(rule)
    industry = desk.settings.get("lint.industry")
    texts = found = 0
    examples: list[str] = []
    for sent in sent_texts.messages(desk, days):
        texts += 1
        if linter.check(sent.body, replace(where, channel=sent.channel, industry=industry)):
            found += 1
            if len(examples) < EXAMPLES:
                examples.append(mask_contacts(sent.body))
    return Shadow(days, texts, found, tuple(examples))


def may_write(desk: Desk) -> bool:
    """Whether the person may write rules (create or approve)."""
    return may(desk.me.roles, AREA, "C") or may(desk.me.roles, AREA, "A")


def propose(desk: Desk, source: str) -> SiteRule:
    """Write a new rule, or a new version of one, that waits for approval, from its TOML text. Refusals as `hand_in`."""
    _may_write(desk)
    table, _ = read(source)
    return hand_in(desk, table)


def hand_in(desk: Desk, table: Mapping[str, Any], then: Callable[[Transaction], None] | None = None) -> SiteRule:
    """Write a new rule, or a new version of one, that waits for approval. `then` is written with it or not at all.

    Raises Refusal: role.denied (who may create or approve), rule.<problem> (rule, detail).
    """
    _may_write(desk)
    rule = check(table)
    entity_id = rule_entity(rule.id)
    with desk.journal.transaction() as txn:
        begins = _begins(txn, entity_id)
        version = {"rule": dict(table), "effective_from": txn.now(), "at": txn.now()}
        txn.write("lexicon_rule", entity_id, root=entity_id, patch={"version": version})
        if begins:
            txn.transition("lexicon_rule", entity_id, "status", "draft")
        if then is not None:
            then(txn)
    return site_rule(desk, rule.id)


def _may_write(desk: Desk) -> None:
    if not may_write(desk):
        require(desk.me.roles, AREA, "A")


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
    # What is put aside by going back is not proposed again by itself; what nobody has decided on goes on waiting.
    aside = "" if found.proposed is not None else found.versions[-1].id
    with desk.journal.transaction() as txn:
        told = {"current": version.id, ASIDE: aside, RETURNED: "", "why": ""}
        txn.transition("lexicon_rule", found.entity_id, "status", "publish", told)
    return site_rule(desk, found.rule_id)


def send_back(desk: Desk, rule_id: str, why: str) -> SiteRule:
    """Return what is proposed to its author; a version in force stays so.

    Raises Refusal role.denied, rule.unknown, rule.nothing_proposed, rule.no_reason, flow.<code>.
    """
    found, said = _reasoned(desk, rule_id, why)
    if found.proposed is None:
        raise Refusal("rule.nothing_proposed", rule=rule_id)
    with desk.journal.transaction() as txn:
        if found.in_force is not None:  # it stays so: put in force once more, beside what is returned
            told = {"current": found.in_force.id, RETURNED: found.proposed.id, "why": said}
            txn.transition("lexicon_rule", found.entity_id, "status", "publish", told)
        else:
            txn.transition("lexicon_rule", found.entity_id, "status", "return", {"why": said})
    return site_rule(desk, rule_id)


def retire(desk: Desk, rule_id: str, why: str) -> SiteRule:
    """Take a site's rule out of force; a shipped one of the same id counts again.

    Raises Refusal role.denied, rule.unknown, rule.not_in_force, rule.no_reason.
    """
    found, said = _reasoned(desk, rule_id, why)
    if found.in_force is None:
        raise Refusal("rule.not_in_force", rule=rule_id)
    with desk.journal.transaction() as txn:
        txn.transition("lexicon_rule", found.entity_id, "status", "retire", {"why": said})
    return site_rule(desk, rule_id)


def _reasoned(desk: Desk, rule_id: str, why: str) -> tuple[SiteRule, str]:
    """The rule and the reason, where this person may decide and says one."""
    require(desk.me.roles, AREA, "A")
    found = site_rule(desk, rule_id)
    said = clean_line(redact(why)[0], MAX_WHY).strip()
    if not said:
        raise Refusal("rule.no_reason")
    return found, said


def site_rules(desk: Desk) -> list[SiteRule]:
    """Every rule that the site wrote, by id."""
    from agentdesk.store import entities

    with desk.store.read() as conn:
        waiting = entities.waiting(conn, "lexicon_rule") if desk.me.joined else set()
        found = [_site_rule(state, state.id in waiting) for state in entities.each(conn, "lexicon_rule")]
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


def _site_rule(state: EntityState, waiting: bool) -> SiteRule:
    from agentdesk.store.projections.contents import in_force

    current, _ = in_force(state)
    lane = state.lane("status") or {}
    versions = []
    for event in state.events("version"):
        try:
            rule = rule_as_written(event.value["rule"])
        except LexiconError:
            continue  # of a newer version of the program: `library.rules` says so in the log
        versions.append(Version(event.id, rule, instant(str(event.value["at"])), event.actor, event.id == current))
    name = versions[-1].rule.id if versions else ""
    aside = frozenset(str(lane[key]) for key in (RETURNED, ASIDE) if lane.get(key))
    why = str(lane.get("why") or "")
    return SiteRule(state.id, name, str(lane.get("state") or "draft"), tuple(versions), aside, why, waiting)


def _begins(txn: Transaction, entity_id: str) -> bool:
    """Whether the rule enters its lane now: it is new, was returned or retired. An own step that still waits for the
    centre shows no effect, so a lane without a state is not enough to tell."""
    state = txn.state("lexicon_rule", entity_id)
    lane = state.lane("status") if state else None
    return state is None or (lane is not None and lane["state"] in ("returned", "retired"))
