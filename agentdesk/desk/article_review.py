"""The life of an article that the site writes: drafted, reviewed, returned, in force, flagged, retired (§6.1).

An article walks the lane of phrases and rules. A policy, and anything of finance, wants the word of legal beside the
reviewer's. Written over a shipped one, it takes that one's place as an import of the same id would. The words by which
it is found lie in each version, and count with it. Rows are light: a base of ten thousand articles is not held whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState, Event, instant
from agentdesk.desk import article_flags, review
from agentdesk.desk.article_check import Checked, check, fields_of
from agentdesk.desk.context import Desk
from agentdesk.desk.own_phrases import rule_names
from agentdesk.desk.permission import require
from agentdesk.desk.site_articles import (
    DAYS,
    OVERDUE,
    SHIPPED,
    STATES,
    WAITING,
    Found,
    LegalWord,
    Row,
    SiteArticle,
    Version,
)
from agentdesk.domain import policies
from agentdesk.domain.articles import SETS, needs_legal
from agentdesk.domain.content import article_id
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.review_lane import APPROVED, FLAGGED, LEGAL, OBJECTED
from agentdesk.domain.roles import LEGAL_POSTS, may
from agentdesk.text.fold import folded

if TYPE_CHECKING:
    from agentdesk.domain.content import StarterArticle
    from agentdesk.store.transaction import Transaction

AREA = "kb_article"
KIND = review.Reviewed("article", AREA, "article", no_reason="article.why", not_in_force="article.state")
_ORDER = {state: place for place, state in enumerate(STATES)}
_LIST = "article:list"
"""What the list is kept by, until an article is written."""
_MADE = "made_articles"
"""What the list was made of is kept by, whatever is written."""
_NOT_COPIED = ("at", "imported", "withdrawn", "words")
"""What a next version does not take over from the one before."""


# -- looking ----------------------------------------------------------------------------------------------------------


def every(desk: Desk, words: str = "", stands: str = "", limit: int = 0) -> list[Row]:
    """Articles to look through, those that wait for somebody first; `limit` 0: all of them.

    What the list needs of each is read once and kept until an article is written; bodies are left to the search.
    """
    wanted = folded(words.strip())
    listed = desk.kept(_LIST, lambda: _all_listed(desk))
    periods, now = _periods(desk), desk.now()
    flags = article_flags.of_shipped(desk)
    found = (_now(one, periods, now, flags) for one in listed if not wanted or wanted in one.searched)
    rows = [row for row in found if not stands or stands == row.stands or (stands == OVERDUE and row.overdue)]
    rows.sort(key=lambda row: (_ORDER.get(row.urgent, len(STATES)), row.title))
    return rows[:limit] if limit else rows


@dataclass(frozen=True, slots=True)
class _Listed:
    """A row without its dates, which move with the clock, nor the flag of what ships; the instant that the dates count
    from; the words it is found by."""

    row: Row
    reviewed_at: datetime | None
    searched: str


def _listed(one: Found) -> _Listed:
    site = one.site
    flag, waits = (site.flag, len(site.rivals)) if site else ("", 0)
    row = Row(one.id, one.title, str(one.value.get("kind") or ""), one.stands, flag=flag, waits=waits)
    return _Listed(row, site.counted_from if site else None, _searched(one))


def _now(one: _Listed, periods: tuple[timedelta, timedelta], now: datetime, flags: Mapping[str, str]) -> Row:
    if one.row.stands == SHIPPED and one.row.id in flags:
        return replace(one.row, stands=FLAGGED, flag=flags[one.row.id])
    if one.reviewed_at is None:
        return one.row
    due = one.reviewed_at + periods[one.row.kind == "product"]
    return replace(one.row, due=due, overdue=due < now)


@dataclass(slots=True)
class _Made:
    """What the list holds of each article by its id, with the mark of its row; None where the site has none to show."""

    of: dict[str, tuple[tuple[int, bool], _Listed | None]] = field(default_factory=dict)


def _all_listed(desk: Desk) -> list[_Listed]:
    """Every article; a shipped one only where the site has none in its place. Only what changed is read whole."""
    from agentdesk.store import entities, starter

    shipped = {one.id: one for one in starter.articles()}
    made = desk.kept(_MADE, _Made)
    before, after = made.of, {}
    with desk.store.read() as conn:
        waiting = entities.waiting(conn, KIND.entity) if desk.me.joined else set()
        for entity_id, row, read in entities.each_read(conn, KIND.entity):
            if entity_id in shipped:
                continue
            mark = (row, entity_id in waiting)
            known = before.get(entity_id)
            after[entity_id] = known if known and known[0] == mark else (mark, _own(desk, read(), mark[1], shipped))
    made.of = after
    own = {entity_id: one for entity_id, (_, one) in after.items() if one is not None}
    return [*own.values(), *(_listed(_shipped(one)) for one in shipped.values() if article_id(one.code) not in own)]


def _own(desk: Desk, state: EntityState, waits: bool, shipped: Mapping[str, StarterArticle]) -> _Listed | None:
    site = _site_article(state, waits)
    if site is None or (site.state == "retired" and site.proposed is None and _ships(site, shipped)):
        return None
    return _listed(_found(desk, site))


def _ships(site: SiteArticle, shipped: Mapping[str, StarterArticle]) -> bool:
    return any(article_id(one.code) == site.entity_id for one in shipped.values())


def _found(desk: Desk, site: SiteArticle) -> Found:
    due = _due(desk, str(site.shown.value.get("kind") or ""), site.counted_from)
    late = due is not None and due < desk.now()
    announced = site.begins if site.begins is not None and site.begins > desk.now() else None
    return Found(site.entity_id, site.shown.value, site.words, site.stands, site, due, late, site.flag, announced)


def _shipped(one: StarterArticle, flag: str = "") -> Found:
    words = {"tags": one.tags, "keywords": one.keywords, "synonyms": one.synonyms}
    return Found(one.id, dict(one.change().patch["version"]), words, FLAGGED if flag else SHIPPED, flag=flag)


def _searched(one: Found) -> str:
    names = ("title", "source_id", "product", "category")
    texts = [str(one.value.get(name) or "") for name in names]
    return folded("\n".join((*texts, *(word for name in SETS for word in one.words.get(name, ())))))


def find(desk: Desk, entity_id: str) -> Found:
    """One of them, whole. Raises Refusal article.unknown."""
    shipped = _of_pack(entity_id)
    site = _load(desk, article_id(shipped.code) if shipped is not None else entity_id)
    if shipped is not None and (site is None or (site.state == "retired" and site.proposed is None)):
        return _shipped(shipped, article_flags.of_shipped(desk).get(entity_id, ""))
    if site is None:
        raise Refusal("article.unknown")
    return _found(desk, site)


def _of_pack(entity_id: str) -> StarterArticle | None:
    from agentdesk.store import starter

    return next((one for one in starter.articles() if one.id == entity_id), None)


def site_article(desk: Desk, entity_id: str) -> SiteArticle:
    """One that the site wrote. Raises Refusal article.unknown, article.shipped."""
    found = find(desk, entity_id)
    if found.site is None:
        raise KIND.refusal("shipped", found.title)
    return found.site


def _load(desk: Desk, entity_id: str) -> SiteArticle | None:
    from agentdesk.store import entities

    with desk.store.read() as conn:
        state = entities.load(conn, [(KIND.entity, entity_id)]).get((KIND.entity, entity_id))
        waits = desk.me.joined and state is not None and state.id in entities.waiting(conn, KIND.entity)
    return _site_article(state, waits) if state is not None else None


def _site_article(state: EntityState, waiting: bool) -> SiteArticle | None:
    from agentdesk.store.projections.contents import in_force

    events = state.events("version")
    if not events:
        return None  # written by another program: no words of it are known
    current, _ = in_force(state)
    versions = tuple(
        Version(one.id, instant(str(one.value["at"])), one.actor, one.id == current, one.value) for one in events
    )
    lane = state.lane("status") or {}
    last = next((step for step in reversed(lane.get("trail") or ()) if step["t"] == "publish"), None)
    found = SiteArticle(
        entity_id=state.id,
        name="",
        lane=lane,
        versions=versions,
        waiting=waiting,
        words={name: tuple(state.elements(name)) for name in SETS},
        legal=tuple(map(_legal_word, state.events("reviewed"))),
        reviewed_at=instant(str(last["at"])) if last else None,
        begins=_begins(state, current),
    )
    return replace(found, name=str(found.shown.value.get("title") or ""))


def _begins(state: EntityState, current: str) -> datetime | None:
    if not policies.is_policy(state):
        return None
    return next((one.start for one in reversed(policies.approvals(state)) if one.version == current), None)


def _legal_word(one: Event) -> LegalWord:
    said = {name: mask_contacts(str(one.value.get(name) or "")) for name in ("result", "why")}
    return LegalWord(version=str(one.value.get("version") or ""), person=one.actor, at=one.at, **said)


def _due(desk: Desk, kind: str, reviewed_at: datetime | None) -> datetime | None:
    """When somebody should look at it again."""
    return None if reviewed_at is None else reviewed_at + _periods(desk)[kind == "product"]


def _periods(desk: Desk) -> tuple[timedelta, timedelta]:
    """After what time an article should be looked at again, and one about a product."""
    other, product = map(desk.settings.seconds, ("kb.review.other", "kb.review.product"))
    return timedelta(seconds=other), timedelta(seconds=product)


# -- writing ----------------------------------------------------------------------------------------------------------


def can_propose(desk: Desk) -> bool:
    """Whether the person may write a draft: who may propose, create or approve."""
    return any(may(desk.me.roles, AREA, right) for right in ("P", "C", "A"))


def can_submit(desk: Desk) -> bool:
    """Whether what the person writes goes to the reviewer at once, rather than to a specialist first."""
    return review.can_write(desk, KIND)


def propose(
    desk: Desk, row: Mapping[str, Any], entity_id: str = "", *, confirmed: bool = False, source_request: str = ""
) -> SiteArticle:
    """Write a new article, or a new version of one, that waits for approval; who may only propose leaves a draft.

    Raises Refusal: role.denied, article.wrong (article_field, problem, about), article.confirm (findings, rules) unless
    `confirmed`, article.same where nothing would be changed, article.unknown.
    """
    if not can_propose(desk):
        require(desk.me.roles, AREA, "P")
    known = find(desk, entity_id) if entity_id else None
    made = check(desk, _same_days(desk, row, known))
    if made.wrong:
        wrong = made.wrong[0]
        raise Refusal("article.wrong", article_field=wrong.field, problem=wrong.problem, about=wrong.kind)
    if made.warned and not confirmed:
        found = tuple(finding for _, finding in made.warned)
        raise Refusal("article.confirm", findings=found, rules=rule_names(found))
    if known is not None and _unchanged(known, made):
        raise KIND.refusal("same", known.title)
    with desk.journal.transaction() as txn:
        written = _write(desk, txn, made, known, source_request)
    return site_article(desk, written)


def _unchanged(known: Found, made: Checked) -> bool:
    if known.site is not None and known.stands not in (WAITING, "draft", "published"):
        return False
    latest = _latest(known)
    said = {**made.value, "effective_from": made.value["effective_from"] or latest.get("effective_from")}
    return fields_of(latest, known.words) == fields_of(said, {})


def _same_days(desk: Desk, row: Mapping[str, Any], known: Found | None) -> Mapping[str, Any]:
    """A form shows days; one that nobody changed, or that is not given, stays the instant that it was."""
    if known is None:
        return row
    shown, latest = typed(desk, known), _latest(known)
    return {**row, **{name: latest.get(name) for name in DAYS if row.get(name, shown[name]) == shown[name]}}


def _latest(known: Found) -> Mapping[str, Any]:
    """What its latest version says, in force or not."""
    return known.site.versions[-1].value if known.site is not None else known.value


def _write(desk: Desk, txn: Transaction, made: Checked, known: Found | None, source_request: str) -> str:
    """Write the version into the caller's transaction; returns the id of its article."""
    before = {name: value for name, value in _latest(known).items() if name not in _NOT_COPIED} if known else {}
    value = {**before, **made.value, "at": txn.now()}
    value["effective_from"] = value["effective_from"] or txn.now()
    if source_request:
        value["source_request"] = source_request
    entity_id = _place(txn, known)
    review.write(txn, KIND, entity_id, {"version": value}, step="submit" if can_submit(desk) else "draft")
    return entity_id


