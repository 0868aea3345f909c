"""Which phrase stands where: the order among those that fit, and the reasons for it.

The order is lexicographic and never hides anything. First what was said three times in this contact goes to the end;
then favourites, in the order in which they became ones (the digit of one stays the same); the language spoken; what the
state asks for; the next step, later ones, those done; words of the request; how many of type, emotion and channel it is
made for; how often this person, then the team, said it, and how lately; no macro; few gaps; the order of the pack.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from agentdesk.desk import library, macros, own_phrases, phases, reading, superseded, variables
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.phrase_views import PhraseView
from agentdesk.desk.reading import Whole
from agentdesk.domain.vocabulary import STEPS
from agentdesk.store.own_phrases import OwnPhrases
from agentdesk.store.projections.phrase_use import Use, uses
from agentdesk.text import templates
from agentdesk.text.fold import folded

_DAY = 86_400_000
_NEVER_USED = Use()

_STATE_SCENARIOS = {
    "ANALYSING": ("interim", "plan_confirm", "empathy_commit"),
    "PLAN_PENDING": ("plan_confirm",),
    "ASSIGNED": ("progress", "delay_notice"),
    "IN_PROGRESS": ("progress", "delay_notice"),
    "WAITING": ("progress", "delay_notice"),
    "RESOLVED": ("confirm_resolved", "callback_open"),
    "CONFIRMED": ("thanks", "invite_rating", "closing"),
    "REMEDIATION": ("remedy",),
}
"""What is usually said in a state, whatever step of the contact comes next; empty before the work begins."""

_MADE_FOR = (("channels", "channel"), ("request_types", "type"), ("emotions", "emotion"))
"""What a phrase may be made for, with the code of that reason."""


@dataclass(frozen=True)
class Setting:
    """For whom phrases are listed: the request, the language they speak, what is known, what the person favours."""

    whole: Whole | None
    wanted: str
    language: str
    values: Mapping[str, str]
    favourites: Mapping[str, int]
    """Their places among the favourites, by id."""
    said: Mapping[str, int]
    """How often each version was said in the open contact."""
    uses: Mapping[str, Use]
    """Their use by version."""
    variants: Mapping[str, Mapping[int, tuple[int, int]]]
    """When each variant was used last, in this contact and at all."""
    text: str = ""
    """The request's description, folded."""
    tags: dict[str, bool] = field(default_factory=dict)
    """Which tags stand in that text, as far as anybody asked."""
    outdated: frozenset[str] = frozenset()
    """The phrases that speak of a version of a policy that is over."""
    ranks: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """The ranks worked out so far: while somebody types, the same phrases are ordered again and again."""

    @cached_property
    def filled(self) -> frozenset[str]:
        """The keys that have a value."""
        return frozenset(self.values)

    def tagged(self, tag: str) -> bool:
        """Whether a tag of a phrase stands in the request's text."""
        if tag not in self.tags:
            self.tags[tag] = folded(tag) in self.text
        return self.tags[tag]


def setting(desk: Desk, request_id: str | None, step: str = "") -> Setting:
    """Read for whom phrases are to be listed. Raises Refusal request.unknown."""
    whole = reading.load(desk, request_id) if request_id else None
    language = own_phrases.language_of(desk, whole)
    return Setting(
        whole=whole,
        wanted=step or (phases.next_step(whole) if whole else STEPS[0]),
        language=language,
        values=variables.known(desk, whole, language),
        favourites=own_phrases.favourite_places(desk),
        said=Counter(own_phrases.said(whole)) if whole else {},
        uses=uses(desk.store.raw(), desk.me.person_id),
        variants=OwnPhrases(desk.store).variants(own_phrases.contact_of(whole) if whole else ""),
        text=folded(whole.facts.intake.description) if whole else "",
        outdated=superseded.phrases(desk),
    )


def suits(phrase: Published, whole: Whole | None) -> bool:
    """Whether a phrase is made for this request: nothing says that it is for another channel, type or emotion."""
    if whole is None:
        return True
    intake = whole.facts.intake
    asked = (("channels", intake.channel), ("request_types", intake.request_type), ("emotions", intake.emotion))
    return all(not phrase.value.get(name) or value in phrase.value[name] for name, value in asked)


def rank(phrase: Published, now: Setting) -> tuple[Any, ...]:
    """The place of a phrase in the order that stands at the top of this file; smaller is nearer."""
    found = now.ranks.get(phrase.id)
    if found is None:
        found = now.ranks[phrase.id] = _rank(phrase, now)
    return found


