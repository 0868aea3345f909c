"""What the capture shows beside its fields: the head with the answer clock, why the rules propose what they do,
customers found, requests that are still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.present import labels, rows, timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import ACCENT, DIM, ERROR, GOOD, STRONG, WARNING, Piece, cut, line, lines, width

if TYPE_CHECKING:
    from datetime import datetime

    from agentdesk.desk.around import Near
    from agentdesk.desk.capture_views import AnswerClock
    from agentdesk.desk.views import CustomerMatch, IntakeCheck, Proposed, RequestBrief

WARN_SHARE = 0.8
"""Share of the target after which the clock warns, as everywhere."""


def clock_text(seconds: float) -> str:
    """Write a short span as minutes and seconds, `00:12`; hours where there are any."""
    whole = max(0, int(seconds))
    head = f"{whole // 3600}:" if whole >= 3600 else ""
    return f"{head}{whole % 3600 // 60:02d}:{whole % 60:02d}"


@dataclass(frozen=True)
class Waiting:
    """How long the customer of a form waits or waited, against which clock."""

    ms: int
    answered: bool
    clock: AnswerClock | None


def intake_head(waiting: Waiting, check: IntakeCheck | None, parked: int, cells: int) -> Content:
    """Write the head: how long the customer waits and what is left of the answer clock, how much is filled."""
    waited = (t("intake.answered") if waiting.answered else t("intake.waiting"), waiting.ms / 1000)
    style = GOOD if waiting.answered else ACCENT
    left: list[Piece] = [(t("intake.title"), STRONG), "  ", (waited[0] + " ", DIM), (clock_text(waited[1]), style)]
    if waiting.clock is not None:
        left += ["  ", (labels.label("clock", waiting.clock.code) + " ", DIM), _left(waiting, waiting.clock.target)]
    right: list[Piece] = []
    if parked:
        right += [(t("status.drafts", count=parked), ACCENT), "  "]
    if check is not None:
        right.append(rows.completeness_piece(check.filled, check.required))
        if check.filled >= check.required:
            right.append((" " + t("intake.ready"), GOOD))
    shown, counted = line(*left), line(*right)
    room = cells - counted.cell_length - 2
    if shown.cell_length > room:
        shown = shown.truncate(max(0, room))
    return Content.assemble(shown, " " * max(2, cells - shown.cell_length - counted.cell_length), counted)


def _left(waiting: Waiting, target: int) -> Piece:
    """What is left of the answer clock; once answered, whether it was kept."""
    over = waiting.ms > target * 1000
    if waiting.answered:
        return (labels.label("clock_state", "breached" if over else "met"), ERROR if over else GOOD)
    left = target - waiting.ms / 1000
    style = ERROR if over else WARNING if waiting.ms >= target * 1000 * WARN_SHARE else ACCENT
    key = "time.over" if over else "time.left"
    return (t(key, span=timefmt.span(left)), style)


def _priority_style(priority: str) -> str:
    return ERROR if priority == "P1" else WARNING if priority == "P2" else STRONG


def proposal(check: IntakeCheck) -> Content:
    """Write in two lines what the rules propose and by which words of the form; first what was set against it."""
    proposed: Proposed = check.proposed
    own = (check.priority, check.category) != (proposed.priority, proposed.category)
    first: list[Piece] = []
    if own:
        chosen = f"{labels.priority(check.priority)} {labels.label('category', check.category)}"
        first += [(t("intake.chosen") + " ", DIM), (chosen + "  ", STRONG)]
    rule = proposed.reasons[0].rule if proposed.reasons else proposed.rule
    first += [
        (t("intake.proposed") + " ", DIM),
        (labels.priority(proposed.priority), _priority_style(proposed.priority)),
        (f"  {rule} ", DIM),
        rows.reasons_text(proposed.reasons, proposed.modifiers),
    ]
    second: list[Piece] = [
        (t("intake.category") + " ", DIM),
        (labels.label("category", proposed.category), STRONG),
        "  ",
        _category_reason(proposed),
    ]
    if check.unpaired:
        second += ["  ", (t("intake.unpaired"), WARNING)]
    elif "complex" in (check.category, proposed.category) or proposed.also_complex:
        second += ["  ", (t("intake.helper"), ACCENT)]
    return lines(line(*first), line(*second))


def _category_reason(proposed: Proposed) -> str:
    told = rows.category_reason_text(proposed.category_reason)
    if not proposed.category_words:
        return told
    return t("reason.with_words", reason=told, words=t("list.comma").join(proposed.category_words[:3]))


# -- customers and requests -------------------------------------------------------------------------------------------


def masked(contact: str) -> str:
    """Write a contact from which nobody can be called."""
    from agentdesk.domain.masking import mask_contact  # first needed when a customer is looked up

    return mask_contact(contact)


def customer_match(match: CustomerMatch, here: bool, cells: int) -> Content:
    """Write one customer found: name, masked contact, number, and how many requests are open."""
    strong = f"bold {ACCENT}" if here else ""
    pieces: list[Piece] = [
        ("> " if here else "  ", strong),
        (match.customer_name, strong or STRONG),
        ("  " + masked(match.contact), ""),
        ("  " + match.customer_no, DIM),
        ("  " + t("intake.requests", count=len(match.requests)), DIM),
    ]
    if match.open_requests:
        pieces.append(("  " + t("intake.open", count=len(match.open_requests)), WARNING))
    if here:
        pieces.append(("  " + t("intake.take"), ACCENT))
    return line(*pieces)


def open_request(brief: RequestBrief, cells: int) -> Content:
    """Write the warning about one request of the same customer that is still open."""
    head: list[Piece] = [
        (t("intake.duplicate") + " ", WARNING),
        (brief.short_number, STRONG),
        ("  " + labels.request_type(brief.request_type, brief.sub_type), ""),
        (f"  {brief.priority}  {labels.label('state', brief.state)}  ", DIM),
    ]
    used = sum(width(piece if isinstance(piece, str) else piece[0]) for piece in head)
    return line(*head, cut(brief.title, max(4, cells - used)))


def near(one: Near, now: datetime, cells: int) -> Content:
    """Write one request that may be the same one: why, number, where it stands, how old it is, what it says."""
    brief = one.brief
    head: list[Piece] = [
        (t(f"around.{one.why}") + " ", WARNING),
        (brief.short_number, STRONG),
        (f"  {labels.label('state', brief.state)}  {age(one, now)}  ", DIM),
    ]
    used = sum(width(piece if isinstance(piece, str) else piece[0]) for piece in head)
    return line(*head, cut(brief.title, max(4, cells - used)))


def age(one: Near, now: datetime) -> str:
    """Write how long ago a request was made."""
    return t("around.age", span=timefmt.span((now - one.at).total_seconds())) if one.at is not None else ""


def batch(count: int, window: int) -> Content:
    """Write that many came alike in a short time (E4)."""
    return line((t("around.batch", count=count, span=t("around.minutes", count=window // 60)), WARNING))


def brief_title(brief: RequestBrief) -> str:
    """Write one request in a list of a customer: number, what, where it stands."""
    kind = labels.request_type(brief.request_type, brief.sub_type)
    return f"{brief.short_number}  {brief.priority}  {kind}  {labels.label('state', brief.state)}"
