"""What the house tests look at: the files of the project, and its modules as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "agentdesk"
_NOT_OURS = {
    ".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "test-artefacts",
}  # fmt: skip


@cache
def files() -> list[Path]:
    """Every file of the project: what git keeps or would, or all of it but caches where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True)
    if listed.returncode == 0 and listed.stdout:
        return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not _NOT_OURS & set(path.relative_to(ROOT).parts)]


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its path below the root, parsed."""
    paths = [path for path in files() if path.suffix == ".py" and PACKAGE in path.parents]
    return {named(path): ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in paths}


def named(path: Path) -> str:
    """Path below the root with forward slashes."""
    return path.relative_to(ROOT).as_posix()
