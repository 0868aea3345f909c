"""Articles of the site in words: where one stands and why, what a version changed, the whole as it will be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from textual.content import Content

from agentdesk.changes import instant
from agentdesk.desk import article_changes
from agentdesk.desk.article_changes import FieldChange
from agentdesk.desk.site_articles import DAYS, Found, SiteArticle, Version
from agentdesk.domain.article_links import ArticleLink, Target
from agentdesk.domain.articles import needs_legal
from agentdesk.present import timefmt
from agentdesk.present.columns import article_label
from agentdesk.present.i18n import t
from agentdesk.present.labels import label
from agentdesk.present.safe import DIM, ERROR, GOOD, STRONG, WARNING, line, plain, wrapped

_STYLES = {article_changes.IN: GOOD, article_changes.OUT: ERROR, article_changes.SAME: DIM}


@dataclass(frozen=True, slots=True)
class Told:
    """An article with the names of those who wrote and judged it."""

    found: Found
    names: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[FieldChange, ...] = ()
    """What a proposal would change of what is in force."""
    breaks: tuple[tuple[ArticleLink, Target], ...] = ()
    """Links in it that lead nowhere."""


def standing(told: Told, cells: int) -> list[Content]:
    """Where it stands, and what somebody said about it; each line as wide as there is room."""
    found, site = told.found, told.found.site
    rows = [
        (" ".join((label("article_state", found.stands), label("article_kind", str(found.value.get("kind"))))), DIM)
    ]
    if found.due is not None:
        key = "articles.overdue" if found.overdue else "articles.due"
        rows.append((t(key, date=found.due.astimezone().date().isoformat()), WARNING if found.overdue else DIM))
    if found.announced is not None:
        rows.append((t("articles.announced", date=timefmt.date(found.announced)), WARNING))
    if found.flag:
        rows.append((t("articles.flagged", why=plain(found.flag)), WARNING))
    if site is not None:
        rows += _said(site, told.names)
    rows += [(broken_link(link, target), WARNING) for link, target in told.breaks]
    return [line((part, style)) for text, style in rows for part in wrapped(text, max(20, cells))]


def broken_link(link: ArticleLink, target: Target) -> str:
    """Why a link leads nowhere, with what it names."""
    return t(f"articles.link.{target.state}", link=plain(link.id), title=plain(target.title))


def _said(site: SiteArticle, names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    if site.why and site.stands in ("returned", "retired", "withdrawn"):
        yield t("phrases.reason", why=site.why), WARNING
    if site.waiting:
        yield t("articles.unsent"), DIM
    if site.proposed is not None and needs_legal(site.proposed.value):
        yield _legal(site, site.proposed, names), WARNING
    if len(site.rivals) > 1:
        who = t("list.comma").join(names.get(one.author, "") for one in site.rivals)
        yield t("articles.rivals", count=len(site.rivals), who=who), WARNING


def _legal(site: SiteArticle, version: Version, names: Mapping[str, str]) -> str:
    word = site.legal_word(version)
    if word is None:
        return t("articles.legal.none")
    who = names.get(word.person, "")
    return t("articles.legal.objected", who=who, why=word.why) if word.why else t("articles.legal.approved", who=who)


def changed(changes: Iterable[FieldChange], cells: int) -> list[Content]:
    """What two versions say differently: a field, then its lines with `-` and `+` before them."""
    rows: list[Content] = []
    for one in changes:
        rows.append(line((article_label(one.field), STRONG)))
        for kind, text in one.lines:
            style = _STYLES.get(kind, DIM)
            parts = wrapped(_value(one.field, text), max(10, cells - 2))
            rows += [line((f"{kind if at == 0 else ' '} {part}", style)) for at, part in enumerate(parts)]
    return rows


def _value(name: str, text: str) -> str:
    kinds = {"kind": "article_kind", "category": "sub_type", "audience": "article.audience", "industry": "industry"}
    if name in DAYS and text:
        return instant(text).astimezone().date().isoformat()
    return label(kinds[name], text) if name in kinds and text else text


def version_line(told: Told, site: SiteArticle, version: Version) -> str:
    """When and by whom a version was written, and whether it counts or waits; of a policy, from when it will count."""
    begins = told.found.announced if version.in_force else None
    state = "in_force" if version.in_force else "proposed" if version in site.rivals else "earlier"
    word = t("articles.begins", date=timefmt.date(begins)) if begins is not None else t(f"rules.{state}")
    return f"{timefmt.stamp(version.at)} {told.names.get(version.author, '')} {word}"
