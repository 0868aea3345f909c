"""CSV out: for spreadsheets (mark, CRLF) and safe in them: no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet reads as the beginning of a formula, full width too."""
GUARD = "'"
"""Put before such a text; a text that begins with it gets another one, so that one is always to be taken away."""


def begins_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return text.lstrip(" ").startswith(FORMULA)


def guarded(text: str) -> str:
    """A cell as written: with the guard before what looks like a formula or like a guard."""
    return GUARD + text if begins_like_a_formula(text) or text.startswith(GUARD) else text


def unguarded(text: str) -> str:
    """A cell as it was before `guarded`; a quote that is somebody's own stays."""
    return text[1:] if text.startswith(GUARD) and guarded(text[1:]) == text else text


def lines(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The lines of the file as bytes; what UTF-8 cannot hold becomes a question mark."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([guarded(cell).replace("\0", "") for cell in row])
        yield buffer.getvalue().encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()