def _place(txn: Transaction, known: Found | None) -> str:
    if known is None:
        return txn.new_id()
    return known.site.entity_id if known.site is not None else article_id(str(known.value["source_id"]))


def submit(desk: Desk, entity_id: str) -> SiteArticle:
    """Hand a draft in for review as it stands. Raises Refusal role.denied, article.state, article.unknown."""
    require(desk.me.roles, AREA, "C")
    review.submit(desk, KIND, site_article(desk, entity_id))
    return site_article(desk, entity_id)


# -- deciding ---------------------------------------------------------------------------------------------------------


def approve(desk: Desk, entity_id: str, version_id: str = "") -> SiteArticle:
    """Put the proposed version in force, or the one that is named: another of those that wait, or an earlier one.

    Refusals as `review.approve` and `review.named`, and article.unknown, article.legal, article.legal_only.
    """
    found = site_article(desk, entity_id)
    wanted = review.named(KIND, found, version_id) if version_id else found.proposed
    if wanted is None:
        raise KIND.refusal("nothing_proposed", found.name)
    require(desk.me.roles, AREA, "A")
    if desk.me.joined:
        _may_approve(desk, found, wanted)
    review.put_in_force(desk, KIND, found, wanted, _words_of(found, wanted))
    return site_article(desk, entity_id)


