"""PV-03: numbers of other people in outgoing text — a phone or an order number that the open request does not hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from agentdesk.text.contacts import LANDLINE, MOBILE
from agentdesk.text.privacy import PrivateFinding, find_private

ORDER_NO = "order_no"

# An order number is told from a product model by its label, or by the shape with a date in it (O-20240428-31).
_LABELLED = re.compile(
    r"(?:订单号码?|订单编号|订单|訂單編號|訂單號碼?|訂單|工单号?|工單號?)\s?[:：是为為]?\s?([A-Za-zＡ-Ｚａ-ｚ0-9０-９][A-Za-zＡ-Ｚａ-ｚ0-9０-９\-－_]{4,39})"
)
_DATED = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9]{0,7}-){1,3}20\d{6}(?:-[A-Za-z0-9]{1,12}){0,2}(?![A-Za-z0-9])"
)


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What the customer of the open request may be told: his contacts, and the order and request numbers of it."""

    contacts: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()


def find_foreign(text: str, request: OpenRequest) -> Iterator[PrivateFinding]:
    """Phone and order numbers of the text that the open request does not hold; a part of an own number is own."""
    contacts = {_bare(value) for value in request.contacts}
    orders = {_bare(value) for value in request.orders}
    for item in find_private(text):
        value = _bare(text[item.start : item.end])
        if item.kind in (MOBILE, LANDLINE) and not any(own.endswith(value) for own in contacts):
            yield item
    seen: set[tuple[int, int]] = set()
    for expression, group in ((_LABELLED, 1), (_DATED, 0)):
        for found in expression.finditer(text):
            start, end = found.span(group)
            value = _bare(found.group(group))
            if not any(char.isdecimal() for char in value) or any(s < end and start < e for s, e in seen):
                continue
            seen.add((start, end))
            if not any(value in own for own in orders | contacts):
                yield PrivateFinding(start, end, ORDER_NO)


def _bare(value: str) -> str:
    """Letters and digits alone, folded: spelling does not make a number another one's."""
    return "".join(char for char in unicodedata.normalize("NFKC", value).lower() if char.isalnum())
