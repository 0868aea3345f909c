"""Whoever answers may be no centre, and the machine may fail: both end in a word, never in a dead thread or a crash."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from agentdesk.domain.refusal import Refusal
from agentdesk.store.identity import save_identity
from agentdesk.sync import exchange
from agentdesk.sync.client import checked_url
from agentdesk.sync.faces import SyncStatus
from agentdesk.sync.loop import SyncLoop
from agentdesk.sync.token import save_token, token_path
from tests.sync.desks import DeskFile

ANSWERS = [b"{}", b"[]", b'{"now":"x","scopes":{}}', b'{"now":1,"scopes":{"site":5}}', b"<html>", b'{"token":1}']


class Strange(ThreadingHTTPServer):
    """Answers every question with the same bytes and 200."""

    answer = b"{}"
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = self.server.answer  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def strange() -> Iterator[Strange]:
    """A server on a free port."""
    server = Strange(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskFile]:
    """A desk at home."""
    made = DeskFile(tmp_path, "a")
    yield made
    made.close()


def url(server: Strange) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def pretend_joined(desk: DeskFile, address: str) -> None:
    """Make the desk a member of the centre at `address` without asking it."""
    assert desk.journal.identity is not None
    joined = replace(desk.journal.identity, centre_url=address, scopes=("site",))
    with desk.store.plain_write() as conn:
        save_identity(conn, joined)
    desk.journal.identity = joined
    save_token(token_path(desk.store), "token")


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_join_that_no_centre_answers_is_refused_and_leaves_the_desk_at_home(
    desk: DeskFile, strange: Strange, answer: bytes
) -> None:
    strange.answer = answer
    with pytest.raises(Refusal) as caught:
        desk.join(url(strange), "ABCD-EFGH-JKLM")
    assert (caught.value.code, caught.value.args["problem"]) == ("join.centre", "garbled")
    assert not token_path(desk.store).exists()


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_exchange_that_no_centre_answers_is_garbled(desk: DeskFile, strange: Strange, answer: bytes) -> None:
    strange.answer = answer
    pretend_joined(desk, url(strange))
    assert desk.sync().error == "garbled"


@pytest.mark.parametrize(
    "address", ["http://[", "http://127.0.0.1:99999", "http://127.0.0.1:x", "ftp://x", "https://\udcff"]
)
def test_an_address_that_is_none_is_a_refusal(address: str) -> None:
    with pytest.raises(Refusal, match=r"join\.url"):
        checked_url(address)


def test_a_code_of_broken_bytes_is_sent_without_them(desk: DeskFile, strange: Strange) -> None:
    with pytest.raises(Refusal, match=r"join\.centre"):
        desk.join(url(strange), "AB\udcff")


@pytest.mark.parametrize("where", ["turn", "stopped", "standing"])
def test_the_loop_outlives_a_full_disk(
    desk: DeskFile, strange: Strange, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    strange.answer = b'{"now":1,"scopes":{},"moved":{}}'
    pretend_joined(desk, url(strange))
    full = threading.Event()
    full.set()
    real = getattr(exchange.Talk, where)

    def failing(talk: exchange.Talk, *args: Any) -> Any:
        if full.is_set():
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
        return real(talk, *args)

    monkeypatch.setattr(exchange.Talk, where, failing)
    told: queue.Queue[SyncStatus] = queue.Queue()
    loop = SyncLoop(desk.store, desk.journal, on_status=told.put, chance=lambda low, high: 0.05)
    loop.start()
    try:
        while told.get(timeout=20).problem != "storage":
            pass
        full.clear()
        while not (status := told.get(timeout=20)).online or status.busy or status.problem:
            pass
    finally:
        loop.stop()
