"""Customers as derived from their requests: the same normalised number or contact is one customer (MODEL §5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agentdesk.desk.capture_views import CustomerCard
from agentdesk.desk.context import Desk
from agentdesk.desk.views import CustomerMatch, RequestBrief
from agentdesk.domain import customer_keys, triage
from agentdesk.domain.contact import normal_contact
from agentdesk.domain.intake import Intake
from agentdesk.store import customers as known
from agentdesk.store import queries
from agentdesk.store.customers import Topic
from agentdesk.store.queries import QueueRow
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import looks_like_private

LOOKED_AT = 40
"""Requests whose reporters are read at once when a customer is looked up."""


def find(desk: Desk, text: str, limit: int = 8) -> list[CustomerMatch]:
    """Return the customers whose number, contact, name or its pinyin begins with `text`: exact first, then newest."""
    if looks_like_private(text):
        return []
    conn = desk.store.raw()
    met: dict[str, str] = {}
    for kind, root in _matching(conn, customer_keys.wanted(text)):
        met.setdefault(root, kind)
    first: dict[str, tuple[str, Mapping[str, Any]]] = {}
    roots = list(met)
    while roots and len(first) < limit:  # the first few mostly hold enough customers: the others need not be read
        some, roots = roots[:LOOKED_AT], roots[LOOKED_AT:]
        reporters = known.reporters(conn, some)
        for root in some:
            if root in reporters:
                first.setdefault(_who(reporters[root]), (root, reporters[root]))
    return [_match(desk, met[root], reporter) for root, reporter in list(first.values())[:limit]]


def requests_of(desk: Desk, contact: str, customer_no: str) -> list[str]:
    """Return the ids of the customer's requests, newest first; nothing where neither is given."""
    keys = customer_keys.keys({"contact": contact, "customer_no": customer_no})
    same = sorted((kind, key) for kind, key in keys if kind in customer_keys.SAME)
    return known.with_keys(desk.store.raw(), same)


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """What belongs to a customer over all their requests: contacts; order, customer and request numbers."""

    contacts: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


def numbers_of(desk: Desk, contact: str, customer_no: str) -> OwnNumbers:
    """Return the contacts and numbers of all requests of this customer."""
    roots = requests_of(desk, contact, customer_no)
    rows = known.numbers(desk.store.raw(), roots) if roots else []
    return OwnNumbers(frozenset(row[0] for row in rows), frozenset(value for row in rows for value in row[1:]))


def briefs(desk: Desk, roots: Sequence[str]) -> list[RequestBrief]:
    """Return one line for each of these requests, in their order; unknown ones are left out."""
    return [_brief(row) for row in queries.queue_rows(desk.store.raw(), roots)]


def card(desk: Desk, contact: str, customer_no: str) -> CustomerCard:
    """Return the card of the customer with this contact or number; one without requests has only what was given."""
    roots = requests_of(desk, contact, customer_no)
    conn = desk.store.raw()
    reporters, standing = known.reporters(conn, roots), known.standing(conn, roots)
    reporter = next((reporters[root] for root in roots if root in reporters), {})
    requests = tuple(briefs(desk, roots))
    return CustomerCard(
        customer_name=str(reporter.get("customer_name") or ""),
        contact=str(reporter.get("contact") or contact),
        customer_no=str(reporter.get("customer_no") or customer_no),
        tier=standing.tier,
        segment=standing.segment,
        last_at=max((one.at for one in requests if one.at is not None), default=None),
        requests=requests,
    )


def propose(desk: Desk, intake: Intake, before: str = "", apart: frozenset[str] = frozenset()) -> triage.Proposal:
    """Return what the rules propose for a record, knowing the customer's earlier requests on the topic (§2.1 #22).

    `before`: only requests made before this one count; those of `apart` never do.
    Same topic: the same product or service; where neither request names one, the same type and sub-type.
    """
    return repeats_and_proposal(desk, intake, before, apart)[1]


def repeats_and_proposal(
    desk: Desk, intake: Intake, before: str = "", apart: frozenset[str] = frozenset()
) -> tuple[int, triage.Proposal]:
    """Return how often the customer came with this topic before, and what the rules propose knowing that."""
    since = desk.now().timestamp() - desk.settings.seconds("intake.repeat_window")
    conn = desk.store.raw()
    same = [one for one in _same_topic(desk, intake, before, apart) if _at(one) >= since]
    unanswered = any(not known.was_answered(conn, one.id) for one in same if one.open)
    proposal = triage.propose(intake, desk.words, len(same), unanswered=unanswered, settings=desk.settings)
    return len(same), proposal


def same_topic(desk: Desk, intake: Intake) -> list[str]:
    """Return the ids of the customer's requests on the topic of this record, newest first."""
    return [one.id for one in _same_topic(desk, intake)]


def _same_topic(desk: Desk, intake: Intake, before: str = "", apart: frozenset[str] = frozenset()) -> list[Topic]:
    roots = requests_of(desk, intake.contact, intake.customer_no)
    earlier = [root for root in roots if (not before or root < before) and root not in apart]
    wanted = _topic_of(intake)
    same = [one for one in known.topics(desk.store.raw(), earlier) if _topic(one) == wanted]
    return sorted(same, key=lambda one: one.id, reverse=True)


def _matching(conn: sqlite3.Connection, wanted: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield (kind, root): exact keys first, then keys that begin so, each newest first."""
    for kind, key in wanted:
        yield from ((kind, root) for root in known.with_keys(conn, [(kind, key)]))
    for kind, key in wanted:
        yield from ((kind, root) for root in known.with_key_beginning(conn, kind, key))


def _who(reporter: Mapping[str, Any]) -> str:
    """What makes two requests one customer's in a list: the number, else the contact, else the name."""
    number = customer_keys.number_key(str(reporter.get("customer_no") or ""))
    contact = str(reporter.get("contact") or "")
    return number or (normal_contact(contact) if contact else str(reporter.get("customer_name") or ""))


def _match(desk: Desk, kind: str, reporter: Mapping[str, Any]) -> CustomerMatch:
    contact, customer_no = reporter.get("contact") or "", reporter.get("customer_no") or ""
    return CustomerMatch(
        customer_name=reporter.get("customer_name") or "",
        contact=contact,
        contact_kind=reporter.get("contact_kind") or "",
        customer_no=customer_no,
        unregistered=bool(reporter.get("unregistered")),
        customer_id=reporter.get("customer_id") or "",
        matched=kind,
        requests=tuple(briefs(desk, requests_of(desk, contact, customer_no))),
    )


def _brief(row: QueueRow) -> RequestBrief:
    at = datetime.fromtimestamp(row.updated_at / 1000, UTC) if row.updated_at else None
    kind, sub_type, priority = row.request_type or "", row.sub_type or "", row.priority or ""
    return RequestBrief(
        row.id, row.number, row.short_number, row.title, kind, sub_type, priority, row.state, row.is_open, at
    )


def _at(topic: Topic) -> float:
    """The time of recording as a timestamp, 0 where there is none."""
    return datetime.fromisoformat(topic.recorded_at).timestamp() if topic.recorded_at else 0.0


def _topic(topic: Topic) -> tuple[str, ...]:
    product = clean_line(topic.product).casefold()
    return (product,) if product else ("", topic.request_type, topic.sub_type)


def _topic_of(intake: Intake) -> tuple[str, ...]:
    product = intake.product_service.casefold()
    return (product,) if product else ("", intake.request_type, intake.sub_type)
