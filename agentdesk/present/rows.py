"""Records laid out as styled lines: a queue row, a clock, the reasons of a priority, completeness, contact steps.

Columns are as wide as their widest word in the language in use, so that they stay put from row to row; the title takes
what is left. Every function returns a finished Content or a piece for `safe.line`; nothing here reads the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from textual.content import Content

from agentdesk.domain.vocabulary import PRIORITIES, REQUEST_TYPES, STATES
from agentdesk.present.i18n import known, t
from agentdesk.present.labels import label, widest
from agentdesk.present.safe import ACCENT, DIM, ERROR, STRONG, WARNING, Piece, cut, fit, line, plain, width
from agentdesk.present.timefmt import countdown, stamp

if TYPE_CHECKING:
    from agentdesk.desk.views import ClockView, Reason, RequestBrief

NUMBER_CELLS = 12
CUSTOMER_CELLS = 6
COUNTDOWN_CELLS = 10
TAGS_FROM = 100
"""Cells of a queue line from which its tags are shown."""


class QueueLike(Protocol):
    """What a queue line reads of `store.queries.QueueRow`."""

    @property
    def short_number(self) -> str: ...
    @property
    def customer(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def request_type(self) -> str | None: ...
    @property
    def priority(self) -> str | None: ...
    @property
    def state(self) -> str: ...
    @property
    def next_due_at(self) -> int | None: ...
    @property
    def warn_at(self) -> int | None: ...
    @property
    def pending(self) -> bool: ...
    @property
    def conflict(self) -> bool: ...
    @property
    def tags(self) -> Sequence[str]: ...


def countdown_piece(due_ms: int | None, warn_ms: int | None, now_ms: int) -> Piece:
    """Return what is left of a clock with its style; the word says over, the style only repeats it."""
    if due_ms is None:
        return ("", DIM)
    style = ERROR if now_ms > due_ms else WARNING if warn_ms is not None and now_ms >= warn_ms else "$foreground"
    return (countdown(due_ms, now_ms), style)


def priority_piece(code: str | None) -> Piece:
    """Return a priority with its style."""
    return (code or "--", {"P1": ERROR, "P2": STRONG}.get(code or "", DIM))


def queue_line(row: QueueLike, cells: int, now_ms: int) -> Content:
    """Lay a request out for the queue in exactly so many cells."""
    clock, clock_style = _pair(countdown_piece(row.next_due_at, row.warn_at, now_ms))
    priority, priority_style = _pair(priority_piece(row.priority))
    flag, flag_style = _flag(row)
    kinds, states = widest("request_type", REQUEST_TYPES), widest("state", STATES)
    customer = CUSTOMER_CELLS if cells < 100 else CUSTOMER_CELLS * 2
    pieces: list[Piece] = [
        (fit(row.short_number, NUMBER_CELLS), DIM),
        "  ",
        (fit(row.customer, customer), STRONG),
        " ",
        fit(label("request_type", row.request_type), kinds),
        "  ",
        (fit(priority, _priority_cells(cells)), priority_style),
        "  ",
        fit(label("state", row.state), states),
        " ",
        (fit(clock, COUNTDOWN_CELLS, "right"), clock_style),
        "  ",
    ]
    head = line(*pieces)
    room = cells - head.cell_length - width(flag)
    if room <= 0:
        return head.truncate(cells)
    tags = _tags(row.tags, room // 3) if cells >= TAGS_FROM else ""
    title = fit(row.title, room - width(tags))
    return Content.assemble(head, line(title, (tags, ACCENT), (flag, flag_style)))


def _priority_cells(cells: int) -> int:
    """The column of the priority; on a wide line it has room for its heading."""
    least = widest("code", PRIORITIES)
    return max(least, width(t("field.priority"))) if cells >= 100 else least


def _tags(tags: Sequence[str], cells: int) -> str:
    """The tags in so many cells at most, whole ones as long as they fit; "" where there are none."""
    return "  " + cut(" ".join(f"#{tag}" for tag in tags), cells - 2) if tags and cells > 8 else ""


def queue_heading(cells: int) -> Content:
    """Return the heading that stands over queue lines of so many cells."""
    kinds, states = widest("request_type", REQUEST_TYPES), widest("state", STATES)
    customer = CUSTOMER_CELLS if cells < 100 else CUSTOMER_CELLS * 2
    words = [
        fit(t("column.number"), NUMBER_CELLS + 2),
        fit(t("column.customer"), customer + 1),
        fit(t("column.type"), kinds + 2),
        fit(t("field.priority") if cells >= 100 else "", _priority_cells(cells) + 2),
        fit(t("column.state"), states + 1),
        fit(t("column.clock"), COUNTDOWN_CELLS, "right"),
        "  ",
        t("column.title"),
    ]
    return line((cut("".join(words), cells), DIM))


def _flag(row: QueueLike) -> tuple[str, str]:
    """The word at the end of a row: a conflict goes before work that has not been sent."""
    if row.conflict:
        return " " + t("row.conflict"), WARNING
    if row.pending:
        return " " + t("row.pending"), DIM
    return "", ""


def _pair(piece: Piece) -> tuple[str, str]:
    return (piece, "") if isinstance(piece, str) else piece


def reason_text(rule: str, words: Sequence[str] = ()) -> str:
    """Return one reason of a priority: `安全隐患(漏水)`."""
    told = t(f"reason.{rule}") if known(f"reason.{rule}") else rule
    return t("reason.with_words", reason=told, words=t("list.comma").join(words[:3])) if words else told


def reasons_text(reasons: Sequence[Reason], modifiers: Sequence[str] = ()) -> str:
    """Return all reasons of a priority, the deciding one first: `安全隐患(漏水) + 投诉 + 情绪焦急`."""
    return " + ".join(
        [reason_text(reason.rule, reason.words) for reason in reasons] + [reason_text(code) for code in modifiers]
    )


def category_reason_text(code: str) -> str:
    """Return why a request has its category, from the reason code of triage (§2.4)."""
    return t(f"category_reason.{code}") if known(f"category_reason.{code}") else plain(code)


def clock_line(clock: ClockView, now_ms: int, cells: int) -> Content:
    """Say how a clock stands: its name, then what is left, or met or breached with the time."""
    name = label("clock", clock.code)
    if clock.running and clock.paused_at is not None:
        tail: Piece = (t("clock_state.paused"), DIM)
    elif clock.running and clock.due_at is not None:
        tail = countdown_piece(_ms(clock.due_at), _ms(clock.warn_at), now_ms)
    else:
        said = f"{label('clock_state', clock.state)} {stamp(clock.stopped_at)}".strip()
        tail = (said, ERROR if clock.state == "breached" else DIM)
    words, style = _pair(tail)
    room = max(4, cells - len(clock.code) - 2 - max(COUNTDOWN_CELLS, line(words).cell_length))
    return line((clock.code, DIM), " ", fit(name, room), " ", (fit(words, COUNTDOWN_CELLS, "right"), style))


def _ms(value: datetime | None) -> int | None:
    return None if value is None else int(value.timestamp() * 1000)


def completeness_piece(filled: int, required: int) -> Piece:
    """Say how complete a record is: `必填 7/9`."""
    return (t("intake.completeness", filled=filled, required=required), ACCENT if filled >= required else WARNING)


def brief_line(brief: RequestBrief, cells: int) -> Content:
    """Show an earlier request of the same customer in one line."""
    code, style = _pair(priority_piece(brief.priority or None))
    head = line(
        (brief.short_number, DIM),
        "  ",
        (code, style),
        "  ",
        label("request_type", brief.request_type),
        "  ",
        (label("state", brief.state), STRONG if brief.open else DIM),
        "  ",
    )
    return Content.assemble(head, line(cut(brief.title, max(0, cells - head.cell_length))))
