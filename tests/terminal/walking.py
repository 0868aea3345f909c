"""Walking a running desk's focus chain and typing into each text field that it finds."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.terminal import observed
from tests.terminal.desks import DeskTerminal
from tests.terminal.tmux import PATIENCE, SETTLE, ScreenNeverCame

WIDE = (140, 40)

LIST = "工单号 客户 类型"
"""How the queue heads its columns: an older screen may still stand in the terminal when the desk shows another."""


def moved_on(now: dict[str, Any], name: str) -> bool:
    """Whether the focus has left a field; one that stands alone (a list without hits is hidden) keeps it."""
    return now["focused"] != "" and (now["focused"] != name or now["chain"] == [name])


class WalkedDesk(DeskTerminal):
    """A desk that tells on a signal what can have the focus."""

    def __init__(self, name: str, home: Path, report: Path) -> None:
        """Start it, wide, so that all columns are there."""
        self.report = report
        self.visited: dict[str, str] = {}
        """Text field -> the screen on which it was typed into."""
        self._count = 0
        super().__init__(name, home, size=WIDE, forks=(observed.main, [str(report)]))

    def again(self, fault: str = "") -> None:
        """Start it again after it ended."""
        self.report.unlink(missing_ok=True)
        self.report.with_suffix(".ready").unlink(missing_ok=True)
        super().again(fault)

    def told(self) -> dict[str, Any]:
        """What it tells now."""
        ends = time.monotonic() + PATIENCE
        while not self.report.with_suffix(".ready").exists():
            if time.monotonic() > ends:
                raise ScreenNeverCame(f"it does not start\n{self.screen()}")
            time.sleep(SETTLE)
        self._count += 1
        asked = self.report.with_suffix(".asked")
        asked.with_suffix(".asking").write_text(str(self._count), encoding="ascii")
        os.replace(asked.with_suffix(".asking"), asked)
        again = 0.0
        while time.monotonic() < ends:
            if time.monotonic() > again:  # one that came while it starts is not answered
                os.kill(self.pid(), signal.SIGUSR1)
                again = time.monotonic() + 1.0
            if self.report.exists():
                told: dict[str, Any] = json.loads(self.report.read_text(encoding="utf-8"))
                if told["asked"] == self._count:  # an older answer tells of the time before the last key
                    return told
            time.sleep(SETTLE / 4)
        raise ScreenNeverCame(f"it tells nothing\n{self.screen()}")

    def settled(self) -> str:
        """Wait until the screen stands still and no key waits for an answer."""
        super().settled()
        self.until(lambda told: not told["holding"])
        return super().settled()

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until what it tells holds."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            told = self.told()
            if holds(told):
                return told
            time.sleep(SETTLE)
        raise ScreenNeverCame(f"{told}\n{self.screen()}")

    def on_screen(self, name: str) -> dict[str, Any]:
        """Wait for a screen."""
        return self.until(lambda told: told["screen"] == name and bool(told["focused"]))

    def to(self, name: str, *keys: str) -> dict[str, Any]:
        """Press keys that lead to a screen."""
        self.press(*keys)
        return self.on_screen(name)

    def home_to_queue(self) -> None:
        """Leave whatever is open; the answer to a question is the safe one."""
        for _ in range(8):
            told = self.told()
            if told["screen"] == "QueueScreen":
                return
            self.press("Enter" if told["screen"] == "Confirm" else "Escape")
            self.settled()
        raise ScreenNeverCame(f"no way back to the queue\n{self.screen()}")

    def leave(self, screen: str) -> None:
        """Press Escape until a panel is left; the first one may only empty its search."""
        told = self.told()
        while told["screen"] == screen:
            before = told["screen"], told["focused"], told["text"]
            self.press("Escape")
            told = self.until(lambda now, before=before: (now["screen"], now["focused"], now["text"]) != before)

    def open_request(self, number: str, screen: str = "WorkspaceScreen", *keys: str) -> None:
        """Open the request of this short number from the queue."""
        self.home_to_queue()
        listed = [line for line in self.wait(number, LIST).splitlines() if "AD-" in line]
        row = next(index for index, line in enumerate(listed) if number in line)
        self.press("Home", *["Down"] * row, "F3")
        self.on_screen("WorkspaceScreen")
        self.wait(number, "下一步", gone=LIST)
        if keys:
            self.to(screen, *keys)

    def walk(self, fill: Callable[[str], None]) -> int:
        """Go once round the focus chain; `fill` is called with the focus in each text field not met before.

        Returns how many fields it met. Fails if a text field of the chain was not reached.
        """
        told = self.told()
        wanted = {name for name in told["texts"] if name not in self.visited}
        screen, met, steps = told["screen"], 0, 0
        limit = 3 * len(told["chain"]) + 6
        while wanted and steps < limit:
            name = told["focused"]
            if name in wanted:
                fill(name)
                self.visited[name] = screen
                wanted.discard(name)
                met += 1
            self.press("Tab")
            self.settled()  # what a field asks about on being left is asked by then
            steps += 1
            told = self.until(lambda now, name=name: now["screen"] == "Confirm" or moved_on(now, name))
            if told["screen"] == "Confirm":
                self.press("Enter")
                told = self.until(lambda now: now["screen"] == screen and bool(now["focused"]))
            wanted |= {one for one in told["texts"] if one not in self.visited}
        assert not wanted, f"not reached on {screen}: {wanted}\n{self.screen()}"
        return met
