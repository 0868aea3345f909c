"""How a request like this one was solved, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.present import labels
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, Piece, cut, line
from agentdesk.screens.drawn import hang, whole

if TYPE_CHECKING:
    from agentdesk.desk.alike import Way

NUMBERS = 3
"""Numbers of requests that are named; how many there are stands beside them."""


def outcome(way: Way) -> str:
    """Write how it ended, and what the customer said of it."""
    told = (labels.label("outcome", way.outcome), labels.label("verdict", way.verdict) if way.verdict else "")
    return " ".join(part for part in told if part)


def likeness(way: Way) -> str:
    """Write how alike the best one is, how many customers were content, and by what it is alike."""
    grounds = t("list.comma").join(t(f"alike.by.{code}") for code in way.likeness.grounds)
    content = t("alike.content", count=way.content) if way.content else ""
    return "  ".join(filter(None, (t("alike.percent", percent=way.likeness.percent), content, grounds)))


def way(one: Way, cells: int) -> list[Content]:
    """Write a way so many cells wide: the matter, what was told, what was done, what was cited, where it was so."""
    told = [
        hang(Content(""), one.best.title, cells, STRONG),
        line((cut(f"{outcome(one)}  {likeness(one)}", cells), DIM)),
        Content(""),
        whole(one.solution, cells),
    ]
    if one.actions:
        done = (hang(line((f"{number}. ", DIM)), text, cells) for number, text in enumerate(one.actions, 1))
        told += [Content(""), *done]
    if one.articles:
        told += [Content(""), *(_named("alike.cites", article.title, cells) for article in one.articles)]
    numbers = t("list.comma").join(one.numbers[:NUMBERS])
    told_in = _named("alike.times_in", t("alike.in", numbers=numbers, count=one.count), cells)
    return [*told, Content(""), told_in]


def _named(key: str, text: str, cells: int) -> Content:
    head: Piece = (t(key) + " ", DIM)
    return hang(line(head), text, cells)
