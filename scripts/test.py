"""Check everything from a fresh clone: `python3 scripts/test.py`. Words after it go to pytest.

Makes `.venv` with the test tools, then runs style, types, import contracts, catalogues and generated documents, then
pytest: first what may run side by side, then what drives real terminals (`-m serial`). Closes with what passed and was
skipped per folder and the sum in pytest's words. With CI=true a skip in tests/terminal or tests/sync fails the run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import environment

CORES = os.cpu_count() or 1
WORKERS = str(max(2, CORES))
APART = ("tests/terminal", "tests/house")
"""Where tests that drive real terminals lie; only these are read for them."""
RUNS = (
    ((), ["-m", "not serial", "-n", WORKERS, "--dist", "worksteal"]),
    (APART, ["-m", "serial", "-n", str(CORES + 1), "--dist", "worksteal"]),
)
"""Tests on terminals wait more than they work, so that one more of them runs than there are cores."""
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
"""Not handed on: hundreds of programs are started, and each would compile the package again."""
NOTHING_COLLECTED = 5
SHOWN = 60
"""Lines of a failed check that are worth reading before its first fault is mended."""
OUTCOMES = ("passed", "failed", "error", "skipped")


def checks() -> list[list[str]]:
    """Return the commands that must all succeed before a test is worth looking at."""
    python, ruff = str(environment.python_path()), str(environment.program_path("ruff"))
    return [
        [ruff, "check", "."],
        [ruff, "format", "--check", "."],
        [python, "-m", "mypy"],
        [str(environment.program_path("lint-imports")), "--no-cache"],
        [python, "scripts/catalogue.py", "check"],
        [python, "scripts/keys_doc.py", "--check"],
        [python, "scripts/preferences_doc.py", "--check"],
        [python, "scripts/pinyin_table.py", "--check"],
        [python, "scripts/likeness.py", "--check"],
        [python, "scripts/schemas.py", "--check"],
    ]


def main(words: list[str]) -> int:
    """Prepare, check, test; returns 0 only if all of it went well."""
    try:
        environment.prepare(("central", "test"))
    except environment.CannotPrepare as error:
        sys.stderr.write(f"agentdesk: {error}\n")
        return 1
    began = time.monotonic()
    failed = _failed_checks()
    codes, counts = _run_tests(words)
    _print_table(counts)
    for command in failed:
        _write(f"FAILED {_spoken(command)}")
    _write(_last_line(counts, time.monotonic() - began))
    ran = [code for code in codes if code != NOTHING_COLLECTED]
    return 0 if ran and not any(ran) and not failed else 1


def _failed_checks() -> list[list[str]]:
    """Run the checks side by side; returns those that found a fault."""
    with ThreadPoolExecutor(CORES) as pool:
        return [
            command
            for command, done in zip(checks(), pool.map(_run, checks()), strict=True)
            if not _passed(command, done)
        ]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=environment.ROOT, capture_output=True, text=True, encoding="utf-8")


def _passed(command: list[str], done: subprocess.CompletedProcess[str]) -> bool:
    _write(f"{_spoken(command)}: {'failed' if done.returncode else 'ok'}")
    if done.returncode:
        lines = (done.stdout + done.stderr).splitlines()
        _write("\n".join(lines[:SHOWN]))
        if len(lines) > SHOWN:
            _write(f"({len(lines) - SHOWN} more lines)")
    return done.returncode == 0


def _spoken(command: list[str]) -> str:
    return " ".join([Path(command[0]).stem, *command[1:]])


def _run_tests(words: list[str]) -> tuple[list[int], dict[str, Counter[str]]]:
    codes: list[int] = []
    counts: dict[str, Counter[str]] = {}
    for folders, options in RUNS:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "counts.json")
            command = [str(environment.python_path()), "-m", "pytest", *options, *(words or folders)]
            around = {name: value for name, value in os.environ.items() if name != UNCOMPILED}
            environ = {**around, "AGENTDESK_TEST_COUNTS": str(report)}
            codes.append(subprocess.run(command, cwd=environment.ROOT, env=environ).returncode)
            found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        for name, outcomes in found.items():
            counts.setdefault(name, Counter()).update(outcomes)
    return codes, counts


def _print_table(counts: dict[str, Counter[str]]) -> None:
    width = max((len(name) for name in counts), default=0)
    _write("")
    _write(f"{'folder':<{width}}" + "".join(f"{outcome:>9}" for outcome in OUTCOMES))
    for name in sorted(counts):
        _write(f"{name:<{width}}" + "".join(f"{counts[name][outcome]:>9}" for outcome in OUTCOMES))


def _last_line(counts: dict[str, Counter[str]], seconds: float) -> str:
    """All runs of pytest as one line in its own form."""
    total = sum(counts.values(), Counter[str]())
    said = [f"{total[outcome]} {outcome}" for outcome in ("failed", "passed", "skipped", "error") if total[outcome]]
    return f" {', '.join(said) or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
