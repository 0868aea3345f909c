"""Textual's driver, made to bear what real terminals do: bytes that are no UTF-8, and to be gone of a sudden.

Textual reads keys and pastes with a strict decoder: one byte of a terminal set to GBK, or of a torn paste, ends its
input thread and prints a traceback over the screen. Here such bytes become U+FFFD, and the next key works.

Where the terminal goes without a signal (a container's, one that was no controlling terminal), Textual reads its end
for ever, and its writing blocks the event loop: the desk would neither end nor give the store free. Here it ends as at
a HUP: what was typed is stored.
"""

from __future__ import annotations

import codecs
import signal
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, cast

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from agentdesk.app.ending import Endable

HUNG_UP = 128 + signal.SIGHUP


class TerminalDriver(LinuxDriver):
    """The driver of a desk on a terminal of Unix."""

    def __init__(self, *words: Any, **named: Any) -> None:
        """Let nothing that fails to be written stop the writing."""
        super().__init__(*words, **named)
        self._file = cast("Any", _Output(cast("IO[str]", self._file), self._gone))

    def run_input_thread(self) -> None:
        """Read keys until the desk ends, or the terminal does."""
        setattr(linux_driver, "getincrementaldecoder", forgiving)  # noqa: B010 - where the driver looks for it
        try:
            super().run_input_thread()
        except OSError:
            self._gone()

    def _gone(self) -> None:
        self._loop.call_soon_threadsafe(cast("Endable", self._app).end_now, HUNG_UP)


def forgiving(encoding: str) -> Callable[[], _Decoder]:
    """Stand in for `codecs.getincrementaldecoder`, whose product the driver makes without arguments."""
    return lambda: _Decoder(encoding)


class _Decoder:
    """Replaces what is no text; raises OSError where nothing was read, which is how a terminal tells its end."""

    def __init__(self, encoding: str) -> None:
        self._decode = codecs.getincrementaldecoder(encoding)(errors="replace").decode

    def decode(self, data: bytes, final: bool = False) -> str:
        if not data and not final:
            raise OSError("the terminal is gone")
        return self._decode(data, final)


class _Output:
    """The terminal's output: what can no longer be written is dropped, and told once."""

    def __init__(self, file: IO[str], gone: Callable[[], None]) -> None:
        self._file = file
        self._gone: Callable[[], None] | None = gone

    def write(self, text: str) -> None:
        self._try(lambda: self._file.write(text))

    def flush(self) -> None:
        self._try(self._file.flush)

    def _try(self, call: Callable[[], object]) -> None:
        if self._gone is None:
            return
        try:
            call()
        except OSError:
            gone, self._gone = self._gone, None
            gone()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
