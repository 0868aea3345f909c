"""Opening a page of the web in the person's own browser; never in one that would draw over this terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any


def open_page(address: str) -> bool:
    """Open an address; False where there is no browser with a window of its own. Blocks: for a worker thread."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    import webbrowser  # looks for browsers when it is imported

    try:
        browser = webbrowser.get()
        if type(browser) is webbrowser.GenericBrowser:  # runs in this terminal and waits there
            return False
        if isinstance(browser, webbrowser.BackgroundBrowser):
            return _start(browser, address)
        return browser.open(address)
    except (webbrowser.Error, OSError):
        return False


def _start(browser: Any, address: str) -> bool:
    """Start a browser's program as the library does, but without this terminal: its messages would be drawn over it."""
    command = [browser.name, *(part.replace("%s", address) for part in browser.args)]
    silent = subprocess.DEVNULL
    started = subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True)
    return started.poll() is None or started.returncode == 0
