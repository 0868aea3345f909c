"""Phrases: those that fit, those found by words, filled with what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from heapq import nsmallest
from typing import TYPE_CHECKING

from agentdesk.desk import library, own_phrases, phrase_rank, policies
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.phrase_rank import Setting as Setting
from agentdesk.desk.phrase_rank import setting as setting
from agentdesk.desk.phrase_views import PhraseView
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import STEPS
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import redact

if TYPE_CHECKING:
    from agentdesk.desk.phrase_search import PhraseIndex

_INDEX = "phrase_index"
MAX_WORDS = 100
"""Characters of what is searched for."""


def fitting(
    desk: Desk, request_id: str | None = None, *, step: str = "", limit: int = 9, now: Setting | None = None
) -> list[PhraseView]:
    """The phrases that fit the request's next step, state, type, emotion, channel and text, best first.

    The order is that of `phrase_rank`. `step` asks for one step alone. Phrases made for another channel, type or
    emotion are left out; personal ones stay, as nothing says for what they are meant. `now`: what `setting` read
    before, so that a key press in a search need not read it again.
    """
    now = now or setting(desk, request_id, step)
    suited = [
        phrase
        for phrase in _all(desk).values()
        if phrase_rank.suits(phrase, now.whole) and (not step or phrase.value.get("step") == step)
    ]
    suited.sort(key=lambda phrase: phrase_rank.rank(phrase, now))
    return [phrase_rank.view(phrase, now) for phrase in suited[:limit]]


def search(
    desk: Desk,
    words: str,
    request_id: str | None = None,
    limit: int = 20,
    names: Mapping[str, str] | None = None,
    now: Setting | None = None,
) -> list[PhraseView]:
    """Phrases in which every word is found (see `phrase_search`), nearest first, then as they fit.

    An empty string gives those that fit. `names` says what the reader calls scenarios, steps and emotions, by
    `scenario:apology`. Where nothing is found so, the search index answers: synonyms, words in any order, like sounds.
    """
    if not words.strip():
        return fitting(desk, request_id, limit=limit, now=now)
    from agentdesk.desk.knowledge import found

    now = now or setting(desk, request_id)
    near = [
        (lane, phrase_rank.rank(phrase, now), phrase)
        for lane, phrase in _index(desk, names or {}).find(clean_line(words, MAX_WORDS))
    ]
    listed = [phrase for _, _, phrase in nsmallest(limit, near, key=lambda one: one[:2])]
    if not listed:
        known_phrases = _all(desk)
        steps = {token.upper() for token in words.split()} & set(STEPS)
        hits = (known_phrases.get(hit.id) for hit in found(desk, words, limit, "phrase"))
        listed = [one for one in hits if one is not None and (not steps or one.value.get("step") in steps)]
        listed.sort(key=lambda phrase: phrase.id not in now.favourites)
    return [phrase_rank.view(phrase, now) for phrase in listed]


def known(desk: Desk, request_id: str | None = None) -> dict[str, str]:
    """The variables that can be filled without asking: agent_name, work_no, product, need, request_no, order_no, …"""
    return dict(setting(desk, request_id).values)


def fill(
    desk: Desk,
    phrase_id: str,
    values: Mapping[str, str] | None = None,
    request_id: str | None = None,
    variant: int | None = None,
) -> PhraseView:
    """The phrase with `values` over the known ones, by the keys of its blanks; `open` lists what is still to be asked.

    Without `variant` the one whose turn it is; any number is one of them. Raises Refusal phrase.unknown. Values are
    text as typed: cleaned, private numbers replaced, braces are data.
    """
    phrase = _all(desk).get(phrase_id)
    if phrase is None:
        raise Refusal("phrase.unknown", id=phrase_id)
    typed = {name: redact(clean_line(value, 200))[0] for name, value in (values or {}).items()}
    now = setting(desk, request_id)
    return phrase_rank.view(phrase, replace(now, values={**now.values, **typed}), variant)


def _all(desk: Desk) -> dict[str, Published]:
    """The phrases in force, then the person's own, then what the notices of policies say to customers."""
    return {**library.phrases(desk), **own_phrases.personal(desk), **policies.phrases(desk)}


def _index(desk: Desk, names: Mapping[str, str]) -> PhraseIndex:
    """What is searched, made anew once a phrase was written or the reader calls things otherwise."""
    from agentdesk.desk.phrase_search import PhraseIndex

    shared, own, told = library.phrases(desk), own_phrases.personal(desk), set(policies.phrases(desk))

    def make() -> tuple[tuple[object, ...], PhraseIndex]:
        return (shared, own, told, dict(names)), PhraseIndex(_all(desk).values(), names)

    (of_shared, of_own, of_told, of_names), index = desk.kept(_INDEX, make)
    if of_shared is shared and of_own is own and of_told == told and of_names == names:
        return index
    desk.forget(_INDEX)
    return desk.kept(_INDEX, make)[1]
