"""Starting from a clone: a second start neither waits nor asks the network; a build holds what the program needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.sources import ROOT

ADDED = 110
"""Modules that a second start by scripts/run.py may import over those of the program itself: two starts of Python more,
and what reading a stamp takes. A start that installs or compiles imports 900."""
STAMP = ROOT / ".venv" / "agentdesk-stamp.json"
needs_stamp = pytest.mark.skipif(not STAMP.exists(), reason="the environment was not made by scripts/test.py")


def imported(command: list[str]) -> int:
    """How many modules a command imports in all its processes; it must succeed."""
    environ = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60, env=environ)
    return done.stderr.count("import time:")


@needs_stamp
@pytest.mark.serial
def test_a_second_start_adds_little() -> None:
    subprocess.run([sys.executable, "scripts/run.py", "--version"], cwd=ROOT, check=True, timeout=60)
    direct = imported([sys.executable, "-m", "agentdesk", "--version"])
    through = imported([sys.executable, "scripts/run.py", "--version"])
    assert 0 < through - direct < ADDED


@needs_stamp
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_second_start_opens_no_socket(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=socket,connect", "-o", str(trace)]
    subprocess.run([*command, sys.executable, "scripts/run.py", "--version"], cwd=ROOT, check=True, timeout=60)
    assert "AF_INET" not in trace.read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module of scripts/ over a project folder of its own; what it would run is written down in `said`."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import environment

    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    locales = tmp_path / "locales"
    catalogue = locales / "en" / "LC_MESSAGES" / "agentdesk.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(environment, "LOCALES", locales)
    monkeypatch.setattr(environment, "said", [], raising=False)

    def run(command: list[str]) -> None:
        environment.said.append(" ".join(command))
        if "venv" in command:
            if "--clear" in command:
                shutil.rmtree(environment.ENVIRONMENT, ignore_errors=True)
            environment.python_path().parent.mkdir(parents=True)
            environment.python_path().touch()
            (environment.ENVIRONMENT / "pyvenv.cfg").touch()
        catalogue.with_suffix(".mo").touch()

    monkeypatch.setattr(environment, "_run", run)
    return environment


def calls(environment: ModuleType, *extras: str) -> list[str]:
    environment.said.clear()
    environment.prepare(extras)
    return [
        "venv" if " -m venv " in call else "compile" if call.endswith("compile") else "install"
        for call in environment.said
    ]


def test_what_is_unchanged_is_left_alone(environment: ModuleType, tmp_path: Path) -> None:
    assert calls(environment, "central") == ["venv", "install"]
    assert calls(environment, "central") == []
    assert calls(environment, "central", "test") == ["install"]
    assert calls(environment, "central") == [], "the run after the tests asks for less, which is there"
    (tmp_path / "constraints.txt").write_text("other", encoding="utf-8")
    assert calls(environment, "central") == ["install"]
    assert "[central,test]" in environment.said[0]


def test_a_changed_or_uncompiled_catalogue_is_compiled(environment: ModuleType, tmp_path: Path) -> None:
    calls(environment, "central")
    source = tmp_path / "locales" / "en" / "LC_MESSAGES" / "agentdesk.po"
    os.utime(source, ns=(1, 1))
    assert calls(environment, "central") == ["compile"]
    assert calls(environment, "central") == []
    source.with_suffix(".mo").unlink()
    assert calls(environment, "central") == ["compile"]


def test_an_environment_from_elsewhere_is_not_trusted(environment: ModuleType) -> None:
    calls(environment, "central")
    stamp = json.loads(environment.STAMP.read_text(encoding="utf-8"))
    environment.STAMP.write_text(json.dumps({**stamp, "root": "elsewhere"}), encoding="utf-8")
    environment.python_path().write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    environment.python_path().chmod(0o755)
    with pytest.raises(environment.CannotPrepare, match="delete it"):
        environment.prepare(("central",))


def test_a_folder_that_is_no_environment_is_made_anew_not_installed_into(environment: ModuleType) -> None:
    python = environment.python_path()
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    assert calls(environment, "central") == ["venv", "install"]
    assert "--clear" in environment.said[0]
    (environment.ENVIRONMENT / "pyvenv.cfg").unlink()
    assert calls(environment, "central") == ["venv", "install"], "a stamp makes no environment of it"


def test_a_link_to_a_folder_elsewhere_is_taken_away_and_that_folder_left_as_it_is(
    environment: ModuleType, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    environment.ENVIRONMENT.symlink_to(elsewhere)
    assert calls(environment, "central") == ["venv", "install"]
    assert not environment.ENVIRONMENT.is_symlink() and [one.name for one in elsewhere.iterdir()] == ["kept"]


def test_a_broken_stamp_installs_again(environment: ModuleType) -> None:
    calls(environment, "central")
    environment.python_path().unlink()
    environment.python_path().symlink_to(sys.executable)
    environment.STAMP.write_text("{", encoding="utf-8")
    assert calls(environment, "central") == ["install"]


def test_a_wheel_holds_catalogues_and_content(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    for language in ("zh_CN", "en"):
        assert f"agentdesk/present/locales/{language}/LC_MESSAGES/agentdesk.mo" in names
    assert any(name.startswith("agentdesk/content/phrases/") for name in names)
    assert not any(name.startswith(("tests/", "scripts/")) for name in names)
