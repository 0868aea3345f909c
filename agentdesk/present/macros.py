"""What a macro does, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from agentdesk.present import labels, timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import plain

if TYPE_CHECKING:
    from datetime import datetime

    from agentdesk.desk.macros import Planned
    from agentdesk.domain.macros import Action


def sentence(action: Action, due: datetime | None = None) -> str:
    """One action in words; `due` is the instant that its time means, without it the time is told as it is written."""
    when = timefmt.stamp(due) if due else " ".join(part for part in (f"+{action.after}", action.at) if part)
    if action.do == "tag":
        return t("macro.do.tag", tag=labels.label("tag", action.what))
    if action.do == "callback":
        return t("macro.do.callback", at=when)
    if action.do == "extend":
        return t("macro.do.extend", clock=labels.label("clock", action.what), at=when, why=plain(action.why))
    return t(f"macro.do.{action.do}.{action.what}")


def sentences(found: Iterable[Planned]) -> list[str]:
    """All of them."""
    return [sentence(one.action, one.due) for one in found]
