"""Customers as derived from their requests: the same normalised number or contact is one customer (MODEL §5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from agentdesk.desk.context import Desk
from agentdesk.desk.views import CustomerMatch, RequestBrief
from agentdesk.domain import triage
from agentdesk.domain.contact import normal_contact
from agentdesk.domain.intake import Intake
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import looks_like_private

_SEEN = 200
"""At most so many of the newest requests that match are looked at; a name like 张* may have thousands."""
_AFTER = "\U0010ffff"


def find(desk: Desk, text: str, limit: int = 8) -> list[CustomerMatch]:
    """Return the customers whose number, contact or name begins with `text`, exact matches first, then the newest."""
    typed = clean_line(text, 100)
    if not typed or looks_like_private(typed):
        return []
    wanted = {"customer_no": typed.casefold(), "contact": normal_contact(typed), "name": typed.casefold()}
    found: dict[tuple[str, str], CustomerMatch] = {}
    for kind, root in _matching(desk, wanted):
        match = _match(desk, kind, root)
        if match is not None:
            found.setdefault((match.customer_no.casefold() or normal_contact(match.contact), ""), match)
        if len(found) >= limit:
            break
    return list(found.values())


def requests_of(desk: Desk, contact: str, customer_no: str) -> list[str]:
    """Return the ids of the customer's requests, newest first; nothing where neither is given."""
    keys = [("contact", normal_contact(contact)), ("customer_no", clean_line(customer_no).casefold())]
    wanted = [(kind, key) for kind, key in keys if key]
    if not wanted:
        return []
    where = " OR ".join("(kind = ? AND key = ?)" for _ in wanted)
    rows = desk.store.raw().execute(
        f"SELECT DISTINCT root FROM customer_key WHERE {where} ORDER BY root DESC LIMIT {_SEEN}",
        [value for pair in wanted for value in pair],
    )
    return [row[0] for row in rows]


def briefs(desk: Desk, roots: Sequence[str]) -> list[RequestBrief]:
    """Return one line for each of these requests, in their order; unknown ones are left out."""
    if not roots:
        return []
    rows = desk.store.raw().execute(
        "SELECT root, number, short_number, title, request_type, sub_type, priority, state, is_open, updated_at"
        f" FROM queue_row WHERE root IN ({','.join('?' * len(roots))})",
        list(roots),
    )
    by_root = {row[0]: _brief(row) for row in rows}
    return [by_root[root] for root in roots if root in by_root]


def propose(desk: Desk, intake: Intake, before: str = "") -> triage.Proposal:
    """Return what the rules propose for a record, knowing the customer's earlier requests on the topic (§2.1 #22).

    `before`: only requests made before this one count. Same topic: the same product or service; where neither request
    names one, the same type and sub-type.
    """
    since = desk.now().timestamp() - desk.settings.seconds("intake.repeat_window")
    roots = requests_of(desk, intake.contact, intake.customer_no)
    earlier = [root for root in roots if not before or root < before]
    same = [row for row in _topics(desk, earlier) if _at(row) >= since and _topic(row) == _topic_of(intake)]
    unanswered = any(not _was_answered(desk, row[0]) for row in same if row[4])
    return triage.propose(intake, desk.words, len(same), unanswered=unanswered, settings=desk.settings)


def _matching(desk: Desk, wanted: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Yield (kind, root): exact keys first, then keys that begin so, each newest first."""
    conn = desk.store.raw()
    for kind, key in wanted.items():
        rows = conn.execute(
            f"SELECT root FROM customer_key WHERE kind = ? AND key = ? ORDER BY root DESC LIMIT {_SEEN}", (kind, key)
        )
        yield from ((kind, row[0]) for row in rows.fetchall())
    for kind, key in wanted.items():
        rows = conn.execute(
            f"SELECT root FROM customer_key WHERE kind = ? AND key > ? AND key < ? ORDER BY root DESC LIMIT {_SEEN}",
            (kind, key, key + _AFTER),
        )
        yield from ((kind, row[0]) for row in rows.fetchall())


def _match(desk: Desk, kind: str, root: str) -> CustomerMatch | None:
    row = desk.store.raw().execute("SELECT reporter FROM request WHERE id = ?", (root,)).fetchone()
    reporter: dict[str, Any] = json.loads(row[0]) if row and row[0] else {}
    if not reporter:
        return None
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


def _brief(row: Sequence[Any]) -> RequestBrief:
    at = datetime.fromtimestamp(row[9] / 1000, UTC) if row[9] else None
    number, short, title, request_type, sub_type, priority, state = (str(value or "") for value in row[1:8])
    return RequestBrief(str(row[0]), number, short, title, request_type, sub_type, priority, state, bool(row[8]), at)


def _topics(desk: Desk, roots: Sequence[str]) -> list[Sequence[Any]]:
    """Return (id, product, type, sub-type, open, recorded at) of requests that were recorded."""
    rows = desk.store.raw().execute(
        "SELECT r.id, json_extract(r.product_service, '$.product_service'), q.request_type, q.sub_type, q.is_open,"
        " r.created"
        " FROM request r JOIN queue_row q ON q.root = r.id"
        f" WHERE q.state <> 'CANCELLED' AND r.id IN ({','.join('?' * len(roots))})",
        list(roots),
    )
    return rows.fetchall()


def _at(row: Sequence[Any]) -> float:
    """The time of recording as a timestamp, 0 where there is none."""
    created = json.loads(row[5]) if row[5] else {}
    times = [value["at"] for value in created.values()]
    return datetime.fromisoformat(max(times)).timestamp() if times else 0.0


def _topic(row: Sequence[Any]) -> tuple[str, ...]:
    product = clean_line(row[1] or "").casefold()
    return (product,) if product else ("", row[2] or "", row[3] or "")


def _topic_of(intake: Intake) -> tuple[str, ...]:
    product = intake.product_service.casefold()
    return (product,) if product else ("", intake.request_type, intake.sub_type)


def _was_answered(desk: Desk, root: str) -> bool:
    row = (
        desk.store.raw()
        .execute(
            "SELECT EXISTS (SELECT 1 FROM contact WHERE root = ?1 AND answered IS NOT NULL)"
            " OR EXISTS (SELECT 1 FROM entry WHERE root = ?1 AND message_sent IS NOT NULL)",
            (root,),
        )
        .fetchone()
    )
    return bool(row[0])
