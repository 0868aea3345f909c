"""The text of own requests as the search index holds it, so that a request is found by any word of it (MODEL §8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from agentdesk.changes import EntityState
from agentdesk.domain.facts import RequestFacts
from agentdesk.store.projections import search
from agentdesk.store.projections.queue import title

KIND = "request"
IN_TRANSACTION = 3
"""More than this many at once are indexed by a worker: what an exchange or an import brings must not wait for it."""


def refresh(conn: Connection, facts: Mapping[str, RequestFacts]) -> None:
    """Index the requests under these roots, at once or through the queue; what is gone is taken out."""
    dbapi = conn.connection.driver_connection
    assert dbapi is not None
    if len(facts) > IN_TRANSACTION:
        search.enqueue(dbapi, KIND, facts)
        return
    items = {root: found for root, one in facts.items() if (found := item(one.request))}
    search.put(dbapi, items.values())
    search.remove(dbapi, KIND, [root for root in facts if root not in items])


def items_of(states: Iterable[EntityState]) -> list[search.Item]:
    """Return what the index holds of these requests."""
    return [found for state in states if (found := item(state))]


def item(request: EntityState | None) -> search.Item | None:
    """Return a request as found: title, texts, and by what else it is called; None where it is none yet."""
    if request is None or request.lane("flow") is None:
        return None
    reporter, order = request.register("reporter"), request.register("order")
    names = [reporter.get("customer_name"), order.get("order_no"), request.register("place").get("place")]
    texts = [request.text("description"), request.text("anomaly"), request.text("expected_outcome")]
    return search.Item(
        KIND,
        request.id,
        title(request),
        "\n".join(text for text in texts if text),
        tuple(dict.fromkeys(str(name) for name in (*names, *request.elements("tags")) if name)),
    )
