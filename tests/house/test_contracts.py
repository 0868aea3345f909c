"""The import contracts hold, and would notice a break: each is broken on purpose in a copy of the package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, ROOT

PROGRAM = shutil.which("lint-imports", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
PLANTED = [
    ("text/planted.py", "import agentdesk.store", "Each floor imports only"),
    ("changes/planted.py", "import agentdesk.domain.vocabulary", "Each floor imports only"),
    ("changes/planted.py", "import agentdesk.text", "Each floor imports only"),
    ("desk/planted.py", "import agentdesk.sync", "Each floor imports only"),
    ("widgets/planted.py", "import agentdesk.screens", "Each floor imports only"),
    ("central/planted.py", "import agentdesk.store", "The centre uses only"),
    ("domain/planted.py", "import agentdesk.preferences", "The pure floors read"),
    ("domain/planted.py", "import sqlite3", "The pure floors reach"),
    ("desk/planted.py", "import textual", "Everything below present"),
    ("desk/planted.py", "import rich.text", "Everything below present"),
]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    assert PROGRAM is not None
    environ = {**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    command = [PROGRAM, "--no-cache", "--config", str(root / "pyproject.toml")]
    return subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, encoding="utf-8", timeout=300)


def copy_house(target: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", target / "pyproject.toml")
    ignored = shutil.ignore_patterns("__pycache__", "locales", "content")
    shutil.copytree(PACKAGE, target / "agentdesk", ignore=ignored)
    return target


def broken(report: str) -> str:
    """The part of the report that lists which contracts are broken, on one line."""
    return " ".join(line for line in report.splitlines() if "BROKEN" in line)


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_contract_has_exceptions() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "ignore_imports" not in text and "exhaustive_ignores" not in text
    assert "exhaustive = true" in text


@pytest.mark.parametrize(("name", "statement", "contract"), PLANTED)
def test_a_planted_import_is_noticed(tmp_path: Path, name: str, statement: str, contract: str) -> None:
    root = copy_house(tmp_path)
    (root / "agentdesk" / name).write_text(f"{statement}\n", encoding="utf-8")
    done = lint(root)
    assert done.returncode == 1, done.stdout + done.stderr
    assert contract in broken(done.stdout)


def test_a_module_outside_the_floors_is_noticed(tmp_path: Path) -> None:
    root = copy_house(tmp_path)
    (root / "agentdesk" / "helpers.py").write_text("", encoding="utf-8")
    done = lint(root)
    assert done.returncode == 1
    assert "helpers" in done.stdout


@pytest.mark.parametrize("name", ["training", "reports"])
def test_floors_of_later_issues_have_their_place(tmp_path: Path, name: str) -> None:
    root = copy_house(tmp_path)
    (root / "agentdesk" / name).mkdir(exist_ok=True)
    (root / "agentdesk" / name / "__init__.py").write_text("import agentdesk.desk\n", encoding="utf-8")
    done = lint(root)
    assert done.returncode == 0, done.stdout + done.stderr
