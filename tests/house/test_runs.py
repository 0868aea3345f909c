"""The one command for everything runs every test: those that are kept apart lie where it looks for them."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests.house.sources import ROOT

MARK = "mark." + "serial"


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`scripts/test.py` as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    spec = importlib.util.spec_from_file_location("whole_suite", ROOT / "scripts" / "test.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_runs_apart_lies_where_it_is_looked_for(suite: ModuleType) -> None:
    paths = [path for path in ROOT.glob("tests/**/*.py") if MARK in path.read_text(encoding="utf-8")]
    assert paths and not [path for path in paths if not path.relative_to(ROOT).as_posix().startswith(suite.APART)]
    assert all((ROOT / folder).is_dir() for folder in suite.APART)


def test_the_marks_of_the_runs_leave_nothing_out(suite: ModuleType) -> None:
    assert sorted(options[options.index("-m") + 1] for _, options in suite.RUNS) == ["not serial", "serial"]
