"""Opening a page of the web in the person's own browser; never in one that would draw over this terminal."""

from __future__ import annotations

import os
import sys


def open_page(address: str) -> bool:
    """Open an address; False where there is no browser with a window of its own. Blocks: for a worker thread."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    import webbrowser  # looks for browsers when it is imported

    try:
        browser = webbrowser.get()
        if type(browser) is webbrowser.GenericBrowser:  # runs in this terminal and waits there
            return False
        return browser.open(address)
    except (webbrowser.Error, OSError):
        return False
