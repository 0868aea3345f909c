"""Bad days, each by its real cause: one sentence in the person's language, no traceback, what was typed is there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentdesk import __version__
from agentdesk.present.i18n import LANGUAGES, open_catalogue
from tests.sync.centres import CentreProcess
from tests.terminal import desks, machines
from tests.terminal.desks import Change, DeskTerminal, changed_package
from tests.terminal.machines import Ended, desk_command, on_a_terminal
from tests.terminal.rawpty import PtyProgram
from tests.terminal.tmux import ROOT, run, there

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.serial,
    pytest.mark.skipif(not there(), reason="tmux is not installed"),
]

F10, EXCHANGE, ESCAPE = b"\x1b[21~", b"\x1b[19~", b"\x1b"
IN_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
A_DAY_AHEAD = Change(
    "desk/context.py",
    "return datetime.now().astimezone()",
    "import datetime as of\n    return datetime.now().astimezone() + of.timedelta(days=1)",
)
TYPED = "想了解空调的能效等级和安装费用"


def said(language: str, key: str, **details: object) -> str:
    """The sentence that the person must read."""
    return open_catalogue(language)(key).format(**details)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Language -> a home with a person and a request, never worked in."""
    made = {}
    for language in LANGUAGES:
        made[language] = home = tmp_path_factory.mktemp(f"home-{language}")
        run("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", "--lang", language, home=home)
        run("request", "add", "-", home=home, stdin=desks.rows(1))
    return made


