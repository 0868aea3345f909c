"""Refusals as sentences: what a rule asked for, in the user's words (law 9 of the design)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agentdesk.present import labels, timefmt
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import plain

if TYPE_CHECKING:
    from agentdesk.domain.refusal import Refusal

_MANY = ("missing", "fields", "violated")
"""Details that hold a list of codes: of fields of the record, or of conditions of a transition."""

_KINDS = {"field": "field", "state": "state", "source": "state", "target": "state", "role": "role", "clock": "clock"}
"""Details that hold one code, and the kind of label that it has."""


def need(code: str) -> str:
    """Return the words for one thing that is missing: a field of the record, or a condition of a transition."""
    for kind in ("need", "field", "problem"):
        if known(f"{kind}.{code}"):
            return t(f"{kind}.{code}")
    return plain(code)


def needs(codes: Iterable[str]) -> str:
    """Return several missing things as one list in the user's language."""
    return t("list.comma").join(need(code) for code in codes)


def _word(name: str, value: Any) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return needs(str(one) for one in value) if name in _MANY else t("list.comma").join(plain(str(v)) for v in value)
    if isinstance(value, datetime):
        return timefmt.stamp(value)
    if name == "problem" and known(f"problem.{value}"):
        return t(f"problem.{value}")
    if name == "phrase_field":
        from agentdesk.present.columns import phrase_label  # tables are seldom imported

        return phrase_label(str(value))
    if name == "article_field":
        from agentdesk.present.columns import article_label

        return article_label(str(value))
    if name in _KINDS:
        return labels.label(_KINDS[name], str(value)) or plain(str(value))
    return plain(str(value))


def sentence(refusal: Refusal) -> str:
    """Return the sentence of a refusal; a code without one is said as such, with its code."""
    args = {name: _word(name, value) for name, value in refusal.args.items()}
    return t(refusal.key, **args) if known(refusal.key) else t("refusal.other", code=plain(refusal.code))
