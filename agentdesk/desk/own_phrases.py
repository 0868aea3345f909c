"""A person's own way with phrases: favourites, personal phrases, the language of a contact. Local, never synced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentdesk.desk import phases, reading
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.reading import Whole
from agentdesk.domain.content import LANGUAGES, VARIABLES
from agentdesk.domain.refusal import Refusal
from agentdesk.store.own_phrases import OwnPhrase, OwnPhrases
from agentdesk.text import repeats, templates
from agentdesk.text.clean import clean, clean_line
from agentdesk.text.lint import Context
from agentdesk.text.privacy import find_private

if TYPE_CHECKING:
    from agentdesk.text.lint import Finding

MAX_TITLE = 60
MAX_BODY = 1000
OFTEN = repeats.OFTEN
"""Uses of one phrase in one contact from which the agent is reminded to adapt it (standard §5.1)."""

_PERSONAL = "phrase_personal"
_FAVOURITES = "phrase_favourite"


def favourites(desk: Desk) -> frozenset[str]:
    """The ids of the favourites."""
    return desk.kept(_FAVOURITES, lambda: OwnPhrases(desk.store).favourites())


def favour(desk: Desk, phrase_id: str) -> bool:
    """Make a phrase a favourite, or no longer where it is one; return whether it is one now."""
    wanted = phrase_id not in favourites(desk)
    OwnPhrases(desk.store).favour(phrase_id, wanted)
    desk.forget(_FAVOURITES)
    return wanted


def personal(desk: Desk) -> dict[str, Published]:
    """The person's own phrases as the others are, by id."""
    return desk.kept(_PERSONAL, lambda: {one.id: _published(desk, one) for one in OwnPhrases(desk.store).personal()})


def save(desk: Desk, title: str, body: str, *, phrase_id: str = "", confirmed: bool = False) -> str:
    """Keep a phrase of one's own, new where `phrase_id` is empty; return its id.

    Raises Refusal: text.empty, text.too_long (length, limit), phrase.private, phrase.braces, phrase.variables (names),
    phrase.blocked (findings, rules), phrase.confirm (findings, rules) unless `confirmed`.
    """
    kept_title, kept_body = clean_line(title, MAX_TITLE * 2).strip(), clean(body, MAX_BODY + 1).strip()
    kept_title = kept_title or clean_line(kept_body, MAX_BODY)[:20]
    _check(desk, kept_title, kept_body, confirmed)
    before = [one.language for one in OwnPhrases(desk.store).personal() if one.id == phrase_id]
    found = OwnPhrase(phrase_id or desk.new_id(), (before or [_own_language(desk)])[0], kept_title, kept_body)
    OwnPhrases(desk.store).save(found)
    desk.forget(_PERSONAL)
    return found.id


def drop(desk: Desk, phrase_id: str) -> None:
    """Forget a personal phrase."""
    OwnPhrases(desk.store).drop(phrase_id)
    desk.forget(_PERSONAL)
    desk.forget(_FAVOURITES)


def language_of(desk: Desk, whole: Whole | None) -> str:
    """The language in which phrases are offered: the one chosen for the open contact, else the person's own."""
    chosen = OwnPhrases(desk.store).language(_contact(whole)) if whole is not None else ""
    return chosen or _own_language(desk)


def next_language(desk: Desk, request_id: str) -> str:
    """Offer the phrases of the open contact in the next language; return it."""
    whole = reading.load(desk, request_id)
    at = LANGUAGES.index(now) if (now := language_of(desk, whole)) in LANGUAGES else -1
    chosen = LANGUAGES[(at + 1) % len(LANGUAGES)]
    OwnPhrases(desk.store).speak(_contact(whole), chosen)
    return chosen


def uses(desk: Desk, request_id: str, version: str) -> int:
    """How often messages of the open contact used a phrase."""
    sent = phases.messages(reading.load(desk, request_id))
    return sum(list(event.value.get("phrases") or ()).count(version) for event in sent)


def _contact(whole: Whole) -> str:
    return whole.contact_id or whole.id


def _own_language(desk: Desk) -> str:
    return desk.language.replace("_", "-")


def _published(desk: Desk, one: OwnPhrase) -> Published:
    value = {"title": {one.language: one.title}, "body": {one.language: one.body}, "personal": True}
    return Published(one.id, one.id, value, (), (), desk.now(), -1)


def _check(desk: Desk, title: str, body: str, confirmed: bool) -> None:
    """Refuse what may not be kept."""
    if not body:
        raise Refusal("text.empty")
    for text, limit in ((title, MAX_TITLE), (body, MAX_BODY)):
        if len(text) > limit:
            raise Refusal("text.too_long", length=len(text), limit=limit)
        if any(find_private(text, contacts=False)):
            raise Refusal("phrase.private")
    unknown = [name for name in templates.variables(body) if name not in VARIABLES]
    if unknown:
        raise Refusal("phrase.variables", names=", ".join(unknown))
    if templates.stray_braces(body) or templates.stray_braces(title):
        raise Refusal("phrase.braces")
    where = Context(industry=desk.settings.get("lint.industry"), template=True)
    found = [*desk.linter.check(title, where), *desk.linter.check(body, where)]
    blocked = tuple(one for one in found if one.severity == "block")
    if blocked:
        raise Refusal("phrase.blocked", findings=blocked, rules=_rules(blocked))
    warned = tuple(one for one in found if one.severity == "warn")
    if warned and not confirmed:
        raise Refusal("phrase.confirm", findings=warned, rules=_rules(warned))


def _rules(found: Sequence[Finding]) -> str:
    return ", ".join(dict.fromkeys(one.rule for one in found))
