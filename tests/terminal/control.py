"""tmux spoken to over one connection: a look at the screen costs a line in and a screen out, not a process."""

from __future__ import annotations

import os
import re
import select
import subprocess
from collections.abc import Mapping

PATIENCE = 60.0
"""Seconds until a server that does not answer is a failure."""

SPECIAL = re.compile(r'[\x00-\x1f\x7f"$\\~]')
"""What tmux would not take as it stands between double quotes."""


class Control:
    """A client in tmux's control mode that sees no output and does not count for the size of the window."""

    def __init__(self, socket: str, env: Mapping[str, str]) -> None:
        """Attach to the one session of the server."""
        words = ["tmux", "-u", "-L", socket, "-C", "attach-session", "-E", "-f", "no-output,ignore-size"]
        self._process = subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        self._read = b""
        self._answer()  # to the attaching

    def ask(self, *words: str) -> str:
        """Give a command; return what it prints. `RuntimeError` where tmux refuses, `OSError` where it is gone."""
        line = memoryview((" ".join(map(quoted, words)) + "\n").encode("utf-8", "surrogateescape"))
        while line:
            line = line[self._in.write(line) or 0 :]
        return self._answer()

    def _answer(self) -> str:
        """Read up to the end of the next answer; what lies between two answers is news of no interest."""
        while not (head := self._line()).startswith(b"%begin "):
            pass
        mark, lines = head.removeprefix(b"%begin"), []
        while (line := self._line()) not in (b"%end" + mark, b"%error" + mark):
            lines.append(line)
        text = b"".join(lines).decode("utf-8", "replace")
        if line.startswith(b"%error"):
            raise RuntimeError(f"tmux: {text.strip()}")
        return text

    def _line(self) -> bytes:
        while b"\n" not in self._read:
            if not select.select([self._out], [], [], PATIENCE)[0]:
                raise TimeoutError("tmux does not answer")
            data = os.read(self._out.fileno(), 65_536)
            if not data:
                raise BrokenPipeError("tmux has ended")
            self._read += data
        line, end, self._read = self._read.partition(b"\n")
        return line + end

    def close(self) -> None:
        """Leave; the server goes on."""
        self._process.kill()
        self._process.communicate()


def quoted(word: str) -> str:
    """A word as tmux's own parser reads it back unchanged."""
    return '"' + SPECIAL.sub(lambda found: f"\\{ord(found.group()):03o}", word) + '"'
