"""What the desk costs beside its controls, and whether it keeps its budgets (docs/architecture.md, the budgets).

    python scripts/bench.py [--check] [--quick] [--report-only] [--json FILE] [TOPIC…]

Each row is measured in turn with its control in the same run, since the milliseconds of a shared machine say little
alone. With --check a missed budget gives exit code 1; --report-only prints the misses and gives 0 all the same.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from measure.figures import Result, Sizes
    from measure.stores import Homes

ROOT = Path(__file__).resolve().parent.parent
HEADINGS = ("row", "n", "median", "tail", "control", "median", "tail", "ratio", "measured", "budget", "")


def topics() -> dict[str, Callable[[Sizes, Homes], list[Result]]]:
    """Return what can be measured, in the order of the table."""
    from measure import finding, linting, opening, pressing, saving, searching, starting, syncing, typed_on, viewing

    return {
        "start": starting.starting,
        "memory": starting.memory,
        "keys": pressing.pressing,
        "flow": typed_on.typing,
        "open": opening.opening,
        "view": viewing.viewing,
        "find": finding.lookups,
        "search": lambda sizes, _: searching.searching(sizes),
        "lint": lambda sizes, _: linting.lint(sizes),
        "save": saving.saving,
        "shift": lambda sizes, _: syncing.shift(sizes),
        "centre": lambda sizes, _: syncing.pushing(sizes),
    }


def main(words: Sequence[str]) -> int:
    """Measure what is asked for and print the table; returns 1 where --check finds a miss or a row breaks."""
    sys.path.insert(1, str(ROOT))
    asked = _asked(words)
    from measure import figures
    from measure.stores import Homes

    known = topics()
    sizes = figures.QUICK if asked.quick else figures.FULL
    results: list[Result] = []
    broken: list[str] = []
    with Homes(sizes, _say) as homes:
        for topic in asked.topics or known:
            began = time.perf_counter()
            _say(topic)
            try:
                results += known[topic](sizes, homes)
            except Exception as error:  # one row that cannot be measured must not hide the others
                if not asked.keep_going:
                    raise
                broken.append(f"{topic}: {type(error).__name__}: {str(error)[:300]}")
            _say(f"{topic}: {time.perf_counter() - began:.0f} s")
    sys.stdout.write(table(results))
    sys.stdout.writelines(f"BROKEN {line}\n" for line in broken)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in results], ensure_ascii=False), encoding="utf-8")
    missed = [one.row for one in results if one.verdict == "MISS"]
    sys.stdout.write(f"{len(results)} rows, {len(missed)} missed{': ' if missed else ''}{', '.join(missed)}\n")
    return 1 if asked.check and not asked.report_only and (missed or broken) else 0


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="measure the desk beside its controls")
    parser.add_argument("--check", action="store_true", help="exit code 1 where a budget is missed")
    parser.add_argument("--report-only", action="store_true", help="with --check: print misses, exit code 0")
    parser.add_argument("--quick", action="store_true", help="smaller stores and fewer samples")
    parser.add_argument("--keep-going", action="store_true", help="go on with the other rows where one breaks")
    parser.add_argument("--json", type=Path, help="also write every sample to this file")
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=", ".join(topics()))
    asked = parser.parse_args(words)
    if unknown := [topic for topic in asked.topics if topic not in topics()]:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(topics())}")
    return asked


def table(results: Sequence[Result]) -> str:
    """Lay the rows out, each with its notes below."""
    lines = [_cells(HEADINGS)]
    for one in results:
        lines.append(_cells(_line(one)))
        lines += [f"    {note}" for note in (one.what, f"control: {one.control}", *one.notes)]
    head = f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    return "\n".join([head, *lines]) + "\n"


def _line(one: Result) -> tuple[str, ...]:
    from measure.figures import percentile

    def shown(samples: Sequence[float]) -> tuple[str, str]:
        if not samples:
            return "", ""
        return f"{statistics.median(samples):.2f} {one.unit}", f"p{one.tail} {percentile(samples, one.tail):.2f}"

    ratio = f"{one.ratio:.2f} x" if one.control_samples else ""
    measured = "" if one.budget is None else f"{one.measured:.2f}"
    control = str(len(one.control_samples))
    return (
        one.row, str(len(one.samples)), *shown(one.samples), control, *shown(one.control_samples), ratio, measured,
        one.budget_text, one.verdict,
    )  # fmt: skip


def _cells(cells: Sequence[str]) -> str:
    widths = (16, 5, 12, 12, 8, 12, 12, 9, 9, 34, 4)
    left = (0, 9)
    return " ".join(
        f"{cell:<{width}}" if place in left else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()


def _say(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    import environment

    if Path(sys.prefix) != environment.ENVIRONMENT and environment.python_path().exists():
        raise SystemExit(subprocess.run([str(environment.python_path()), __file__, *sys.argv[1:]]).returncode)
    raise SystemExit(main(sys.argv[1:]))
