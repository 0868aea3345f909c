"""A proxy between desk and centre that cuts, delays and swallows, and writes down every answer before it lets it pass.

The record is the only witness that a checker may trust: a line is fsynced before the answer goes on (or is swallowed:
the centre has spoken, so it counts).
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

_CHUNK = 65536


@dataclass
class Trouble:
    """What happens to the next connection that gets so far: bytes let through to the centre and back, then a cut.

    `swallow` lets the whole request through and nothing of the answer (`push`: of the next push, `any`: of whatever
    comes); `delay_s` holds each answer back.
    """

    up: int | None = None
    down: int | None = None
    swallow: str = ""
    delay_s: float = 0.0


@dataclass(frozen=True)
class Ack:
    """One change that the centre answered: what it is called, how, and where it stands."""

    id: str
    status: str
    seq: int | None


class Proxy:
    """Listens on a port of its own; `trouble` is met once and is gone."""

    def __init__(self, target_port: int, record: Path) -> None:
        self.target_port = target_port
        self.record = record
        self.trouble: Trouble | None = None
        self.passed_up = 0
        self.passed_down = 0
        self.requests = threading.Semaphore(0)
        """Released once a request has gone to the centre whole."""
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def acks(self) -> list[Ack]:
        """Read the record."""
        lines = self.record.read_text(encoding="utf-8").splitlines() if self.record.exists() else []
        return [Ack(*json.loads(line)) for line in lines]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                server = socket.create_connection(("127.0.0.1", self.target_port), timeout=30)
            except OSError:
                return
            with server:
                up = threading.Thread(target=self._pump_up, args=(client, server), daemon=True)
                up.start()
                with suppress(OSError):
                    self._pump_down(server, client)
                _close_both(client, server)
                up.join()

    def _pump_up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(_CHUNK):
                allowed = self._take(len(data), "up")
                server.sendall(data[:allowed])
                self.passed_up += allowed
                if allowed < len(data):
                    break
                self.requests.release()
        _close_both(client, server)

    def _pump_down(self, server: socket.socket, client: socket.socket) -> None:
        buffer = b""
        while data := server.recv(_CHUNK):
            buffer += data
            while answer := _first_answer(buffer):
                buffer = buffer[len(answer) :]
                is_push = self._write_down(answer)
                trouble = self.trouble
                if trouble is not None and (trouble.swallow == "any" or (trouble.swallow == "push" and is_push)):
                    self.trouble = None
                    return
                if trouble is not None and trouble.delay_s:
                    time.sleep(trouble.delay_s)
                allowed = self._take(len(answer), "down")
                client.sendall(answer[:allowed])
                self.passed_down += allowed
                if allowed < len(answer):
                    return

    def _take(self, size: int, way: str) -> int:
        """Return how many bytes may pass, using up the trouble that cuts them."""
        with self._lock:
            trouble = self.trouble
            left: int | None = getattr(trouble, way) if trouble is not None else None
            if trouble is None or left is None:
                return size
            if left >= size:
                setattr(trouble, way, left - size)
                return size
            self.trouble = None
            return left

    def _write_down(self, answer: bytes) -> bool:
        """Record what the centre answered to a push; True if it was one."""
        head, _, body = answer.partition(b"\r\n\r\n")
        told = _unpacked(head, body)
        lines = [json.dumps([a["id"], a["status"], a.get("seq")]) for a in told.get("answers", ())]
        if lines:
            with self._lock, self.record.open("a", encoding="utf-8") as file:
                file.write("".join(line + "\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
        return bool(lines)


def _first_answer(buffer: bytes) -> bytes | None:
    """Return the first whole HTTP answer; the centre always tells its length."""
    head, found, rest = buffer.partition(b"\r\n\r\n")
    if not found:
        return None
    length = int(_header(head, b"content-length") or 0)
    return buffer[: len(head) + 4 + length] if len(rest) >= length else None


def _header(head: bytes, name: bytes) -> bytes | None:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    return None


def _unpacked(head: bytes, body: bytes) -> dict[str, Any]:
    encoding = _header(head, b"content-encoding")
    if encoding == b"gzip":
        body = gzip.decompress(body)
    elif encoding == b"zstd":
        body = zstandard.decompress(body)
    told = json.loads(body)
    return told if isinstance(told, dict) else {}


def _close_both(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
