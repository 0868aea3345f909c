"""What every test stands on: a home of its own, no way out of this machine, and a count of what ran per folder."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
NEVER_SKIPPED = ("tests/terminal", "tests/sync")
"""Folders whose tests are the proof of the product: in CI a skip there is a failure."""

MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes that must be free for the files of a run to lie in memory: a container may have 64 MB of it."""

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
    tempfile.tempdir = str(MEMORY)  # each commit waits for the disk, and most of a run was that wait

settings.register_profile(
    "ci", derandomize=True, max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


class OutsideNetwork(RuntimeError):
    """A test tried to reach another machine."""


def _stay_at_home(address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if host and host not in ("127.0.0.1", "::1", "localhost"):
        raise OutsideNetwork(f"tests speak only to this machine, not to {host}")


@pytest.fixture(autouse=True, scope="session")
def no_outside_network() -> Any:
    """Refuse every connection that leaves the loopback device (in this process)."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _stay_at_home(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _stay_at_home(address)
        return connect_ex(self, address)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def agentdesk_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an AGENTDESK_HOME of its own, and none of the developer's own switches."""
    home = tmp_path / "agentdesk-home"
    monkeypatch.setenv("AGENTDESK_HOME", str(home))
    monkeypatch.delenv("AGENTDESK_FAULT", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    return home


class FolderCount:
    """Counts outcomes per tests/ folder and fails a CI run that skipped what must never be skipped."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.forbidden: list[str] = []

    def _count(self, nodeid: str, outcome: str) -> None:
        folder = _folder(nodeid)
        self.counts.setdefault(folder, Counter())[outcome] += 1
        if outcome == "skipped" and folder.startswith(NEVER_SKIPPED) and os.environ.get("CI") == "true":
            self.forbidden.append(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one outcome a test: its call, or what kept it from being called."""
        if report.when == "call":
            self._count(report.nodeid, report.outcome)
        elif report.outcome == "failed":
            self._count(report.nodeid, "error")
        elif report.outcome == "skipped":
            self._count(report.nodeid, "skipped")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a module that was skipped or broken as a whole."""
        if report.outcome != "passed":
            self._count(report.nodeid, "skipped" if report.outcome == "skipped" else "error")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a forbidden skip into a failed run and leave the counts for scripts/test.py."""
        if self.forbidden and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if path := os.environ.get("AGENTDESK_TEST_COUNTS"):
            Path(path).write_text(json.dumps(self.counts, sort_keys=True), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name what must not have been skipped."""
        for nodeid in self.forbidden:
            terminalreporter.write_line(f"FAILED {nodeid} - skipped, which CI does not allow here", red=True)


def _folder(nodeid: str) -> str:
    """Return `tests/<folder>` of a test, with one more step below `unit`."""
    parts = nodeid.split("::")[0].split("/")[:-1]
    return "/".join(parts[: 3 if len(parts) > 1 and parts[1] == "unit" else 2]) or "tests"


def pytest_configure(config: pytest.Config) -> None:
    """Count in the process that reports (an xdist worker hands its reports on)."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FolderCount(), "folder-count")
