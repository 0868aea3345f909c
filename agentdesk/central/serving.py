"""The centre as a process: one a data folder, its own socket, a clean end (SYNC 2.16)."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from agentdesk.central.api import make_app
from agentdesk.domain.refusal import Refusal

LOCK_FILE = "centre.lock"
_END_S = 3
_BACKLOG = 256


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()


def run(data_dir: Path, port: int, ready: Callable[[str], None] | None, host: str) -> None:
    """Serve until told to stop (SIGTERM, SIGINT); see `agentdesk.central.serve`."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with serving_lock(data_dir), _bound(host, port) as sock:
        address = f"http://{host}:{sock.getsockname()[1]}"
        config = uvicorn.Config(
            make_app(data_dir),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_END_S,
            workers=1,
        )
        _Server(config, lambda: ready(address) if ready else None).run(sockets=[sock])


@contextmanager
def serving_lock(data_dir: Path) -> Iterator[None]:
    """Hold the folder for this process; `Refusal` `central.held` with the holder's pid where another one serves it.

    The lock is the operating system's: it goes with the process, however that ends.
    """
    with (data_dir / LOCK_FILE).open("a+b") as file:
        if not _lock(file.fileno()):
            file.seek(1)
            raise Refusal("central.held", pid=file.read(20).decode("ascii", "replace").strip(), data=str(data_dir))
        file.truncate(0)
        file.write(b" %d\n" % os.getpid())
        file.flush()
        yield


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, else asyncio does not switch Nagle's delay off: 40 ms more for every answer.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as sock:
        if sys.platform != "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
            sock.listen(_BACKLOG)
        except OSError as error:
            raise Refusal("central.port", port=port, why=error.strerror or "") from error
        yield sock


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        """Lock the first byte, which holds nothing, so that others can read who holds it."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        """Lock the file without waiting."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
