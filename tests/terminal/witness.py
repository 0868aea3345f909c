"""The witness of the kills: writes down, outside the desk, what a person saw and what the screen called saved.

Each line is on the disk before the test goes on. The check reads this file and the store that the kill left, no more.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.terminal import desks

OLDEST_S = 1.0
"""Seconds that a draft may be behind what was seen on the screen."""

TOKEN = re.compile(r"k\d{5}")
NUMBER = re.compile(r"AD-H[A-Z2-9]{3}-\d{8}-\d{4}|AD-\d{4}-\d{4}")
NEXT_STEP = "下一步"
"""Word of the line between timeline and composer."""
SENT = "已发送"


class Lost(AssertionError):
    """The store is not what the screen had promised; the message lists how."""


@dataclass
class Witness:
    """Looks at one desk's screen and writes down what it says."""

    path: Path
    shown: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    """Words that stood in the composer when it was told to send."""
    last: set[str] = field(default_factory=set)
    """Words in the composer at the last look."""
    seen: str = ""
    """The last look."""
    noticed: bool = False
    """Whether the notice of a sent reply stood there already when the send key was pressed."""

    def note(self, kind: str, **what: Any) -> None:
        """Write one line; it is on the disk when this returns."""
        line = json.dumps({"kind": kind, "at": time.monotonic(), **what}) + "\n"
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def tell_send(self) -> None:
        """The send key is about to be pressed."""
        self.asked |= self.last
        self.noticed = SENT in self.seen

    def look(self, screen: str) -> None:
        """Note what this screen shows for the first time, and what it calls saved."""
        self.seen = screen
        timeline, line, composer = screen.partition(NEXT_STEP)
        here = set(TOKEN.findall(composer if line else screen))
        for token in sorted(here - self.shown):
            self.note("shown", token=token)
        self.shown |= here
        saved = set(TOKEN.findall(timeline)) if line else set()
        # A notice of an earlier reply may still stand; then the emptied composer says that this one is sent too.
        self.noticed &= SENT in composer
        if line and SENT in composer and not (self.noticed and self.asked & here):
            saved |= self.asked
            self.asked = set()
        for token in sorted(saved - self.sent):
            self.note("sent", token=token)
        self.sent |= saved
        self.last = here if line else set()
        for number in sorted(set(NUMBER.findall(screen)) - self.numbers):
            self.note("recorded", number=number)
            self.numbers.add(number)

    def begin(self) -> None:
        """A new round: the desk is started again."""
        self.note("begin")
        self.asked, self.last, self.seen, self.noticed = set(), set(), "", False


def short(number: str) -> str:
    """A readable number as lists show it."""
    parts = number.split("-")
    return f"AD-{parts[2][4:]}-{parts[3]}" if len(parts) == 4 else number


def check(home: Path, record: Path) -> Counter[str]:
    """Compare the record with the store that a kill left; raises `Lost`. Returns how much was compared.

    Everything ever called saved is there, once; what had been seen a second before the last kill is saved or a draft.
    """
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    bodies, stored = desks.messages(home), desks.descriptions(home)
    drafts = json.dumps(list(desks.drafts(home).values()), ensure_ascii=False)
    said = Counter(token for body in bodies for token in TOKEN.findall(body))
    said.update(token for text in stored.values() for token in TOKEN.findall(text))
    drafted = Counter(TOKEN.findall(drafts))
    numbers = {short(number) for number in stored}

    faults = [] if desks.integrity(home) == "ok" else [desks.integrity(home)]
    done: Counter[str] = Counter()
    for line in lines:
        if line["kind"] == "sent":
            done["sent"] += 1
            if not said[line["token"]]:
                faults.append(f"called sent, not there: {line['token']}")
        elif line["kind"] == "recorded":
            done["recorded"] += 1
            if short(line["number"]) not in numbers:
                faults.append(f"called recorded, not there: {line['number']}")
    faults += [f"twice: {token}" for token, count in said.items() if count > 1]
    faults += [f"sent and still a draft: {token}" for token in said if drafted[token]]
    faults += _stale(lines, set(said) | set(drafted), done)
    if faults:
        raise Lost("\n".join(faults))
    return done


def _stale(lines: list[dict[str, Any]], kept: set[str], done: Counter[str]) -> list[str]:
    """Words of the last round that were seen a second before the kill and are kept nowhere."""
    rounds = [index for index, line in enumerate(lines) if line["kind"] == "begin"]
    this = lines[rounds[-1] :]
    killed = next(line["at"] for line in reversed(this) if line["kind"] == "killed")
    found = []
    for line in this:
        if line["kind"] == "shown" and line["at"] <= killed - OLDEST_S:
            done["typed"] += 1
            if line["token"] not in kept:
                found.append(f"seen {killed - line['at']:.2f} s before the kill, kept nowhere: {line['token']}")
    return found
