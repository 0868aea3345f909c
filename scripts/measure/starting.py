"""From exec to the first paint and to the queue's rows, and what the desk takes of memory once it has settled."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from measure.figures import Result, Sizes
from measure.stores import Homes, numbers, store_of
from measure.terminal import Terminal, plain_environment

ROOT = Path(__file__).resolve().parents[2]
CONTROLS = Path(__file__).resolve().parent / "controls"
GREETING = re.compile(b"Hello, world")
CHINESE = re.compile(b"[\xe4-\xe9][\x80-\xbf]{2}")
"""The first character of a sentence: whatever else comes before it is the terminal being set up."""

MEMORY_MB = 90.0


def desk_terminal(home: Path, columns: int = 80, lines: int = 24) -> Terminal:
    """Start the bare command on a home, as a person does."""
    environ = plain_environment({"AGENTDESK_HOME": str(home), "PYTHONPATH": str(ROOT)})
    return Terminal([sys.executable, "-m", "agentdesk"], environ, columns=columns, lines=lines)


def control_terminal(name: str, *words: str, columns: int = 80, lines: int = 24) -> Terminal:
    """Start one of the bare Textual programs."""
    command = [sys.executable, str(CONTROLS / f"{name}.py"), *words]
    return Terminal(command, plain_environment({}), columns=columns, lines=lines)


def number_seen(number: str) -> re.Pattern[bytes]:
    """Return what to wait for where a request's number is drawn."""
    return re.compile(re.escape(number.encode()) + rb"(?!\d)")


def starting(sizes: Sizes, homes: Homes) -> list[Result]:
    """Start both in turn in fresh processes, once unmeasured each so that byte code is compiled."""
    home = homes.copy("desk")
    row = number_seen(next(iter(numbers(store_of(home)))))
    hello: list[float] = []
    paint: list[float] = []
    rows: list[float] = []
    for number in range(sizes.starts + 1):
        with control_terminal("hello") as control:
            greeted = control.wait_for(GREETING) - control.started
        with desk_terminal(home) as desk:
            painted = desk.wait_for(CHINESE) - desk.started
            listed = desk.wait_for(row) - desk.started
        if number:
            hello.append(greeted * 1000)
            paint.append(painted * 1000)
            rows.append(listed * 1000)
    return [
        _start("first-paint", "exec to the first sentence on a pty of 80x24", paint, hello, 1.25),
        _start("queue-rows", f"exec to the first row, {sizes.requests:,} requests", rows, hello, 2.0),
    ]


def _start(row: str, what: str, ours: list[float], hello: list[float], budget: float) -> Result:
    ratio = statistics.median(ours) / statistics.median(hello)
    text = f"<= {budget} x hello"
    return Result(row, what, "ms", ours, "hello-world Textual app", hello, ratio, budget, text)


def memory(sizes: Sizes, homes: Homes) -> list[Result]:
    """Start both, wait until loading has settled, read the proportional set size."""
    return [
        _memory("memory", f"{sizes.requests:,} requests, {sizes.shelf:,} articles", homes.copy("desk"), sizes),
        _memory("memory-large", f"{sizes.many:,} requests, {sizes.articles:,} articles", homes.copy("large"), sizes),
    ]


def _memory(name: str, what: str, home: Path, sizes: Sizes) -> Result:
    row = number_seen(next(iter(numbers(store_of(home)))))
    ours, control = [], []
    for _ in range(max(1, sizes.rounds)):
        with desk_terminal(home) as desk:
            desk.wait_for(row)
            ours.append(_settled_mb(desk, sizes.settle_s))
        with control_terminal("hello") as hello:
            hello.wait_for(GREETING)
            control.append(_settled_mb(hello, sizes.settle_s))
    return Result(
        name, f"idle, {what}", "MB", ours, "hello-world Textual app", control, statistics.median(ours), MEMORY_MB,
        "PSS <= 90 MB",
    )  # fmt: skip


def _settled_mb(terminal: Terminal, quiet_s: float, most_s: float = 30.0) -> float:
    """Return the memory once it has not moved by a megabyte for a while."""
    end = time.perf_counter() + most_s
    before = [0.0]
    while time.perf_counter() < end and not _same(before[-4:]):
        before.append(terminal.memory_mb())
        terminal.settle(quiet_s / 4, quiet_s / 4)
        time.sleep(quiet_s / 4)
    return before[-1]


def _same(values: Iterable[float]) -> bool:
    listed = list(values)
    return len(listed) == 4 and max(listed) - min(listed) < 1.0
