"""Addresses of web pages that a person may open: http and https to a named host, nothing that hides where it leads."""

from __future__ import annotations

import re
from typing import Final

MAX_LENGTH: Final = 500
MAX_PORT: Final = 65_535
_ADDRESS: Final = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>\d{1,5}))?"
    r"(?:[/?#][!#$%&()*+,./0-9:;=?@A-Z_a-z~\[\]-]*)?"
)
"""No name or password before the host, no blanks, quotes or signs of a shell; letters of other scripts look like Latin
ones and must be written in punycode.
"""


def web_address(text: str) -> str:
    """Return the address if it may be opened, else ""."""
    found = _ADDRESS.fullmatch(text) if len(text) <= MAX_LENGTH else None
    return text if found is not None and int(found["port"] or 0) <= MAX_PORT else ""
