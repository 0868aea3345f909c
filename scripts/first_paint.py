"""Count what the way from exec to the first paint costs, in a measure that a busy machine does not shift.

    python scripts/first_paint.py [--rows N]

The bare command and the hello-world control run on a pty up to the first text they write, under valgrind where it is
installed: machine instructions, modules, modules of ours, dataclasses of ours. It informs and never fails; what may be
on the start path is held by tests/house/test_imports.py, the time by scripts/bench.py.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from measure.starting import CONTROLS, ROOT
from measure.stores import add_requests, new_home
from measure.terminal import NotSeen, Terminal, plain_environment

TO_FIRST_TEXT = """
import json, os, runpy, sys
from dataclasses import is_dataclass
from textual.drivers.linux_driver import LinuxDriver

report, wanted, program, *sys.argv[1:] = sys.argv[1:]
write = LinuxDriver.write

def until_seen(driver, data):
    write(driver, data)
    if any("\\u4e00" <= sign <= "\\u9fff" for sign in data) or wanted in data:
        ours = {name: vars(module) for name, module in sys.modules.items() if name.startswith("agentdesk")}
        classes = {id(one) for held in ours.values() for one in held.values() if isinstance(one, type)
                   and is_dataclass(one) and "__dataclass_fields__" in vars(one) and one.__module__ in ours}
        figures = {"modules": len(sys.modules), "ours": len(ours), "dataclasses": len(classes)}
        with open(report, "w", encoding="ascii") as out:
            json.dump(figures, out)
        os._exit(0)

LinuxDriver.write = until_seen
if program.endswith(".py"):
    runpy.run_path(program, run_name="__main__")
else:
    from agentdesk.__main__ import main
    main([])
"""
"""Runs a program and ends it with its first Chinese word or greeting."""
VALGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
COLLECTED = re.compile(r"Collected\s*:\s*(\d+)")


def figures(program: str, home: Path, folder: Path, *, counting: bool = True) -> dict[str, int]:
    """Run a program to its first text; return its counts, with `instructions` where valgrind is there."""
    report, log = folder / "report", folder / "log"
    counter = (*VALGRIND, f"--log-file={log}") if counting and shutil.which("valgrind") else ()
    command = [*counter, sys.executable, "-c", TO_FIRST_TEXT, str(report), "Hello, world", program]
    environ = {"AGENTDESK_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    with Terminal(command, plain_environment(environ)) as terminal, contextlib.suppress(NotSeen):
        terminal.wait_for(re.compile(b"(?!)"), patience_s=300)  # it ends by itself, which is told as NotSeen
    found: dict[str, int] = json.loads(report.read_text(encoding="ascii"))
    told = COLLECTED.search(log.read_text(encoding="utf-8")) if counter else None
    return found | ({"instructions": int(told.group(1))} if told else {})


def main() -> int:
    """Count both and print one line each, then how they stand to each other."""
    parser = argparse.ArgumentParser(description="what the first paint costs")
    parser.add_argument("--rows", type=int, default=120, help="requests in the queue")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = new_home(folder / "home")
        add_requests(desk.journal, chosen.rows)
        desk.close()
        counted = {}
        for what, program in (("hello", str(CONTROLS / "hello.py")), ("agentdesk", "agentdesk")):
            figures(program, folder / "home", folder, counting=False)  # once uncounted, so that byte code is compiled
            counted[what] = figures(program, folder / "home", folder)
            told = "  ".join(f"{key} {value:,}" for key, value in counted[what].items())
            sys.stdout.write(f"{what:<12}{told}\n")
    if "instructions" in counted["hello"]:
        ratio = counted["agentdesk"]["instructions"] / counted["hello"]["instructions"]
        sys.stdout.write(f"{'ratio':<12}{ratio:.2f} in instructions\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
