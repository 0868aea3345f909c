"""A resolved request as material of an article: what the matter was and what solved it, with nobody's data in it."""

from __future__ import annotations

from dataclasses import dataclass

from agentdesk.desk import reading
from agentdesk.desk.context import Desk
from agentdesk.domain.intake import Intake
from agentdesk.domain.masking import mask_name
from agentdesk.domain.refusal import Refusal
from agentdesk.text.clean import clean_line
from agentdesk.text.contacts import find_contacts
from agentdesk.text.privacy import redact

GONE = "***"
"""What stands in the place of a datum of the customer."""
MAX_TITLE = 60
SHORTEST = 4
"""Characters below which an order number or a place is too common a text to be taken out everywhere."""


@dataclass(frozen=True, slots=True)
class Source:
    """What of a request goes into the draft of an article."""

    request_id: str
    title: str
    problem: str
    solution: str
    steps: tuple[str, ...]
    product: str
    category: str
    tags: tuple[str, ...]
    outcome: str = ""
    cause_class: str = ""


def from_request(desk: Desk, request_id: str) -> Source:
    """Read it. Raises Refusal article.unresolved where nothing solved it yet."""
    whole = reading.load(desk, request_id)
    resolution = whole.facts.resolution()
    solution = str(resolution.value.get("solution_text") or "").strip() if resolution else ""
    if resolution is None or not solution:
        raise Refusal("article.unresolved")
    intake = whole.facts.intake

    def bare(text: str) -> str:
        return anonymous(text, intake)

    title = clean_line(bare(f"{intake.product_service} {intake.anomaly or intake.description}"), MAX_TITLE).strip()
    problem = "\n".join(text for text in (intake.description, intake.anomaly) if text)
    actions = resolution.value.get("actions") or ()
    return Source(
        request_id=request_id,
        title=title,
        problem=bare(problem),
        solution=bare(solution),
        steps=tuple(bare(str(one["text"])) for one in actions if one.get("text")),
        product=bare(intake.product_service),
        category=intake.sub_type,
        tags=tuple(map(bare, intake.tags)),
        outcome=str(resolution.value.get("outcome") or ""),
        cause_class=str(resolution.value.get("cause_class") or ""),
    )


def anonymous(text: str, intake: Intake) -> str:
    """A text without the numbers, ways to reach, place and name of the customer; any other contact goes as well."""
    bare = redact(text)[0]
    for datum in sorted((intake.contact, intake.customer_no, intake.order_no, intake.place), key=len, reverse=True):
        if len(datum) >= SHORTEST:
            bare = bare.replace(datum, GONE)
    name = intake.customer_name.strip()
    if len(name) > 1 and "*" not in name:
        bare = bare.replace(name, mask_name(name))
    for start, end, _ in sorted(find_contacts(bare), reverse=True):
        bare = bare[:start] + GONE + bare[end:]
    return bare
