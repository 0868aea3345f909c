"""Bad days of the exchange: nobody there, somebody else, a stranger, two clocks. Work goes on, nothing is lost."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from agentdesk.present.i18n import LANGUAGES
from tests.sync.centres import CentreProcess
from tests.terminal import baddays, desks
from tests.terminal.baddays import (
    ESCAPE,
    F10,
    IN_FULL,
    SEND,
    TYPED,
    HomeOf,
    begin_reply,
    desk_of,
    doctor_names,
    in_each_language,
    said,
    start,
)
from tests.terminal.desks import Change, changed_package
from tests.terminal.machines import desk_command
from tests.terminal.rawpty import PtyProgram
from tests.terminal.tmux import run

pytestmark = [pytest.mark.terminal, pytest.mark.serial]

A_DAY_AHEAD = Change(
    "desk/context.py",
    "return datetime.now().astimezone()",
    "import datetime as of\n    return datetime.now().astimezone() + of.timedelta(days=1)",
)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    """A centre for all tests here; none of them changes it."""
    made = CentreProcess(tmp_path_factory.mktemp("centre") / "data").start()
    yield made
    made.stop()


def joined(home: Path, url: str) -> Path:
    """Make a desk one that joined a centre with a token which that one does not know."""
    baddays.change_identity(home, centre_url=url, scopes=["site"])
    (home / "token").write_text("a" * 43, encoding="ascii")
    return home


def text_stays(desk: PtyProgram, language: str, problem: str) -> None:
    """Look at the page of the exchange; where a reply was written before, it stands there after and can be sent."""
    if language == IN_FULL:
        begin_reply(desk, language)
    desk.send(F10)
    desk.wait(said(language, f"sync.problem.{problem}"), gone=said(language, "sync.synced"))
    if language != IN_FULL:
        return
    desk.send(ESCAPE)
    desk.wait(TYPED)
    desk.send(SEND)
    desk.wait(said(language, "reply.sent"))


def test_nobody_answers_where_the_centre_was(home_of: HomeOf) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, but nobody listens
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

        def check(language: str) -> None:
            home = joined(home_of(language), url)
            with desk_of(home) as desk:
                desk.wait("F9", said(language, "sync.offline"))
                text_stays(desk, language, "offline")
            if language == IN_FULL:
                doctor_names(start(home, "doctor", "--online"), said(language, "sync.problem.offline"))

        in_each_language(check)


def test_a_token_that_the_centre_does_not_know(home_of: HomeOf, centre: CentreProcess) -> None:
    def check(language: str) -> None:
        home = joined(home_of(language), centre.url)
        with desk_of(home) as desk:
            desk.wait("F9", said(language, "sync.stopped"))
            text_stays(desk, language, "unknown_token")
        if language == IN_FULL:
            told = start(home, "doctor", "--online")
            doctor_names(told, said(language, "sync.problem.unknown_token"))

    in_each_language(check)


class Stranger(BaseHTTPRequestHandler):
    """A web server that knows nothing of a centre and answers everything with a page."""

    def do_POST(self) -> None:
        """Answer with a page."""
        body = "<!doctype html><title>登录 \x1b[31m</title>".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Be silent."""


@pytest.fixture
def stranger() -> Iterator[str]:
    """The address of one."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(5)


def test_a_centre_that_answers_garbage(home_of: HomeOf, stranger: str) -> None:
    def check(language: str) -> None:
        home = joined(home_of(language), stranger)
        with desk_of(home) as desk:
            desk.wait("F9")
            text_stays(desk, language, "garbled")
        if language == IN_FULL:
            doctor_names(start(home, "doctor", "--online"), said(language, "sync.problem.garbled"))

    in_each_language(check)


def test_the_centre_goes_comes_back_and_is_another_one(home_of: HomeOf, tmp_path: Path) -> None:
    centre = CentreProcess(tmp_path / "data").start()
    try:
        home = home_of("zh_CN")
        run("join", centre.url, centre.code(), home=home)
        centre.kill()
        with desk_of(home) as desk:
            desk.wait("F9", "离线")
            text_stays(desk, "zh_CN", "offline")
            centre.start()
            desk.send(F10)
            desk.send(SEND)
            desk.wait("已同步", said("zh_CN", "sync.clock.ok"))
            centre.kill()
            shutil.rmtree(centre.data)
            centre.start()
            desk.send(SEND)
            desk.wait(said("zh_CN", "sync.problem.unknown_token"))
            desk.send(ESCAPE)
            desk.wait("AD-")
    finally:
        centre.kill()
    assert TYPED in desks.messages(home)


def test_a_clock_a_day_off(home_of: HomeOf, centre: CentreProcess, tmp_path: Path) -> None:
    package = changed_package(tmp_path / "package", A_DAY_AHEAD)
    home = home_of(IN_FULL)
    assert start(home, "join", centre.url, centre.code(), PYTHONPATH=str(package)).code == 0
    for language in LANGUAGES:
        spoken = baddays.speaks(home, language)
        with desk_of(spoken, command=desk_command(), PYTHONPATH=str(package)) as desk:
            desk.wait("F9", said(language, "sync.synced"))
            if language == IN_FULL:
                begin_reply(desk, language)
            desk.send(F10)
            desk.wait(said(language, "sync.clock.off", span="24:00"), said(language, "sync.waiting"))
            desk.send(ESCAPE)
            desk.wait(TYPED if language == IN_FULL else "AD-")
    doctor_names(start(home, "doctor"), said("en", "sync.clock.off", span="24:00"))
    assert TYPED in str(desks.drafts(home))
