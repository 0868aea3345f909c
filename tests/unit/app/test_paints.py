"""How often the desk paints is settled before Textual reads it, and is anybody's to choose."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agentdesk.app import run

STARTED = """
import sys
from pathlib import Path
from agentdesk.app import run
run.run(Path(sys.argv[1]))  # without a terminal it says so, and ends
from textual.screen import UPDATE_PERIOD
print("period", UPDATE_PERIOD)
"""


@pytest.mark.parametrize(("chosen", "wanted"), [("", 1 / int(run.PAINTS_A_SECOND)), ("30", 1 / 30)])
def test_a_paint_waits_for_the_one_before_as_long_as_the_desk_says(tmp_path: Path, chosen: str, wanted: float) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "TEXTUAL_FPS"}
    if chosen:
        environ["TEXTUAL_FPS"] = chosen
    started = subprocess.run(
        [sys.executable, "-c", STARTED, str(tmp_path)], env=environ, stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    period = float(started.stdout.split("period ")[-1])
    assert period == pytest.approx(wanted)
