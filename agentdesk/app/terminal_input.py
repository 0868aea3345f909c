"""What a terminal sends that is no UTF-8 must not end the desk.

Textual reads keys and pastes with a strict decoder: one byte of a terminal set to GBK, or of a torn paste, ends its
input thread and prints a traceback over the screen. Here such bytes become U+FFFD, and the next key works.
"""

from __future__ import annotations

import codecs
import importlib
import sys
from typing import Any

_DRIVER = "textual.drivers.linux_driver"


def forgive_broken_input() -> None:
    """Let Textual's driver replace what it cannot decode; call before the app runs. Windows reads no bytes."""
    if sys.platform == "win32":
        return
    driver: Any = importlib.import_module(_DRIVER)
    driver.getincrementaldecoder = _forgiving


def _forgiving(encoding: str) -> Any:
    """Stand in for `codecs.getincrementaldecoder`, whose product the driver makes without arguments."""
    make = codecs.getincrementaldecoder(encoding)
    return lambda: make(errors="replace")
