"""What screens show of the desk's records, as finished text: every piece of data goes through `present.safe`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from textual.content import Content

from agentdesk.present import labels, rows, timefmt
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import (
    ACCENT,
    DIM,
    ERROR,
    GOOD,
    MARK,
    PLAIN_LIMIT,
    STRONG,
    WARNING,
    Piece,
    cut,
    fit,
    line,
    lines,
    width,
    wrapped,
)
from agentdesk.screens.refusals import needs

if TYPE_CHECKING:
    from agentdesk.desk.views import (
        ArticleView,
        ClockView,
        NextStep,
        RequestView,
        StepView,
    )

FACT_LABEL = 11
"""Cells of the label in the column of facts."""


# -- why --------------------------------------------------------------------------------------------------------------


def why(view: RequestView, now: datetime, cells: int) -> Content:
    """Explain a request in two lines of so many cells: why this priority; which clock is next, and what is due."""
    label = max(width(t("why.title")), width(t("why.clock")))
    deciding = next(iter(view.reasons), None)
    head: list[Piece] = [
        (fit(t("why.title"), label) + " ", DIM),
        (labels.priority(view.priority) + "  ", _priority_style(view.priority)),
    ]
    if view.priority_why:
        head, said = [*head, (t("why.by_hand") + " ", DIM)], view.priority_why
    else:
        head += [(f"{deciding.rule} ", DIM)] if deciding is not None else []
        said = rows.reasons_text(view.reasons, view.modifiers)
    clock = next_clock(view.clocks)
    second: list[Piece] = []
    if clock is not None:
        second = [(fit(t("why.clock"), label) + " ", DIM), *_clock_pieces(clock, now), "   "]
    title = t("next.title")
    second.append(((title if second else fit(title, max(label, width(title)))) + " ", DIM))
    return lines(_ended_by(head, said, cells), _ended_by(second, next_step(view.next), cells))


def _ended_by(head: list[Piece], said: str, cells: int) -> Content:
    """One line: pieces, and after them a text in what is left of the cells."""
    lead = line(*head)
    return Content.assemble(lead, line(cut(said, max(0, cells - lead.cell_length))))


def _priority_style(priority: str) -> str:
    return ERROR if priority == "P1" else WARNING if priority == "P2" else STRONG


# -- one request ------------------------------------------------------------------------------------------------------


def next_clock(clocks: Iterable[ClockView]) -> ClockView | None:
    """Return the running clock that is due next."""
    running = [clock for clock in clocks if clock.running and clock.due_at is not None]
    return min(running, key=lambda clock: clock.due_at or clock.started_at, default=None)


def _clock_pieces(clock: ClockView, now: datetime) -> list[Piece]:
    word = f"{clock.code} {labels.label('clock', clock.code)} "
    if clock.paused_at is not None:
        return [word, (t("clock.paused"), DIM)]
    late = clock.due_at is not None and clock.due_at < now
    warns = clock.warn_at is not None and clock.warn_at <= now
    return [word, (timefmt.countdown(clock.due_at, now), ERROR if late else WARNING if warns else STRONG)]


def request_head(view: RequestView, now: datetime, cells: int) -> Content:
    """Write the line over the workspace: number, customer, what it is, where it stands, what is due.

    What is left of the clock is never cut; on a narrow line first its name goes, then the kind of request is cut.
    """
    kind = labels.request_type(view.request_type, view.sub_type)
    before: list[Piece] = [
        (view.short_number, STRONG),
        ("  " + cut(str(view.value("customer_name")), cells // 4), STRONG),
    ]
    after: list[Piece] = [
        ("  " + view.priority, _priority_style(view.priority)),
        ("  " + labels.label("state", view.state), ACCENT),
    ]
    clock = next_clock(view.clocks)
    pieces = _clock_pieces(clock, now) if clock is not None else []
    room = cells - line(*before, *after).cell_length - 2
    right = next(
        (told for told in (line(*pieces), line(*pieces[1:])) if told.cell_length + 2 + width(kind) <= room), None
    )
    right = line(*pieces[1:]) if right is None else right
    kind = cut(kind, max(0, room - right.cell_length - 2))
    shown = line(*before, "  " + kind, *after)
    return Content.assemble(shown, " " * max(2, cells - shown.cell_length - right.cell_length), right)


def next_step(step: NextStep) -> str:
    """Write what is due next and by which key, with what is still missing."""
    word = t(f"next.{step.use_case}") if known(f"next.{step.use_case}") else step.use_case
    if step.missing:
        return t("next.missing", step=word, missing=needs(step.missing))
    return word if step.mine else t("next.other", step=word)


def _heading(key: str, aside: str = "") -> Content:
    return line((t(key), f"{DIM} bold"), ("  " + aside, DIM))


def hang(lead: Content, text: str, cells: int, style: str = "") -> Content:
    """Put a text beside its lead; it goes on in its own column, broken between words and anywhere in Chinese."""
    indent = lead.cell_length
    parts = [part for row in text.splitlines() or [""] for part in wrapped(row, max(8, cells - indent))]
    rest = (line(" " * indent, (part, style)) for part in parts[1:])
    return lines(Content.assemble(lead, line((parts[0], style))), *rest)


def _fact(name: str, value: str, cells: int) -> Content:
    """Lay a label and its value out."""
    return hang(line((fit(name, FACT_LABEL) + " ", DIM)), value, cells)


def facts(view: RequestView, now: datetime, cells: int) -> Content:
    """Write the column of facts, so many cells wide: why, clocks, steps, record."""
    told: list[Content] = [
        _heading("facts.why"),
        line(
            (labels.priority(view.priority), _priority_style(view.priority)),
            "  ",
            labels.label("category", view.category),
        ),
    ]
    if view.priority_why:
        told.append(hang(line((t("why.by_hand") + " ", DIM)), view.priority_why, cells))
    told += [hang(line((one.rule + " ", DIM)), rows.reason_text(one.rule, one.words), cells) for one in view.reasons]
    told += [hang(line((code + " ", DIM)), rows.reason_text(code), cells) for code in view.modifiers]
    told += [Content(""), _heading("facts.clocks")]
    now_ms = int(now.timestamp() * 1000)
    ordered = sorted(view.clocks, key=lambda one: (not one.running, one.code))
    told += [_clock_row(clock, now_ms, cells) for clock in ordered]
    told += [Content(""), _heading("facts.steps")]
    told += [_step_row(step, is_over(view), cells) for step in view.steps]
    told += [Content(""), _heading("facts.record", f"{view.filled}/{view.required}")]
    told += [
        _record_row(one.code, one.value, one.siblings, cells)
        for one in view.record
        if one.value not in ("", None, False, ())
    ]
    told.append(_fact(t("facts.owner"), view.owner.name, cells))
    if view.customer_requests:
        told += [Content(""), _heading("facts.history")]
        told += [rows.brief_line(brief, cells) for brief in view.customer_requests[:5]]
    return lines(*told)


def stands(step: StepView, over: bool = False) -> str:
    """Say how a step stands: ticked by a phrase or by hand and when, else whether it is still needed or was missed."""
    if step.ticked:
        by = t("steps.by_hand") if step.by == "hand" else t("steps.by_phrase")
        return f"{by} {timefmt.clock(step.at)}".strip()
    if step.required and over:
        return t("steps.missed")
    return t("steps.needed") if step.required else t("steps.if_needed")


def is_over(view: RequestView) -> bool:
    """Whether the contact whose steps are shown was ended."""
    return any(item.kind == "ended" and item.entity_id == view.contact_id for item in view.timeline)


def _step_row(step: StepView, over: bool, cells: int) -> Content:
    """A step with how it stands in words, in the column in which clocks tell theirs."""
    word = stands(step, over)
    style = GOOD if step.ticked else WARNING if step.required and over else DIM
    name = fit(labels.label("step", step.step), max(4, cells - len(step.step) - 2 - width(word)))
    return line((f"{step.step} ", DIM), (name, "" if step.required or step.ticked else DIM), " ", (word, style))


def _clock_row(clock: ClockView, now_ms: int, cells: int) -> Content:
    """A running clock as everywhere; a stopped one with the time of day at which it stopped."""
    if clock.running:
        return rows.clock_line(clock, now_ms, cells)
    state_word = f"{labels.label('clock_state', clock.state)} {timefmt.clock(clock.stopped_at)}".strip()
    room = max(4, cells - len(clock.code) - 2 - width(state_word))
    style = ERROR if clock.state == "breached" else DIM
    return line((f"{clock.code} ", DIM), (fit(labels.label("clock", clock.code), room), DIM), " ", (state_word, style))


_CODED = {
    "channel": "channel",
    "request_type": "request_type",
    "sub_type": "sub_type",
    "emotion": "emotion",
    "category": "category",
    "priority": "priority",
    "attribution": "attribution",
    "tier": "tier",
    "segment": "segment",
}


def field_value(code: str, value: Any) -> str:
    """Write the value of a field of the record."""
    if isinstance(value, bool):
        return t("word.yes") if value else t("word.no")
    if isinstance(value, datetime):
        return timefmt.date(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return t("list.comma").join(field_value(code, one) for one in value)
    return labels.label(_CODED[code], str(value)) if code in _CODED else str(value)


def _record_row(code: str, value: Any, siblings: tuple[str, ...], cells: int) -> Content:
    row = _fact(labels.label("field", code), field_value(code, value), cells)
    also = [text for text in siblings if text != value]
    if code == "contact" and "*" in str(value):
        row = lines(row, hang(line(" " * (FACT_LABEL + 1)), t("facts.reveal"), cells, DIM))
    return lines(row, *(hang(line(("  " + t("facts.also") + " ", WARNING)), text, cells) for text in also))


# -- knowledge --------------------------------------------------------------------------------------------------------


def article(one: ArticleView, cells: int) -> list[Content]:
    """Write an article, so many cells wide: title, its plain words first, then the steps, the body and its files."""
    from agentdesk.present import article_media  # its patterns are needed for articles only

    told = [
        hang(Content(""), one.title, cells, STRONG),
        article_meta(one, cells),
    ]
    told += policy_warnings(one.next_from, one.copy_age, cells)
    if one.plain_summary:
        told += [Content(""), whole(one.plain_summary, cells)]
    if one.steps:
        said = (step_line(step) for step in one.steps)
        numbered = (hang(line((f"{number}. ", DIM)), step, cells) for number, step in enumerate(said, 1))
        told += [Content(""), *numbered]
    if one.body and one.body != one.plain_summary:
        told += [Content(""), *markdown_rows(article_media.told(one.body), cells)]
    if one.attachments:
        files = article_media.attached(one.attachments)
        told += [Content(""), *(hang(Content(""), text, cells, DIM) for text in files)]
    return told


def step_line(written: str) -> str:
    """A step with who does it and within what time, as words."""
    from agentdesk.domain import article_steps  # as below

    step = article_steps.parse(article_steps.bare(written))
    asides = [step.actor] if step.actor else []
    asides += [within(step.within)] if step.within is not None else []
    return f"{step.text} ({', '.join(asides)})" if asides else step.text


_UNITS = (("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1)))


def within(span: timedelta) -> str:
    """How long a step may take."""
    for unit, length in _UNITS:
        if span and not span % length:
            return t(f"reader.within.{unit}", count=span // length)
    return t("reader.at_once")


def markdown_rows(body: str, cells: int) -> list[Content]:
    """The body laid out; its links are followed where the article is opened whole, here they are words."""
    from agentdesk.present import markdown  # its patterns are needed for articles only

    blocks = markdown.parse(body, lambda link: markdown.Span(f"[{link.shown or link.id}]", markdown.LINK))
    return markdown.laid_out(blocks, cells).rows


def article_meta(one: ArticleView, cells: int) -> Content:
    """What kind of article it is, and since when it stands so."""
    return line((cut(f"{labels.label('article_kind', one.kind)}  {_in_force(one)}", cells), DIM))


def policy_warnings(next_from: datetime | None, copy_age: timedelta | None, cells: int) -> list[Content]:
    """What stands beside the text of a policy: that another version is announced, that this copy may be outdated."""
    told = [t("policy.next_from", date=timefmt.date(next_from))] if next_from is not None else []
    if copy_age is not None:
        told.append(t("policy.stale", span=timefmt.span(copy_age.total_seconds())))
    return [hang(Content(""), text, cells, WARNING) for text in told]


def whole(text: str, cells: int, style: str = "") -> Content:
    """Write a text of several lines, cut where it is too long to be drawn."""
    more = "\n" + MARK if len(text) > PLAIN_LIMIT else ""
    return hang(Content(""), text[:PLAIN_LIMIT] + more, cells, style)


def _in_force(one: ArticleView) -> str:
    """Since when an article stands so; a policy says its version too (§6.3)."""
    if one.kind != "policy" or one.effective_from is None:
        return timefmt.date(one.published_at).partition(" ")[0]
    version = next((tag for tag in one.tags if tag[:1] == "v" and tag[1:].isdigit()), "")
    return t("article.in_force", version=version.upper(), date=one.effective_from.date().isoformat()).strip()


def state(code: str) -> str:
    """Write where a request stands."""
    return labels.label("state", code)
