"""The log file: what went wrong, with private numbers and contacts masked (law 9 of the design, MODEL §6).

Only text that has passed the mask lands in the file; local variables are never written. Standard library only at
import; the mask itself is loaded with the first line that is logged.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
from io import TextIOWrapper
from pathlib import Path

MAX_BYTES = 512 * 1024
KEPT = 3
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class MaskingFormatter(logging.Formatter):
    """Formats a record with its traceback, masks ID and card numbers, phones and mails, drops control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the masked text of one record."""
        from agentdesk.domain.masking import mask_contacts  # not needed for the first paint
        from agentdesk.text.clean import clean
        from agentdesk.text.privacy import redact

        # Whole: a cut could leave the head of a number, and would take the last line, which says what happened.
        return mask_contacts(redact(clean(super().format(record), None))[0])


class PrivateFile(logging.handlers.RotatingFileHandler):
    """A log file that only its owner may read, made so and not changed afterwards."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Do without the line: a full disk must neither end the desk nor write over its screen."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def open_logbook(path: Path) -> logging.Handler:
    """Send this package's log records to `path`, which is made with the first of them. Return the handler."""
    with contextlib.suppress(OSError):  # then each line finds no place, and is done without
        path.parent.mkdir(parents=True, exist_ok=True)
    handler = PrivateFile(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(MaskingFormatter(FORMAT))
    logger = logging.getLogger("agentdesk")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False  # the terminal belongs to the screen
    return handler


def close_logbook(handler: logging.Handler) -> None:
    """Take the handler off again and close its file."""
    logging.getLogger("agentdesk").removeHandler(handler)
    with contextlib.suppress(OSError):  # the last lines find no room: there is nobody left to be told
        handler.close()
