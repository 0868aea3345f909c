"""What the tests of bad days share: homes made once, sentences as they must be read, all languages side by side."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from agentdesk.present.i18n import LANGUAGES, open_catalogue
from tests.terminal import desks
from tests.terminal.machines import Ended, desk_command, on_a_terminal
from tests.terminal.rawpty import PtyProgram
from tests.terminal.tmux import run

F2, F3, SEND, F10, QUIT, ESCAPE = b"\x1bOQ", b"\x1bOR", b"\x1b[19~", b"\x1b[21~", b"\x11", b"\x1b"
TYPED = "想了解空调的能效等级和安装费用"
IN_FULL = "zh_CN"
"""The language in which a bad day is played to its end: typed text found again, asked of `doctor`. Starts are dear."""

HomeOf = Callable[[str], Path]
"""Gives a home of its own, as it stands in that language."""


def said(language: str, key: str, **details: object) -> str:
    """The sentence that the person must read."""
    return open_catalogue(language)(key).format(**details)


def make_home(home: Path) -> Path:
    """A person and a request in Chinese, never worked in."""
    run("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", "--lang", "zh_CN", home=home)
    run("request", "add", "-", home=home, stdin=desks.rows(1))
    return home


def speaks(home: Path, language: str) -> Path:
    """Let the person of a home be one of another language, as the first run would have made them."""
    change_identity(home, language=language)
    return home


def change_identity(home: Path, **changes: object) -> None:
    """Write into who sits at this desk."""
    with sqlite3.connect(home / "desk.db") as conn:
        (text,) = conn.execute("SELECT value FROM local WHERE key = 'identity'").fetchone()
        value = json.dumps({**json.loads(text), **changes})
        conn.execute("UPDATE local SET value = ? WHERE key = 'identity'", (value,))
    conn.close()


def homes_from(source: Path, folder: Path) -> HomeOf:
    """Return what copies a home once for each language that is asked for."""

    def copy(language: str) -> Path:
        return speaks(Path(shutil.copytree(source, folder / language)), language)

    return copy


def in_each_language(check: Callable[[str], None]) -> None:
    """Run a check in all languages side by side: most of a bad day is waiting. The first failure names its language."""
    with ThreadPoolExecutor(len(LANGUAGES)) as pool:
        running = {language: pool.submit(check, language) for language in LANGUAGES}
    for language, one in running.items():
        error = one.exception()
        if error is not None:
            error.add_note(f"in {language}")
            raise error


def desk_of(
    home: Path, size: tuple[int, int] = (140, 40), command: Sequence[str] | None = None, **env: str
) -> PtyProgram:
    """The desk of a home on a terminal of its own; a command where its start is what matters, or another package."""
    return PtyProgram(command, {"AGENTDESK_HOME": str(home), **env}, size)


def start(home: Path, *words: str, size: tuple[int, int] = (80, 24), **env: str) -> Ended:
    """Run the desk (or a command) on a terminal where it ends by itself."""
    return on_a_terminal(desk_command(*words), {"AGENTDESK_HOME": str(home), "LANG": "C.UTF-8", **env}, size)


def refused(ended: Ended, sentence: str) -> None:
    """One line, that sentence, nothing else, exit code 1."""
    assert ended.lines == [sentence], ended.text
    assert ended.code == 1


def doctor_names(ended: Ended, *sentences: str) -> None:
    """`doctor` ran to its end and said each of these."""
    assert ended.code == 0 and "Traceback" not in ended.text, ended.text
    for sentence in sentences:
        assert sentence in ended.text, f"{sentence}\n{ended.text}"


def begin_reply(desk: PtyProgram, language: str, text: str = TYPED) -> None:
    """Open the request and write an answer that is not sent."""
    desk.wait("F9", "AD-")
    desk.send(F3)
    desk.wait(said(language, "composer.placeholder"))
    desk.send(text.encode())
    desk.wait(text)
