"""What should be written: words that found nothing, requests solved without an article (MODEL §2, §6.5).

Everybody who meets the same words or resolves the request names the same suggestion, so that it is decided on once.
"""

from __future__ import annotations

import re
from typing import Final

from agentdesk.changes import EntityState, Event, Lane, Transition
from agentdesk.changes.ids import derived_id
from agentdesk.changes.skeleton import MARK
from agentdesk.domain.roles import may
from agentdesk.domain.usage import term_of
from agentdesk.domain.vocabulary import ROLES

ENTITY: Final = "suggestion"
ARTICLE: Final = "article"
TAKEN, DECLINED = "taken", "declined"
ANSWERS: Final = "answers"
"""What an answer to flags names: the ids of all those that who gave it had."""
MAX_WORDS: Final = 60
"""Longer words are a sentence that somebody pasted, not what an article would be called."""
LEAST_WORDS: Final = 2
_OF_ONE_CASE: Final = re.compile(rf"\*\*|\[(?:ID|CARD)\]|{re.escape(MARK)}|\d{{5}}")

DECIDING: Final = frozenset(
    role for role in ROLES if may((role,), "kb_article", "C") or may((role,), "kb_article", "A")
)
"""Who writes or approves articles says what becomes of a suggestion."""

SUGGESTION_LANE: Final = Lane(
    {
        "take": Transition("take", frozenset({None}), (TAKEN,), DECIDING),
        "decline": Transition("decline", frozenset({None, DECLINED}), (DECLINED,), DECIDING),
    }
)
"""Open until somebody takes or declines it; of two who decide without a line the first at the centre counts.

What an answer to flags did not see may be answered once more.
"""


def words_id(words: str) -> str:
    """The id of the suggestion that these words make, whoever searched for them."""
    return derived_id(ENTITY, "words", term_of(words))


def request_id(request: str) -> str:
    """The id of the suggestion that a resolved request makes."""
    return derived_id(ENTITY, "request", request)


def flag_id(version: str, turn: int) -> str:
    """The id of the suggestion that the flags of a shipped version make; the next `turn` begins after an answer."""
    return derived_id(ENTITY, "flag", version, str(turn))


def unanswered(state: EntityState) -> list[Event]:
    """The flags in it that nobody has answered: those that the answer does not name, as who gave it had not seen them.

    An answer of before names none and answers all.
    """
    lane = state.lane("status")
    answered = (lane or {}).get(ANSWERS)
    if lane is not None and not isinstance(answered, list):
        return []
    return [one for one in state.events("made") if one.id not in (answered or ())]


def worth_it(words: str) -> bool:
    """Whether words that found nothing may be what an article should be found by; a number belongs to one case."""
    return LEAST_WORDS <= len(term_of(words)) <= MAX_WORDS and not _OF_ONE_CASE.search(words)
