"""Requests that are alike: by the words of their record, by order number; over the plain connection.

The words are those of the search index of requests: nothing is kept beside it, so that a save costs no more and what
is redacted is gone from here, too.
"""

from __future__ import annotations

import contextlib
import json
import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from agentdesk.changes import instant
from agentdesk.store.projections.queue import UNREADABLE
from agentdesk.store.projections.requests import KIND
from agentdesk.store.projections.search_filters import Condition
from agentdesk.store.projections.search_lanes import Reach, by_likeness
from agentdesk.text.terms import index_terms, query_terms

ORDER_NO: Final = "upper(json_extract(\"order\", '$.order_no'))"
"""What the index of order numbers holds, as it is asked for."""
SAME_ORDER: Final = 20
FEWEST_TERMS: Final = 6
"""Terms below which a text is too short to be the whole of another."""
SOLVED: Final = Condition(
    " AND EXISTS (SELECT 1 FROM search_item i JOIN queue_row q ON q.root = i.id WHERE i.row = {row}"
    " AND q.state IN ('RESOLVED', 'CONFIRMED', 'CLOSED'))"
)
"""Requests that were resolved and did not come back."""


def like(conn: sqlite3.Connection, text: str, where: Condition, own: int = 0) -> dict[str, float]:
    """Return requests by how much of a text they share, from 0 to 1, among the best 60 or so that meet a condition.

    `own` is 1 where the text is that of a request which the index holds.
    """
    terms = [term for term in query_terms(text) if not term.prefix]
    total = conn.execute("SELECT docs FROM search_count WHERE kind = ?", (KIND,)).fetchone()[0]
    if not (terms and total):
        return {}
    rows, frequency = by_likeness(Reach(conn, KIND, where, total), terms, own)
    found = conn.execute(f"SELECT id, title, body FROM search_item WHERE row IN ({_marks(rows)})", rows)
    weights = {term.text: math.log1p(total / max(1, frequency[term])) for term in terms}
    return {root: _share(weights, {*index_terms(title), *index_terms(body)}) for root, title, body in found}


def _share(weights: Mapping[str, float], others: set[str]) -> float:
    """Return how much of the shorter text the two have in common; a rare term says more than a common one."""
    mean = sum(weights.values()) / len(weights)
    whole = mean * max(FEWEST_TERMS, min(len(weights), len(others)))
    return min(1.0, sum(weight for term, weight in weights.items() if term in others) / whole)


def since(conn: sqlite3.Connection, at: datetime) -> Condition:
    """Return the condition that a request was made at this desk's file after an instant, or was written anew."""
    prefix = f"{int(at.timestamp() * 1000):012x}"
    first = conn.execute(
        "SELECT min(row) FROM search_item WHERE kind = ? AND id >= ?", (KIND, f"{prefix[:8]}-{prefix[8:]}")
    ).fetchone()[0]
    return Condition(f" AND {{row}} >= {int(first)}" if first is not None else " AND 0")


def with_order(conn: sqlite3.Connection, order_no: str) -> list[str]:
    """Return the requests about an order, newest first."""
    rows = conn.execute(
        f"SELECT id FROM request WHERE {ORDER_NO} = upper(?) AND {ORDER_NO} <> '' ORDER BY id DESC LIMIT {SAME_ORDER}",
        (order_no,),
    )
    return [root for (root,) in rows]


@dataclass(frozen=True, slots=True)
class Record:
    """What of a request is compared and judged by; of its resolution what the lane points to."""

    id: str
    owner: str
    recorder: str
    at: datetime | None
    reporter: Mapping[str, Any]
    order_no: str
    place: str
    product: str
    kind: tuple[str, str]
    category: str
    tags: frozenset[str]
    resolution: Mapping[str, Any] = field(default_factory=dict)
    verdict: str = ""


def records(conn: sqlite3.Connection, roots: Sequence[str]) -> dict[str, Record]:
    """Return these requests with their resolutions and latest verdicts; one that cannot be read is left out."""
    rows = conn.execute(
        'SELECT id, flow, created, reporter, "order", place, product_service, type, category, tags FROM request'
        f" WHERE id IN ({_marks(roots)})",
        list(roots),
    ).fetchall()
    versions, verdicts = _events(conn, "resolution", "version", roots), _events(conn, "verdict", "given", roots)
    found: dict[str, Record] = {}
    for row in rows:
        with contextlib.suppress(*UNREADABLE):  # a fact of another version, or of a hostile hand: it is like nothing
            found[row[0]] = _record(row, versions.get(row[0], {}), verdicts.get(row[0], {}))
    return found


def _record(row: Sequence[Any], versions: Mapping[str, Any], verdicts: Mapping[str, Any]) -> Record:
    flow, created, reporter, order, place, product, kind, category, tags = (_value(text) for text in row[1:])
    first: Mapping[str, Any] = next(iter(created.values()), {})
    last: Mapping[str, Any] = max(verdicts.values(), key=lambda value: str(value.get("at")), default={})
    return Record(
        id=row[0],
        owner=str(flow.get("owner") or ""),
        recorder=str(first.get("recorder") or ""),
        at=instant(first["at"]) if first.get("at") else None,
        reporter=reporter,
        order_no=str(order.get("order_no") or ""),
        place=str(place.get("place") or ""),
        product=str(product.get("product_service") or ""),
        kind=(str(kind.get("request_type") or ""), str(kind.get("sub_type") or "")),
        category=str(category.get("category") or ""),
        tags=frozenset(tag for tag, there in tags.items() if there),
        resolution=versions.get(str(flow.get("resolution_id") or ""), {}),
        verdict=str(last.get("verdict") or ""),
    )


def _events(conn: sqlite3.Connection, entity: str, group: str, roots: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the events of a group by request, each by its change id."""
    rows = conn.execute(f"SELECT root, {group} FROM {entity} WHERE root IN ({_marks(roots)})", list(roots))
    found: dict[str, dict[str, Any]] = {}
    for root, text in rows:
        found.setdefault(root, {}).update(_value(text))
    return found


def _value(text: str | None) -> Any:
    return json.loads(text) if text else {}


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