def _rank(phrase: Published, now: Setting) -> tuple[Any, ...]:
    value = phrase.value
    step, scenario = value.get("step") or "", value.get("scenario") or ""
    place = STEPS.index(step) - STEPS.index(now.wanted) if step in STEPS else len(STEPS)
    usual = _STATE_SCENARIOS.get(now.whole.state, ()) if now.whole else ()
    first_reply = now.wanted == STEPS[0]
    gaps = sum(map(now.filled.isdisjoint, templates.needs(library.in_language(value.get("body"), now.language))))
    use = use_of(phrase, now)
    return (
        phrase.id in now.outdated,
        times_said(phrase, now) >= own_phrases.OFTEN,
        now.favourites.get(phrase.id, len(now.favourites)),
        not speaks(phrase, now.language),
        0 if first_reply and step == now.wanted else 1,
        usual.index(scenario) if scenario in usual else len(usual),
        place if place >= 0 else len(STEPS) - place,
        -sum(map(now.tagged, phrase.tags)) if now.text else 0,
        min(gaps, 1) if first_reply else 0,
        -bool(value.get("channels")) - bool(value.get("request_types")) - bool(value.get("emotions")),
        -use.own.bit_length(),
        -use.team.bit_length(),
        -(use.last // _DAY),
        bool(value.get("actions")),  # what does something is chosen, not met by chance
        gaps,
        bool(value.get("personal")),
        phrase.order,
    )


def reasons(phrase: Published, now: Setting) -> Iterator[tuple[str, int]]:
    """Why a phrase stands where it stands, in the order in which it counts."""
    value, use = phrase.value, use_of(phrase, now)
    if phrase.id in now.outdated:
        yield "outdated", 0
    if (said := times_said(phrase, now)) >= own_phrases.OFTEN:
        yield "often", said
    if phrase.id in now.favourites:
        yield "favourite", 0
    if now.whole and value.get("scenario") in _STATE_SCENARIOS.get(now.whole.state, ()):
        yield "state", 0
    if now.whole and value.get("step") == now.wanted:
        yield "step", 0
    if now.text and any(map(now.tagged, phrase.tags)):
        yield "words", 0
    if now.whole:
        yield from ((code, 0) for name, code in _MADE_FOR if value.get(name))
    if use.own:
        yield "own", use.own
    if use.team:
        yield "team", use.team


def use_of(phrase: Published, now: Setting) -> Use:
    """The use of a phrase over all its versions."""
    if not now.uses:
        return _NEVER_USED
    found = [now.uses[version] for version in phrase.versions or (phrase.version,) if version in now.uses]
    if len(found) < 2:
        return found[0] if found else _NEVER_USED
    return Use(sum(one.own for one in found), sum(one.team for one in found), max(one.last for one in found))


def times_said(phrase: Published, now: Setting) -> int:
    """How often the open contact heard it."""
    return sum(now.said.get(version, 0) for version in phrase.versions or (phrase.version,)) if now.said else 0


def speaks(phrase: Published, language: str) -> bool:
    """Whether a phrase has a wording in that language."""
    return bool((phrase.value.get("body") or {}).get(language))


def wordings(phrase: Published, language: str) -> list[str]:
    """The bodies of a phrase that take turns, in the language or in the one that it has."""
    bodies, variants = phrase.value.get("body") or {}, phrase.value.get("variants") or {}
    first = library.in_language(bodies, language)
    told = language if speaks(phrase, language) else next((one for one in bodies if bodies[one] == first), "")
    return [first, *map(str, variants.get(told) or ())]


def view(phrase: Published, now: Setting, variant: int | None = None) -> PhraseView:
    """A phrase as offered; without a variant that one whose last use lies farthest back, in this contact first."""
    ways = wordings(phrase, now.language)
    used = now.variants.get(phrase.id, {})
    turn = min(range(len(ways)), key=lambda one: (*used.get(one, (0, 0)), one))
    chosen = turn if variant is None else variant % len(ways)
    body = ways[chosen]
    known = {one.key: told for one in templates.blanks(body) if (told := one.value(now.values))}
    return PhraseView(
        id=phrase.id,
        version=phrase.version,
        code=phrase.value.get("code") or "",
        scenario=phrase.value.get("scenario") or "",
        step=phrase.value.get("step") or "",
        title=library.in_language(phrase.value.get("title"), now.language),
        body=body,
        text=templates.fill(body, now.values),
        open=tuple(templates.open_variables(body, now.values)),
        favourite=phrase.id in now.favourites,
        personal=bool(phrase.value.get("personal")),
        language=now.language,
        known=known,
        variant=chosen,
        variants=len(ways),
        reasons=tuple(reasons(phrase, now)),
        actions=macros.of_version(phrase.value),
    )
