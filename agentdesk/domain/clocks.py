"""The clocks of a request as one table (MODEL §4): when each starts, what stops it, how long it may take.

Pure: a clock is a function of the facts, the settings and the calendar, never stored state. Facts are events and
*applied* transitions; a transition that became a proposal moves no clock, but what the customer was told still counts.
To add a clock, add a row to `CLOCKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from agentdesk.changes import Event, instant
from agentdesk.domain.calendar import Calendar
from agentdesk.domain.facts import Kept, RequestFacts, Step
from agentdesk.domain.settings import Settings

RUNNING: Final = "running"
WARNING: Final = "warning"
MET: Final = "met"
BREACHED: Final = "breached"
EXTENDED: Final = "extended"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True)
class Clock:
    """One running or stopped clock; its identity is (code, subject, episode = id of the fact that started it).

    `due_at` moves by an extension, `original_due_at` does not. `paused_at`: stands still since then, and what is left
    is `due_at - paused_at`. A cancelled clock has the time of its cancelling in `stopped_at`.
    """

    code: str
    subject: str
    episode: str
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    warn_at: datetime
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    cancelled: bool = False

    @property
    def running(self) -> bool:
        """Whether it counts down now: not stopped, not cancelled, not paused."""
        return self.stopped_at is None and self.paused_at is None

    @property
    def identity(self) -> tuple[str, str, str]:
        """(code, subject, episode)."""
        return self.code, self.subject, self.episode


def state(clock: Clock, now: datetime) -> str:
    """Return running, warning, met, breached, extended or cancelled, as of `now`.

    Extended means that an extension was told before the due and the new promise is kept so far; the on-time rate reads
    `original_due_at` by itself.
    """
    if clock.cancelled:
        return CANCELLED
    if clock.stopped_at is not None and clock.stopped_at <= clock.original_due_at:
        return MET
    reached = clock.stopped_at or clock.paused_at or now
    if reached > clock.due_at:
        return BREACHED
    if clock.due_at > clock.original_due_at:
        return EXTENDED
    if clock.stopped_at is None and reached >= clock.warn_at:
        return WARNING
    return RUNNING


# -- what a row of the table says ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Something that starts a clock. Stop facts before `since` do not count; None: any fact of the request does."""

    subject: str
    episode: str
    at: datetime
    since: datetime | None
    target: str
    """The setting that holds the target in seconds."""


