"""The life of a phrase that the site writes: proposed, approved by another, returned, retired, put back (§6.1).

A site's phrase is an entity of its own, also where it stands over a shipped one of the same code: the centre holds no
pack that it could be a version of. Retired, it leaves the place to the shipped one again; a shipped one that nobody
should be offered is `withdrawn` by a version that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState, instant
from agentdesk.changes.ids import derived_id
from agentdesk.desk import forms, review
from agentdesk.desk.context import Desk
from agentdesk.desk.own_phrases import rule_names
from agentdesk.desk.permission import require
from agentdesk.desk.phrase_values import SETS, Checked, Wrong, check, fields_of, same
from agentdesk.domain.content import StarterPhrase
from agentdesk.domain.phrases import FIELDS
from agentdesk.domain.refusal import Refusal
from agentdesk.text.fold import folded

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

AREA = "phrase"
KIND = review.Reviewed("phrase", AREA, "phrase")
SHIPPED, WAITING, RETURNED, WITHDRAWN = "shipped", "waiting", "returned", "withdrawn"
"""States of a row beside those of the lane."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a site's phrase: who wrote it, when, and whether it is the one in force."""

    id: str
    value: Mapping[str, Any]
    at: datetime
    author: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class SitePhrase:
    """A phrase that the site wrote, or wrote over one that ships."""

    entity_id: str
    code: str
    state: str
    versions: tuple[Version, ...]
    tags: tuple[str, ...]
    returned: str
    aside: frozenset[str]
    why: str

    @property
    def current(self) -> Version | None:
        """The version in force."""
        return next((one for one in self.versions if one.in_force), None)

    @property
    def proposed(self) -> Version | None:
        """The latest version, where it waits for approval."""
        latest = self.versions[-1]
        waits = not latest.in_force and latest.id not in self.aside and self.state not in ("retired", RETURNED)
        return latest if waits else None

    @property
    def stands(self) -> str:
        """Where it stands, in one code: waiting, returned, withdrawn, published or retired."""
        if self.proposed is not None:
            return WAITING
        if self.state == RETURNED or (self.state != "retired" and self.versions[-1].id == self.returned):
            return RETURNED
        if self.current is not None and self.current.value.get("withdrawn"):
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
        shown = site.proposed or site.current or site.versions[-1]
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
    from agentdesk.store import entities

    with desk.store.read() as conn:
        found = [_site_phrase(state) for state in entities.each(conn, KIND.entity)]
    return sorted((one for one in found if one is not None), key=lambda one: one.code)


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
    version = {**before, **made.value, "effective_from": txn.now(), "at": txn.now()}
    groups: dict[str, Any] = {"version": version}
    tags = dict.fromkeys(known.tags if known else (), False) | dict.fromkeys(made.tags, True)
    if tags:
        groups[SETS[0]] = tags
    review.write(txn, KIND, phrase_entity(made.value["code"]), groups)


def approve(desk: Desk, code: str) -> SitePhrase:
    """Put the proposed version in force. Raises Refusal role.denied, phrase.no_site, phrase.nothing_proposed,
    phrase.own, phrase.state."""
    found = site_phrase(desk, code)
    if found.proposed is None:
        raise Refusal("phrase.nothing_proposed", phrase=code)
    return _put_in_force(desk, found, found.proposed)


def put_back(desk: Desk, code: str, version_id: str) -> SitePhrase:
    """Put an earlier version in force again. Refusals as `approve`, and phrase.no_version (version)."""
    found = site_phrase(desk, code)
    wanted = [one for one in found.versions if one.id.startswith(version_id) and not one.in_force]
    if len(wanted) != 1 or not version_id:
        raise Refusal("phrase.no_version", phrase=code, version=version_id)
    return _put_in_force(desk, found, wanted[0])


def _put_in_force(desk: Desk, found: SitePhrase, version: Version) -> SitePhrase:
    aside = "" if found.proposed else found.versions[-1].id
    review.put_in_force(desk, KIND, found.entity_id, found.code, version.id, version.author, aside)
    return site_phrase(desk, found.code)


def send_back(desk: Desk, code: str, why: str) -> SitePhrase:
    """Return what waits to its author. Raises Refusal role.denied, phrase.no_site, phrase.nothing_proposed,
    phrase.why."""
    found = site_phrase(desk, code)
    if found.proposed is None:
        raise Refusal("phrase.nothing_proposed", phrase=code)
    current = found.current.id if found.current else ""
    review.send_back(desk, KIND, found.entity_id, code, _reason(why), found.proposed.id, current)
    return site_phrase(desk, code)


def retire(desk: Desk, code: str, why: str) -> SitePhrase:
    """Take a phrase out of force: the site's own, after which the shipped one of its code counts again, or the shipped
    one itself. Raises Refusal role.denied, phrase.no_code, phrase.state, phrase.why."""
    require(desk.me.roles, AREA, "A")
    found, why = row(desk, code), _reason(why)
    if found.site is not None and found.site.current is not None:
        review.retire(desk, KIND, found.site.entity_id, code, why)
    elif found.shipped is not None and (found.site is None or found.site.state == "retired"):
        _withdraw(desk, found.shipped, why)
    else:
        raise Refusal("phrase.state", phrase=code)
    return site_phrase(desk, code)


def _withdraw(desk: Desk, shipped: StarterPhrase, why: str) -> None:
    entity_id = phrase_entity(shipped.code)
    with desk.journal.transaction() as txn:
        value = {**shipped.change().patch["version"], "withdrawn": True, "effective_from": txn.now(), "at": txn.now()}
        version = txn.write(KIND.entity, entity_id, root=entity_id, patch={"version": value})
        txn.transition(KIND.entity, entity_id, "status", "publish", {"current": version, "why": forms.kept(why)})


def _reason(why: str) -> str:
    if not why.strip():
        raise Refusal("phrase.why")
    return why


def _site_phrase(state: EntityState) -> SitePhrase | None:
    from agentdesk.store.projections.contents import in_force

    current, _ = in_force(state)
    versions = tuple(
        Version(event.id, event.value, instant(str(event.value["at"])), event.actor, event.id == current)
        for event in state.events("version")
    )
    code = str(versions[-1].value.get("code") or "") if versions else ""
    if not code or state.id != phrase_entity(code):
        return None  # shipped, or written by another program under a name of its own
    returned, why = review.returned_of(state)
    aside = review.set_aside(state)
    tags = tuple(state.elements(SETS[0]))
    return SitePhrase(state.id, code, review.state_of(state), versions, tags, returned, aside, why)


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, after) of what two versions say differently, in the order of the form."""
    old, new = fields_of(before, ()), fields_of(after, ())

    def told(value: Any) -> str:
        return ", ".join(value) if isinstance(value, list) else str(value)

    return [(one.code, told(old[one.code]), told(new[one.code])) for one in FIELDS if old[one.code] != new[one.code]]
