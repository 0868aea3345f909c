"""What others see of the exchange: plain records, without any part of HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class CentreSaidNo(Exception):
    """The centre answered with a problem: HTTP `status`, stable `code`, further members, seconds to wait."""

    def __init__(self, status: int, code: str, told: dict[str, object], retry_after: float | None = None) -> None:
        """Keep what was told."""
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.told = told
        self.retry_after = retry_after


class Unreachable(Exception):
    """No whole answer came: whether the centre did what was asked is unknown. `code` is `offline` or `garbled`."""

    def __init__(self, code: str = "offline") -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class Stopping(Exception):
    """The loop was told to end while it waited for the centre."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """One full exchange: own changes answered (`pushed`), rows of others taken in, own changes refused now.

    `error` is the code of what ended it early, empty where nothing did; `stopped` are scopes that do not go on by
    themselves, each with the code of the reason.
    """

    pushed: int = 0
    pulled: int = 0
    parked: int = 0
    error: str = ""
    stopped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How the exchange stands: for the status line and the page behind it.

    `waiting` counts own changes without an answer, `parked` refused ones, `problem` is a code (empty: none), `last_at`
    when the last exchange ended well.
    """

    joined: bool = False
    online: bool = False
    busy: bool = False
    waiting: int = 0
    parked: int = 0
    problem: str = ""
    last_at: datetime | None = None
    stopped: tuple[tuple[str, str], ...] = ()
    url: str = ""
