"""Authoring suggestions: words that several searches did not find, requests solved without an article (§6.5, §6.6).

A suggestion is open until somebody who writes articles takes it or declines it with a reason; either way nobody is
asked again. Requests are read from their resolutions: they become an entity only once somebody decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from agentdesk.changes import EntityState, instant
from agentdesk.desk.context import Desk
from agentdesk.desk.permission import require
from agentdesk.domain import roles, suggestions
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.suggestions import ANSWERS, ARTICLE, DECIDING, ENTITY
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import redact

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction

AREA = "kb_article"
WORDS, REQUEST = "words", "request"
MAX_WHY = 500
MOST = 200
"""Suggestions of each kind that are listed: the rest waits behind them."""
_LIST = "suggestion:list"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that should be written; `times` it was missed by so many `people`, the last time at `at`."""

    id: str
    kind: str
    text: str
    at: datetime
    times: int = 1
    people: int = 1
    request: str = ""
    number: str = ""
    wanted: str = ""
    """What the agent who resolved the request proposed as an article."""


def may_decide(desk: Desk) -> bool:
    """Whether this person says what becomes of a suggestion."""
    return bool(DECIDING & set(desk.me.roles))


def may_see(desk: Desk) -> bool:
    """Whether this person sees what a whole team searched for and misses: who reads its figures, or writes articles."""
    return roles.may(desk.me.roles, "kpi", "V", own=False) or may_decide(desk)


# -- making -----------------------------------------------------------------------------------------------------------


def note(txn: Transaction, words: str) -> None:
    """Write, in the transaction of its search, that these words found nothing: once a day by the same person.

    Words that nobody would call an article by, and those that somebody has decided on, are passed over.
    """
    if not suggestions.worth_it(words):
        return
    suggestion = suggestions.words_id(words)
    known = txn.state(ENTITY, suggestion)
    if known is not None and (known.lane("status") is not None or _today(known, txn)):
        return
    make(txn, suggestion, words)


def _today(known: EntityState, txn: Transaction) -> bool:
    today = txn.at.date()
    return any(
        one.actor == txn.me.person_id and one.at.astimezone(txn.at.tzinfo).date() == today
        for one in known.events("made")
    )


def make(txn: Transaction, suggestion: str, text: str, request: str = "", about: str = ARTICLE) -> None:
    """Write that somebody missed it once more."""
    value = {"about": about, "text": text, "source_request": request, "at": txn.now()}
    txn.write(ENTITY, suggestion, root=suggestion, patch={"made": value})


# -- looking ----------------------------------------------------------------------------------------------------------


def waiting(desk: Desk, days: int = 90) -> list[Suggestion]:
    """What waits for somebody to write it: words first, then requests of the last days; what most people miss first."""
    words = sorted(_of_words(desk), key=lambda one: (-one.people, -one.times, one.text))
    return [*words[:MOST], *_of_requests(desk, days)]


def count(desk: Desk) -> int:
    """How many wait."""
    return len(waiting(desk))


def _of_words(desk: Desk) -> list[Suggestion]:
    least = desk.settings.get("kb.suggest_after")
    made = (_from_state(state) for state in states(desk) if state.lane("status") is None)
    words = (one for one in made if one is not None and one.kind == WORDS and one.times >= least)
    return [one for one in words if suggestions.worth_it(one.text)]  # of some a redaction left nothing to write about


def states(desk: Desk) -> list[EntityState]:
    """Every suggestion, open or decided, whatever it is about; read once and kept until one is written."""
    from agentdesk.store import entities

    def load() -> list[EntityState]:
        with desk.store.read() as conn:
            return list(entities.each(conn, ENTITY))

    return desk.kept(_LIST, load)


def _from_state(state: EntityState) -> Suggestion | None:
    made = state.events("made")
    if not made or made[-1].value.get("about") != ARTICLE:
        return None  # about what a later version knows
    last = made[-1]
    request = str(last.value.get("source_request") or "")
    people = len({one.actor for one in made})
    text = mask_contacts(clean_line(str(last.value.get("text") or "")))
    return Suggestion(state.id, REQUEST if request else WORDS, text, last.at, len(made), people, request)


