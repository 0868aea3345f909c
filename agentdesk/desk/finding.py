"""Quick find: one field over numbers, names, phones, customer numbers and the text of requests."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from agentdesk.desk.context import Desk
from agentdesk.domain import customer_keys
from agentdesk.domain.contact import normal_contact
from agentdesk.store import finding, queries
from agentdesk.store.queries import QueueRow
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import looks_like_private

LIMIT = 30
LEAST_DIGITS = 4
"""So many digits are looked for in phones, at their beginning or end; fewer only in the numbers of requests."""
_SLICE = 50
"""Requests indexed in one transaction: short, so that a save gets in between."""


def find(desk: Desk, typed: str, limit: int = LIMIT) -> list[QueueRow]:
    """Return the requests that fit what was typed, surest first: number, phone, customer number, name, words.

    Open ones come before closed ones among equals of one kind. Private numbers find nothing.
    """
    words = unicodedata.normalize("NFKC", clean_line(typed, 100))
    if not words or looks_like_private(words):
        return []
    found: dict[str, None] = {}
    for roots in _looks(desk, words, limit):
        lines = queries.queue_rows(desk.store.raw(), [root for root in roots if root not in found])
        found.update((row.id, None) for row in sorted(lines, key=lambda row: not row.is_open))
        if len(found) >= limit:
            break
    return queries.queue_rows(desk.store.raw(), list(found)[:limit])


def _looks(desk: Desk, words: str, limit: int) -> Iterator[list[str]]:
    """Yield what each way of looking finds, the cheapest and surest first."""
    conn = desk.store.raw()
    digits = "".join(filter(str.isdecimal, words)) if set(words) <= _NUMBERLIKE else ""
    if words.isascii():
        yield finding.by_number(conn, words, limit)
    if digits and len(digits) <= 12:
        yield finding.by_number_end(conn, digits, limit)
    if len(digits) >= LEAST_DIGITS:
        yield finding.by_key(conn, "contact", normal_contact(digits), limit)
        yield finding.by_key(conn, "contact_tail", digits[::-1], limit)
    for kind, key in customer_keys.wanted(words):
        if kind == customer_keys.CUSTOMER_NO or not digits:
            yield finding.by_key(conn, kind, key, limit)
    yield finding.by_words(conn, words, limit)


_NUMBERLIKE = frozenset("0123456789 +-()")


def index_some(desk: Desk) -> int:
    """Index a few of the requests that wait for it (pulled, imported, of an older store); return how many are left."""
    from agentdesk.store import upkeep
    from agentdesk.store.projections import requests

    if not desk.store.writable:
        return 0
    return upkeep.drain(desk.store, (requests.KIND,), _SLICE)
