"""Print what importing costs in a fresh process: milliseconds over a bare interpreter, and modules loaded.

    python scripts/cold_start.py [--runs N] [MODULE…]

Without modules: the floors as the bare command needs them, then every dependency. It informs and never fails; what must
not be imported at the start is held by tests/house/test_imports.py.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

OURS = ("agentdesk.__main__", "agentdesk.store", "agentdesk.app.main", "agentdesk.store.journal", "agentdesk.cli")
DEPENDENCIES = (
    "textual.app", "rich.text", "sqlite3", "sqlalchemy", "sqlmodel", "pydantic", "httpx", "platformdirs", "typer",
    "ahocorasick_rs", "zhconv_rs", "babel", "zstandard", "fastapi", "uvicorn",
)  # fmt: skip
COUNT = "import sys; before = len(sys.modules); import {}; print(len(sys.modules) - before)"


def wall_ms(code: str, runs: int) -> tuple[float, float, str]:
    """Return the best and the median wall time in ms of a fresh interpreter that runs `code`, and what it printed."""
    times: list[float] = []
    said = ""
    for _ in range(runs):
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        times.append((time.perf_counter() - began) * 1000)
        if done.returncode:
            return float("nan"), float("nan"), done.stderr.strip().splitlines()[-1]
        said = done.stdout.strip()
    return min(times), statistics.median(times), said


def main() -> int:
    """Measure and print one line a module."""
    parser = argparse.ArgumentParser(description="import costs")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("modules", nargs="*")
    chosen = parser.parse_args()
    floor, floor_median, _ = wall_ms("pass", chosen.runs)
    sys.stdout.write(f"{'interpreter':<28}{floor:>8.1f} best {floor_median:>8.1f} median  (ms, subtracted below)\n")
    for module in chosen.modules or (*OURS, *DEPENDENCIES):
        best, median, said = wall_ms(COUNT.format(module), chosen.runs)
        costs = f"{best - floor:>8.1f} best {median - floor_median:>8.1f} median"
        sys.stdout.write(f"{module:<28}{costs}  {said} modules\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
