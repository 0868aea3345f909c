"""Phrases: those that fit, those found by words, filled with what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agentdesk.desk import library, reading
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

_NEED_LENGTH = 30
_ASKING = re.compile("^(?:客户|我)?(?:想|要|希望)?(?:了解|咨询|询问|问一下|问问|问)(?:一下)?")
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


def fitting(desk: Desk, request_id: str | None = None, *, step: str = "", limit: int = 9) -> list[PhraseView]:
    """The phrases that fit the request's next step, state, type, emotion, channel and text, best first.

    `step` asks for one step alone. Phrases made for another channel, type or emotion are left out.
    """
    whole = reading.load(desk, request_id) if request_id else None
    wanted = step or (_next_step(whole) if whole else "K1")
    values = _known(desk, whole)
    suited = [
        phrase
        for phrase in library.phrases(desk).values()
        if _suits(phrase, whole) and (not step or phrase.value.get("step") == step)
    ]
    suited.sort(key=lambda phrase: _rank(desk, phrase, whole, wanted, values))
    return [_view(desk, phrase, values) for phrase in suited[:limit]]


def search(desk: Desk, words: str, request_id: str | None = None, limit: int = 20) -> list[PhraseView]:
    """Phrases whose title, body or scenario holds the words; an empty string gives those that fit, then all."""
    if not words.strip():
        return fitting(desk, request_id, limit=limit)
    from agentdesk.desk.knowledge import found

    values = _known(desk, reading.load(desk, request_id) if request_id else None)
    known = library.phrases(desk)
    wanted = folded(clean_line(words, 100))
    literal = [item for item in known.values() if wanted and wanted in _searched(item)]
    ranked = [known[hit.id] for hit in found(desk, words, limit, "phrase") if hit.id in known]
    both = {item.id: item for item in (*literal, *ranked)}
    return [_view(desk, item, values) for item in list(both.values())[:limit]]


def known(desk: Desk, request_id: str | None = None) -> dict[str, str]:
    """The variables that can be filled without asking: agent_name, work_no, product, need, request_no, order_no, …"""
    return _known(desk, reading.load(desk, request_id) if request_id else None)


def fill(
    desk: Desk, phrase_id: str, values: Mapping[str, str] | None = None, request_id: str | None = None
) -> PhraseView:
    """The phrase with `values` over the known variables; `open` lists what is still to be asked.

    Raises Refusal phrase.unknown. Values are text as typed: cleaned, private numbers replaced, braces are data.
    """
    phrase = library.phrases(desk).get(phrase_id)
    if phrase is None:
        raise Refusal("phrase.unknown", id=phrase_id)
    typed = {name: redact(clean_line(value, 200))[0] for name, value in (values or {}).items()}
    return _view(desk, phrase, {**known(desk, request_id), **typed})


def _view(desk: Desk, phrase: Published, values: Mapping[str, str]) -> PhraseView:
    language = desk.me.language
    body = library.in_language(phrase.value.get("body"), language)
    return PhraseView(
        id=phrase.id,
        version=phrase.version,
        code=phrase.value.get("code") or "",
        scenario=phrase.value.get("scenario") or "",
        step=phrase.value.get("step") or "",
        title=library.in_language(phrase.value.get("title"), language),
        body=body,
        text=templates.fill(body, values),
        open=tuple(templates.open_variables(body, values)),
    )


def _known(desk: Desk, whole: Whole | None) -> dict[str, str]:
    me = desk.me
    values = {"agent_name": me.name, "work_no": me.work_no}
    if whole is not None:
        intake = whole.facts.intake
        values |= {
            "product": intake.product_service,
            "need": _need(whole),
            "request_no": whole.number,
            "order_no": intake.order_no,
        }
        plan = whole.facts.plan()
        if plan is not None:
            values["eta"] = _moment(str(plan.value.get("finish") or ""))
            values["action"] = "；".join(item["text"] for item in plan.value.get("steps") or ())[:200]
    return {name: value for name, value in values.items() if value}


def _moment(at: str) -> str:
    when = reading.when(at)
    return when.strftime("%m-%d %H:%M") if when else ""


def _need(whole: Whole) -> str:
    """The matter in a few words, to stand after the product: the anomaly, else the first clause of the description."""
    intake = whole.facts.intake
    text = intake.anomaly if 0 < len(intake.anomaly) <= _NEED_LENGTH else intake.description
    clause = _ASKING.sub("", re.split("[，,。；;！!？?\n]", text.strip(), maxsplit=1)[0])
    product = intake.product_service
    if product and clause.startswith(product):
        clause = clause[len(product) :].removeprefix("的")
    return clause[:_NEED_LENGTH]


def _next_step(whole: Whole) -> str:
    ticked = {
        event.value["step"] for event in whole.events("contact", "step_ticked") if event.entity_id == whole.contact_id
    }
    return next((step for step in STEPS if step not in ticked and step != "K4"), STEPS[-1])


def _suits(phrase: Published, whole: Whole | None) -> bool:
    if whole is None:
        return True
    intake = whole.facts.intake
    asked = (("channels", intake.channel), ("request_types", intake.request_type), ("emotions", intake.emotion))
    return all(not phrase.value.get(name) or value in phrase.value[name] for name, value in asked)


def _rank(
    desk: Desk, phrase: Published, whole: Whole | None, wanted: str, values: Mapping[str, str]
) -> tuple[object, ...]:
    """Order: what the state asks for, the next step, later steps, steps done; then the closest fit, the fewest gaps."""
    step = phrase.value.get("step") or ""
    place = STEPS.index(step) - STEPS.index(wanted) if step else len(STEPS)
    usual = _STATE_SCENARIOS.get(whole.state, ()) if whole else ()
    scenario = phrase.value.get("scenario") or ""
    state_place = usual.index(scenario) if scenario in usual else len(usual)
    first_reply = wanted == STEPS[0]
    gaps = len(templates.open_variables(library.in_language(phrase.value.get("body"), desk.me.language), values))
    close = sum(bool(phrase.value.get(name)) for name in ("channels", "request_types", "emotions"))
    text = folded(whole.facts.intake.description) if whole else ""
    by_text = sum(folded(tag) in text for tag in phrase.tags)
    return (
        0 if first_reply and step == wanted else 1,
        state_place,
        place if place >= 0 else len(STEPS) - place,
        -by_text,
        min(gaps, 1) if first_reply else 0,
        -close,
        gaps,
        phrase.order,
    )


def _searched(phrase: Published) -> str:
    parts: list[str] = [str(phrase.value.get("code") or ""), *phrase.tags]
    for name in ("title", "body"):
        texts = phrase.value.get(name) or {}
        parts += texts.values() if isinstance(texts, dict) else [str(texts)]
    return folded("\n".join(parts))
