"""The words for vocabulary codes: `label("state", "IN_PROGRESS")` is 处理中 or In progress.

Kinds are the first part of the catalogue key: state, priority, request_type, sub_type, emotion, category, channel,
attribution, outcome, cause_class, verdict, step, stage, clock, clock_state, role, scenario, lint, severity, told,
field, survey, sync. A code that this version has no word for (a newer centre's) is shown as itself, made harmless.
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len

from agentdesk.present.i18n import known, language, t
from agentdesk.present.safe import plain


def label(kind: str, code: str | None) -> str:
    """Return the word of a code; nothing for an empty code."""
    if not code:
        return ""
    key = f"{kind}.{code}"
    return t(key) if known(key) else plain(code)


def request_type(request_type_code: str | None, sub_type: str | None = None) -> str:
    """Join type and sub-type as people say it: 售后投诉; the type alone where there is no sub-type."""
    kind = label("request_type", request_type_code)
    sub = label("sub_type", sub_type)
    return t("request.compound", sub=sub, type=kind) if sub and kind else kind or sub


def priority(code: str | None) -> str:
    """Return a priority with its word: `P1 紧急`."""
    return f"{code} {label('priority', code)}" if code else ""


@lru_cache(maxsize=64)
def _widest(kind: str, codes: tuple[str, ...], _language: str) -> int:
    return max((cell_len(label(kind, code)) for code in codes), default=0)


def widest(kind: str, codes: tuple[str, ...]) -> int:
    """Return the cells that a column needs for any of these codes, in the language in use."""
    return _widest(kind, codes, language())
