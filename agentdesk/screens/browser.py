"""Opening a page of the web in the person's own browser; never in one that would draw over this terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence


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
            return _started([browser.name, *(part.replace("%s", address) for part in browser.args)])
        return browser.open(address)
    except (webbrowser.Error, OSError):
        return False


def _started(command: Sequence[str]) -> bool:
    """Start it as the library does, but let nothing that it says reach this terminal."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True).poll() is None
