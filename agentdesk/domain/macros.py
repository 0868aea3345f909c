"""Macros: what a phrase does beside being said (standard §5.1), as data of its version and as lines.

    tag 退款                       the request gets a tag
    callback +1d 10:00             a call-back is planned for tomorrow, ten o'clock
    extend CK-08 +2h why           a running clock gets a new promised time; the message proves that it was told
    step T8                        the flow makes one step
    survey sent                    the survey was sent or declined

A time is `+N` with d, h or m; after days a time of day may stand. Pure: who applies it is `desk.macros`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from agentdesk.domain.clocks import CLOCKS

VERBS: Final = ("tag", "callback", "extend", "survey", "step")
"""What an action may do, in the order in which they are applied: the step last, since facts before it open its gate."""
STEPS: Final = ("T8", "T17")
"""Steps of the flow that need no form: taking the work, closing."""
SURVEYS: Final = ("sent", "declined")
EXTENDABLE: Final = frozenset(rule.code for rule in CLOCKS)

MAX_ACTIONS: Final = 6
MAX_TAG: Final = 20
MAX_REASON: Final = 60
MAX_DAYS: Final = 60

_TIME: Final = re.compile(r"\+(\d{1,4})([dhm])(?:[ T](\d{1,2})[:\uff1a](\d{2}))?(?=\s|$)")
_PARTS: Final = ";\uff1b\n"
"""What stands between two actions, and so within none."""
_MINUTES: Final = {"d": 24 * 60, "h": 60, "m": 1}


class MacroError(ValueError):
    """An action that cannot stand: `problem` is a code, `line` what was written."""

    def __init__(self, problem: str, line: str = "") -> None:
        super().__init__(problem, line)
        self.problem = problem
        self.line = line


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `what`: tag, clock, step or answer of the survey; `after` and `at`: the time as it is written."""

    do: str
    what: str = ""
    after: str = ""
    at: str = ""
    why: str = ""

    def due(self, now: datetime) -> datetime:
        """The instant that its time means when it is chosen now; a day begins in the zone of `now`."""
        count, unit = int(self.after[:-1]), self.after[-1]
        due = now + timedelta(minutes=count * _MINUTES[unit])
        if self.at:
            hour, minute = self.at.split(":")
            due = datetime.combine(due.date(), time(int(hour), int(minute)), now.tzinfo)
        return due

    def as_data(self) -> dict[str, str]:
        """As it lies in the version of a phrase; what is empty is left out."""
        told = {"do": self.do, "what": self.what, "after": self.after, "at": self.at, "why": self.why}
        return {name: value for name, value in told.items() if value}

    def as_line(self) -> str:
        """As a person writes it; `parse_line` reads the same again."""
        when = f"+{self.after}" if self.after else ""
        return " ".join(part for part in (self.do, self.what, when, self.at, self.why) if part)


def of_data(found: Any) -> tuple[Action, ...]:
    """The actions of a version's value in the order of applying. MacroError for what this version cannot apply:
    all of them count or none, so an unknown one is never left out."""
    if not found:
        return ()
    if not isinstance(found, list) or not all(_texts(one) for one in found):
        raise MacroError("macro_form")
    return _whole(Action(**one) for one in found)


def parse(text: str, verbs: Mapping[str, str] | None = None) -> tuple[Action, ...]:
    """Read actions, one a line or between semicolons. `verbs`: words of other languages -> code. Raises MacroError."""
    written = [one.strip() for one in re.split(f"[{_PARTS}]", text) if one.strip()]
    return _whole(parse_line(one, verbs or {}) for one in written)


def parse_line(line: str, verbs: Mapping[str, str]) -> Action:
    """Read one action; raises MacroError."""
    word, _, rest = line.partition(" ")
    do = verbs.get(word.casefold(), word.casefold())
    rest = rest.strip()
    if do not in VERBS:
        raise MacroError("macro_verb", line)
    what = ""
    if do == "extend":
        what, _, rest = rest.partition(" ")
    if do not in ("extend", "callback"):
        return _checked(Action(do, rest), line)
    found = _TIME.match(rest.strip())
    if found is None:
        raise MacroError("macro_time", line)
    count, unit, hour, minute = found.groups()
    at = f"{int(hour):02d}:{minute}" if hour else ""
    return _checked(Action(do, what, f"{int(count)}{unit}", at, rest.strip()[found.end() :].strip()), line)


def lines(actions: Iterable[Action]) -> str:
    """The actions as a person writes them."""
    return "\n".join(action.as_line() for action in actions)


def _whole(actions: Iterable[Action]) -> tuple[Action, ...]:
    found = [_checked(action, action.as_line()) for action in actions]
    if len(found) > MAX_ACTIONS:
        raise MacroError("macro_many")
    once = [(one.do, one.what if one.do in ("tag", "extend") else "") for one in found]
    if len(set(once)) < len(once):
        raise MacroError("macro_twice", next(one.as_line() for one, key in zip(found, once, strict=True)
                                             if once.count(key) > 1))  # fmt: skip
    return tuple(sorted(found, key=lambda action: VERBS.index(action.do)))


def _checked(action: Action, line: str) -> Action:
    if action.do not in VERBS:
        raise MacroError("macro_verb", line)
    if any(mark in action.what + action.why for mark in _PARTS):
        raise MacroError("macro_form", line)
    if action.do in ("callback", "extend"):
        _check_time(action, line)
    elif action.after or action.at or action.why:
        raise MacroError("macro_form", line)
    known = {"step": STEPS, "survey": SURVEYS, "extend": EXTENDABLE}.get(action.do)
    if known is not None and action.what not in known:
        raise MacroError(f"macro_{action.do}", line)
    if action.do == "tag" and not 0 < len(action.what) <= MAX_TAG:
        raise MacroError("macro_tag", line)
    if action.do == "extend" and not action.why:
        raise MacroError("macro_why", line)
    if len(action.why) > MAX_REASON:
        raise MacroError("macro_long", line)
    return action


def _check_time(action: Action, line: str) -> None:
    found = _TIME.fullmatch(f"+{action.after}" + (f" {action.at}" if action.at else ""))
    if found is None or (action.at and action.after[-1] != "d"):
        raise MacroError("macro_time", line)
    if action.at and not (int(action.at[:2]) < 24 and int(action.at[3:]) < 60):
        raise MacroError("macro_time", line)
    minutes = int(action.after[:-1]) * _MINUTES[action.after[-1]]
    if minutes > MAX_DAYS * 24 * 60 or (minutes == 0 and not action.at):
        raise MacroError("macro_time", line)


def _texts(one: Any) -> bool:
    named = isinstance(one, dict) and "do" in one and one.keys() <= {"do", "what", "after", "at", "why"}
    return named and all(isinstance(value, str) for value in one.values())
