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
from agentdesk.desk import library, review, sent_texts
from agentdesk.desk.context import Desk
from agentdesk.desk.rule_views import Shadow, SiteRule, Version
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.text.clean import clean_line
from agentdesk.text.lexicon import LexiconError, Rule, parse_table, rule_as_written, rule_from
from agentdesk.text.lint import Linter
from agentdesk.text.privacy import find_private
from agentdesk.text.proving import Gap, asking, failing_tests, gaps
from agentdesk.text.rule_fields import strings

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

AREA = "forbidden_list"
KIND = review.Reviewed("lexicon_rule", AREA, "rule", no_reason="rule.no_reason", not_in_force="rule.not_in_force")
EXAMPLES = 5
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MAX_SOURCE = 40_000
"""Characters of a rule's text: the largest that ships has a quarter of it."""


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
    return review.can_write(desk, KIND)


def propose(desk: Desk, source: str) -> SiteRule:
    """Write a new rule, or a new version of one, that waits for approval, from its TOML text. Refusals as `hand_in`."""
    review.may_write(desk, KIND)
    table, _ = read(source)
    return hand_in(desk, table)


def hand_in(desk: Desk, table: Mapping[str, Any], then: Callable[[Transaction], None] | None = None) -> SiteRule:
    """Write a new rule, or a new version of one, that waits for approval. `then` is written with it or not at all.

    Raises Refusal: role.denied (who may create or approve), rule.<problem> (rule, detail).
    """
    review.may_write(desk, KIND)
    rule = check(table)
    with desk.journal.transaction() as txn:
        version = review.version(txn, {"rule": dict(table)})
        review.write(txn, KIND, rule_entity(rule.id), {"version": version})
        if then is not None:
            then(txn)
    return site_rule(desk, rule.id)


def approve(desk: Desk, rule_id: str, seen: str = "") -> SiteRule:
    """Put the proposed version in force. `seen` and refusals as in `review.approve`, and rule.unknown."""
    review.approve(desk, KIND, site_rule(desk, rule_id), seen)
    return site_rule(desk, rule_id)


def put_back(desk: Desk, rule_id: str, version_id: str) -> SiteRule:
    """Put an earlier version in force again (roll back). Refusals as `review.put_back`, and rule.unknown."""
    review.put_back(desk, KIND, site_rule(desk, rule_id), version_id)
    return site_rule(desk, rule_id)


def send_back(desk: Desk, rule_id: str, why: str, seen: str = "") -> SiteRule:
    """Return what is proposed to its author. `seen` and refusals as in `review.send_back`, and rule.unknown,
    rule.no_reason."""
    review.send_back(desk, KIND, site_rule(desk, rule_id), why, seen)
    return site_rule(desk, rule_id)


def retire(desk: Desk, rule_id: str, why: str) -> SiteRule:
    """Take a site's rule out of force; a shipped one of the same id counts again.

    Refusals as `review.retire`, and rule.unknown, rule.not_in_force, rule.no_reason.
    """
    review.retire(desk, KIND, site_rule(desk, rule_id), why)
    return site_rule(desk, rule_id)


def site_rules(desk: Desk) -> list[SiteRule]:
    """Every rule that the site wrote, by id."""
    return review.every(desk, KIND, _site_rule)


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


def _site_rule(state: EntityState, waiting: bool) -> SiteRule | None:
    from agentdesk.store.projections.contents import in_force

    current, _ = in_force(state)
    versions = []
    for event in state.events("version"):
        try:
            rule = rule_as_written(event.value["rule"])
        except LexiconError:
            continue  # of a newer version of the program: `library.rules` says so in the log
        versions.append(Version(event.id, instant(str(event.value["at"])), event.actor, event.id == current, rule))
    if not versions:
        return None
    return SiteRule(state.id, versions[-1].rule.id, state.lane("status") or {}, tuple(versions), waiting)
