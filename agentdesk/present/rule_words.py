"""Lint rules as text: a line of the list, a rule to read, what two versions differ in, what a trial found.

Every word of a rule is data: it goes through `present.safe`. Columns are as wide as their widest word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.desk.rule_views import STATES
from agentdesk.present import timefmt
from agentdesk.present.i18n import t
from agentdesk.present.labels import label, widest
from agentdesk.present.safe import ACCENT, DIM, ERROR, STRONG, WARNING, Piece, cut, fit, line, lines, width, wrapped
from agentdesk.text.lexicon import SEVERITIES, Rule
from agentdesk.text.rule_fields import EVERYWHERE, Difference, differences, fields_of, unseen

if TYPE_CHECKING:
    from agentdesk.desk.rule_views import ListedRule, Shadow, SiteRule, Version
    from agentdesk.text.proving import Gap

CATEGORIES = (
    "blame", "perfunctory", "excuse", "anger", "cold", "evasion", "jargon", "absolute_claim", "overpromise",
    "unauthorised_compensation", "unbacked_date", "finance_yield", "privacy", "unfilled",
)  # fmt: skip
"""The categories of the standard §5.4 and §5.5 in the order of a form."""

INDUSTRIES = ("retail", "finance", "telecom", "logistics", "travel", "public")
"""Industries that have a word of their own; a site may name others by any code."""
ID_CELLS = 16
AUTHOR_FROM = 64
"""Cells of a line from which it tells the author."""
_STYLES = {"block": ERROR, "warn": WARNING, "hint": DIM}
_SHOWN = 60
"""Entries of one list that are read out; the rest is counted."""


def row(one: ListedRule, cells: int) -> Content:
    """One line of the list: where it stands, id, severity, category, number of patterns, scope, author, its words."""
    state = (fit(state_word(one), _state_cells()), ACCENT if one.state == "proposed" else DIM)
    severity = (fit(label("severity", one.rule.severity), widest("severity", SEVERITIES)), _STYLES[one.rule.severity])
    category = fit(label("lint", one.rule.category), widest("lint", CATEGORIES))
    count = fit(str(len(one.rule.patterns)), 4, "right")
    head: list[Piece] = [state, " ", (fit(one.rule.id, ID_CELLS), STRONG), " ", severity, " ", category, (count, DIM)]
    used = sum(width(piece if isinstance(piece, str) else piece[0]) for piece in head)
    aside = "  ".join(part for part in (scope(one.rule), one.author if cells >= AUTHOR_FROM else "") if part)
    rest = max(0, cells - used - 2)
    aside = cut(aside, rest // 2)
    words = cut(t("list.comma").join(one.rule.patterns[:5]), max(0, rest - (width(aside) + 2 if aside else 0)))
    gap = " " * max(0, rest - width(words) - width(aside))
    return line(*head, "  ", (words, DIM), gap, (aside, DIM))


def heading(cells: int) -> Content:
    """The columns of the list."""
    told = (
        (t("rulelist.state"), _state_cells() + 1),
        (t("rulelist.id"), ID_CELLS + 1),
        (t("rulelist.severity"), widest("severity", SEVERITIES) + 1),
        (t("rulelist.category"), widest("lint", CATEGORIES)),
    )
    count = fit(t("rulelist.count"), 4, "right")
    return line((cut("".join(fit(word, room) for word, room in told) + count, cells), DIM))


def state_word(one: ListedRule) -> str:
    """Where a rule stands."""
    return t(f"rulestate.{one.state}")


def _state_cells() -> int:
    return widest("rulestate", STATES)


def scope(rule: Rule) -> str:
    """The industries and channels that a rule is for; nothing where it is for all."""
    told = [label("industry", one) for one in rule.industries if one != EVERYWHERE]
    told += [label("channel", one) for one in rule.channels if one != EVERYWHERE]
    return t("list.comma").join(told)


def haystack(one: ListedRule, first_letters: Mapping[str, str]) -> str:
    """What a rule is found by: id, category, state, severity, reason, words, and the initials of its words."""
    words = (one.rule.category, label("lint", one.rule.category), *one.rule.patterns)
    letters = ("".join(first_letters.get(char, "") for char in word) for word in words)
    told = (one.rule.id, label("severity", one.rule.severity), state_word(one), one.rule.why, one.author)
    return "\n".join((*told, scope(one.rule), *words, *letters)).casefold()


# -- a rule to read ---------------------------------------------------------------------------------------------------


def reader(one: ListedRule, cells: int) -> Content:
    """A whole rule, so many cells wide: where it stands, what is proposed, the rule, its tests, its versions."""
    rule = one.rule
    head = (rule.id, STRONG), "  ", (label("severity", rule.severity), _STYLES[rule.severity]), "  "
    told = [line(*head, cut(label("lint", rule.category), cells))]
    told += _standing(one, cells)
    if one.site is not None and one.site.proposed is not None and one.site.proposed.rule != rule:
        told += [Content(""), line((t("rulelist.proposed_changes"), ACCENT))]
        told += changes(differences(rule, one.site.proposed.rule), cells)
    told += [Content(""), *_paragraph(rule.why, cells)]
    told += _words(rule, cells)
    told += _tests(rule, cells)
    told += _versions(one, cells) if one.site is not None else []
    return lines(*told)


def _standing(one: ListedRule, cells: int) -> list[Content]:
    parts = [state_word(one), t("rulelist.patterns_count", count=len(one.rule.patterns)), scope(one.rule)]
    if one.shipped is not None and one.site is not None:
        parts.append(t("rulelist.over_shipped"))
    told = [line((cut("  ".join(part for part in parts if part), cells), DIM))]
    if one.site is not None and one.site.waiting:
        told.append(line((cut(t("rulelist.waiting"), cells), ACCENT)))
    if one.site is not None and one.site.why:
        told += _hanging((t("rulelist.reason") + " ", DIM), one.site.why, cells)
    return told


def _words(rule: Rule, cells: int) -> list[Content]:
    form = fields_of(rule)
    told: list[Content] = []
    for name in ("patterns", "replace", "plain", "before", "around"):
        entries = str(form[name]).split("\n") if form[name] else []
        if entries:
            told += [Content(""), line((t(f"field.rule_{name}"), DIM))]
            told += _paragraph(_listed(entries), cells)
    if form["quoted"]:
        told.append(line((cut(t("rulelist.quoted"), cells), DIM)))
    if more := unseen(rule):
        told.append(line((cut(t("rulelist.unseen", count=more), cells), DIM)))
    return told


def _listed(entries: Sequence[str]) -> str:
    more = t("rulelist.more", count=len(entries) - _SHOWN) if len(entries) > _SHOWN else ""
    return t("list.comma").join(entries[:_SHOWN]) + more


def _tests(rule: Rule, cells: int) -> list[Content]:
    if not rule.tests:
        return []
    told = [Content(""), line((t("rulelist.tests", count=len(rule.tests)), DIM))]
    for test in sorted(rule.tests, key=lambda test: not test.hit):
        told += _hanging((t("rulelist.hit" if test.hit else "rulelist.pass") + " ", DIM), test.text, cells)
    return told


def _versions(one: ListedRule, cells: int) -> list[Content]:
    assert one.site is not None
    told = [Content(""), line((t("rulelist.versions", count=len(one.site.versions)), DIM))]
    before = one.shipped
    listed = []
    for version in one.site.versions:
        listed.append((version, differences(before, version.rule) if before is not None else []))
        before = version.rule
    for version, changed in reversed(listed):
        told.append(line((cut(version_line(one, version), cells), STRONG if version.in_force else "")))
        told += changes(changed, cells)
    return told


def version_line(one: ListedRule, version: Version) -> str:
    """A version in one line: when, by whom, where it stands."""
    assert one.site is not None
    parts = (timefmt.date(version.at), one.people.get(version.author, ""), t(f"rules.{_place(one.site, version)}"))
    return "  ".join(part for part in parts if part)


def _place(site: SiteRule, version: Version) -> str:
    if version.in_force:
        return "in_force"
    if version == site.proposed:
        return "proposed"
    return "earlier"


def changes(changed: Iterable[Difference], cells: int) -> list[Content]:
    """What differs, a line a field with what went (-) and what came (+)."""
    told: list[Content] = []
    for one in changed:
        parts = [f"- {text}" for text in one.gone] + [f"+ {text}" for text in one.come]
        told += _hanging((f"  {t(f'field.rule_{one.field}')} ", DIM), "  ".join(parts), cells)
    return told


def _hanging(lead: tuple[str, str], text: str, cells: int) -> list[Content]:
    indent = width(lead[0])
    first, *more = wrapped(text, max(8, cells - indent))
    return [line(lead, first), *(line(" " * indent, part) for part in more)]


def _paragraph(text: str, cells: int) -> list[Content]:
    return [line(part) for part in wrapped(text, cells)]


# -- a trial ----------------------------------------------------------------------------------------------------------


def trial(shadow: Shadow, gaps: Sequence[Gap], cells: int) -> list[Content]:
    """What a rule would have found, with examples, and what its tests leave open; for the question before it."""
    told = [line((t("rules.shadow", days=shadow.days, texts=shadow.texts, found=shadow.found), STRONG))]
    told += [line(("  " + cut(text, max(8, cells - 2)), DIM)) for text in shadow.examples]
    return told + [line((cut(t(f"rules.gap.{gap.problem}", detail=gap.detail), cells), WARNING)) for gap in gaps[:5]]
