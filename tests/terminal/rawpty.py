"""A program on a pseudo terminal of our own: every byte it writes is kept, and judged by what may be written."""

from __future__ import annotations

import base64
import binascii
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import pyte

from agentdesk.__main__ import main
from agentdesk.text.clean import clean
from tests.sync.forked import Forked
from tests.terminal.tmux import PATIENCE, ROOT, ScreenNeverCame

_NUMBER = rb"[0-9]{0,4}"
_MODES = b"7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048"
ALLOWED = re.compile(
    b"|".join(
        (
            rb"\x1b\[[0-9;:]{0,64}m",  # colours and styles
            rb"\x1b\[" + _NUMBER + rb"(?:;" + _NUMBER + rb")?H",  # cursor to a cell
            rb"\x1b\[" + _NUMBER + rb"[ABCDJK]",  # cursor by cells, erasing
            rb"\x1b\[\?(?:" + _MODES + rb")[hl]",  # modes: wrap, cursor, mouse, focus, screen, paste, sync, resize
            rb"\x1b\[\?(?:2026|2048)\$p",  # asking for two of them
            rb"\x1b\[>[0-9]{1,2}u|\x1b\[<u",  # the kitty keyboard, on and off
            rb"\x1b\]22;[a-z-]{1,20}\x07",  # shape of the mouse pointer
        )
    )
)
"""Every sequence that Textual writes by itself; all of them are fixed or hold numbers only."""

COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
"""The clipboard: the desk copies a reply that was sent. What it holds is judged apart."""

_CONTROL = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff]"
)


def foreign(raw: bytes, known: str = "") -> list[str]:
    """What of a program's output is no sequence of Textual's: escapes, C0, C1, bidi controls, invisible characters.

    The clipboard may get what stands in `known` (replies that were sent, approved wordings), nothing else.
    """
    found: list[str] = []

    def judge(match: re.Match[bytes]) -> bytes:
        try:
            text = base64.b64decode(match.group(1), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return match.group()
        return b"" if _bare(text) in known and clean(text, None) == text else match.group()

    text = ALLOWED.sub(b"", COPIED.sub(judge, raw)).decode("utf-8", "surrogateescape")
    for match in _CONTROL.finditer(text):
        found.append(repr(text[match.start() : match.start() + 24]))
    found += [f"no UTF-8: {char!r}" for char in set(re.findall("[\udc80-\udcff]", text))]
    return found


def known_texts(texts: Iterable[str]) -> str:
    """What the clipboard may hold, as `foreign` wants it."""
    return "\n".join(_bare(text) for text in texts)


def _bare(text: str) -> str:
    return "".join(text.split())


def _started(command: Sequence[str] | None, env: Mapping[str, str], inner: int) -> subprocess.Popen[bytes] | Forked:
    if command is None:
        return Forked(main, (), env, terminal=os.ttyname(inner))
    return subprocess.Popen(
        list(command), stdin=inner, stdout=inner, stderr=inner, env=env, cwd=ROOT, start_new_session=True
    )


class PtyProgram:
    """A running program: `send` bytes, `wait` for text on its screen, `raw` is all that it wrote."""

    def __init__(
        self, command: Sequence[str] | None, env: Mapping[str, str], size: tuple[int, int] = (140, 40)
    ) -> None:
        """Start it on a terminal of (columns, rows); None is the desk of this checkout, forked with all it has read."""
        columns, rows = size
        self.raw = bytearray()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self._handle, self._inner = pty.openpty()
        fcntl.ioctl(self._inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        # A size in the environment, as a test runner may set it, would be believed before that of the terminal.
        around = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        wanted = {**around, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **env}
        self._process = _started(command, wanted, self._inner)
        self._ending = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while not self._ending.is_set():
            if not select.select([self._handle], [], [], 0.1)[0]:
                continue
            try:
                data = os.read(self._handle, 65536)
            except OSError:  # the program has closed its end
                return
            if not data:
                return
            with self._lock:
                self.raw += data
                # Only what is understood is drawn; `raw` is what is judged.
                self._stream.feed(re.sub(rb"\x1b\[(?:[<>][0-9]*u|\?[0-9]+\$p)", b"", data))

    def send(self, data: bytes) -> None:
        """Write bytes as a terminal does: keys, or a paste in its marks."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view[:1024]) :]

    def screen(self) -> str:
        """The characters on the screen."""
        with self._lock:
            cells = self._screen.buffer
            return "\n".join(
                "".join(cells[row][column].data or " " for column in range(self._screen.columns))
                for row in range(self._screen.lines)
            )

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size while the program runs."""
        with self._lock:
            self._screen.resize(rows, columns)
        fcntl.ioctl(self._handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)  # it has no controlling terminal that would tell it

    def wait(self, *texts: str, gone: str = "", until: Callable[[str], bool] | None = None) -> str:
        """Wait until all texts stand on the screen, and `gone` does not."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            # A wide character is followed by an empty cell in pyte's display, and a sentence may be wrapped.
            screen = self.screen()
            flat = _bare(screen)
            there = all(_bare(text) in flat for text in texts) and not (gone and _bare(gone) in flat)
            if there and (until is None or until(screen)):
                return screen
            assert self.alive(), f"the program has ended\n{screen}"
            time.sleep(0.03)
        raise ScreenNeverCame(f"waited for {texts}\n{self.screen()}")

    def settled(self) -> str:
        """Wait until nothing more is written; return the screen."""
        ends = time.monotonic() + 3.0
        before = -1
        while time.monotonic() < ends and before != len(self.raw):
            before = len(self.raw)
            time.sleep(0.08)
        return self.screen()

    @property
    def pid(self) -> int:
        """The process on the terminal."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def hang_up(self) -> int:
        """Take the terminal away without a signal; return the exit code of the program, which must end by itself."""
        self._let_go()
        return self._process.wait(PATIENCE)

    def close(self) -> None:
        """End it by its own id."""
        if self.alive():
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait(20)
        if not self._ending.is_set():
            self._let_go()
        if isinstance(self._process, Forked):
            self._process.close()

    def _let_go(self) -> None:
        """Close both ends; ours of the program's side kept the terminal up until the program had opened it."""
        self._ending.set()
        self._reader.join(5)
        os.close(self._inner)
        os.close(self._handle)

    def __enter__(self) -> PtyProgram:
        """Use as a context manager that closes."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running."""
        self.close()
