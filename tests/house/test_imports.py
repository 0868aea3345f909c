"""What importing really pulls in, seen from a fresh process: contracts read the source, this sees what runs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.house.sources import modules

HEADLESS = ("central", "desk", "sync", "store", "domain", "changes", "text", "preferences", "faults")
HEAVY = ("typer", "sqlmodel", "sqlalchemy", "pydantic", "httpx", "fastapi", "babel")
LATER = ("tomllib", "agentdesk.text.clean", "agentdesk.text.privacy", "agentdesk.screens.drawn")
"""Modules that the first paint does without; each takes milliseconds to import."""
DATACLASSES = {"Preferences", "Identity", "Session", "Answered", "Refused"}
"""Those that may be made before the first paint: a frozen one costs 1 ms, a named tuple a third of it."""
WEIGHED = """
from textual.css.stylesheet import Stylesheet
Stylesheet.reparse = lambda self: readings.append(1)
readings = []
"""
WEIGHT = """
import json, sys
ours = {name: vars(module) for name, module in sys.modules.items() if name.startswith("agentdesk")}
held = [one for names in ours.values() for one in names.values() if isinstance(one, type) and one.__module__ in ours]
made = sorted({one.__name__ for one in held if "__dataclass_fields__" in vars(one)})
print(json.dumps({"modules": sorted(sys.modules), "dataclasses": made, "readings": len(readings)}))
"""
START = """
import agentdesk.__main__
import asyncio
from agentdesk import preferences
from agentdesk.app.run import open_session
from agentdesk.desk.context import open_desk
desk = open_desk()
session = open_session(desk, preferences.Preferences())
from agentdesk.app.main import AgentDesk

async def first_paint():
    app = AgentDesk(session, preferences.paths(), preferences.Preferences(), load=False)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert session.first_page is not None and app.screen.SCOPE == "queue"

asyncio.run(first_paint())
desk.close()
"""
"""What the bare command does up to the rows of the queue; what it loads after that is not asked to load."""
SETUP = ["setup", "--name", "N", "--work-no", "1", "--team", "T"]


def loaded_after(code: str, *words: str) -> set[str]:
    """Top-level names of the modules that a fresh process holds after running the code."""
    report = "\nimport json, sys; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", code + report, *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def dotted(path: str) -> str:
    """Module name of a path such as agentdesk/text/fold.py."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.mark.parametrize("floor", HEADLESS)
def test_headless_floors_never_import_a_screen(floor: str) -> None:
    names = [dotted(path) for path in modules() if dotted(path).split(".")[1:2] == [floor]]
    assert names
    found = loaded_after("\n".join(f"import {name}" for name in names))
    assert "textual" not in found  # rich comes with httpx; that none of ours asks for it is held by the contract


def test_the_start_path_is_light() -> None:
    subprocess.run([sys.executable, "-m", "agentdesk", *SETUP], check=True, capture_output=True, timeout=60)
    found = loaded_after(START)
    assert "textual" in found
    assert not found & set(HEAVY)


def test_the_first_paint_does_without_what_it_does_not_show() -> None:
    subprocess.run([sys.executable, "-m", "agentdesk", *SETUP], check=True, capture_output=True, timeout=60)
    command = [sys.executable, "-c", WEIGHED + START + WEIGHT]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    found = json.loads(done.stdout.splitlines()[-1])
    assert not set(LATER) & set(found["modules"])
    assert set(found["dataclasses"]) <= DATACLASSES
    assert found["readings"] == 0, "every style was read again: a mode's first screen is not dressed"


def test_the_commands_are_there_without_anything_that_draws() -> None:
    assert "textual" not in loaded_after("import agentdesk.cli")


def test_the_version_costs_nothing() -> None:
    found = loaded_after("import sys; sys.argv = ['agentdesk', '--version']\nimport agentdesk.__main__")
    assert not found & {*HEAVY, "textual", "rich", "sqlite3"}
