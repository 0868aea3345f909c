"""Who called: numbers, contacts, names and their pinyin, so that a known customer is found while the agent types."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, insert

from agentdesk.domain import customer_keys
from agentdesk.domain.facts import RequestFacts
from agentdesk.store import tables


def clear(conn: Connection) -> None:
    """Throw all keys away."""
    conn.execute(delete(tables.customer_key))


def refresh(conn: Connection, facts: Mapping[str, RequestFacts]) -> None:
    """Write the keys of these roots' customers."""
    conn.execute(_DROP, {"roots": list(facts)})
    rows = [{"kind": kind, "key": key, "root": root} for root, of_root in facts.items() for kind, key in keys(of_root)]
    if rows:
        conn.execute(_INSERT, rows)


def keys(facts: RequestFacts) -> set[tuple[str, str]]:
    """Return (kind, key) of the reporter."""
    return customer_keys.keys(facts.request.register("reporter")) if facts.request else set()


# Written once: making a statement anew costs more than running it.
_DROP = delete(tables.customer_key).where(tables.customer_key.c.root.in_(bindparam("roots", expanding=True)))
_INSERT = insert(tables.customer_key)
