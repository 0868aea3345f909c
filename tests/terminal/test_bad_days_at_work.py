"""Bad days that come while somebody works: a sentence on the screen, the typed text beside it and found again."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.terminal import desks, machines
from tests.terminal.baddays import (
    ESCAPE,
    F3,
    IN_FULL,
    QUIT,
    SEND,
    TYPED,
    HomeOf,
    begin_reply,
    desk_of,
    in_each_language,
    said,
)
from tests.terminal.desks import NARROW, DeskTerminal
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


# -- the disk is full -------------------------------------------------------------------------------------------------


def test_a_reply_and_its_draft_on_a_full_disk(home_of: HomeOf, tmp_path: Path) -> None:
    machines.way()

    def check(language: str) -> None:
        sentence = said(language, "fault.full")
        home, small = home_of(language), tmp_path / f"small-{language}"
        small.mkdir()
        twice = [*desk_command(), ";", *desk_command()]
        command = machines.with_mounts(machines.SMALL_DISK, small, home, then=twice)
        with PtyProgram(command, {"AGENTDESK_HOME": str(small)}, NARROW) as desk:
            disk = machines.seen_by(desk.pid, small)
            begin_reply(desk, language, "")
            ballast = machines.fill(disk)
            desk.send(TYPED.encode())
            desk.wait(TYPED, sentence)
            desk.send(SEND)
            desk.settled()
            desk.wait(TYPED, sentence)
            desk.send(QUIT)
            desk.wait(said(language, "quit.ask"), said(language, "quit.unsaved", count=1))
            if language == IN_FULL:
                desk.send(ESCAPE)
                ballast.unlink()
                # The database cannot be opened from outside its mounts; its log is read as a file.
                desk.wait(TYPED, until=lambda _: TYPED.encode() in (disk / "desk.db-wal").read_bytes())
                found_again(desk, language)
            assert "Traceback" not in log_of(disk) and TYPED not in log_of(disk)

    in_each_language(check)


def found_again(desk: PtyProgram, language: str) -> None:
    """The draft was stored by itself once there was room, is there after a start, and can be sent."""
    desk.send(QUIT)
    desk.wait(said(language, "quit.replies", count=1), said(language, "quit.kept"))
    desk.send(SEND)
    desk.wait(said(language, "column.number"), "AD-", gone=said(language, "quit.ask"))  # the second start
    desk.send(F3)
    desk.wait(TYPED, said(language, "next.title"))
    desk.send(SEND)
    desk.wait(said(language, "reply.sent"), said(language, "composer.placeholder"))


def test_a_capture_on_a_full_disk(home_of: HomeOf, tmp_path: Path) -> None:
    sentence = said("zh_CN", "fault.full")
    small = tmp_path / "small"
    small.mkdir()
    command = machines.with_mounts(machines.SMALL_DISK, small, home_of("zh_CN"), then=desk_command())
    with DeskTerminal("full", small, command=command) as desk:
        disk = machines.seen_by(desk.pid(), small)
        desk.queue_seen()
        desk.key("F2")
        desk.wait("客户等待")
        desk.press("Tab", "2")
        desk.type("王*")
        desk.key("Tab")
        desk.type("13900000009")
        desk.press("Tab", "Tab", "Space", "C-g", "1", "1")
        desk.type("空调")
        desk.key("Tab")
        desk.type(TYPED)
        desk.press("Tab", "1")
        desk.wait("可记录", TYPED)
        ballast = machines.fill(disk)
        desk.key("F8")
        desk.wait(sentence, TYPED, "可记录")
        ballast.unlink()
        desk.key("F8")
        desk.wait("产品咨询", "已记录")


# -- the store --------------------------------------------------------------------------------------------------------


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
        with desk_of(home, NARROW) as desk:
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
        with PtyProgram(command, {"AGENTDESK_HOME": str(disk)}, NARROW) as desk:
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


# -- somebody ends it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_keeps_what_was_typed_a_moment_before(told: int, home_of: HomeOf) -> None:
    home = home_of("zh_CN")
    with DeskTerminal("told", home) as desk:
        desk.queue_seen()
        desk.press("F2")
        desk.wait("客户等待")
        desk.press("Tab", "2")
        desk.send("欧阳锦书")
        desk.wait("欧阳锦书")
        os.kill(desk.pid(), told)
        assert desk.wait_exit() == 128 + told
        assert "客户等待" not in desk.screen(), "the terminal is as it was"
    assert "欧阳锦书" in str(desks.drafts(home))
