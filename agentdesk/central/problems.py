"""What the centre says when it does not do what was asked: problem+json with a code that never changes (SYNC 2.16)."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """An answer other than success: HTTP status, stable code, members that go along, seconds to wait before a retry."""

    def __init__(self, status: int, code: str, *, retry_after: int | None = None, **args: Any) -> None:
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.args_told: dict[str, Any] = args
        super().__init__(status, code, args)

    def body(self) -> dict[str, Any]:
        """Return the members of the problem+json document."""
        return {"type": "about:blank", "title": self.code, "status": self.status, "code": self.code, **self.args_told}