def _may_approve(desk: Desk, found: SiteArticle, wanted: Version) -> None:
    """What the centre will ask of a policy, so that the desk says it at once."""
    if wanted.author == desk.me.person_id:
        raise KIND.refusal("own", found.name)
    if not needs_legal(wanted.value):
        if not may(set(desk.me.roles) - LEGAL_POSTS, AREA, "A"):
            raise KIND.refusal("legal_only", found.name)
        return
    word = found.legal_word(wanted, publisher=desk.me.person_id)
    if word is None or word.result != APPROVED:
        raise KIND.refusal("legal", found.name)


def _words_of(found: SiteArticle, wanted: Version) -> dict[str, dict[str, bool]]:
    """The sets as this version wants them; a version of an import leaves them as they are."""
    words = wanted.value.get("words")
    if not isinstance(words, dict):
        return {}
    sets = {name: dict.fromkeys(found.words[name], False) | dict.fromkeys(words.get(name) or (), True) for name in SETS}
    return {name: value for name, value in sets.items() if value}


def give_legal_word(desk: Desk, entity_id: str, version_id: str = "", *, objection: str = "") -> SiteArticle:
    """Say for legal that a policy or an article of finance may be in force, or why not.

    Raises Refusal role.denied, article.nothing_proposed, article.no_version, article.not_legal (it needs no word),
    article.own.
    """
    require(desk.me.roles, "kb_policy", "A")
    found = site_article(desk, entity_id)
    wanted = review.named(KIND, found, version_id) if version_id else found.proposed
    if wanted is None:
        raise KIND.refusal("nothing_proposed", found.name)
    if not needs_legal(wanted.value):
        raise KIND.refusal("not_legal", found.name)
    if wanted.author == desk.me.person_id and desk.me.joined:
        raise KIND.refusal("own", found.name)
    why = review.reason(KIND, objection) if objection else ""
    said = {"by": LEGAL, "version": wanted.id, "result": OBJECTED if objection else APPROVED, "why": why}
    with desk.journal.transaction() as txn:
        txn.write(KIND.entity, found.entity_id, root=found.entity_id, patch={"reviewed": {**said, "at": txn.now()}})
    return site_article(desk, entity_id)


