"""Who called: normalised numbers, contacts and names, so that a known customer is found while the agent types."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, insert

from agentdesk.domain.contact import backwards, normal_contact
from agentdesk.domain.facts import RequestFacts
from agentdesk.store import tables
from agentdesk.text.clean import clean_line

SAID_DIGITS = 4
"""A phone is found by an ending of so many digits, or more."""


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
    """Return (kind, key) of the reporter: `contact`, its digits backwards as `contact_tail`, `customer_no`, `name`."""
    reporter = facts.request.register("reporter") if facts.request else {}
    contact = str(reporter.get("contact") or "")
    found = {
        ("contact", normal_contact(contact) if contact else ""),
        ("customer_no", str(reporter.get("customer_no") or "").casefold()),
        ("contact_tail", digits if len(digits := backwards(normal_contact(contact))) >= SAID_DIGITS else ""),
        ("name", clean_line(str(reporter.get("customer_name") or "")).casefold()),
    }
    return {(kind, key) for kind, key in found if key}


# Written once: making a statement anew costs more than running it.
_DROP = delete(tables.customer_key).where(tables.customer_key.c.root.in_(bindparam("roots", expanding=True)))
_INSERT = insert(tables.customer_key)
