"""What a supervisor looks through: every rule with where it stands, and wordings that could become one."""

from __future__ import annotations

from agentdesk.desk import library, rules, sent_texts
from agentdesk.desk.context import Desk
from agentdesk.desk.rule_views import STATES, ListedRule, SiteRule
from agentdesk.text.lexicon import Rule
from agentdesk.text.suggesting import Suggestion, suggest


def listed(desk: Desk) -> list[ListedRule]:
    """Every rule in force and every rule of the site: what waits for somebody first, then by id."""
    shipped = {rule.id: rule for rule in library.shipped_rules()}
    counting = {rule.id: rule for rule in desk.linter.rules}
    site = {one.rule_id: one for one in rules.site_rules(desk)}
    people = {
        version.author: desk.person(version.author).name or version.author[:8]
        for one in site.values()
        for version in one.versions
    }
    found = [
        ListedRule(_shown(counting.get(name), site.get(name)), _state(name in counting, site.get(name)),
                   site.get(name), shipped.get(name), people)
        for name in {**counting, **site}
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.state != "proposed", one.rule.id))


def one(desk: Desk, rule_id: str) -> ListedRule | None:
    """One of them; None where there is no such rule."""
    return next((found for found in listed(desk) if found.rule.id == rule_id), None)


def _shown(counting: Rule | None, site: SiteRule | None) -> Rule:
    if counting is not None:
        return counting
    assert site is not None
    return site.versions[-1].rule


def _state(counts: bool, site: SiteRule | None) -> str:
    if site is None:
        return "shipped"
    if site.proposed is not None:
        return "proposed"
    if site.state not in STATES:  # of a newer version of the program
        return "draft"
    return "shipped" if counts and site.state != "published" else site.state


def suggestions(desk: Desk, days: int = sent_texts.DAYS) -> list[Suggestion]:
    """Wordings of the site's own sent texts that are near a forbidden one and that no rule holds, proposed ones
    included; those that somebody refused here are left out."""
    from agentdesk.store import refused_wordings

    proposed = [one.proposed.rule for one in rules.site_rules(desk) if one.proposed is not None]
    refused = set(refused_wordings.load(desk.store.raw()))
    found = suggest(sent_texts.since(desk, days), [*library.rules(desk), *proposed])
    return [one for one in found if one.wording not in refused]


def refuse(desk: Desk, wording: str) -> None:
    """Never suggest a wording again on this machine."""
    from agentdesk.store import refused_wordings

    with desk.store.plain_write() as conn:
        refused_wordings.add(conn, wording)
