"""Addresses of web pages that a person may open: http and https to a named host, nothing that hides where it leads."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

MAX_LENGTH: Final = 500
_PLAIN: Final = re.compile(r"[!-~]+")
"""Printable ASCII without blanks: letters of other scripts look like Latin ones and must be written in punycode."""
_SHELL: Final = frozenset("\"'<>\\^`{|}")


def web_address(text: str) -> str:
    """Return the address if it may be opened, else "": http or https, a host, no name or password before it."""
    if not _PLAIN.fullmatch(text) or len(text) > MAX_LENGTH or _SHELL & set(text):
        return ""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return ""
    fits = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    return text if fits else ""
