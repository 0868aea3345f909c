"""Phrases: those that fit, those found by words, filled with what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from agentdesk.desk import library, own_phrases, phases, reading, variables
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.reading import Whole
from agentdesk.desk.views import PhraseView
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import STEPS
from agentdesk.text import templates
from agentdesk.text.clean import clean_line
from agentdesk.text.fold import folded
from agentdesk.text.privacy import redact

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


@dataclass(frozen=True, slots=True)
class _Setting:
    """For whom phrases are listed: the request, the language they speak, what is known, what the person favours."""

    whole: Whole | None
    wanted: str
    language: str
    values: Mapping[str, str]
    favourites: frozenset[str]


def fitting(desk: Desk, request_id: str | None = None, *, step: str = "", limit: int = 9) -> list[PhraseView]:
    """The phrases that fit the request's next step, state, type, emotion, channel and text, best first.

    Favourites come before all others. `step` asks for one step alone. Phrases made for another channel, type or emotion
    are left out; personal ones stand behind those of the site, as nothing says for what they are meant.
    """
    setting = _setting(desk, request_id, step)
    suited = [
        phrase
        for phrase in _all(desk).values()
        if _suits(phrase, setting.whole) and (not step or phrase.value.get("step") == step)
    ]
    suited.sort(key=lambda phrase: _rank(phrase, setting))
    return [_view(phrase, setting) for phrase in suited[:limit]]


def search(desk: Desk, words: str, request_id: str | None = None, limit: int = 20) -> list[PhraseView]:
    """Phrases whose title, body or scenario holds the words; an empty string gives those that fit, then all."""
    if not words.strip():
        return fitting(desk, request_id, limit=limit)
    from agentdesk.desk.knowledge import found

    setting, known_phrases = _setting(desk, request_id), _all(desk)
    wanted = folded(clean_line(words, 100))
    literal = [item for item in known_phrases.values() if wanted and wanted in _searched(item)]
    ranked = [known_phrases[hit.id] for hit in found(desk, words, limit, "phrase") if hit.id in known_phrases]
    both = list({item.id: item for item in (*literal, *ranked)}.values())
    both.sort(key=lambda item: item.id not in setting.favourites)
    return [_view(item, setting) for item in both[:limit]]


def known(desk: Desk, request_id: str | None = None) -> dict[str, str]:
    """The variables that can be filled without asking: agent_name, work_no, product, need, request_no, order_no, …"""
    return dict(_setting(desk, request_id).values)


def fill(
    desk: Desk, phrase_id: str, values: Mapping[str, str] | None = None, request_id: str | None = None
) -> PhraseView:
    """The phrase with `values` over the known variables; `open` lists what is still to be asked.

    Raises Refusal phrase.unknown. Values are text as typed: cleaned, private numbers replaced, braces are data.
    """
    phrase = _all(desk).get(phrase_id)
    if phrase is None:
        raise Refusal("phrase.unknown", id=phrase_id)
    typed = {name: redact(clean_line(value, 200))[0] for name, value in (values or {}).items()}
    setting = _setting(desk, request_id)
    return _view(phrase, replace(setting, values={**setting.values, **typed}))


def _all(desk: Desk) -> dict[str, Published]:
    """The phrases in force, then the person's own."""
    return {**library.phrases(desk), **own_phrases.personal(desk)}


def _setting(desk: Desk, request_id: str | None, step: str = "") -> _Setting:
    whole = reading.load(desk, request_id) if request_id else None
    language = own_phrases.language_of(desk, whole)
    return _Setting(
        whole=whole,
        wanted=step or (phases.next_step(whole) if whole else "K1"),
        language=language,
        values=variables.known(desk, whole, language),
        favourites=own_phrases.favourites(desk),
    )


def _view(phrase: Published, setting: _Setting) -> PhraseView:
    body = library.in_language(phrase.value.get("body"), setting.language)
    return PhraseView(
        id=phrase.id,
        version=phrase.version,
        code=phrase.value.get("code") or "",
        scenario=phrase.value.get("scenario") or "",
        step=phrase.value.get("step") or "",
        title=library.in_language(phrase.value.get("title"), setting.language),
        body=body,
        text=templates.fill(body, setting.values),
        open=tuple(templates.open_variables(body, setting.values)),
        favourite=phrase.id in setting.favourites,
        personal=bool(phrase.value.get("personal")),
        language=setting.language,
    )


def _suits(phrase: Published, whole: Whole | None) -> bool:
    if whole is None:
        return True
    intake = whole.facts.intake
    asked = (("channels", intake.channel), ("request_types", intake.request_type), ("emotions", intake.emotion))
    return all(not phrase.value.get(name) or value in phrase.value[name] for name, value in asked)


def _rank(phrase: Published, setting: _Setting) -> tuple[object, ...]:
    """Order: favourites, what the state asks for, the next step, later ones, those done; the closest fit, few gaps."""
    whole, wanted, step = setting.whole, setting.wanted, phrase.value.get("step") or ""
    place = STEPS.index(step) - STEPS.index(wanted) if step else len(STEPS)
    usual = _STATE_SCENARIOS.get(whole.state, ()) if whole else ()
    scenario = phrase.value.get("scenario") or ""
    state_place = usual.index(scenario) if scenario in usual else len(usual)
    first_reply = wanted == STEPS[0]
    body = library.in_language(phrase.value.get("body"), setting.language)
    gaps = len(templates.open_variables(body, setting.values))
    close = sum(bool(phrase.value.get(name)) for name in ("channels", "request_types", "emotions"))
    text = folded(whole.facts.intake.description) if whole else ""
    by_text = sum(folded(tag) in text for tag in phrase.tags)
    return (
        phrase.id not in setting.favourites,
        0 if first_reply and step == wanted else 1,
        state_place,
        place if place >= 0 else len(STEPS) - place,
        -by_text,
        min(gaps, 1) if first_reply else 0,
        -close,
        gaps,
        bool(phrase.value.get("personal")),
        phrase.order,
    )


def _searched(phrase: Published) -> str:
    parts: list[str] = [str(phrase.value.get("code") or ""), str(phrase.value.get("scenario") or ""), *phrase.tags]
    for name in ("title", "body"):
        texts = phrase.value.get(name) or {}
        parts += texts.values() if isinstance(texts, dict) else [str(texts)]
    return folded("\n".join(parts))
