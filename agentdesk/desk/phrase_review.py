"""The life of a phrase that the site writes: proposed, approved by another, returned, retired, put back (§6.1).

A site's phrase is an entity of its own, also where it stands over a shipped one of the same code: the centre holds no
pack that it could be a version of. Retired, it leaves the place to the shipped one again; a shipped one that nobody
should be offered is `withdrawn` by a version that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState, instant
from agentdesk.changes.ids import derived_id
from agentdesk.desk import review
from agentdesk.desk.context import Desk
from agentdesk.desk.own_phrases import rule_names
from agentdesk.desk.permission import require
from agentdesk.desk.phrase_values import SETS, Checked, Wrong, check, said_of, same
from agentdesk.domain.content import StarterPhrase
from agentdesk.domain.phrases import FIELDS
from agentdesk.domain.refusal import Refusal
from agentdesk.text.fold import folded

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

AREA = "phrase"
KIND = review.Reviewed("phrase", AREA, "phrase", no_reason="phrase.why", not_in_force="phrase.state")
SHIPPED, WAITING, RETURNED, WITHDRAWN = "shipped", "waiting", review.RETURNED, "withdrawn"
"""States of a row beside those of the lane."""


@dataclass(frozen=True, slots=True)
class Version(review.Version):
    """One version of a site's phrase."""

    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SitePhrase(review.Standing[Version]):
    """A phrase that the site wrote, or wrote over one that ships."""

    tags: tuple[str, ...]

    @property
    def code(self) -> str:
        """Its code."""
        return self.name

    @property
    def stands(self) -> str:
        """Where it stands, in one code: waiting, returned, withdrawn, published or retired."""
        if self.proposed is not None:
            return WAITING
        if self.state == RETURNED or (self.state != "retired" and self.versions[-1].id == self.returned):
            return RETURNED
        if self.in_force is not None and self.in_force.value.get("withdrawn"):
            return WITHDRAWN
        return self.state


@dataclass(frozen=True, slots=True)
class Row:
    """A phrase to look through: what is in force or else the latest version, and where it stands."""

    code: str
    stands: str
    value: Mapping[str, Any]
    tags: tuple[str, ...]
    site: SitePhrase | None
    shipped: StarterPhrase | None


def every(desk: Desk, words: str = "", stands: str = "") -> list[Row]:
    """All phrases, shipped ones in the order of the contact steps, then those of the site by code."""
    from agentdesk.store import starter

    site = {one.code: one for one in site_phrases(desk)}
    shipped = {one.code: one for one in starter.phrases()}
    rows = [_row(code, site.get(code), shipped.get(code)) for code in (*shipped, *sorted(site.keys() - shipped.keys()))]
    wanted = folded(words.strip())
    return [row for row in rows if (not stands or row.stands == stands) and (not wanted or wanted in _searched(row))]


def _row(code: str, site: SitePhrase | None, shipped: StarterPhrase | None) -> Row:
    if site is not None and (shipped is None or site.state != "retired" or site.proposed is not None):
        shown = site.proposed or site.in_force or site.versions[-1]
        return Row(code, site.stands, shown.value, site.tags, site, shipped)
    assert shipped is not None
    return Row(code, SHIPPED, dict(shipped.change().patch["version"]), shipped.tags, site, shipped)


def _searched(row: Row) -> str:
    texts = [row.code, str(row.value.get("scenario") or ""), *row.tags]
    for name in ("title", "body"):
        texts += map(str, (row.value.get(name) or {}).values())
    return folded("\n".join(texts))


def row(desk: Desk, code: str) -> Row:
    """One of them. Raises Refusal phrase.no_code."""
    found = next((one for one in every(desk) if one.code == code), None)
    if found is None:
        raise Refusal("phrase.no_code", phrase=code)
    return found


def site_phrases(desk: Desk) -> list[SitePhrase]:
    """Every phrase that the site wrote, by code."""
    return review.every(desk, KIND, _site_phrase)


def site_phrase(desk: Desk, code: str) -> SitePhrase:
    """One of them. Raises Refusal phrase.no_site."""
    found = next((one for one in site_phrases(desk) if one.code == code), None)
    if found is None:
        raise Refusal("phrase.no_site", phrase=code)
    return found


def phrase_entity(code: str) -> str:
    """The entity of a site's phrase: one code is one phrase on every desk."""
    return derived_id(KIND.entity, code)


