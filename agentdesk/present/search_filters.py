"""The filters of the knowledge search in the reader's language: 类型:政策 means what kind:policy means."""

from __future__ import annotations

from collections.abc import Sequence

from agentdesk.desk.knowledge import FILTERS
from agentdesk.present import labels
from agentdesk.present.i18n import t
from agentdesk.text.search_query import Filter, Wish

_VALUES = {"kind": "article_kind", "audience": "article.audience", "state": "knowledge.state"}


def filters() -> list[Filter]:
    """Every filter with its name and the names of its values, codes included."""
    return [
        Filter(one.code, (t(f"knowledge.filter.{one.code}"),), {**_named(one), **dict(one.values)}) for one in FILTERS
    ]


def _named(one: Filter) -> dict[str, str]:
    return {labels.label(_VALUES[one.code], code): code for code in one.values} if one.code in _VALUES else {}


def told(wishes: Sequence[Wish]) -> str:
    """The filters in force, as one line: 类型 政策，标签 v3."""
    return t("list.comma").join(f"{t(f'knowledge.filter.{wish.name}')} {_value(wish)}" for wish in wishes)


def unknown(wishes: Sequence[Wish]) -> str:
    """The first filter whose value nobody knows, as a sentence; "" where there is none."""
    lost = next((wish for wish in wishes if not wish.values), None)
    return t("knowledge.filter.unknown", name=t(f"knowledge.filter.{lost.name}"), value=lost.said) if lost else ""


def _value(wish: Wish) -> str:
    if wish.name not in _VALUES or not wish.values:
        return wish.said
    return "/".join(labels.label(_VALUES[wish.name], value) for value in wish.values)