def send_back(desk: Desk, entity_id: str, why: str) -> SiteArticle:
    """Return what waits to its author. Refusals as `review.send_back`, and article.unknown."""
    review.send_back(desk, KIND, site_article(desk, entity_id), why)
    return site_article(desk, entity_id)


def confirm(desk: Desk, entity_id: str) -> SiteArticle:
    """Say that what is in force is still right. Refusals as `review.confirm`, article.unknown, article.shipped."""
    if find(desk, entity_id).site is None and (shipped := _of_pack(entity_id)) is not None:
        return article_flags.settle(desk, shipped)
    review.confirm(desk, KIND, site_article(desk, entity_id))
    return site_article(desk, entity_id)


def flag(desk: Desk, entity_id: str, why: str) -> SiteArticle:
    """Say what is wrong with an article. Refusals as `review.flag`, and article.unknown."""
    if find(desk, entity_id).site is None and (shipped := _of_pack(entity_id)) is not None:
        require(desk.me.roles, AREA, "V")
        return article_flags.flag(desk, shipped, review.reason(KIND, why))
    review.flag(desk, KIND, site_article(desk, entity_id), why)
    return site_article(desk, entity_id)


def retire(desk: Desk, entity_id: str, why: str) -> SiteArticle:
    """Take an article out of force: the site's own, after which the shipped one counts again, or the shipped one.

    Refusals as `review.retire`, and article.unknown.
    """
    found = find(desk, entity_id)
    if found.site is None:
        return _withdraw(desk, found, why)
    review.retire(desk, KIND, found.site, why)
    return _again(desk, found.site.entity_id)


def _withdraw(desk: Desk, shipped: Found, why: str) -> SiteArticle:
    require(desk.me.roles, AREA, "A")
    said, entity_id = review.reason(KIND, why), article_id(str(shipped.value["source_id"]))
    with desk.journal.transaction() as txn:
        value = {**shipped.value, "withdrawn": True, "at": txn.now()}
        current = txn.write(KIND.entity, entity_id, root=entity_id, patch={"version": value})
        txn.transition(KIND.entity, entity_id, "status", "publish", {"current": current, "why": said})
    return _again(desk, entity_id)


def _again(desk: Desk, entity_id: str) -> SiteArticle:
    found = _load(desk, entity_id)
    assert found is not None
    return found


def typed(desk: Desk, found: Found) -> dict[str, Any]:
    """The fields of an article as a form opens with them: of the latest version, in force or not; instants as days."""
    fields = fields_of(_latest(found), found.words)
    days = {name: instant(fields[name]).astimezone(desk.now().tzinfo) for name in DAYS if fields[name]}
    return {**fields, **{name: at.date().isoformat() for name, at in days.items()}}
