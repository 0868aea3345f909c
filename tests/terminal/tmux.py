"""A real terminal: tmux on a socket of its own. A test sends keys and text and reads the screen, nothing else."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path

import pyte

from agentdesk.__main__ import main
from tests.sync import forked
from tests.terminal.control import Control

PATIENCE = 60.0
"""Seconds until a screen that does not come is a failure; machines are shared."""
SPOKEN = ("capture-pane", "display-message", "send-keys")
"""What is asked often goes over the one connection; a process for each took more of the processor than the desk."""
SETTLE = 0.025
"""Seconds between two looks at the screen; equal looks mean that it has settled."""
REACTION = 0.5
"""Seconds within which a key shows something; only then is the screen worth noting. What must come is waited for."""

PLAIN = {"LANG": "C.UTF-8", "TERM": "xterm-256color"}
"""What a program in a pane is told of its terminal."""

SIZE_FORMAT = "#{pane_width} #{pane_height}"
NAMES = re.compile(
    r"(?:[CSM]-)?(?:[a-z0-9]|F\d{1,2}|Up|Down|Left|Right|Home|End|NPage|PPage|Tab|BTab|Enter|Escape|Space|BSpace|DC)"
)
EXIT_FORMAT = "#{pane_dead},#{pane_dead_status},#{pane_dead_signal},#{pid}"

_NUMBERS = count(1)
"""A server that ends still holds its socket for a moment: none is used twice."""

ROOT = Path(__file__).resolve().parents[2]


class ScreenNeverCame(AssertionError):
    """What was waited for did not appear; the message is the screen as it stood."""


@dataclass(frozen=True)
class Cell:
    """One cell of the screen."""

    text: str
    underlined: bool
    background: str


class Terminal:
    """One tmux session running one program, with a transcript of the screen after each key."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        size: tuple[int, int],
        env: dict[str, str],
        transcript: Path | None = None,
    ) -> None:
        """Start `command` in a terminal of (columns, rows)."""
        self.socket = f"agentdesk-test-{os.getpid()}-{next(_NUMBERS)}-{name}"
        self.keys: list[str] = []
        self._control: Control | None = None
        self._transcript = transcript
        if transcript is not None:
            transcript.parent.mkdir(parents=True, exist_ok=True)
            transcript.write_text("", encoding="utf-8")
        columns, rows = size
        wanted = {**PLAIN, **env}
        told = [part for item in wanted.items() for part in ("-e", "=".join(item))]
        self._tmux(
            "-f", os.devnull, "new-session", "-d", "-x", str(columns), "-y", str(rows), *told,
            "-c", str(ROOT), "--", *command,
        )  # fmt: skip
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self._tmux("set-option", "-g", "escape-time", "0")
        self._control = Control(self.socket, environment())

    # -- doing --------------------------------------------------------------------------------------------------------

    def key(self, name: str) -> None:
        """Press a key by tmux's name (`F2`, `Tab`, `C-g`, `Enter`, `1`), wait until the screen has settled, note it."""
        if not NAMES.fullmatch(name):
            raise ValueError(f"tmux knows no key {name} and would type the word")
        self.keys.append(name)
        before = self._look()
        self._tmux("send-keys", name)
        self._note(f"key {len(self.keys)}: {name}", before)

    def type(self, text: str) -> None:
        """Type text as a keyboard or an input method commits it; not counted as command keys."""
        before = self._look()
        self._tmux("send-keys", "-l", text)
        self._note(f"text: {text}", before)

    def send(self, text: str) -> None:
        """Type without waiting for the screen."""
        self._tmux("send-keys", "-l", text)

    def paste(self, text: str) -> None:
        """Paste with bracketed-paste marks, as bytes that are not kept in a tmux buffer."""
        before = self._look()
        self._tmux("send-keys", "-l", f"\x1b[200~{text}\x1b[201~")
        self._note(f"paste: {len(text)} characters", before)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size while the program runs."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def mark(self, what: str) -> None:
        """Write a heading into the transcript."""
        self._write(f"\n######## {what}\n")

    # -- looking ------------------------------------------------------------------------------------------------------

    def screen(self) -> str:
        """The characters on the screen."""
        return self._tmux("capture-pane", "-p")

    def wait(self, *texts: str, gone: str = "", until: Callable[[str], bool] | None = None) -> str:
        """Wait until all texts stand on the screen (and `gone` does not, and `until` holds); return the screen."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            screen = self.screen()
            there = all(on(text, screen) for text in texts)
            if there and (not gone or not on(gone, screen)) and (until is None or until(screen)):
                return screen
            time.sleep(SETTLE)
        raise ScreenNeverCame(f"waited for {texts} without {gone!r}; keys {self.keys[-8:]}\n{self.screen()}")

    def wait_exit(self) -> int:
        """Wait until the program has ended; return its exit code, or minus the signal that ended it."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            dead, status, signalled, server = self._tmux("display-message", "-p", EXIT_FORMAT).strip("\n").split(",")
            if status or signalled:
                return int(status) if status else -int(signalled)
            if dead == "1":
                # The terminal is closed, but tmux has not asked how the program ended, and at times never does
                # by itself: that a child ended makes it look.
                os.kill(int(server), signal.SIGCHLD)
            time.sleep(SETTLE)
        raise ScreenNeverCame(f"the program did not end\n{self.screen()}")

    def pid(self) -> int:
        """The process that runs in the terminal."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def buffers(self) -> str:
        """What tmux keeps as paste buffers."""
        return self._tmux("list-buffers", check=False)

    def close(self) -> None:
        """End the program where it still runs, by its id, then this tmux server."""
        running = self._tmux("display-message", "-p", "#{pane_dead} #{pane_pid}", check=False).split()
        if len(running) == 2 and running[0] == "0":
            with suppress(ProcessLookupError):
                os.kill(int(running[1]), signal.SIGKILL)
        self._tmux("kill-server", check=False)
        if self._control is not None:
            self._control.close()

    def __enter__(self) -> Terminal:
        """Use as a context manager that closes."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def settled(self) -> str:
        """Wait until two looks in a row are equal; return the screen."""
        ends = time.monotonic() + 2.0
        before = self._look()
        while time.monotonic() < ends:
            time.sleep(SETTLE)
            after = self._look()
            if after == before:
                break
            before = after
        return self.screen()

    def cells(self) -> list[list[Cell]]:
        """The screen as cells with their attributes; the second cell of a wide character is empty."""
        columns, rows = (int(part) for part in self._tmux("display-message", "-p", SIZE_FORMAT).split())
        shown = pyte.Screen(columns, rows)
        pyte.Stream(shown).feed(self._look().rstrip("\n").replace("\n", "\r\n"))
        return [
            [
                Cell(shown.buffer[y][x].data, shown.buffer[y][x].underscore, shown.buffer[y][x].bg)
                for x in range(columns)
            ]
            for y in range(rows)
        ]

    def underlined(self) -> list[str]:
        """The pieces of text that stand underlined, from top to bottom."""
        found: list[str] = []
        for row in self.cells():
            for is_underlined, run in groupby(row, lambda cell: cell.underlined):
                if is_underlined:
                    found.append("".join(cell.text for cell in run))
        return found

    def _look(self) -> str:
        """The screen with its attributes: a moved focus is a change too."""
        return self._tmux("capture-pane", "-p", "-e")

    def _note(self, what: str, before: str) -> None:
        """Write the screen down once it has answered the key."""
        ends = time.monotonic() + REACTION
        while self._look() == before and time.monotonic() < ends:
            time.sleep(SETTLE)
        self._write(f"=== {what}\n{self.settled()}\n")

    def _write(self, text: str) -> None:
        if self._transcript is not None:
            with self._transcript.open("a", encoding="utf-8") as file:
                file.write(text)

    def _tmux(self, *words: str, check: bool = True) -> str:
        if check and self._control is not None and words[0] in SPOKEN:
            return self._control.ask(*words)
        command = ["tmux", "-L", self.socket, *words]
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE
        )
        if check and done.returncode:
            raise RuntimeError(f"tmux {words[:3]}: {done.stderr.strip()}")
        return done.stdout


def environment() -> dict[str, str]:
    """Ours for tmux: a size in it would be believed before that of the terminal."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "TMUX")}


def on(text: str, screen: str) -> bool:
    """Whether a text stands on a screen, also where it is wrapped: blanks and line ends do not count."""
    return squeezed(text) in squeezed(screen)


def squeezed(text: str) -> str:
    """A text without blanks and line ends."""
    return "".join(text.split())


def agentdesk(*words: str) -> list[str]:
    """The command that runs agentdesk from this checkout."""
    return [sys.executable, "-m", "agentdesk", *words]


def run(*words: str, home: Path, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run an agentdesk command to its end and return what it printed."""
    done = forked.run(main, words, {**os.environ, "AGENTDESK_HOME": str(home)}, stdin or "")
    if check:
        done.check_returncode()
    return done


def there() -> bool:
    """Whether tmux is installed."""
    return shutil.which("tmux") is not None