def propose(
    desk: Desk, row: Mapping[str, Any], *, confirmed: bool = False, verbs: Mapping[str, str] | None = None
) -> SitePhrase:
    """Write a new phrase, or a new version of one, that waits for approval. `verbs` as of `phrase_values.check`.

    Raises Refusal: role.denied, phrase.wrong (phrase_field, problem, about), phrase.confirm (findings, rules) unless
    `confirmed`, phrase.same where nothing would be changed.
    """
    review.may_write(desk, KIND)
    made = check(desk, row, verbs)
    if made.wrong:
        raise refused(made.wrong[0])
    if made.warned and not confirmed:
        found = tuple(finding for _, finding in made.warned)
        raise Refusal("phrase.confirm", findings=found, rules=rule_names(found))
    code = made.value["code"]
    known = next((one for one in every(desk) if one.code == code), None)
    if known is not None and unchanged(known, made):
        raise Refusal("phrase.same", phrase=code)
    with desk.journal.transaction() as txn:
        write(txn, made, known.site if known else None)
    return site_phrase(desk, code)


def refused(wrong: Wrong) -> Refusal:
    """What is wrong with a field, as a refusal."""
    return Refusal("phrase.wrong", phrase_field=wrong.field, problem=wrong.problem, about=wrong.about)


def unchanged(known: Row, made: Checked) -> bool:
    """Whether it says that already, in force or waiting."""
    if known.stands == SHIPPED:
        return same(known.value, known.tags, made)
    latest = known.site.versions[-1] if known.site is not None and known.stands in (WAITING, "published") else None
    return latest is not None and same(latest.value, known.tags, made)


def write(txn: Transaction, made: Checked, known: SitePhrase | None) -> None:
    """Write a version in the caller's transaction. What a newer program keeps in a version stays in the next one."""
    before = {name: value for name, value in (known.versions[-1].value if known else {}).items() if name != "withdrawn"}
    groups: dict[str, Any] = {"version": review.version(txn, {**before, **made.value})}
    tags = dict.fromkeys(known.tags if known else (), False) | dict.fromkeys(made.tags, True)
    if tags:
        groups[SETS[0]] = tags
    review.write(txn, KIND, phrase_entity(made.value["code"]), groups)


def approve(desk: Desk, code: str, seen: str = "") -> SitePhrase:
    """Put the proposed version in force. `seen` and refusals as in `review.approve`, and phrase.no_site."""
    review.approve(desk, KIND, site_phrase(desk, code), seen)
    return site_phrase(desk, code)


def put_back(desk: Desk, code: str, version_id: str) -> SitePhrase:
    """Put an earlier version in force again. Refusals as `review.put_back`, and phrase.no_site."""
    review.put_back(desk, KIND, site_phrase(desk, code), version_id)
    return site_phrase(desk, code)


def send_back(desk: Desk, code: str, why: str, seen: str = "") -> SitePhrase:
    """Return what waits to its author. `seen` and refusals as in `review.send_back`, and phrase.no_site, phrase.why."""
    review.send_back(desk, KIND, site_phrase(desk, code), why, seen)
    return site_phrase(desk, code)


def retire(desk: Desk, code: str, why: str) -> SitePhrase:
    """Take a phrase out of force: the site's own, after which the shipped one of its code counts again, or the shipped
    one itself. Raises Refusal role.denied, phrase.no_code, phrase.state, phrase.why."""
    found = row(desk, code)
    if found.shipped is not None and (found.site is None or found.site.state == "retired"):
        _withdraw(desk, found.shipped, why)
    else:
        assert found.site is not None
        review.retire(desk, KIND, found.site, why)
    return site_phrase(desk, code)


def _withdraw(desk: Desk, shipped: StarterPhrase, why: str) -> None:
    require(desk.me.roles, AREA, "A")
    entity_id, said = phrase_entity(shipped.code), review.reason(KIND, why)
    with desk.journal.transaction() as txn:
        value = review.version(txn, {**shipped.change().patch["version"], "withdrawn": True})
        version = txn.write(KIND.entity, entity_id, root=entity_id, patch={"version": value})
        txn.transition(KIND.entity, entity_id, "status", "publish", {"current": version, "why": said})


def _site_phrase(state: EntityState, waiting: bool) -> SitePhrase | None:
    from agentdesk.store.projections.contents import in_force

    current, _ = in_force(state)
    versions = tuple(
        Version(event.id, instant(str(event.value["at"])), event.actor, event.id == current, event.value)
        for event in state.events("version")
    )
    code = str(versions[-1].value.get("code") or "") if versions else ""
    if not code or state.id != phrase_entity(code):
        return None  # shipped, or written by another program under a name of its own
    tags = tuple(state.elements(SETS[0]))
    return SitePhrase(state.id, code, state.lane("status") or {}, versions, waiting, tags)


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, after) of what two versions say differently, in the order of the form."""
    old, new = said_of(before, ()), said_of(after, ())

    def told(value: Any) -> str:
        return ", ".join(value) if isinstance(value, list) else str(value)

    return [(one.code, told(old[one.code]), told(new[one.code])) for one in FIELDS if old[one.code] != new[one.code]]