@dataclass(frozen=True, slots=True)
class Stop:
    """What ends a clock, and whether the matter was dropped rather than done."""

    at: datetime
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Something that moves the due of a running clock: a pause's end, a raised priority. Applied in order of time."""

    at: datetime
    later: timedelta = timedelta()
    no_later_than: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One row: the clock, its starts, and for each start what ended it, what moved it and whether it stands still."""

    code: str
    starts: Callable[[RequestFacts, Settings], list[Start]]
    stop: Callable[[RequestFacts, Start], Stop | None]
    moves: Callable[[RequestFacts, Settings, Start], list[Move]] = lambda facts, settings, start: []
    paused: Callable[[RequestFacts, Start], datetime | None] = lambda facts, start: None
    due: Callable[[Start, Settings, Calendar], datetime] = lambda start, settings, calendar: (
        start.at + timedelta(seconds=settings.seconds(start.target))
    )


# -- helpers ------------------------------------------------------------------------------------------------------


def _first(times: Iterable[datetime], start: Start) -> Stop | None:
    """The earliest time that counts for a start; a fact told while the record was still being typed stops at once."""
    counting = [at for at in times if start.since is None or at >= start.since]
    return Stop(max(min(counting), start.at)) if counting else None


def _as_of(history: tuple[Kept, ...], at: datetime) -> Kept | None:
    """What a register said at an instant: the last value said by then, else the first one."""
    said = [kept for kept in history if kept.at <= at]
    return said[-1] if said else (history[0] if history else None)


def _changes_after(history: tuple[Kept, ...], at: datetime) -> list[Kept]:
    return [kept for kept in history if kept.at > at]


def _episode_at(facts: RequestFacts, at: datetime) -> str:
    """The id of the round of handling that an instant fell into."""
    episodes = [step.episode for step in facts.trail if step.episode and step.at <= at]
    return episodes[-1] if episodes else (facts.flow.get("episode") or "")


def _root(facts: RequestFacts) -> str:
    return facts.request.id if facts.request else ""


def _on_category(code: str, holds: Callable[[Mapping[str, Any]], bool]) -> Callable[..., list[Start]]:
    """Starts at T4 if the category at that time says so, else at the first later change to such a category."""

    def starts(facts: RequestFacts, settings: Settings) -> list[Start]:
        analysing = facts.steps("T4")
        if not analysing:
            return []
        step = analysing[0]
        then = _as_of(facts.categories, step.at)
        if then is not None and holds(then.value):
            return [Start(_root(facts), step.episode or step.id, step.at, None, f"clock.{code}")]
        later = next((kept for kept in _changes_after(facts.categories, step.at) if holds(kept.value)), None)
        if later is None:
            return []
        return [Start(_root(facts), _episode_at(facts, later.at), later.at, later.at, f"clock.{code}")]

    return starts


def _told(*kinds: str) -> Callable[[RequestFacts, Start], Stop | None]:
    return lambda facts, start: _first((event.at for event in facts.told(*kinds)), start)


# -- CK-01, CK-02, CK-05: the answer to a contact -----------------------------------------------------------------


def _contacts(code: str, *channels: str) -> Callable[[RequestFacts, Settings], list[Start]]:
    def starts(facts: RequestFacts, settings: Settings) -> list[Start]:
        return [
            Start(event.entity_id, event.id, event.at, None, f"clock.{code}")
            for event in facts.events("contact", "opened")
            if event.value.get("channel") in channels and event.value.get("direction") != "out"
        ]

    return starts


def _answered(facts: RequestFacts, start: Start) -> Stop | None:
    """Measured, not subtracted: two wall times across a correction of the clock can give less than nothing."""
    answers = [event for event in facts.events("contact", "answered") if event.entity_id == start.subject]
    return Stop(start.at + timedelta(milliseconds=answers[0].value.get("waited_ms") or 0)) if answers else None


#: Channels on which nobody waits at the other end, each with a target of its own (§2.6).
WRITTEN: Final = ("app_message", "email", "social")


def _written(facts: RequestFacts, settings: Settings) -> list[Start]:
    return [
        Start(event.entity_id, event.id, event.at, event.at, f"clock.CK-05.{event.value['channel']}")
        for event in facts.events("contact", "opened")
        if event.value.get("channel") in WRITTEN and event.value.get("direction") != "out"
    ]


def _first_reply(facts: RequestFacts, start: Start) -> Stop | None:
    return _first((event.at for event in facts.events("entry", "message_sent")), start)


def answer_clock(channel: str, settings: Settings) -> tuple[str, int] | None:
    """Return the clock of a first answer on this channel and its target in seconds; None where none runs (§2.6)."""
    code = {"phone": "CK-01", "online": "CK-02", "bot": "CK-02"}.get(channel, "CK-05" if channel in WRITTEN else "")
    if not code:
        return None
    return code, int(settings.seconds(f"clock.{code}.{channel}" if code == "CK-05" else f"clock.{code}"))


# -- CK-08: handling ----------------------------------------------------------------------------------------------

_RANK: Final = {"P1": 3, "P2": 2, "P3": 1}


@dataclass(frozen=True, slots=True)
class _Handling:
    """One run of the handling clock while the trail is walked: its start, end, pauses, and raises of the priority."""

    start: Start
    stop: Stop | None = None
    paused: datetime | None = None
    moves: tuple[Move, ...] = ()


def _handling(facts: RequestFacts, settings: Settings) -> list[_Handling]:
    """Walk transitions and priorities in order of time; a priority said in the same instant counts for the step."""
    runs: list[_Handling] = []
    priority, recorded = "", False
    timeline: list[tuple[datetime, int, Kept | Step]] = [(kept.at, 0, kept) for kept in facts.priorities]
    timeline += [(step.at, 1, step) for step in facts.trail]
    timeline.sort(key=lambda item: (item[0], item[1]))  # stable: the trail's own order stays where times are equal
    for at, _, fact in timeline:
        open_run = runs[-1] if runs and runs[-1].stop is None else None
        if isinstance(fact, Kept):
            said = str(fact.value.get("priority") or "")
            if open_run is not None:
                runs[-1] = _raised(open_run, priority, said, at, settings)
            elif recorded and said == "P1" != priority:
                runs.append(_run(facts, fact.id, at, said))
            priority = said
            continue
        recorded = fact.state not in ("DRAFT", "RESOLVED", "CONFIRMED", "REMEDIATION", "CLOSED", "CANCELLED")
        if open_run is not None:
            runs[-1] = _walked(open_run, fact)
        elif _begins(fact, priority):
            runs.append(_run(facts, fact.id, at, priority))
    return runs


def _run(facts: RequestFacts, episode: str, at: datetime, priority: str) -> _Handling:
    return _Handling(Start(_root(facts), episode, at, at, f"clock.CK-08.{priority}"))


def _begins(step: Step, priority: str) -> bool:
    """P1 runs from the record on, so that planning does not stretch it; else from the agreement of the customer."""
    if priority == "P1" and step.t in ("T2", "T15", "T19"):
        return True
    return bool(priority) and (step.t in ("T7", "T19") or (step.t == "T15" and step.state == "ASSIGNED"))


def _raised(run: _Handling, before: str, after: str, at: datetime, settings: Settings) -> _Handling:
    if _RANK.get(after, 0) <= _RANK.get(before, 0) or settings.get("clock.on_priority") != "earlier":
        return run
    latest = at + timedelta(seconds=settings.seconds(f"clock.CK-08.{after}"))
    return replace(run, moves=(*run.moves, Move(at, no_later_than=latest)))


def _walked(run: _Handling, step: Step) -> _Handling:
    """Apply a transition to the running clock: the end of a pause, the beginning of one, the end of the clock."""
    if run.paused is not None and step.state != "WAITING":
        run = replace(run, paused=None, moves=(*run.moves, Move(step.at, later=step.at - run.paused)))
    if step.t == "T10" and (step.wait or {}).get("kind") == "customer":
        return replace(run, paused=step.at)
    if step.t in ("T3", "T12", "T20"):
        return replace(run, stop=Stop(step.at, cancelled=step.t == "T20"))
    return run


def _handling_of(facts: RequestFacts, settings: Settings, start: Start) -> _Handling:
    return next(run for run in _handling(facts, settings) if run.start.episode == start.episode)


def _handling_stop(facts: RequestFacts, start: Start) -> Stop | None:
    return _handling_of(facts, facts.settings, start).stop


# -- CK-10, CK-11: complaints -------------------------------------------------------------------------------------


def _complaint(facts: RequestFacts, code: str, p1: bool) -> list[Start]:
    recorded = facts.steps("T2")
    if not recorded or facts.intake.request_type != "complaint":
        return []
    step = recorded[0]
    then = _as_of(facts.priorities, step.at)
    if then is None or (then.value.get("priority") == "P1") is p1:
        return [Start(_root(facts), step.id, step.at, None, f"clock.{code}")] if then is not None else []
    later = next(
        (kept for kept in _changes_after(facts.priorities, step.at) if kept.value.get("priority") == "P1"), None
    )
    if later is None or not p1:
        return []
    return [Start(_root(facts), _episode_at(facts, later.at), later.at, later.at, f"clock.{code}")]


def _direction_told(facts: RequestFacts, start: Start) -> Stop | None:
    told = [event.at for event in facts.told("direction", "plan")]
    return _first((*told, *(step.at for step in facts.steps("T5"))), start)


# -- CK-15: the survey; CK-16, CK-17: the call-back ---------------------------------------------------------------


def _content_verdicts(facts: RequestFacts, settings: Settings) -> list[Start]:
    return [
        Start(event.entity_id, event.id, event.at, event.at, "clock.CK-15")
        for event in facts.events("verdict", "given")
        if event.value.get("verdict") in ("satisfied", "basically")
    ]


def _surveyed(facts: RequestFacts, start: Start) -> Stop | None:
    done = facts.events("survey", "sent") + facts.events("survey", "declined")
    return _first((event.at for event in done), start)


def _resolved(code: str) -> Callable[[RequestFacts, Settings], list[Start]]:
    def starts(facts: RequestFacts, settings: Settings) -> list[Start]:
        return [Start(_root(facts), step.id, step.at, step.at, f"clock.{code}") for step in facts.steps("T3", "T12")]

    return starts


def _called_back(facts: RequestFacts, start: Start) -> Stop | None:
    """Stopped by the first call-back that reached, an exemption, T17 or T18; dropped when T15 or T16 came first.

    A call-back in the first 24 hours stops both clocks: the window is "until", not "between".
    """
    attempts: list[Event] = [event for event in facts.events("callback", "attempt") if event.value.get("reached")]
    done = [event.at for event in (*attempts, *facts.events("callback", "exempted"))]
    done += [step.at for step in facts.steps("T17", "T18")]
    dropped = [step.at for step in facts.steps("T15", "T16") if step.at >= start.at]
    stop = _first(done, start)
    if dropped and (stop is None or dropped[0] < stop.at):
        return Stop(dropped[0], cancelled=True)
    return stop


# -- the table ----------------------------------------------------------------------------------------------------

CLOCKS: Final = (
    ClockRule("CK-01", _contacts("CK-01", "phone"), _answered),
    ClockRule("CK-02", _contacts("CK-02", "online", "bot"), _answered),
    ClockRule("CK-05", _written, _first_reply),
    ClockRule("CK-06", _on_category("CK-06", lambda value: value.get("category") == "urgent"), _told("interim")),
    ClockRule(
        "CK-07",
        _on_category("CK-07", lambda value: value.get("category") == "complex" or bool(value.get("also_complex"))),
        _told("plan"),
    ),
    ClockRule(
        "CK-08",
        lambda facts, settings: [run.start for run in _handling(facts, settings)],
        _handling_stop,
        moves=lambda facts, settings, start: list(_handling_of(facts, settings, start).moves),
        paused=lambda facts, start: _handling_of(facts, facts.settings, start).paused,
    ),
    ClockRule(
        "CK-10",
        lambda facts, settings: _complaint(facts, "CK-10", p1=True),
        _told("progress", "interim", "plan", "definite"),
    ),
    ClockRule("CK-11", lambda facts, settings: _complaint(facts, "CK-11", p1=False), _direction_told),
    ClockRule("CK-15", _content_verdicts, _surveyed),
    ClockRule("CK-16", _resolved("CK-16"), _called_back),
    ClockRule("CK-17", _resolved("CK-17"), _called_back),
)


def clocks(facts: RequestFacts, settings: Settings, calendar: Calendar) -> list[Clock]:
    """Return every clock that the request has had, in the order of the table and of their starts."""
    cancelled = [step.at for step in facts.steps("T20")]
    end = Stop(cancelled[-1], cancelled=True) if cancelled else None
    return [
        _clock(rule, start, facts, settings, calendar, end) for rule in CLOCKS for start in rule.starts(facts, settings)
    ]


def _clock(
    rule: ClockRule, start: Start, facts: RequestFacts, settings: Settings, calendar: Calendar, end: Stop | None
) -> Clock:
    stop = rule.stop(facts, start) or end  # T20 ends what nothing else has ended
    original = due = rule.due(start, settings, calendar)
    resting = timedelta()
    moves: list[Move | Event] = [*rule.moves(facts, settings, start), *_extensions(facts, rule.code, start)]
    for move in sorted(moves, key=lambda one: one.at):
        if isinstance(move, Event):
            due = _extended(move, due, original, stop)
            continue
        due, original, resting = due + move.later, original + move.later, resting + move.later
        if move.no_later_than is not None:
            due, original = min(due, move.no_later_than), min(original, move.no_later_than)
    share = settings.get("clock.warn_percent") / 100
    begin = start.at + resting
    return Clock(
        code=rule.code,
        subject=start.subject,
        episode=start.episode,
        started_at=start.at,
        due_at=due,
        original_due_at=original,
        warn_at=begin + (due - begin) * share if due > begin else due,
        paused_at=rule.paused(facts, start) if stop is None else None,
        stopped_at=stop.at if stop else None,
        cancelled=stop.cancelled if stop else False,
    )


def _extensions(facts: RequestFacts, code: str, start: Start) -> list[Event]:
    return [
        event
        for event in facts.events("entry", "extended")
        if event.value.get("clock") == code and event.value.get("episode") == start.episode
    ]


def _extended(event: Event, due: datetime, original: datetime, stop: Stop | None) -> datetime:
    """Return the due after an extension; one written too late, without reason, promise or proof changes nothing."""
    value = event.value
    if event.at >= due or (stop is not None and event.at > stop.at):
        return due
    if not str(value.get("reason") or "").strip() or not value.get("told") or not value.get("promised_at"):
        return due
    try:
        promised = instant(str(value["promised_at"]))
    except ValueError:
        return due
    return promised if promised > original else due