@pytest.fixture
def home_of(stores: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """Gives a home of its own, as it stands in that language."""

    def copy(language: str) -> Path:
        return Path(shutil.copytree(stores[language], tmp_path / "home"))

    return copy


def start(home: Path, **env: str) -> Ended:
    """Start the desk where it cannot open."""
    return on_a_terminal(desk_command(), {"AGENTDESK_HOME": str(home), "LANG": "C.UTF-8", **env})


def refused(ended: Ended, sentence: str) -> None:
    """One line, that sentence, nothing else, exit code 1."""
    assert ended.lines == [sentence]
    assert ended.code == 1


# -- it does not open -------------------------------------------------------------------------------------------------


@IN_LANGUAGES
def test_a_store_of_a_newer_version(language: str, home_of: Callable[[str], Path]) -> None:
    home = home_of(language)
    with sqlite3.connect(home / "desk.db") as conn:
        conn.execute("INSERT INTO migration VALUES ('9999_of_a_later_year')")
    conn.close()
    refused(start(home), said(language, "refusal.store.newer", version=__version__))


@IN_LANGUAGES
def test_a_damaged_store(language: str, home_of: Callable[[str], Path]) -> None:
    home = home_of(language)
    damaged = b"no database " * 4_000
    (home / "desk.db").write_bytes(damaged)
    # The language of a store that cannot be read is unknown: then the terminal's counts.
    lang = {"zh_CN": "zh_CN.UTF-8", "zh_TW": "zh_TW.UTF-8", "en": "en_US.UTF-8"}[language]
    refused(start(home, LANG=lang), said(language, "refusal.store.broken", why="file is not a database"))
    assert (home / "desk.db").read_bytes() == damaged


@IN_LANGUAGES
def test_a_second_process_on_the_same_store(language: str, home_of: Callable[[str], Path]) -> None:
    home = home_of(language)
    with PtyProgram(desk_command(), {"AGENTDESK_HOME": str(home)}) as first:
        first.wait("F9")
        pid = int((home / "desk.lock").read_text().split()[0])
        refused(start(home), said(language, "refusal.store.held", pid=pid, what="agentdesk"))
        assert first.alive()


@IN_LANGUAGES
def test_a_home_that_cannot_be_written_to(language: str, home_of: Callable[[str], Path]) -> None:
    home = home_of(language)
    command = machines.with_mounts(machines.READ_ONLY, home, then=desk_command())
    sentence = said(language, "refusal.disk.readonly", place=home)
    refused(on_a_terminal(command, {"AGENTDESK_HOME": str(home)}), sentence)
    doctor = machines.with_mounts(machines.READ_ONLY, home, then=desk_command("doctor"))
    told = on_a_terminal(doctor, {"AGENTDESK_HOME": str(home)})
    assert told.code == 0 and "Traceback" not in told.text
    assert said(language, "doctor.advice.home") in told.text and sentence in told.text


@IN_LANGUAGES
def test_a_full_disk_at_the_start(language: str, home_of: Callable[[str], Path], tmp_path: Path) -> None:
    home, small = home_of(language), tmp_path / "small"
    small.mkdir()
    script = f'{machines.SMALL_DISK} && {{ head -c 4m /dev/zero > "$0/ballast" 2>/dev/null; true; }}'
    command = machines.with_mounts(script, small, home, then=desk_command())
    refused(on_a_terminal(command, {"AGENTDESK_HOME": str(small)}), said(language, "refusal.disk.full", place=small))


@IN_LANGUAGES
def test_a_terminal_that_cannot_show_it(language: str, home_of: Callable[[str], Path]) -> None:
    home = home_of(language)
    (home / "preferences.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
    refused(start(home, TERM="dumb"), said(language, "refusal.terminal.dumb", term="dumb"))
    env = {**os.environ, "AGENTDESK_HOME": str(home), "PYTHONPATH": str(ROOT)}
    piped = subprocess.run(desk_command(), env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    assert (piped.returncode, piped.stdout) == (1, b"")
    assert piped.stderr.decode() == said(language, "refusal.terminal.none") + "\n"


def test_an_encoding_that_cannot_hold_what_is_to_be_read(home_of: Callable[[str], Path]) -> None:
    home = home_of("zh_CN")
    ended = start(home, PYTHONIOENCODING="latin-1")
    refused(ended, said("en", "refusal.terminal.encoding", encoding="iso8859-1"))


# -- it opens all the same --------------------------------------------------------------------------------------------


def test_a_locale_without_chinese_holds_nothing_back(home_of: Callable[[str], Path]) -> None:
    home = home_of("zh_CN")
    env = {"AGENTDESK_HOME": str(home), "LANG": "C", "LC_ALL": "C", "TERM": "vt100", "NO_COLOR": "1"}
    with PtyProgram(desk_command(), env) as desk:
        desk.wait("工单号", "F9")
        desk.send(b"\x1bOQ")
        desk.wait("客户等待")
        desk.send("王芳".encode())
        desk.wait("王芳")


@IN_LANGUAGES
@pytest.mark.parametrize("fault", ["unknown", "broken"])
def test_preferences_with_a_fault(fault: str, language: str, home_of: Callable[[str], Path]) -> None:
    home = home_of(language)
    wrong = {"unknown": 'colour = "red"\n', "broken": 'theme = "dark\n'}[fault]
    (home / "preferences.toml").write_text(wrong, encoding="utf-8")
    # The notice names the line before it; what is known is a list that grows.
    sentence = said(language, f"preferences.fault.{fault}", name="colour", known="language")
    sentence = sentence.partition("language")[0] or sentence
    with PtyProgram(desk_command(), {"AGENTDESK_HOME": str(home)}) as desk:
        desk.wait("F9", sentence)
    assert (home / "preferences.toml").read_text(encoding="utf-8") == wrong


def test_a_window_made_too_small_and_large_again_while_somebody_types(home_of: Callable[[str], Path]) -> None:
    home = home_of("zh_CN")
    with DeskTerminal("small", home) as desk:
        desk.queue_seen()
        desk.key("F2")
        desk.wait("客户等待")
        desk.type("王芳")
        desk.resize(60, 15)
        desk.wait(said("zh_CN", "frame.too_small"))
        desk.resize(80, 24)
        desk.wait("客户等待", "王芳", gone=said("zh_CN", "frame.too_small"))


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_keeps_what_was_typed_a_moment_before(told: int, home_of: Callable[[str], Path]) -> None:
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
    assert "欧阳锦书" in json.dumps(desks.drafts(home), ensure_ascii=False)


# -- the disk is full while somebody works ----------------------------------------------------------------------------


class SmallDisk(DeskTerminal):
    """The desk on three megabytes, started a second time when it was left, in the same mounts."""

    def __init__(self, home: Path, small: Path) -> None:
        small.mkdir()
        twice = [*desk_command(), ";", *desk_command()]
        command = machines.with_mounts(machines.SMALL_DISK, small, home, then=twice)
        super().__init__("full", small, command=command)
        self.disk = small

    def fill(self) -> None:
        """No byte is left."""
        machines.fill(machines.seen_by(self.pid(), self.disk))

    def free(self) -> None:
        """There is room again."""
        (machines.seen_by(self.pid(), self.disk) / "ballast").unlink()

    def log(self) -> str:
        """The log file as it stands."""
        path = machines.seen_by(self.pid(), self.disk) / "agentdesk.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""


@IN_LANGUAGES
def test_a_reply_and_its_draft_on_a_full_disk(language: str, home_of: Callable[[str], Path], tmp_path: Path) -> None:
    sentence = said(language, "fault.full")
    with SmallDisk(home_of(language), tmp_path / "small") as desk:
        desk.wait("F1", "AD-")
        desk.press("F3")
        desk.wait(said(language, "composer.placeholder"))
        desk.fill()
        desk.send(TYPED)
        desk.wait(TYPED, sentence)
        desk.key("F8")
        desk.wait(TYPED, sentence)
        desk.key("C-q")
        desk.wait(said(language, "quit.ask"), said(language, "quit.unsaved", count=1))
        assert "Traceback" not in desk.screen() + desk.log()
        if language == "zh_CN":
            desk.press("Escape")
            kept_once_there_is_room(desk, sentence)


def kept_once_there_is_room(desk: SmallDisk, sentence: str) -> None:
    """The draft is stored by itself, is there after a start, and can be sent."""
    desk.free()
    desk.wait(TYPED, gone=sentence)
    desk.press("C-q")
    desk.wait(said("zh_CN", "quit.replies", count=1), said("zh_CN", "quit.kept"))
    desk.press("F8")
    desk.wait("F9", gone=said("zh_CN", "quit.ask"))
    desk.press("F3")
    desk.wait(TYPED, "下一步", gone="工单号")
    desk.press("F8")
    desk.wait(said("zh_CN", "reply.sent"), said("zh_CN", "composer.placeholder"))
    assert TYPED not in desk.log()


def test_a_capture_on_a_full_disk(home_of: Callable[[str], Path], tmp_path: Path) -> None:
    sentence = said("zh_CN", "fault.full")
    with SmallDisk(home_of("zh_CN"), tmp_path / "small") as desk:
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
        desk.fill()
        desk.key("F8")
        desk.wait(sentence, TYPED, "可记录")
        desk.free()
        desk.key("F8")
        desk.wait("产品咨询", "已记录")


# -- the centre -------------------------------------------------------------------------------------------------------


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreProcess]:
    made = CentreProcess(tmp_path / "centre").start()
    yield made
    made.stop()


def joined_elsewhere(home: Path, url: str) -> Path:
    """Make a desk one that joined a centre with a token which that one does not know."""
    with sqlite3.connect(home / "desk.db") as conn:
        (text,) = conn.execute("SELECT value FROM local WHERE key = 'identity'").fetchone()
        identity = {**json.loads(text), "centre_url": url, "scopes": ["site"]}
        conn.execute("UPDATE local SET value = ? WHERE key = 'identity'", (json.dumps(identity),))
    conn.close()
    (home / "token").write_text("a" * 43, encoding="ascii")
    return home


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_nobody_answers_where_the_centre_was(language: str, home_of: Callable[[str], Path]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, but nobody listens
        home = joined_elsewhere(home_of(language), f"http://127.0.0.1:{closed.getsockname()[1]}")
        with PtyProgram(desk_command(), {"AGENTDESK_HOME": str(home)}) as desk:
            desk.wait("F9", said(language, "sync.offline"))
            desk.send(F10)
            desk.wait(said(language, "sync.problem.offline"))


def test_the_centre_goes_comes_back_and_is_another_one(home_of: Callable[[str], Path], centre: CentreProcess) -> None:
    home = home_of("zh_CN")
    run("join", centre.url, centre.code(), home=home)
    centre.stop()
    with PtyProgram(desk_command(), {"AGENTDESK_HOME": str(home)}) as desk:
        desk.wait("F9", "离线")
        desk.send(F10)
        desk.wait(said("zh_CN", "sync.problem.offline"))
        centre.start()
        desk.send(EXCHANGE)
        desk.wait("已同步", said("zh_CN", "sync.clock.ok"))
        centre.stop()
        shutil.rmtree(centre.data)
        centre.start()
        desk.send(EXCHANGE)
        desk.wait(said("zh_CN", "sync.problem.unknown_token"))
        desk.send(ESCAPE)
        desk.wait("AD-")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_token_that_the_centre_does_not_know(
    language: str, home_of: Callable[[str], Path], centre: CentreProcess
) -> None:
    home = joined_elsewhere(home_of(language), centre.url)
    with PtyProgram(desk_command(), {"AGENTDESK_HOME": str(home)}) as desk:
        desk.wait("F9")
        desk.send(F10)
        desk.wait(said(language, "sync.problem.unknown_token"), said(language, "sync.stopped"))


@IN_LANGUAGES
def test_a_clock_a_day_off(
    language: str, home_of: Callable[[str], Path], centre: CentreProcess, tmp_path: Path
) -> None:
    package = changed_package(tmp_path / "package", A_DAY_AHEAD)
    home = home_of(language)
    run("join", centre.url, centre.code(), home=home)
    with PtyProgram(desk_command(), {"AGENTDESK_HOME": str(home), "PYTHONPATH": str(package)}) as desk:
        desk.wait("F9", said(language, "sync.synced"))
        desk.send(F10)
        desk.wait(said(language, "sync.clock.off", span="24:00"))
        desk.wait(said(language, "sync.waiting"))
