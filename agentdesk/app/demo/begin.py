"""`agentdesk demo`: make a throw-away home, play the day, start the other side, open the desk, leave nothing."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import agentdesk
from agentdesk import preferences
from agentdesk.app.demo import day, other_side
from agentdesk.domain.refusal import Refusal

PREFIX = "agentdesk-demo-"
_END_S = 4.0


def run(language: str, seed: int, pace: float, say: Callable[[str], None]) -> int:
    """Run a demonstration on this terminal; returns the desk's exit code. `say` tells a code of progress.

    Raises Refusal `demo.other_side` where the centre beside it did not come up.
    """
    from agentdesk.app.run import run as run_desk

    with _ending_in_order(), throw_away() as folder:
        with OtherSide(folder, seed, pace) as side:
            say("demo.preparing")
            home = folder / "desk"
            prepare(home, language, seed, side)
            say("demo.opening")
            return run_desk(home)


def prepare(home: Path, language: str, seed: int, side: OtherSide) -> list[Refusal]:
    """Play the day into a new home, join the centre beside it and let the second desk begin; returns what was refused
    of the day."""
    from agentdesk.desk import setup
    from agentdesk.desk.context import open_desk, wall
    from agentdesk.store.identity import mark_demo
    from agentdesk.sync.join import join

    cast, rows = day.load_cast(), day.load_rows()
    clock = day.DayClock(wall() - day.length(rows))
    desk = open_desk(home, what="agentdesk demo", now=clock.now, mono=clock.mono)
    try:
        setup.first_run(desk, cast.agent["name"], cast.agent["work_no"], cast.team, language)
        refused = day.play(desk, clock, rows, seed)
        told = side.told()
        with desk.store.plain_write() as conn:
            mark_demo(conn, told["url"])
        clock.at = wall()
        join(desk.store, desk.journal, told["url"], told["code"])
    finally:
        desk.close()
    side.go()
    return refused


class OtherSide:
    """The process with centre and second desk. Its standard input is its life: it ends when that is closed."""

    def __init__(self, folder: Path, seed: int, pace: float) -> None:
        """Name what it works on; nothing is started yet."""
        self._folder = folder
        self._words = [str(folder), str(seed), str(pace)]
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None else 0

    def __enter__(self) -> OtherSide:
        """Start it; it comes up while the day is being played."""
        package = str(Path(agentdesk.__file__).parent.parent)
        found = os.environ.get("PYTHONPATH")
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([package, *([found] if found else [])]),
            # Whatever it should ever ask the environment for, it is not the home of the person.
            preferences.HOME_VARIABLE: str(self._folder / "colleague"),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", other_side.__name__, *self._words],
            env=env,
            cwd=self._folder.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
        return self

    def told(self) -> dict[str, Any]:
        """Wait for address and code. Raises Refusal `demo.other_side` where it ended instead."""
        assert self._process is not None and self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Refusal("demo.other_side")
        return dict(json.loads(line))

    def go(self) -> None:
        """Let the second desk begin to work."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(f"{other_side.GO}\n")
        self._process.stdin.flush()

    def __exit__(self, *_: object) -> None:
        """End it, by its own way first, then by its id."""
        process = self._process
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close() if pipe is not None else None
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_END_S)


@contextlib.contextmanager
def throw_away() -> Iterator[Path]:
    """A folder only its owner may enter, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let a request to end unwind what was begun, where it would stop the process on the spot."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
