"""Stop points, each tried on a real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agentdesk import faults

PASSES = """
from agentdesk import faults
for number in range(3):
    faults.at("commit.before")
    faults.at("commit.after")
    print(number, flush=True)
"""


def run(spec: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "AGENTDESK_FAULT": spec}
    return subprocess.run([sys.executable, "-c", PASSES], env=environ, capture_output=True, text=True, timeout=60)


def test_without_the_variable_nothing_stops() -> None:
    assert run("").stdout.split() == ["0", "1", "2"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("spec", "printed"), [("commit.before", []), ("commit.after:1", []), ("commit.after:3", ["0", "1"])]
)
def test_kills_at_the_named_pass(spec: str, printed: list[str]) -> None:
    done = run(spec)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == printed


@pytest.mark.parametrize("spec", ["commit.never", "commit.before:x"])
def test_a_plan_that_cannot_be_read_is_said_at_once(spec: str) -> None:
    assert "UnknownFault" in run(spec).stderr


def test_a_point_must_be_in_the_list() -> None:
    plan = faults.parse("commit.before")
    assert plan is not None
    with pytest.raises(faults.UnknownFault):
        faults._pass(plan, "somewhere.else")


def test_pauses_while_the_file_is_there(tmp_path: Path) -> None:
    file = tmp_path / "paused"
    environ = {**os.environ, "AGENTDESK_FAULT": f"commit.before:2:pause:{file}"}
    with subprocess.Popen([sys.executable, "-c", PASSES], env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
        while not file.exists():
            assert process.poll() is None
        file.unlink()
        assert process.stdout.read().split() == ["1", "2"]
    assert process.returncode == 0
