"""The fields of the capture form, in the order in which a conversation gives them (service standard 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentdesk.domain.vocabulary import (
    ATTRIBUTIONS,
    CATEGORIES,
    CHANNELS,
    EMOTIONS,
    PRIORITIES,
    REQUEST_TYPES,
    SUB_TYPES,
)
from agentdesk.widgets.choice import Option
from agentdesk.widgets.record_form import FieldSpec

LOOKUP = "lookup"
"""The field on top that finds a known customer; no field of the record."""

OVERRIDES = ("category", "priority", "priority_why")
"""Fields that stay hidden while what the rules propose is taken."""


def _options(kind: str, codes: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(code, f"{kind}.{code}") for code in codes)


def specs() -> list[FieldSpec]:
    """Return the form as data; what an enquiry needs stands first, so that it fits a small terminal."""
    return [
        FieldSpec(LOOKUP, "text", "field.lookup", limit=40, submits=True, hint="field.lookup.hint"),
        FieldSpec("channel", "choice", "field.channel", _options("channel", CHANNELS)),
        FieldSpec("customer_name", "text", "field.customer_name", limit=40),
        FieldSpec("contact", "text", "field.contact", limit=80),
        FieldSpec("customer_no", "text", "field.customer_no", limit=32, private="ask"),
        FieldSpec("unregistered", "check", "field.unregistered", hint="field.unregistered.tick"),
        FieldSpec("request_type", "choice", "field.request_type", _options("request_type", REQUEST_TYPES)),
        FieldSpec(
            "sub_type", "choice", "field.sub_type", _options("sub_type", SUB_TYPES), advance="gap", optional=True
        ),
        FieldSpec("product_service", "text", "field.product_service", limit=200),
        FieldSpec("description", "lines", "field.description", rows=2),
        FieldSpec("emotion", "choice", "field.emotion", _options("emotion", EMOTIONS), advance="gap"),
        FieldSpec("occurred_at", "text", "field.occurred_at", column=2, limit=60, hint="field.occurred_at.hint"),
        FieldSpec("unknown_why", "text", "field.unknown_why", column=2, limit=200),
        FieldSpec("place", "text", "field.place", column=2, limit=200),
        FieldSpec("anomaly", "lines", "field.anomaly", column=2),
        FieldSpec("expected_outcome", "lines", "field.expected_outcome", column=2),
        FieldSpec("order_no", "text", "field.order_no", column=2, limit=64, private="ask"),
        FieldSpec("no_order", "check", "field.no_order", column=2, hint="field.no_order.tick"),
        FieldSpec(
            "attribution",
            "choice",
            "field.attribution",
            _options("attribution", ATTRIBUTIONS),
            column=2,
            advance="gap",
            optional=True,
        ),
        FieldSpec("category", "choice", "field.category", _options("category", CATEGORIES), column=2, optional=True),
        FieldSpec("priority", "choice", "field.priority", _options("priority", PRIORITIES), column=2, optional=True),
        FieldSpec("priority_why", "text", "field.priority_why", column=2, limit=200, hint="field.priority_why.hint"),
    ]


def record_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the record that hold something: without the look-up, without empty ones."""
    return {name: value for name, value in values.items() if name != LOOKUP and value not in ("", False)}
