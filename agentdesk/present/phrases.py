"""Phrases of the site in words: a version field by field, and what two versions say differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentdesk.desk.phrase_review import compared
from agentdesk.desk.phrase_values import said_of
from agentdesk.domain import macros
from agentdesk.domain.macros import MacroError
from agentdesk.domain.phrases import FIELD
from agentdesk.present.columns import phrase_label
from agentdesk.present.i18n import t
from agentdesk.present.labels import label
from agentdesk.present.macros import sentence
from agentdesk.present.safe import plain

KINDS = {
    "scenario": "scenario",
    "step": "step",
    "channels": "channel",
    "request_types": "request_type",
    "emotions": "emotion",
    "tags": "tag",
}
"""Fields that hold codes, and the kind of label that they have."""
_FIRST = ("code", "scenario", "step", "actions")


def told(value: Mapping[str, Any], tags: Sequence[str]) -> list[str]:
    """A version, a line a field that is not empty; what it does stands before what it says."""
    fields = said_of(value, tags)
    order = sorted(FIELD, key=lambda code: _FIRST.index(code) if code in _FIRST else len(_FIRST))
    return [
        t("phrases.field", field=phrase_label(code), value=shown(code, fields[code])) for code in order if fields[code]
    ]


def shown(code: str, value: Any) -> str:
    """The value of a field in words."""
    if code == "actions":
        try:
            return t("list.semicolon").join(sentence(one) for one in macros.parse(str(value)))
        except MacroError:
            return plain(str(value))
    parts = value if isinstance(value, list) else [str(value)]
    return t("list.comma").join(label(KINDS[code], part) if code in KINDS else plain(part) for part in parts)


def comparison(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What two versions say differently, two lines a field."""
    lines: list[str] = []
    for code, old, new in compared(before, after):
        lines.append(t("phrases.before", field=phrase_label(code), value=plain(old)))
        lines.append(t("phrases.after", field=phrase_label(code), value=plain(new)))
    return lines
