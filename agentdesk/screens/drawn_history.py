"""The history of a request as sentences: who, when, what from what to what; masked where the screens mask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agentdesk.desk.timeline import kind_of
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.vocabulary import TAGS
from agentdesk.present import labels
from agentdesk.present.i18n import t
from agentdesk.screens.drawn import field_value
from agentdesk.screens.drawn_intake import masked
from agentdesk.screens.drawn_timeline import told_as

if TYPE_CHECKING:
    from agentdesk.desk.views import HistoryItem

_SILENT = frozenset(
    ("at", "by", "customer_id", "customer_no_checked", "contact_kind", "checked", "also_complex")
    + ("proposed", "rule", "modifiers")
)
"""Parts of a register that go along with the others and say nothing by themselves."""

_FIELDS = {("priority", "why"): "priority_why", ("needs_callback", "value"): "needs_callback"}
"""(group, part) -> field of the record, where the names differ."""

_TEXTS = ("description", "anomaly", "expected_outcome")


def sentence(item: HistoryItem) -> str:
    """Write what one change did, without who and when; contacts in what was written are masked."""
    parts = list(_parts(item)) or [t("history.same")]
    text = mask_contacts(t("history.and").join(parts))
    if item.verdict == "refused":
        return t("history.refused", text=text)
    if item.verdict == "proposal":
        return t("history.proposal", text=text)
    return t("history.lost", text=text) if item.lost else text


def _parts(item: HistoryItem) -> Iterator[str]:
    new, old = item.new, item.old
    if item.entity != "request" or item.group == "created":
        survey = {"answer": item.group} if item.entity == "survey" else {}
        word, text = told_as(kind_of(item.entity, item.group), {**_mapping(new), **survey})
        yield t("history.event", what=word, text=text) if text else word
    elif item.group in ("flow", "escalation"):
        yield t("history.moved", state=labels.label("state", str(_mapping(new).get("to") or "")))
    elif item.group in _TEXTS:
        yield _changed(item.group, old, new)
    elif item.group in ("tags", "related_request"):
        for element, there in _mapping(new).items():
            value = t(f"tag.{element}") if element in TAGS else element
            yield t(
                "history.added" if there else "history.removed", field=labels.label("field", item.group), value=value
            )
    else:
        before, after = _mapping(old), _mapping(new)
        for part, value in after.items():
            if part not in _SILENT and (before.get(part) or "") != (value or ""):
                yield _changed(_FIELDS.get((item.group, part), part), before.get(part), value)


def _changed(field: str, old: Any, new: Any) -> str:
    name = labels.label("field", field)
    if not old:
        return t("history.set", field=name, new=_shown(field, new))
    if not new:
        return t("history.cleared", field=name, old=_shown(field, old))
    return t("history.changed", field=name, old=_shown(field, old), new=_shown(field, new))


def _shown(field: str, value: Any) -> str:
    if field == "priority":
        return labels.priority(str(value))
    return masked(str(value)) if field == "contact" else field_value(field, value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
