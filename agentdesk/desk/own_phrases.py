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
    return frozenset(favourite_places(desk))


def favourite_places(desk: Desk) -> dict[str, int]:
    """The places of the favourites in the order in which they became ones: the digit of one stays the same."""
    return desk.kept(_FAVOURITES, lambda: {one: at for at, one in enumerate(OwnPhrases(desk.store).favourites())})


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

    Raises Refusal: text.empty, text.too_long (length, limit), phrase.private, phrase.variables (names), phrase.formats
    (names, known), phrase.braces, phrase.blocked (findings, rules), phrase.confirm (findings, rules) unless
    `confirmed`.
    """
    kept_title, kept_body = clean_line(title, MAX_TITLE * 2).strip(), clean(body, MAX_BODY + 1).strip()
    kept_title = kept_title or templates.fill(clean_line(kept_body, MAX_BODY), {})[:20]
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
    chosen = OwnPhrases(desk.store).language(contact_of(whole)) if whole is not None else ""
    return chosen or _own_language(desk)


def next_language(desk: Desk, request_id: str) -> str:
    """Offer the phrases of the open contact in the next language; return it."""
    whole = reading.load(desk, request_id)
    at = LANGUAGES.index(now) if (now := language_of(desk, whole)) in LANGUAGES else -1
    chosen = LANGUAGES[(at + 1) % len(LANGUAGES)]
    OwnPhrases(desk.store).speak(contact_of(whole), chosen)
    return chosen


def used(desk: Desk, request_id: str, phrase_id: str, version: str, variant: int) -> int:
    """A phrase was put into the reply: its variants take turns. Return how often the contact heard it already."""
    whole = reading.load(desk, request_id)
    OwnPhrases(desk.store).used(phrase_id, variant, contact_of(whole))
    return said(whole).count(version)


def uses(desk: Desk, request_id: str, version: str) -> int:
    """How often messages of the open contact used a phrase."""
    return said(reading.load(desk, request_id)).count(version)


def said(whole: Whole) -> list[str]:
    """The versions of the phrases that messages of the open contact used, each as often as it was."""
    return [str(version) for event in phases.messages(whole) for version in event.value.get("phrases") or ()]


def contact_of(whole: Whole) -> str:
    """What is kept for the open contact, or for the request where none is open, is kept under this id."""
    return whole.contact_id or whole.id


def _own_language(desk: Desk) -> str:
    return desk.language.replace("_", "-")


def _published(desk: Desk, one: OwnPhrase) -> Published:
    value = {"title": {one.language: one.title}, "body": {one.language: one.body}, "personal": True}
    return Published(one.id, one.id, value, (), (), desk.now(), -1)


def _check(desk: Desk, title: str, body: str, confirmed: bool) -> None:
    """Refuse what may not be kept."""
    check_text(title, body)
    found = findings(desk, title, body)
    blocked = tuple(one for one in found if one.severity == "block")
    if blocked:
        raise Refusal("phrase.blocked", findings=blocked, rules=rule_names(blocked))
    warned = tuple(one for one in found if one.severity == "warn")
    if warned and not confirmed:
        raise Refusal("phrase.confirm", findings=warned, rules=rule_names(warned))


def check_text(title: str, body: str) -> None:
    """Refuse what no phrase may hold, one's own or the site's. Raises Refusal as `save`, but for the lint."""
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
    if formats := templates.unknown_formats(body):
        raise Refusal("phrase.formats", names=", ".join(formats), known=", ".join(templates.FORMATS))
    if templates.stray_braces(body) or templates.stray_braces(title):
        raise Refusal("phrase.braces")


def findings(desk: Desk, title: str, body: str) -> list[Finding]:
    """The lint of a phrase before it is kept (standard §5.3)."""
    where = Context(industry=desk.settings.get("lint.industry"), template=True)
    return [*desk.linter.check(title, where), *desk.linter.check(body, where)]


def rule_names(found: Sequence[Finding]) -> str:
    """The rules that were met, each once."""
    return ", ".join(dict.fromkeys(one.rule for one in found))
