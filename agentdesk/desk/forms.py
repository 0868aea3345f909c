"""What a form holds, as typed, made into an `Intake`: cleaned, private numbers replaced, kinds of values put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from agentdesk.desk.views import PrivateNotice
from agentdesk.domain.contact import contact_kind
from agentdesk.domain.intake import FIELD, Intake
from agentdesk.domain.refusal import Refusal
from agentdesk.text.clean import clean, clean_line
from agentdesk.text.privacy import looks_like_private, redact

MAX_CHARACTERS = 5_000
"""Longest text in one field or message; what is longer belongs into a file note."""

ASKED = ("customer_no", "order_no")
"""Fields in which a number that looks private is asked about rather than replaced (MODEL §6)."""

_KNOWN = {field.name: field.default for field in fields(Intake)}
_LISTS = ("tags", "related_request")


def unknown_fields(values: Mapping[str, Any]) -> list[str]:
    """Return the keys that are no field of the form, sorted."""
    return sorted(str(key) for key in values.keys() - _KNOWN.keys())


def misshapen(values: Mapping[str, Any]) -> list[str]:
    """Return the fields whose value is of another kind than the form's, sorted: for what comes from outside."""
    return sorted(code for code, value in values.items() if code in _KNOWN and not _fits(code, value))


def _fits(code: str, value: Any) -> bool:
    default = _KNOWN[code]
    if value is None:
        return True
    if code in _LISTS:
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if code == "needs_callback" or isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int):
        return type(value) is int
    return isinstance(value, str)


def to_intake(values: Mapping[str, Any]) -> tuple[Intake, list[PrivateNotice]]:
    """Make the record of what was typed: texts cleaned, private numbers replaced, the contact's kind recognised.

    order_no and customer_no stay as they are: the use case asks about them. Unknown keys are left out.
    """
    notices: list[PrivateNotice] = []
    taken: dict[str, Any] = {}
    for code, value in values.items():
        if code not in _KNOWN or value is None:
            continue
        if isinstance(value, str):
            taken[code] = _text(code, value, notices)
        elif isinstance(value, list | tuple):
            taken[code] = tuple(dict.fromkeys(text for item in value if (text := _text(code, str(item), notices))))
        else:
            taken[code] = value
    if taken.get("contact") and not taken.get("contact_kind"):
        taken["contact_kind"] = contact_kind(taken["contact"])
    return Intake(**taken), notices


def _text(code: str, value: str, notices: list[PrivateNotice]) -> str:
    long = code in FIELD and FIELD[code].kind == "long_text"
    # One more than the limit is kept, so that the check of the length still sees that it was too long.
    longest = FIELD[code].longest if code in FIELD else 200
    text = clean(value, longest + 1).strip() if long else clean_line(value, longest + 1)
    if code in ASKED:
        return text
    replaced, _, found = redact(text)
    moved = 0
    for item in found:
        notices.append(PrivateNotice(code, item.kind, item.start + moved))
        moved += len("[ID]" if item.kind == "id_card" else "[CARD]") - (item.end - item.start)
    return replaced


def kept(text: str) -> str:
    """What is stored of a free text: cleaned, private numbers replaced. Raises Refusal text.too_long (length, limit).

    The length is looked at last: cutting first could leave the head of a number.
    """
    cleaned = redact(clean(text, None))[0].strip()
    if len(cleaned) > MAX_CHARACTERS:
        raise Refusal("text.too_long", length=len(cleaned), limit=MAX_CHARACTERS)
    return cleaned


def asks(intake: Intake, checked: tuple[str, ...]) -> tuple[str, ...]:
    """Return the asked fields whose value looks like a private number and that nobody has confirmed."""
    return tuple(code for code in ASKED if code not in checked and looks_like_private(getattr(intake, code)))


TEXTS = ("description", "anomaly", "expected_outcome")
"""Groups that two desks may write at once without losing a word (MODEL §1, T)."""

SINGLE = ("place", "product_service", "attribution", "preferred_channel", "segment")
"""Registers of one field that has their own name."""


def registers(intake: Intake, checked: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return every register of the record, also the empty ones, but for category and priority."""
    return {
        "channel": {"channel": intake.channel},
        "reporter": {
            "customer_id": "",
            "customer_name": intake.customer_name,
            "contact_kind": intake.contact_kind,
            "contact": intake.contact,
            "customer_no": intake.customer_no,
            "customer_no_checked": "customer_no" in checked,
            "unregistered": intake.unregistered,
        },
        "type": {"request_type": intake.request_type, "sub_type": intake.sub_type},
        "emotion": {"emotion": intake.emotion},
        "occurred": {"occurred_at": intake.occurred_at, "unknown_why": intake.unknown_why},
        "order": {"order_no": intake.order_no, "no_order": intake.no_order, "checked": "order_no" in checked},
        "tier": {"tier": intake.tier, "by": "rep"},
        "needs_callback": {"value": intake.needs_callback, "why": ""},
        **{code: {code: getattr(intake, code)} for code in SINGLE},
    }


def groups(intake: Intake, checked: tuple[str, ...]) -> dict[str, Any]:
    """Return the groups of the request that the record fills, as the registry wants them; empty groups are left out."""
    filled = {
        "occurred": bool(intake.occurred_at or intake.unknown_why),
        "order": bool(intake.order_no or intake.no_order),
        "tier": bool(intake.tier),
        "needs_callback": intake.needs_callback is not None,
        **{code: bool(getattr(intake, code)) for code in SINGLE},
    }
    patch: dict[str, Any] = {
        name: value for name, value in registers(intake, checked).items() if filled.get(name, True)
    }
    patch |= {code: value for code in TEXTS if (value := getattr(intake, code)) or code == "description"}
    patch |= {code: dict.fromkeys(value, True) for code in _LISTS if (value := getattr(intake, code))}
    return patch
