"""Bad days at the start, each by its real cause: one sentence in the person's language, no traceback, nothing lost."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from agentdesk import __version__
from tests.terminal import machines
from tests.terminal.baddays import (
    IN_FULL,
    TYPED,
    HomeOf,
    begin_reply,
    desk_of,
    doctor_names,
    in_each_language,
    refused,
    said,
    start,
)
from tests.terminal.machines import desk_command, on_a_terminal
from tests.terminal.tmux import ROOT, there

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.serial,
    pytest.mark.skipif(not there(), reason="tmux is not installed"),
]

PLAIN = {"LANG": "C", "LC_ALL": "C", "TERM": "vt100", "NO_COLOR": "1"}
LOCALES = {"zh_CN": "zh_CN.UTF-8", "zh_TW": "zh_TW.UTF-8", "en": "en_US.UTF-8"}


# -- it does not open -------------------------------------------------------------------------------------------------


def test_a_store_of_a_newer_version(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        home = home_of(language)
        with closing(sqlite3.connect(home / "desk.db")) as conn, conn:
            conn.execute("INSERT INTO migration VALUES ('9999_of_a_later_year')")
        before = (home / "desk.db").read_bytes()
        sentence = said(language, "refusal.store.newer", version=__version__)
        refused(start(home), sentence)
        if language == IN_FULL:
            doctor_names(start(home, "doctor"), sentence)
        assert (home / "desk.db").read_bytes() == before

    in_each_language(check)


def test_a_damaged_store(home_of: HomeOf) -> None:
    damaged = b"no database " * 4_000

    def check(language: str) -> None:
        home = home_of(language)
        (home / "desk.db").write_bytes(damaged)
        # The language of a store that cannot be read is unknown: then the terminal's counts.
        sentence = said(language, "refusal.store.broken", why="file is not a database")
        refused(start(home, LANG=LOCALES[language]), sentence)
        if language == IN_FULL:
            doctor_names(start(home, "doctor", LANG=LOCALES[language]), sentence)
        assert (home / "desk.db").read_bytes() == damaged

    in_each_language(check)


def test_a_store_that_is_damaged_in_the_middle(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        home = home_of(language)
        damage_requests(home)
        sentence = said(language, "refusal.store.broken", why="database disk image is malformed")
        refused(start(home), sentence)
        if language == IN_FULL:
            doctor_names(start(home, "doctor"), sentence)

    in_each_language(check)


def damage_requests(home: Path) -> None:
    """Write over the pages where the lists of requests begin; who sits here and the schema stay readable."""
    with closing(sqlite3.connect(home / "desk.db")) as conn:
        (size,) = conn.execute("PRAGMA page_size").fetchone()
        pages = conn.execute(
            "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'queue_row' AND rootpage > 0"
        ).fetchall()
    with (home / "desk.db").open("r+b") as file:
        for (page,) in pages:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)
    assert pages, "no such table"


def test_a_second_process_on_the_same_store(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        home = home_of(language)
        with desk_of(home) as first:
            first.wait("F9", "AD-")
            if language == IN_FULL:
                begin_reply(first, language)
            pid = int((home / "desk.lock").read_text().split()[0])
            refused(start(home), said(language, "refusal.store.held", pid=pid, what="agentdesk"))
            assert first.alive()
            if language == IN_FULL:
                doctor_names(start(home, "doctor"), said(language, "doctor.holder"), str(pid))
                first.send(b"!")
                first.wait(TYPED + "!")

    in_each_language(check)


def test_a_store_that_another_program_keeps_busy(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        home = home_of(language)
        with ExitStack() as stack:
            other = stack.enter_context(closing(sqlite3.connect(home / "desk.db", isolation_level=None)))
            other.execute("PRAGMA journal_mode=delete")  # as the last process leaves it that packs a backup
            other.execute("BEGIN EXCLUSIVE")
            refused(start(home), said(language, "refusal.store.busy", why="database is locked"))

    in_each_language(check)


def test_a_home_that_cannot_be_written_to(home_of: HomeOf) -> None:
    machines.way()

    def check(language: str) -> None:
        home = home_of(language)
        sentence = said(language, "refusal.disk.readonly", place=home)
        command = machines.with_mounts(machines.READ_ONLY, home, then=desk_command())
        refused(on_a_terminal(command, {"AGENTDESK_HOME": str(home)}), sentence)
        doctor = machines.with_mounts(machines.READ_ONLY, home, then=desk_command("doctor"))
        told = on_a_terminal(doctor, {"AGENTDESK_HOME": str(home)})
        doctor_names(told, said(language, "doctor.advice.home"), sentence)

    in_each_language(check)


def test_a_full_disk_at_the_start(home_of: HomeOf, tmp_path: Path) -> None:
    machines.way()
    script = f'{machines.SMALL_DISK} && {{ head -c 4m /dev/zero > "$0/ballast" 2>/dev/null; true; }}'

    def check(language: str) -> None:
        home, small = home_of(language), tmp_path / f"small-{language}"
        small.mkdir()
        sentence = said(language, "refusal.disk.full", place=small)
        both = [*desk_command(), ";", *desk_command("doctor")]
        ended = on_a_terminal(machines.with_mounts(script, small, home, then=both), {"AGENTDESK_HOME": str(small)})
        assert ended.lines[0] == sentence
        doctor_names(ended, said(language, "doctor.advice.space"))

    in_each_language(check)


def test_a_terminal_that_cannot_show_it(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        home = home_of(language)
        (home / "preferences.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
        refused(start(home, TERM="dumb"), said(language, "refusal.terminal.dumb", term="dumb"))
        env = {**os.environ, "AGENTDESK_HOME": str(home), "PYTHONPATH": str(ROOT)}
        piped = subprocess.run(desk_command(), env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        assert (piped.returncode, piped.stdout) == (1, b"")
        assert piped.stderr.decode() == said(language, "refusal.terminal.none") + "\n"

    in_each_language(check)


def test_an_encoding_that_cannot_hold_what_is_to_be_read(home_of: HomeOf) -> None:
    ended = start(home_of("zh_CN"), PYTHONIOENCODING="latin-1")
    refused(ended, said("en", "refusal.terminal.encoding", encoding="iso8859-1"))


# -- it opens all the same --------------------------------------------------------------------------------------------


def test_a_terminal_without_colour_and_a_locale_without_chinese(home_of: HomeOf) -> None:
    with desk_of(home_of(IN_FULL), command=desk_command(), **PLAIN) as desk:
        begin_reply(desk, IN_FULL)
        colours = set(re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", bytes(desk.raw)))
        assert all(red == green == blue for red, green, blue in colours), colours


def test_doctor_says_what_the_terminal_lacks(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        ended = start(home_of(language), "doctor", size=(60, 15), PYTHONUTF8="0", **PLAIN)
        advice = ("doctor.advice.size", "doctor.advice.encoding", "doctor.colour.none", "doctor.font")
        doctor_names(ended, *(said(language, key) for key in advice))
        bars = ended.lines[-2:]  # what shows whether the font has Chinese characters of two cells
        assert [line.count("|") for line in bars] == [4, 4] and "中文" in bars[0] and "abcd" in bars[1]

    in_each_language(check)


@pytest.mark.parametrize("fault", ["unknown", "broken"])
def test_preferences_with_a_fault(fault: str, home_of: HomeOf) -> None:
    wrong = {"unknown": 'colour = "red"\n', "broken": 'theme = "dark\n'}[fault]

    def check(language: str) -> None:
        home = home_of(language)
        (home / "preferences.toml").write_text(wrong, encoding="utf-8")
        # The notice names the line before it; what is known is a list that grows.
        sentence = said(language, f"preferences.fault.{fault}", name="colour", known="language")
        sentence = sentence.partition("language")[0] or sentence
        with desk_of(home) as desk:
            desk.wait("F9", sentence)
            if language == IN_FULL:
                begin_reply(desk, language)
        if language == IN_FULL:
            doctor_names(start(home, "doctor"), sentence, said(language, "doctor.advice.preferences"))
        assert (home / "preferences.toml").read_text(encoding="utf-8") == wrong, "what was typed there is kept"

    in_each_language(check)


def test_a_window_made_too_small_and_large_again_while_somebody_types(home_of: HomeOf) -> None:
    def check(language: str) -> None:
        home = home_of(language)
        with desk_of(home, (80, 24)) as desk:
            begin_reply(desk, language)
            desk.resize(60, 15)
            desk.wait(said(language, "frame.too_small"))
            desk.resize(80, 24)
            desk.wait(TYPED, gone=said(language, "frame.too_small"))

    in_each_language(check)
