"""Why a hit of the knowledge search stands where it does, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.present.i18n import known, t
from agentdesk.present.safe import DIM, STRONG, cut, line, lines, plain, wrapped

if TYPE_CHECKING:
    from agentdesk.desk.views import Ground, Hit


def why(hit: Hit, place: int, cells: int) -> Content:
    """Write the grounds of a hit, the weightiest first; `place` is where it stands in the list."""
    grounds = sorted(hit.grounds, key=lambda ground: -abs(ground.percent))
    told = [line((cut(t("knowledge.why.head", place=place, title=plain(hit.title)), cells), STRONG)), Content("")]
    for ground in grounds:
        told += _ground(ground, cells)
    told += [Content(""), *(line((part, DIM)) for part in wrapped(t("knowledge.why.scale"), cells))]
    return lines(*told)


def _ground(ground: Ground, cells: int) -> list[Content]:
    key = f"knowledge.why.{ground.code}"
    words = t("list.comma").join(map(plain, ground.by))
    told = t(key, words=words) if known(key) else plain(ground.code)
    parts = wrapped(told, max(10, cells - 7))
    head = line((f"{ground.percent:+5d}  ", STRONG), parts[0] if parts else "")
    return [head, *(line("       ", part) for part in parts[1:])]