def _of_requests(desk: Desk, days: int) -> list[Suggestion]:
    """Requests that I may see, resolved without a citation, of which nobody decided or wrote an article yet."""
    from agentdesk.store import usage

    since = desk.now() - timedelta(days=days)
    conn = desk.store.raw()
    settled = {state.id for state in states(desk) if state.lane("status") is not None}
    written = usage.written_of(conn)
    found: dict[str, Suggestion] = {}
    for row in usage.uncited(conn):
        suggestion = suggestions.request_id(row.request)
        last = _latest(json.loads(row.versions).values())
        if row.request in written or suggestion in settled or last.get("kb_refs") or instant(last["at"]) < since:
            continue
        wanted = str(last.get("kb_candidate") or "")
        if wanted or last.get("own_knowledge"):
            found[row.request] = Suggestion(
                suggestion, REQUEST, row.title, instant(last["at"]), 1, 1, row.request, row.number, wanted
            )  # fmt: skip
    return _visible(desk, found)


def _visible(desk: Desk, found: Mapping[str, Suggestion]) -> list[Suggestion]:
    """The first of those whose request I may see (§8), the contact of its customer masked in what was proposed."""
    from agentdesk.desk import alike
    from agentdesk.store.alike import records

    sees, conn, kept = alike.sight(desk), desk.store.raw(), []
    roots = sorted(found, key=lambda root: (not found[root].wanted, -found[root].at.timestamp()))
    for start in range(0, len(roots), MOST):
        part = roots[start : start + MOST]
        held = records(conn, part)
        for one, record in ((found[root], held[root]) for root in part if root in held and sees(held[root])):
            contact = str(record.reporter.get("contact") or "")
            kept.append(replace(one, wanted=mask_contacts(clean_line(one.wanted), contact)))
        if len(kept) >= MOST:
            break
    return kept[:MOST]


def _latest(versions: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    return max(versions, key=lambda one: instant(one["at"]))


# -- deciding ---------------------------------------------------------------------------------------------------------


def take(desk: Desk, one: Suggestion, article: str) -> None:
    """Say that this article answers the suggestion. Raises Refusal role.denied, suggestion.decided."""
    _decide(desk, one, "take", {"article": article})


def decline(desk: Desk, one: Suggestion, why: str) -> None:
    """Say why nothing is written. Raises Refusal role.denied, suggestion.decided, suggestion.no_why."""
    said = redact(clean_line(why, MAX_WHY))[0].strip()
    if not said:
        raise Refusal("suggestion.no_why")
    _decide(desk, one, "decline", {"why": said})


def _decide(desk: Desk, one: Suggestion, step: str, value: Mapping[str, Any]) -> None:
    if not may_decide(desk):
        require(desk.me.roles, AREA, "C")
    with desk.journal.transaction() as txn:
        state = txn.state(ENTITY, one.id)
        if state is not None and state.lane("status") is not None:
            raise Refusal("suggestion.decided")
        if state is None:
            make(txn, one.id, one.text, one.request)
        txn.transition(ENTITY, one.id, "status", step, value)


def settle_flag(desk: Desk, suggestion: str) -> None:
    """Say that what somebody found wrong with a shipped article is right. Raises Refusal role.denied, flow.state.

    The answer names the flags that are here: one that comes later from a desk without a line is open.
    """
    require(desk.me.roles, AREA, "A")
    with desk.journal.transaction() as txn:
        state = txn.state(ENTITY, suggestion)
        seen = [one.id for one in state.events("made")] if state is not None else []
        txn.transition(ENTITY, suggestion, "status", "decline", {"why": "", ANSWERS: seen})


def take_words(desk: Desk, words: str, article: str) -> None:
    """Say that this article answers the suggestion of some words, if there is an open one and I may."""
    suggestion = suggestions.words_id(words)
    open_one = next((one for one in map(_from_state, states(desk)) if one is not None and one.id == suggestion), None)
    decided = any(state.id == suggestion and state.lane("status") is not None for state in states(desk))
    if open_one is not None and not decided and may_decide(desk):
        take(desk, open_one, article)
