"""The timeline as finished text: time, what happened, who, and what it says in a column of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from textual.content import Content

from agentdesk.present import labels, redactions, timefmt
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import DIM, PLAIN_LIMIT, STRONG, fit, line, lines, width, wrapped
from agentdesk.screens.drawn_intake import clock_text

if TYPE_CHECKING:
    from agentdesk.desk.views import RequestView, TimelineItem

FILTERS: Final = ("all", "talk", "notes", "events")
"""What may be shown: everything, what was said between customer and desk, notes, what moved."""

_TALK: Final = ("message_sent", "message_in", "opened", "answered", "ended")
_NOTES: Final = ("note", "corrects")
_WHO = 8
"""Cells of the name of whoever did it."""
_HEAD = 14
"""Cells that a heading takes at most."""
_LEAST = 20
"""Cells that a text needs to stand beside its heading; below that it stands under it."""


def timeline(view: RequestView, now: datetime, cells: int, shown: str = FILTERS[0]) -> Content:
    """Write what happened, oldest first, so many cells wide; what was said is strong, what the desk notes is dim."""
    items = [item for item in view.timeline if shows(shown, item.kind)]
    told: list[Content] = []
    if shown != FILTERS[0]:
        told.append(line((t("timeline.shown", what=t(f"timeline.filter.{shown}")), DIM)))
    if not items:
        return lines(*told, line((t("timeline.empty"), DIM)))
    heads = [told_as(item.kind, item.data)[0] for item in items]
    wide = min(_HEAD, max(width(head) for head in heads))
    day = timefmt.moment(now).date()
    for item, head in zip(items, heads, strict=True):
        there = timefmt.moment(item.at).date()
        if there != day:
            day = there
            told.append(_day(day))
        told += _item(item, head, wide, cells)
    return lines(*told)


def shows(shown: str, kind: str) -> bool:
    """Whether a filter shows an event of this kind."""
    if shown == "talk":
        return kind in _TALK
    if shown == "notes":
        return kind in _NOTES
    return shown != "events" or kind not in (*_TALK, *_NOTES)


def _day(day: date) -> Content:
    return line((day.isoformat(), f"{DIM} bold"))


def _item(item: TimelineItem, head: str, wide: int, cells: int) -> list[Content]:
    """Time, head and name in columns; the text beside them, in its own column also where it is wrapped."""
    text = told_as(item.kind, item.data)[1][:PLAIN_LIMIT] + (t("timeline.pending") if item.pending else "")
    if item.data.get("taken_back"):
        text = t("timeline.taken_back", what=text)
    loud = item.kind in ("message_sent", "message_in") and not item.data.get("taken_back")
    lead = line(
        (f"{timefmt.clock(item.at):<5}  ", DIM),
        (fit(head, wide), STRONG if loud else DIM),
        ("  " + fit(item.actor.name, _WHO), DIM),
        "  ",
    )
    if not text:
        return [lead.rstrip()]
    room, indent = cells - lead.cell_length, lead.cell_length
    below = room < _LEAST
    if below:
        room, indent = max(8, cells - 7), 7
    parts = [part for row in text.split("\n") for part in wrapped(row, room)]
    style = DIM if item.data.get("taken_back") else ""
    rest = [line(" " * indent, (part, style)) for part in (parts if below else parts[1:])]
    return [lead.rstrip(), *rest] if below else [Content.assemble(lead, line((parts[0], style))), *rest]


def told_as(kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """Return what an event is called, and what it says."""
    word = t(f"timeline.{kind}") if known(f"timeline.{kind}") else kind
    match kind:
        case "message_sent":
            return word, str(data.get("body", ""))
        case "message_in" | "note":
            return word, str(data.get("text", ""))
        case "told":
            what = labels.label("told", str(data.get("what", "")))
            until = str(data.get("promised_at") or "")
            if not until:
                return word, what
            return word, t("timeline.told.until", what=what, at=timefmt.stamp(datetime.fromisoformat(until)))
        case "transition":
            return labels.label("state", str(data.get("state", ""))), str(data.get("why") or "")
        case "opened":
            return word, labels.label("channel", str(data.get("channel", "")))
        case "ended":
            return word, t("timeline.ended.lint", **data["lint"]) if "lint" in data else ""
        case "answered":
            return word, clock_text(int(data.get("waited_ms") or 0) / 1000)
        case "created":
            return word, str(data.get("number", ""))
        case "step_ticked":
            return word, f"{data.get('step', '')} {labels.label('step', str(data.get('step', '')))}"
        case "verified":
            return word, labels.label("verified_how", str(data.get("how", "")))
        case "agreed":
            return word, labels.label("agreed_how", str(data.get("how", "")))
        case "declined":
            return word, str(data.get("why") or "")
        case "plan":
            return word, "\n".join(str(step.get("text", "")) for step in data.get("steps", ()))
        case "resolution":
            return word, labels.label("outcome", str(data.get("outcome", "")))
        case "verdict":
            return word, labels.label("verdict", str(data.get("verdict", "")))
        case "survey":
            return word, labels.label("survey", str(data.get("answer", "")))
        case "corrects":
            return word, ""
        case "extended":
            what, until = labels.label("clock", str(data.get("clock", ""))), _stamp(data.get("promised_at"))
            return word, t("timeline.extended.until", what=what, at=until, why=str(data.get("reason") or ""))
        case "callback_planned":
            return word, _stamp(data.get("due_at"))
        case "redact":
            said = redactions.fields(str(name) for name in data.get("fields") or ())
            return word, t("redact.said", fields=said, why=str(data.get("why") or ""))
        case "exempted":
            return word, labels.label("exempt", str(data.get("why") or ""))
        case "callback":
            reached = t("callback.reached") if data.get("reached") else t("callback.not_reached")
            return word, f"{reached} {labels.label('verdict', str(data.get('verdict') or ''))}".strip()
    return word, str(data.get("text") or "")


def _stamp(value: Any) -> str:
    """An instant of a fact that another program may have written: what is none is shown as it stands."""
    try:
        return timefmt.stamp(datetime.fromisoformat(str(value)))
    except ValueError:
        return str(value or "")
