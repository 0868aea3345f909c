"""Tags on several requests at once: one transaction a request, so that one refusal does not hold up the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentdesk.desk import editing, reading
from agentdesk.desk.context import Desk
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import looks_like_private

MAX_TAG = 20


@dataclass(frozen=True, slots=True)
class Tagged:
    """What became of it: how many requests were changed, how many had it so already, and (number, refusal) of the
    rest."""

    changed: int
    same: int
    refused: tuple[tuple[str, Refusal], ...]


def tag(desk: Desk, request_ids: Sequence[str], word: str, *, there: bool = True) -> Tagged:
    """Put a tag on those requests that I may edit, or take it off. Raises Refusal tag.empty, tag.private,
    tag.contact."""
    whole_word = clean_line(word)
    if not whole_word:
        raise Refusal("tag.empty")
    if there and mask_contacts(whole_word) != whole_word:  # every list shows it
        raise Refusal("tag.contact")
    if looks_like_private(whole_word):  # before it is cut: the head of a number is one too
        raise Refusal("tag.private")
    tidy = whole_word[:MAX_TAG].strip()
    changed, same = 0, 0
    refused: list[tuple[str, Refusal]] = []
    for request_id in request_ids:
        number = request_id
        try:
            whole = reading.load(desk, request_id)
            number = whole.number
            editing.require(desk, whole, "intake_record")
            if (tidy in whole.request.elements("tags")) is there:
                same += 1
                continue
            with desk.journal.transaction() as txn:
                txn.write("request", request_id, root=request_id, patch={"tags": {tidy: there}})
            changed += 1
        except Refusal as refusal:
            refused.append((number, refusal))
    return Tagged(changed, same, tuple(refused))
