"""Bad days that come while somebody works: a sentence on the screen, the typed text beside it and found again."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.terminal import desks, machines
from tests.terminal.baddays import (
    QUIT,
    SEND,
    TYPED,
    HomeOf,
    begin_reply,
    desk_of,
    in_each_language,
    said,
)
from tests.terminal.machines import desk_command
from tests.terminal.rawpty import PtyProgram
from tests.terminal.tmux import there

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.serial,
    pytest.mark.skipif(not there(), reason="tmux is not installed"),
]


def log_of(home: Path) -> str:
    """The log file as it stands."""
    path = home / "agentdesk.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_another_program_keeps_the_store_busy(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        home = home_of(language)
        with desk_of(home) as desk:
            begin_reply(desk, language, "先")
            with closing(sqlite3.connect(home / "desk.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                desk.send(TYPED.encode())
                desk.wait(TYPED, said(language, "fault.busy"))
                other.execute("ROLLBACK")
            desk.wait(TYPED, until=lambda _: TYPED in str(desks.drafts(home)))
            assert "Traceback" not in desk.screen() + log_of(home)

    in_each_language(check)


def test_the_store_is_damaged_under_a_running_desk(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        home = home_of(language)
        with desk_of(home) as desk:
            begin_reply(desk, language)
            for name in ("desk.db", "desk.db-wal"):
                with (home / name).open("r+b") as file:
                    size = file.seek(0, os.SEEK_END)
                    file.seek(0)
                    file.write(b"\xa5" * size)
            desk.send(b"!")
            desk.wait(TYPED + "!", said(language, "fault.broken"))
            desk.send(SEND)
            desk.wait(TYPED + "!", said(language, "fault.broken"))
            desk.settled()
            desk.send(QUIT)
            desk.wait(said(language, "quit.ask"), said(language, "quit.unsaved", count=1))

    in_each_language(check)


def test_the_home_turns_read_only_under_a_running_desk(home_of: HomeOf, tmp_path: Path) -> None:
    machines.loop_way()

    def check(language: str) -> None:
        home, disk = home_of(language), tmp_path / f"disk-{language}"
        disk.mkdir()
        command = machines.with_mounts(machines.FAILING_DISK, disk, home, then=desk_command())
        with PtyProgram(command, {"AGENTDESK_HOME": str(disk)}) as desk:
            begin_reply(desk, language)
            machines.turn_read_only(desk.pid, disk)
            desk.send(b"!")
            desk.wait(TYPED + "!", said(language, "fault.readonly"))
            desk.send(SEND)
            desk.wait(TYPED + "!", said(language, "fault.readonly"))
            desk.settled()
            desk.send(QUIT)
            desk.wait(said(language, "quit.ask"), said(language, "quit.unsaved", count=1))
            assert "Traceback" not in desk.screen()

    in_each_language(check)
