"""What was taken out of a request, in the words of its record and its timeline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from agentdesk.present import labels
from agentdesk.present.i18n import known, t

if TYPE_CHECKING:
    from agentdesk.domain.redaction import Found

_FIELDS = {"reporter": "customer_name", "type": "request_type", "occurred": "occurred_at", "order": "order_no"}
"""The field whose name stands for a group of several."""

_EVENTS = {"plan.version": "plan", "resolution.version": "resolution", "verdict.given": "verdict"}


def fields(names: Iterable[str]) -> str:
    """Return the names of fields (`entity.group`) as one list in the user's language, each once."""
    return t("list.comma").join(dict.fromkeys(_name(name) for name in names))


def _name(name: str) -> str:
    entity, _, group = name.partition(".")
    if entity == "request":
        return labels.label("field", _FIELDS.get(group, group))
    event = f"timeline.{_EVENTS.get(name, group)}"
    return t(event) if known(event) else labels.label("field", group)


def found(one: Found) -> str:
    """Return where a value stands; what is only on this machine has no name of a field."""
    names = fields(one.fields)
    return t("redact.found", fields=names) if names else t("redact.found_here")
