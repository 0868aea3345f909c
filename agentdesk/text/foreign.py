"""PV-03: numbers of other people in outgoing text — a phone or an order number that the open request does not hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agentdesk.text.contacts import LANDLINE, MOBILE
from agentdesk.text.digit_runs import flatten
from agentdesk.text.privacy import PrivateFinding, find_private

ORDER_NO = "order_no"

# An order number is told from a product model by its label, or by the shape with a date in it (O-20240428-31).
_LABELLED = re.compile(
    r"(?:订单号码?|订单编号|订单|訂單編號|訂單號碼?|訂單|工单号?|工單號?)\s?[:：是为為]?\s?([A-Za-zＡ-Ｚａ-ｚ0-9０-９][A-Za-zＡ-Ｚａ-ｚ0-9０-９\-－_]{4,39})"
)
_DATED = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9]{0,7}-){1,3}20\d{6}(?:-[A-Za-z0-9]{1,12}){0,2}(?![A-Za-z0-9])"
)
_ORDER = re.compile("[订訂][单單]|工[单單]|-20")
"""What every order number holds or is led by."""
_DATE = "-20"
"""What such a number holds: asked first, as looking for its shape takes its time."""


_COUNTRY = re.compile(r"^(?:00)?86(?=\d{10})")
_EXTENSION = 4
"""Digits of an extension behind a landline at most."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What the customer of the open request may be told: their contacts, their order, customer and request numbers, the
    service's own phones, and whatever they said themselves (`said`)."""

    contacts: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    said: str = ""


def find_foreign(
    text: str, request: OpenRequest, private: Iterable[PrivateFinding] | None = None, orders: bool = True
) -> Iterator[PrivateFinding]:
    """Phone and order numbers of the text that the open request does not hold; a part of an own number is own.

    `private`: what `find_private` said of the text, where it was asked before; `orders`: whether there may be any.
    """
    numbers = find_private(text) if private is None else private
    phones = [item for item in numbers if item.kind in (MOBILE, LANDLINE)]
    if phones:
        known = {_phone(value) for value in (*request.contacts, *request.services, *_said_phones(request.said))}
        for item in phones:
            if not _is_known(_phone(text[item.start : item.end]), known):
                yield item
    if orders:
        yield from _foreign_orders(text, request)


def may_be_order(sentence: str) -> bool:
    """Whether a sentence holds what every order number does, or its label."""
    return _ORDER.search(sentence) is not None


def _foreign_orders(text: str, request: OpenRequest) -> Iterator[PrivateFinding]:
    own: set[str] | None = None
    taken = bytearray(len(text))
    for expression, group in ((_LABELLED, 1), (_DATED, 0)) if _DATE in text else ((_LABELLED, 1),):
        for found in expression.finditer(text):
            start, end = found.span(group)
            value = _bare(found.group(group))
            if not any(char.isdecimal() for char in value) or taken.find(1, start, end) >= 0:
                continue
            taken[start:end] = b"\1" * (end - start)
            if own is None:
                own = {_bare(one) for one in (*request.orders, *request.contacts, request.said)}
            if not any(value in one for one in own):
                yield PrivateFinding(start, end, ORDER_NO)


def _said_phones(said: str) -> Iterator[str]:
    for item in find_private(said) if said else ():
        if item.kind in (MOBILE, LANDLINE):
            yield said[item.start : item.end]


def _is_known(value: str, known: set[str]) -> bool:
    """Whether a phone is one of these, with or without its area code or an extension."""
    for own in known:
        longer, shorter = (value, own) if len(value) > len(own) else (own, value)
        if len(shorter) < 7:
            continue
        if own.endswith(value) or (longer.startswith(shorter) and len(longer) - len(shorter) <= _EXTENSION):
            return True
    return False


def _phone(value: str) -> str:
    """The digits of a phone as dialled in the country, however they are written, without the leading 0 of an area."""
    flat = unicodedata.normalize("NFKC", flatten(value))
    digits = "".join(char for char in flat if char.isdecimal())
    return _COUNTRY.sub("", digits).removeprefix("0")


def _bare(value: str) -> str:
    """Letters and digits alone, folded: spelling does not make a number another one's."""
    return "".join(char for char in unicodedata.normalize("NFKC", value).lower() if char.isalnum())
