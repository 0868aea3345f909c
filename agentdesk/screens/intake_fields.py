"""The fields of the capture form, in the order in which a conversation gives them (service standard 2.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from agentdesk.domain.vocabulary import (
    ATTRIBUTIONS,
    CATEGORIES,
    CHANNELS,
    EMOTIONS,
    PRIORITIES,
    REQUEST_TYPES,
    SEGMENTS,
    SUB_TYPES,
    TAGS,
    TIERS,
)
from agentdesk.present.i18n import t
from agentdesk.widgets.choice import Option
from agentdesk.widgets.record_form import FieldSpec

LOOKUP = "lookup"
"""The field on top that finds a known customer; no field of the record."""

OVERRIDES = ("category", "priority", "priority_why")
"""Fields that stay hidden while what the rules propose is taken."""

LISTS: Final = ("tags", "related_request")
"""Fields that hold several values, typed with commas between them."""

YES_NO: Final = ("yes", "no")
"""Answers of a field that stays with the rule while nothing is chosen."""

_APART: Final = re.compile("[,;\\s\u3001]+")


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
        FieldSpec("tags", "text", "field.tags", column=2, limit=200, hint="field.tags.hint"),
        FieldSpec(
            "preferred_channel",
            "choice",
            "field.preferred_channel",
            _options("channel", CHANNELS),
            column=2,
            optional=True,
        ),
        FieldSpec("tier", "choice", "field.tier", _options("tier", TIERS), column=2, optional=True),
        FieldSpec("segment", "choice", "field.segment", _options("segment", SEGMENTS), column=2, optional=True),
        FieldSpec(
            "needs_callback",
            "choice",
            "field.needs_callback",
            (Option(YES_NO[0], "needs_callback.yes"), Option(YES_NO[1], "needs_callback.no")),
            column=2,
            optional=True,
        ),
        FieldSpec(
            "related_request", "text", "field.related_request", column=2, limit=200, hint="field.related_request.hint"
        ),
        FieldSpec("category", "choice", "field.category", _options("category", CATEGORIES), column=2, optional=True),
        FieldSpec("priority", "choice", "field.priority", _options("priority", PRIORITIES), column=2, optional=True),
        FieldSpec("priority_why", "text", "field.priority_why", column=2, limit=200, hint="field.priority_why.hint"),
    ]


def record_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the record that hold something: without the look-up, without empty ones."""
    typed = {name: value for name, value in values.items() if name != LOOKUP and value not in ("", False)}
    for name in LISTS:
        if name in typed:
            typed[name] = _parts(name, str(typed[name]))
    if "needs_callback" in typed:
        typed["needs_callback"] = typed["needs_callback"] == YES_NO[0]
    return typed


def shown_value(name: str, value: Any) -> str | bool:
    """Return how a value of the record stands in its field."""
    if name == "needs_callback":
        return "" if value in (None, "") else YES_NO[0] if value else YES_NO[1]
    if name in LISTS and isinstance(value, (list, tuple)):
        return t("list.comma").join(t(f"tag.{one}") if one in TAGS else str(one) for one in value)
    return value if isinstance(value, (str, bool)) else str(value)


def _parts(name: str, text: str) -> list[str]:
    """The elements of a list as typed: between commas of any kind, a tag by its word as its code."""
    parts = [part for part in _APART.split(unicodedata.normalize("NFKC", text)) if part]
    if name != "tags":
        return parts
    words = {t(f"tag.{code}").casefold(): code for code in TAGS}
    return list(dict.fromkeys(words.get(part.casefold(), part) for part in parts))
