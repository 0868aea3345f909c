"""The real program with one thing added: on SIGUSR1 it writes which fields can have the focus, and which one has it.

Forked by the tests with the name of the report; what the desk does is not touched.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentdesk.__main__ import main as desk
from agentdesk.app import main as app_main


def name_of(widget: Any) -> str:
    """A widget's place: ids and names from its screen down."""
    parts = [one.id or one.name or "" for one in reversed(list(widget.ancestors_with_self))]
    return "/".join([type(widget.screen).__name__, *(part for part in parts if part), type(widget).__name__])


def watch(app: Any, report: Path) -> None:
    """Write a report whenever the signal comes."""
    from textual.app import ScreenStackError
    from textual.widgets import Input, TextArea

    asked_for = report.with_suffix(".asked")

    def tell() -> None:
        asked = int(asked_for.read_text(encoding="ascii"))
        try:
            screen = app.screen
        except ScreenStackError:  # asked while it starts or ends: whoever asks, asks again
            return
        told = {
            "asked": asked,
            "holding": app._hold.holding,
            "screen": type(screen).__name__,
            "focused": name_of(app.focused) if app.focused is not None else "",
            "text": getattr(app.focused, "text", getattr(app.focused, "value", "")),
            "chain": [name_of(one) for one in screen.focus_chain],
            "texts": [name_of(one) for one in screen.focus_chain if isinstance(one, (Input, TextArea))],
        }
        half = report.with_suffix(".half")
        half.write_text(json.dumps(told), encoding="utf-8")
        os.replace(half, report)

    def asked(*_: object) -> None:
        """Tell once the loop is free: inside a signal's handler Textual may be in the middle of anything."""
        loop = getattr(app, "_loop", None)
        if loop is not None:  # else it starts: whoever asks, asks again
            loop.call_soon_threadsafe(tell)

    signal.signal(signal.SIGUSR1, asked)
    report.with_suffix(".ready").touch()  # before this the signal would end the program


def main(words: Sequence[str]) -> int:
    """Run the desk and report to the file of this name."""
    made = app_main.make_app

    def make_app(*parts: Any) -> Any:
        """Make the app as ever, and watch it."""
        app = made(*parts)
        watch(app, Path(words[0]))
        return app

    app_main.make_app = make_app
    return desk([])
