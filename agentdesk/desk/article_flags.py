"""What somebody found wrong with an article that ships (§6.1).

No log holds the article, so the doubt is a suggestion to the team of who doubts: open until an approver says that the
text is right. A site's article in its place needs no answer to it. Flags of one version name the same suggestion; after
one was answered the next begins another. A flag that the answer had not seen, made without a line, is open again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from agentdesk.changes import instant
from agentdesk.desk import suggestions
from agentdesk.desk.context import Desk
from agentdesk.desk.site_articles import SiteArticle, Version
from agentdesk.domain.content import StarterArticle
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.review_lane import FLAG, FLAGGED
from agentdesk.domain.suggestions import ENTITY, flag_id, unanswered
from agentdesk.text.clean import clean_line

if TYPE_CHECKING:
    from agentdesk.changes import EntityState

_OPEN = f"{ENTITY}:flags"


def of_shipped(desk: Desk) -> Mapping[str, str]:
    """What is wrong with the shipped articles that somebody doubts: the latest reason by the article's id."""
    return desk.kept(_OPEN, lambda: _of_shipped(desk))


def _of_shipped(desk: Desk) -> dict[str, str]:
    from agentdesk.store import starter

    known, found = _known(desk), {}
    for one in starter.articles():
        latest = known.get(_open_id(one, known))
        if latest is not None and (made := unanswered(latest)):
            found[one.id] = mask_contacts(clean_line(str(made[-1].value.get("text") or "")))
    return found


def _known(desk: Desk) -> dict[str, EntityState]:
    return {state.id: state for state in suggestions.states(desk)}


def _open_id(one: StarterArticle, known: Mapping[str, EntityState]) -> str:
    """The suggestion in which something is not answered yet, made or still to make."""
    return next(key for key in _ids(one) if key not in known or _is_open(known[key]))


def _is_open(state: EntityState) -> bool:
    return state.lane("status") is None or bool(unanswered(state))


def _ids(one: StarterArticle) -> Iterator[str]:
    turn = 0
    while True:
        yield flag_id(one.version, turn)
        turn += 1


def flag(desk: Desk, one: StarterArticle, why: str) -> SiteArticle:
    """Say what is wrong with it; `why` is a reason as `review.reason` gives it."""
    suggestion = _open_id(one, _known(desk))
    with desk.journal.transaction() as txn:
        suggestions.make(txn, suggestion, why, about=FLAG)
    return _standing(one, why)


def settle(desk: Desk, one: StarterArticle) -> SiteArticle:
    """Say that its text is right as it is: the flag goes. Raises Refusal article.shipped without one, role.denied."""
    if one.id not in of_shipped(desk):
        raise Refusal("article.shipped", article=one.title)
    suggestions.settle_flag(desk, _open_id(one, _known(desk)))
    return _standing(one)


def _standing(one: StarterArticle, why: str = "") -> SiteArticle:
    """The article as what the site writes stands: published by nobody, flagged or not."""
    change = one.change()
    value = change.patch["version"]
    lane = {"state": FLAGGED if why else "published", FLAG: why}
    version = Version(one.version, instant(str(value["at"])), "", True, value)
    words = {"tags": one.tags, "keywords": one.keywords, "synonyms": one.synonyms}
    return SiteArticle(one.id, one.title, lane, (version,), False, words, (), None, None)
